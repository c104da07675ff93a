"""How far the joint angles of one walk lie from those of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import ANGLE_NAMES, POSE_INDEX, TRIMMED_HUMANOID

NAN = float("nan")


@dataclass(frozen=True)
class AngleError:
    """Estimated minus true angle over the frames where both are known, in degrees.

    Attributes:
        n: frames.
        bias_deg: mean error.
        rmse_deg: root mean square error.
        debiased_rmse_deg: the same after the mean error of this trial is taken away.
    """

    n: int
    bias_deg: float
    rmse_deg: float
    debiased_rmse_deg: float


def series_error(
    true_rad: Float[np.ndarray, " T"],
    estimated_rad: Float[np.ndarray, " T"],
    mask: Bool[np.ndarray, " T"] | None = None,
) -> AngleError:
    """Error of one angle series; NaN frames and frames outside `mask` do not count.

    Raises:
        InputError: series of different length.
    """
    if true_rad.shape != estimated_rad.shape:
        raise InputError(
            f"Angle series of {len(true_rad)} and {len(estimated_rad)} frames cannot be compared; "
            "put both on one clock first."
        )
    known = np.isfinite(true_rad) & np.isfinite(estimated_rad)
    known = known & mask if mask is not None else known
    true, estimate = np.degrees(true_rad[known]), np.degrees(estimated_rad[known])
    if not len(true):
        return AngleError(0, NAN, NAN, NAN)
    error = estimate - true
    return AngleError(
        n=len(true),
        bias_deg=float(error.mean()),
        rmse_deg=float(np.sqrt(np.mean(error**2))),
        debiased_rmse_deg=float(error.std()),
    )


def angle_errors(
    true_pose: Float[np.ndarray, "T D"],
    estimated_pose: Float[np.ndarray, "U E"],
    mask: Bool[np.ndarray, " T"] | None = None,
) -> dict[str, AngleError]:
    """Angle name (`skeleton.default.ANGLE_NAMES`) -> error, for two pose series on one clock.

    Raises:
        InputError: series of different shape.
    """
    if true_pose.shape != estimated_pose.shape:
        raise InputError(
            f"Pose series of shapes {true_pose.shape} and {estimated_pose.shape} cannot be "
            "compared; put both on one clock first."
        )
    return {
        name: series_error(
            true_pose[:, POSE_INDEX[name]], estimated_pose[:, POSE_INDEX[name]], mask
        )
        for name in ANGLE_NAMES
    }


def pose_of_angles(angles_rad: Float[np.ndarray, "T A"]) -> Float[np.ndarray, "T D"]:
    """Angles (columns `skeleton.default.ANGLE_NAMES`) as a pose whose position is not known."""
    pose = np.full((len(angles_rad), TRIMMED_HUMANOID.n_coordinates), NAN)
    pose[:, ANGLES] = angles_rad
    return pose
