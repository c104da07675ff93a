"""Stretches in which a walking person's points stand exactly still: somebody repeated the frames.

Nobody stands as still as that, least of all from one frame to the next.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from simgait.series.runs import runs_of_true

STILL_M = 1e-6
"""A repeated position differs from its original by the rounding of a file's numbers at most."""
STILL_SHARE = 0.9
"""Of the points that are seen: one that a detector goes on to guess does not hide the rest."""
LEAST_POINTS = 4
"""Of a frame: fewer that stay may be all that stand still, such as one foot's."""
SHORTEST_S = 0.15
"""Frames that a film of a lower rate repeats stand for less; they are a share of all frames."""
WALKS_MPS = 0.1
"""Mean speed of the points just before or after; those of somebody who stands do not reach it."""
WALKS_FOR_S = 0.1
"""Long enough for three frames at 30 Hz, shorter than a stance."""


def freezes_s(
    points_m: Float[np.ndarray, "T K 3"], time_s: Float[np.ndarray, " T"]
) -> tuple[tuple[float, float], ...]:
    """First and last time (s) of each stretch in which a walking person's points do not move.

    Args:
        points_m: in the recording's space, NaN where missing.
        time_s: increasing time stamps.
    """
    spans = []
    for start, stop in runs_of_true(_repeats(points_m)):
        first, last = start - 1, stop - 1
        if time_s[last] - time_s[first] < SHORTEST_S:
            continue
        before = int(np.searchsorted(time_s, time_s[first] - WALKS_FOR_S))
        after = min(int(np.searchsorted(time_s, time_s[last] + WALKS_FOR_S)), len(time_s) - 1)
        speeds = [_speed_mps(points_m, time_s, *pair) for pair in ((before, first), (last, after))]
        if max(speeds) > WALKS_MPS:
            spans.append((float(time_s[first]), float(time_s[last])))
    return tuple(spans)


def _repeats(points_m: Float[np.ndarray, "T K 3"]) -> Bool[np.ndarray, " T"]:
    """Frames that repeat the one before."""
    moved = np.abs(np.diff(points_m, axis=0)).max(axis=-1)
    seen = np.isfinite(moved)
    still = seen & (np.nan_to_num(moved) < STILL_M)
    enough = seen.sum(axis=1) >= LEAST_POINTS
    repeats = enough & (still.sum(axis=1) >= STILL_SHARE * seen.sum(axis=1))
    return np.concatenate([np.zeros(1, dtype=bool), repeats])


def _speed_mps(
    points_m: Float[np.ndarray, "T K 3"], time_s: Float[np.ndarray, " T"], first: int, last: int
) -> float:
    """Mean speed of the points from one frame to another; 0 where nothing tells."""
    way_m = np.linalg.norm(points_m[last] - points_m[first], axis=-1)
    way_m = way_m[np.isfinite(way_m)]
    elapsed_s = time_s[last] - time_s[first]
    return float(way_m.mean() / elapsed_s) if len(way_m) and elapsed_s > 0.0 else 0.0
