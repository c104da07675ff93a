"""What a detector's keypoints cannot show of the pelvis: how its bony landmarks lie in a person.

Pelvic tilt is told between the anterior and the posterior superior iliac spines, and hip flexion
from the pelvis so tilted. In thirty pelves that were laid alike that angle differed by an SD of 5°
(Preece et al. 2008, J Man Manip Ther 16:113). Markers are put on the spines; a detector knows the
hips, and what it says of a person is off by that person's own pelvis, however good its recording.
So formulas of a recording's quality cannot tell it: hip flexion through five detectors held in 62
to 91 % of three people whom nothing was made from (docs/intervals.md).
"""

from __future__ import annotations

import math
from collections.abc import Collection

from simgait.certainty.conditions import Conditions
from simgait.certainty.fitting import SDS_OF_HALF_WIDTH

LANDMARKS_SD_DEG = 5.0
"""Of the angle between the spines in pelves that lie alike (Preece et al. 2008, n = 30)."""
FROM_THE_SPINES: Collection[str] = frozenset({"pelvis_tilt_deg", "hip_flexion_deg"})
"""Curves whose zero is that of the spines."""


def pelvic_zero_half_width_deg(curve: str, conditions: Conditions) -> float:
    """Half-width of the zero of a joint curve by a person's own pelvis, beside its formula.

    Args:
        curve: key of the curve, without its side.
        conditions: what the walk's recording shows. Film has none: its levels were set on film's
            own people, whose pelves they hold (`certainty.film`).
    """
    if conditions.measured or conditions.filmed or curve not in FROM_THE_SPINES:
        return 0.0
    return SDS_OF_HALF_WIDTH * LANDMARKS_SD_DEG


def without_zero(half_width: float, zero_half_width: float) -> float:
    """What is left of a half-width that holds a zero, added as squares, where that cancels."""
    return math.sqrt(max(half_width**2 - zero_half_width**2, 0.0))
