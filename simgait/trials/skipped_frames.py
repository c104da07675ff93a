"""Frames that are missing from a recording whose times go on as if none were.

Where a frame was dropped and the rest numbered anew, every point of the body goes twice as far in
one frame as in those around it. Noise moves each point on its own, and a jump of the track is one.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.lib.stride_tricks import sliding_window_view

from simgait.series.quantiles import known_median, known_quantile

AROUND = 3
"""Steps before and as many after, whose median one is compared with: two of six may be long."""
MOVES_MPS = 0.2
"""Of those steps: a slower point's are noise."""
LEAST_POINTS = 4
"""Of a frame, that move; and so many long steps of a recording."""
LONG = (1.6, 3.5)
"""A step over those around it where one or two frames are missing (2 and 3, among others that are
long themselves)."""
NEARLY_LONG, SHORT = 1.25, 0.5
"""Between this and `LONG` are a shaky track's steps; it has short ones, too."""
SPREAD = 0.35
"""Between the quartiles of a frame's points: farther apart, not all of the body moved."""
LEAST_SHARE = 0.03
"""Of the steps. 46 real walks of markers had none, one of unsteady ones (Codamotion) 1 %; with 5,
10 and 20 % of their frames taken out at random 3 to 6, 6 to 13 and 7 to 20 %."""


def skipped_share(points_m: Float[np.ndarray, "T K 3"], time_s: Float[np.ndarray, " T"]) -> float:
    """Share of steps from frame to frame that are two or three frames long; 0 where few are.

    Args:
        points_m: in the recording's space, NaN where missing.
        time_s: increasing time stamps; a gap that these show is none that is missed.
    """
    if len(time_s) < 4 * AROUND:
        return 0.0
    speeds = np.linalg.norm(np.diff(points_m, axis=0), axis=-1) / np.diff(time_s)[:, None]
    around = sliding_window_view(speeds, 2 * AROUND + 1, axis=0)
    others = np.delete(around, AROUND, axis=-1)
    usual = known_median(others, axis=-1)
    ratio = np.where(usual > MOVES_MPS, around[..., AROUND] / np.maximum(usual, 1e-9), np.nan)
    low, middle, high = (known_quantile(ratio, share, axis=1) for share in (0.25, 0.5, 0.75))
    tell = np.isfinite(ratio).sum(axis=1) >= LEAST_POINTS
    if not tell.any():
        return 0.0
    middle, apart = middle[tell], (high - low)[tell]
    long = (middle > LONG[0]) & (middle < LONG[1])
    whole = long & (apart < SPREAD)
    nearly = float(np.mean((middle > NEARLY_LONG) & (middle <= LONG[0])))
    shaky = max(nearly, 2.0 * float(np.mean(middle < SHORT)))
    share = float(whole.mean())
    enough = int(whole.sum()) >= LEAST_POINTS and share >= LEAST_SHARE and share > shaky
    return share if enough else 0.0
