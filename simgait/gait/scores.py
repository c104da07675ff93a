"""Scores of a walk's joint angles against those of healthy people: GDI, GVS, MAP and GPS.

Gait Deviation Index: Schwartz & Rozumalski 2008 (Gait Posture 28:351-357). Gait Variable Scores,
Movement Analysis Profile and Gait Profile Score: Baker et al. 2009 (Gait Posture 30:265-269).

All take curves in degrees and clinical (Plug-in Gait) signs: nine angles (`SCORED_ANGLES`) at 51
points of a gait cycle (0, 2, ... 100 %), each side by its own cycle, the pelvis once by each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.parameters.norm_rows import NormRow

SCORED_ANGLES: tuple[str, ...] = (
    "pelvis_tilt", "pelvis_obliquity", "pelvis_rotation", "hip_flexion", "hip_adduction",
    "hip_rotation", "knee_flexion", "ankle_dorsiflexion", "foot_progression",
)  # fmt: skip
"""In the order of both papers. No score is made of fewer, but for the sagittal GPS."""
SAGITTAL_ANGLES: tuple[str, ...] = (
    "pelvis_tilt", "hip_flexion", "knee_flexion", "ankle_dorsiflexion",
)  # fmt: skip
SCORE_POINTS = 51
"""Every 2 % of the cycle, as both papers have them."""
# The pelvis is one body: the overall GPS takes its three angles once, by the left cycle.
_LEG_ANGLES = [i for i, name in enumerate(SCORED_ANGLES) if not name.startswith("pelvis_")]
# 10 radians are 573 degrees: no curve in radians comes near, and some angle of every walk bends
# further than 10 degrees.
LARGEST_IN_RADIANS = 10.0
LARGEST_DEG = 360.0

Strides = Float[np.ndarray, "*S 9 51"]
"""Curves of strides (deg)."""


@dataclass(frozen=True, eq=False)  # is only ever the same as itself, so that its hash is kept
class ScoreReference:
    """Healthy people, and the gait features by which a walk's distance from them is measured.

    Attributes:
        name: that every score made with it carries.
        origin: who they are and how they were measured, one sentence.
        pipeline: what made the angles; angles of another have other offsets and are refused.
        features: orthonormal columns; a row for each angle and point, angle by angle.
        mean_curves_deg: mean over the sides of these people.
        mean_log_distance, sd_log_distance: of ln(distance) over their sides (n - 1).
        median_variable_scores_deg: their own Gait Variable Scores, for the eye.
        median_profile_score_deg: their own Gait Profile Score.
        people: how many.
        sides: legs of theirs, each a vector of its own.
        strides: gait cycles behind them.
        norms: of their gait parameters, rows whose source is `name`; empty where nobody said how
            old they are.
    """

    name: str
    origin: str
    pipeline: str
    features: Float[np.ndarray, "459 K"]
    mean_curves_deg: Float[np.ndarray, "9 51"]
    mean_log_distance: float
    sd_log_distance: float
    median_variable_scores_deg: Float[np.ndarray, " 9"]
    median_profile_score_deg: float
    people: int
    sides: int
    strides: int
    norms: tuple[NormRow, ...] = ()

    @property
    def ages_years(self) -> tuple[float, float] | None:
        """Of these people, from the first on and below the second; None where nobody said it."""
        if not self.norms:
            return None
        first = min(row.age_from_years for row in self.norms)
        return first, max(row.age_to_years for row in self.norms)


def log_distance(
    curves_deg: Strides,
    features: Float[np.ndarray, "459 K"],
    mean_curves_deg: Float[np.ndarray, "9 51"],
) -> Float[np.ndarray, "*S"]:
    """Logarithm of the distance of each stride from the healthy mean, in the space of features.

    Returns:
        (*S,); NaN for a stride with a gap, minus infinity for the mean itself.
    """
    off = np.asarray(curves_deg, float) - mean_curves_deg
    steps = off.reshape(*off.shape[:-2], -1) @ features
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.linalg.norm(steps, axis=-1)))


def gait_deviation_index(curves_deg: Strides, reference: ScoreReference) -> Float[np.ndarray, "*S"]:
    """GDI of each stride: 100 is the mean of healthy people, each 10 below one SD of theirs.

    Args:
        curves_deg: of strides, (*S, 9, 51).
        reference: healthy people measured in the same way.

    Returns:
        (*S,); NaN for a stride with a gap.
    """
    distance = log_distance(curves_deg, reference.features, reference.mean_curves_deg)
    off = (distance - reference.mean_log_distance) / reference.sd_log_distance
    return np.asarray(100.0 - 10.0 * off)


def gait_variable_scores(
    curves_deg: Float[np.ndarray, "*S A P"], mean_curves_deg: Float[np.ndarray, "A P"]
) -> Float[np.ndarray, "*S A"]:
    """GVS of each stride and angle (deg): root mean square difference from the healthy mean.

    The scores of a stride's angles side by side are its Movement Analysis Profile.

    Returns:
        (*S, A); NaN for an angle with a gap.
    """
    off = np.asarray(curves_deg, float) - mean_curves_deg
    return np.asarray(np.sqrt(np.mean(off**2, axis=-1)))


def gait_profile_score(
    variable_scores_deg: Float[np.ndarray, "*S A"],
) -> Float[np.ndarray, "*S"]:
    """GPS of each stride of one side (deg): root mean square of its Gait Variable Scores.

    Args:
        variable_scores_deg: of the nine angles; of the sagittal ones it is the sagittal GPS, which
            is another number and must be called that.

    Returns:
        (*S,); NaN where a score is.
    """
    return np.asarray(np.sqrt(np.mean(np.asarray(variable_scores_deg, float) ** 2, axis=-1)))


def overall_profile_score(
    left_scores_deg: Float[np.ndarray, "*S 9"], right_scores_deg: Float[np.ndarray, "*S 9"]
) -> Float[np.ndarray, "*S"]:
    """GPS of a person (deg): root mean square of 15 Gait Variable Scores.

    Nine of the left side, with the pelvis by the left cycle, and six of the right.

    Returns:
        (*S,); NaN where a score is.
    """
    fifteen = np.concatenate([left_scores_deg, right_scores_deg[..., _LEG_ANGLES]], axis=-1)
    return gait_profile_score(fifteen)


def check_curves(curves_deg: Float[np.ndarray, "*S _ _"], where: str) -> None:
    """Refuses what is no set of nine curves of 51 points in degrees.

    Args:
        curves_deg: (*S, 9, 51) as they are to be scored; gaps (NaN) are allowed.
        where: what the message names.

    Raises:
        InputError: another number of angles or points, or values that cannot be degrees.
    """
    angles, points = curves_deg.shape[-2:]
    if angles != len(SCORED_ANGLES):
        raise InputError(
            f"{where}: {angles} joint angles, and the scores need all nine "
            f"({', '.join(SCORED_ANGLES)}); a score of fewer is another number."
        )
    if points != SCORE_POINTS:
        raise InputError(
            f"{where}: {points} points per gait cycle, and the scores need {SCORE_POINTS} "
            "(0, 2, ... 100 %); give curves on 51 or 101 points."
        )
    known = np.abs(curves_deg[np.isfinite(curves_deg)])
    if len(known) and known.max() == 0.0:
        raise InputError(f"{where}: every joint angle is 0; the columns hold no angles.")
    if len(known) and known.max() < LARGEST_IN_RADIANS:
        raise InputError(
            f"{where}: no joint angle exceeds {known.max():.2g}, which looks like radians; give "
            "degrees."
        )
    if len(known) and known.max() > LARGEST_DEG:
        raise InputError(
            f"{where}: a joint angle of {known.max():.4g} degrees is no person's; check units and "
            "columns."
        )
