"""From where a camera looked on a walk: its place tells, or how a path trembles.

A single camera sees where a person is in its picture, to a millimetre or two, and guesses how far
away, which trembles three to thirty times as much. So the axis in which a path trembles most is
the camera's, in files, too, that say nothing of a camera.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.series.jitter import level_trembling_m2
from simgait.series.trend import straight_rate
from simgait.skeleton.coordinates import HORIZONTAL

LEAST_RATIO = 1.5
"""Of the jitter along the axis to that across it, below which no axis is told: noise that is alike
in all directions has 1.2 (median) to 1.4 (95 %) in 2.5 s. Walks of 18 people through five families
have a median of 4 to 35, seen from the side of 3 to 5; BlazePose on 26 rendered people has 2.5 to
35. Who passes near a camera, seen under many angles, may have less."""


def seen_along(path_m: Float[np.ndarray, "T 3"], fps_hz: float) -> float:
    """Cosine (0 to 1) of the angle between the way (+x) and the axis in which a path trembles.

    Near 1 the camera looked along the way, from ahead or behind; near 0 from the side.

    Args:
        path_m: of the pelvis, in the heading frame, NaN where it is not believed.
        fps_hz: its frame rate.

    Returns:
        NaN where it trembles alike in all directions, or no run of it is a second long.
    """
    trembling_m2 = level_trembling_m2(path_m[:, None], fps_hz)
    if np.isnan(trembling_m2).any():
        return float("nan")
    (least, most), axes = np.linalg.eigh(trembling_m2)
    if not most > LEAST_RATIO**2 * max(least, 0.0):
        return float("nan")
    return float(abs(axes[0, 1]))


def seen_along_from(place_m: Float[np.ndarray, " 3"], mid_hip_m: Float[np.ndarray, "T 3"]) -> float:
    """The same of a camera whose place is known.

    Args:
        place_m: of the camera, on the axes of the path, z up.
        mid_hip_m: the path, NaN where not seen.

    Returns:
        NaN where nobody gets on, or where the camera is above the middle of the way.
    """
    level = mid_hip_m[:, HORIZONTAL]
    way = straight_rate(level, np.arange(float(len(level))))
    sight = np.nanmedian(level, axis=0) - place_m[HORIZONTAL]
    lengths = float(np.linalg.norm(way) * np.linalg.norm(sight))
    return float(abs(way @ sight) / lengths) if lengths > 0.0 else float("nan")
