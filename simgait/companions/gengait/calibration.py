"""How far from expected is too far: set on normal people whom nothing was learned from."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.companions.gengait.joints import ANGLE_INDEX, JOINT_ANGLES, JOINTS
from simgait.estimators.intervals import half_width

LEVEL = 0.975
"""Of normal joints that are not called wrong: of seven, all of five normal people in six."""
LEAST_SD_DEG = 0.5
"""No angle is known better than that, however alike synthetic walkers are."""


@dataclass(frozen=True)
class Calibration:
    """What normal people's residuals are like, and where a joint is called wrong.

    Attributes:
        mean_deg, sd_deg: tile x sample of the cycle x angle; NaN where a tile says nothing.
        threshold: of each of `joints.JOINTS`' badness.
    """

    mean_deg: Float[np.ndarray, "K 28 10"]
    sd_deg: Float[np.ndarray, "K 28 10"]
    threshold: Float[np.ndarray, " 7"]

    def badness(self, residual_deg: Float[np.ndarray, "W K 28 10"]) -> Float[np.ndarray, "W 7"]:
        """How far each joint is from expected, 1 at the threshold; NaN where it is not seen."""
        return _badness(residual_deg, self.mean_deg, self.sd_deg) / self.threshold


def calibrate(residual_deg: Float[np.ndarray, "W K 28 10"], people: Sequence[str]) -> Calibration:
    """Spread from every second walk, thresholds from the others, so that both are of unseen people.

    Left and right joints share a threshold.

    Raises:
        InputError: too few people.
    """
    with warnings.catch_warnings():
        # What no tile says is NaN of everybody.
        warnings.simplefilter("ignore", RuntimeWarning)
        mean = np.nanmean(residual_deg[::2], axis=0)
        sd = np.maximum(np.nanstd(residual_deg[::2], axis=0), LEAST_SD_DEG)
    found = _badness(residual_deg[1::2], mean, sd)
    threshold = np.zeros(len(JOINTS))
    for kind in ("pelvis", "hip", "knee", "ankle"):
        own = [i for i, joint in enumerate(JOINTS) if joint.endswith(kind)]
        errors = found[:, own].T.ravel()
        seen = np.isfinite(errors)
        whose = np.array(list(people[1::2]) * len(own))[seen]
        threshold[own] = half_width(errors[seen], list(whose), LEVEL)
    return Calibration(mean, sd, threshold)


def _badness(
    residual_deg: Float[np.ndarray, "W K 28 10"],
    mean_deg: Float[np.ndarray, "K 28 10"],
    sd_deg: Float[np.ndarray, "K 28 10"],
) -> Float[np.ndarray, "W 7"]:
    """Root mean square over the cycle of the standardised residual: the worst tile, worst angle."""
    with warnings.catch_warnings():
        # A joint that is not seen has no residual in any tile, and no badness.
        warnings.simplefilter("ignore", RuntimeWarning)
        by_angle = np.nanmax(
            np.sqrt(np.mean(np.square((residual_deg - mean_deg) / sd_deg), axis=2)), axis=1
        )
    return np.stack(
        [by_angle[:, [ANGLE_INDEX[name] for name in JOINT_ANGLES[j]]].max(axis=1) for j in JOINTS],
        axis=1,
    )
