"""Half-width of a score that nobody calibrated: from those of the curves that it is computed from.

As a parameter is moved by the half-widths of its facts (`certainty.propagation`), a score is moved
by those of the mean curves: each angle as a whole, as the errors of a body that is fitted somewhat
beside a person's move it, and the changes add as independent errors do.

That holds for a detector's points. The half-widths of marker walks' curves were measured against
laboratories' own models, most of whose difference is one of definitions: the healthy people of a
score, who were tracked from markers too, share it. There the errors of the scores themselves count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from simgait.gait_result import SideScores, WalkScores
from simgait.parameters.parameter import Pool
from simgait.skeleton.sides import SIDES

# The body's foot turns about the vertical with the pelvis and with the hip's rotation; it has no
# other joint that could turn it. So its progression moves with theirs, and is no fact of its own.
FOOT = "foot_progression"
TURNS_FOOT = ("pelvis_rotation", "hip_rotation")


OF_MARKERS: Mapping[str, tuple[float, float]] = {
    "gdi_points": (4.2, 3.8),
    "gps_deg": (0.75, 0.70),
}
"""Of a side and of both: 90 % of 24 synthetic test walkers' sides, and of the walkers, are nearer
to the truth (`simgait benchmark scores`, exact keypoints)."""


def score_half_widths(
    scores: WalkScores | None, pool: Pool, curves_deg: Mapping[str, float], *, measured: bool
) -> dict[str, float]:
    """Key of a score -> half-width of its mean in a pool; without those that nobody knows.

    Errors of a detector are much the same on both sides, so that of both the half-width is the
    mean of the two.

    Args:
        scores: of the walk, None without a reference. Of markers, against a user's own people
            nobody measured the errors.
        pool: whose.
        curves_deg: curve of a side ("left_knee_flexion_deg") -> half-width of its mean.
        measured: the recording's points are markers.
    """
    if scores is None:
        return {}
    sides = SIDES if pool == "both" else (pool,)
    if not set(sides) <= set(scores.sides):
        return {}
    if measured and scores.is_own:
        return {}
    if measured:
        return {key: halves[pool == "both"] for key, halves in OF_MARKERS.items()}
    each = [_of_side(scores.sides[side], scores.angles, side, curves_deg) for side in sides]
    return {key: sum(own[key] for own in each) / len(each) for key in each[0]}


def _of_side(
    own: SideScores, angles: tuple[str, ...], side: str, curves_deg: Mapping[str, float]
) -> dict[str, float]:
    found = {}
    for key, per_deg in (("gdi_points", own.gdi_per_deg), ("gps_deg", own.gps_per_deg)):
        by_angle = dict(zip(angles, per_deg.tolist(), strict=True))
        foot = by_angle.pop(FOOT, 0.0)
        moved = [
            (change + foot * (name in TURNS_FOOT)) * curves_deg.get(f"{side}_{name}_deg", math.nan)
            for name, change in by_angle.items()
        ]
        found[key] = math.sqrt(sum(change**2 for change in moved))
    return found
