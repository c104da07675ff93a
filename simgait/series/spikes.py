"""Samples that jump away for a frame or two and come back."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from simgait.series.quantiles import known_median

MAX_ACCELERATION_MPS2 = 100.0
"""Fastest acceleration of a foot in walking (heel strike), which bounds an honest jump."""
SPIKE_FLOOR_M = 0.10
"""A detector's joints jitter by 1 to 5 cm from frame to frame; a jump to another person, limb or
thing is longer."""


def find_spikes(
    points_m: Float[np.ndarray, "T K 3"], time_s: Float[np.ndarray, " T"]
) -> Bool[np.ndarray, "T K"]:
    """Samples that jump away from the running median of 5 frames and come back.

    The allowance is 10 cm plus what `MAX_ACCELERATION_MPS2` moves a point within one frame, so it
    holds at any frame rate. Runs of up to two frames are found.
    """
    if len(points_m) < 5:
        return np.zeros(points_m.shape[:2], dtype=bool)
    padded = np.pad(points_m, ((2, 2), (0, 0), (0, 0)), mode="edge")
    windows = np.stack([padded[i : i + len(points_m)] for i in range(5)])
    finite = np.isfinite(windows).all(axis=-1)
    enough = finite.sum(axis=0) >= 3
    median = known_median(windows, axis=0)
    allowance = SPIKE_FLOOR_M + MAX_ACCELERATION_MPS2 * float(np.median(np.diff(time_s))) ** 2
    with np.errstate(invalid="ignore"):
        return np.asarray(enough & (np.linalg.norm(points_m - median, axis=-1) > allowance))
