"""Whether a front marker of the pelvis sits elsewhere on one side than on the other.

Neither does it slip, nor do thighs and shanks tell: the hip centres are made of it. But a pelvis
is as deep on both sides, and an ASIS as far above its knee.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

MOST_APART_M = 0.025
"""Of a pelvis' depth, and of ASIS over knee, between left and right. 31 recordings of markers of
17 people of six laboratories, standing trials among them: at most 16 and 13 mm, though shanks of
theirs differ by up to 23 mm. An ASIS moved up by 5 cm makes 50 mm."""


def asis_apart_m(markers: Mapping[str, Float[np.ndarray, "T 3"]]) -> float:
    """By how much left and right differ, where that is more than people do; 0 else.

    Args:
        markers: in metres by their names in Plug-in Gait.
    """
    back = "{}PSI" if {"LPSI", "RPSI"} <= set(markers) else "SACR"
    worst = 0.0
    for other in ("{}KNE", back):
        ends = [(f"{side}ASI", other.format(side)) for side in "LR"]
        if not {name for pair in ends for name in pair} <= set(markers):
            continue
        sides_m = [np.linalg.norm(markers[a] - markers[b], axis=-1) for a, b in ends]
        both = np.isfinite(sides_m).all(axis=0)
        if both.any():
            left_m, right_m = (float(np.median(side_m[both])) for side_m in sides_m)
            worst = max(worst, abs(left_m - right_m))
    return worst if worst > MOST_APART_M else 0.0
