"""How much points tremble, and which way: what lies above the frequencies of walking."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.series.filters import high_pass

JITTER_ABOVE_HZ = 6.0
"""Walking holds 99.7 % of its power below it (Winter et al. 1974)."""


def jitter_m(points_m: Float[np.ndarray, "T K 3"], fps_hz: float) -> Float[np.ndarray, "K 3"]:
    """RMS (m) of what lies above 6 Hz, per keypoint and axis; NaN where no run is long enough."""
    above = high_pass(points_m, fps_hz, JITTER_ABOVE_HZ, min_samples=int(np.ceil(fps_hz)))
    out = np.full(points_m.shape[1:], np.nan)
    for k in range(points_m.shape[1]):
        known = above[np.isfinite(above[:, k]).all(axis=-1), k]
        if len(known):
            out[k] = np.sqrt((known**2).mean(axis=0))
    return out


def level_trembling_m2(
    points_m: Float[np.ndarray, "T K A"], fps_hz: float
) -> Float[np.ndarray, "2 2"]:
    """Mean (m²) of the products of x and y of what lies above 6 Hz, over frames and keypoints.

    Args:
        points_m: x, y and what else there is, NaN where not known.
        fps_hz: frame rate.

    Returns:
        NaN where no run of any keypoint is a second long.
    """
    above = high_pass(points_m[..., :2], fps_hz, JITTER_ABOVE_HZ, min_samples=int(np.ceil(fps_hz)))
    known = above[np.isfinite(above).all(axis=-1)]
    if len(known) < 2:
        return np.full((2, 2), np.nan)
    return np.asarray(known.T @ known / len(known))
