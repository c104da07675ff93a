"""Samples that are nowhere near the person: triangulation gone wrong, sentinels such as 9999.

They are taken out before anything is averaged, whatever the file's unit: one hip at -800 m turns a
mean axis round. What is near but wrong is left to `trials.cleaning`, which knows how people move.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from simgait.plain_text import SOME, listed
from simgait.series.quantiles import known_median

FARTHEST = 6.0
"""Of a point from the middle of its frame's points, over the median of such distances. The largest
were 1.3 to 3.5 in 107 real recordings and 35 marker sets, 1.4 to 2.8 in 60 synthetic walkers."""
LEAST_POINTS = 3
"""With fewer points in a frame their middle says nothing."""


def wild_samples(points: Float[np.ndarray, "T K 3"]) -> Bool[np.ndarray, "T K"]:
    """Samples far from the rest of their frame, and sentinels; any unit, any axes, NaN missing.

    The middle of a frame is the median of its points, so that it stays with the person while fewer
    than half of them are gone wild. A sentinel is a point whose three coordinates are one number
    that other samples have as well; whole frames of it have no middle to be far from. A point that
    would lose half of its samples is another thing, and is left as it is.
    """
    wild = _sentinels(points)
    known = np.where(wild[..., None], np.nan, points)
    seen = np.isfinite(known).all(axis=-1)
    judged = seen.sum(axis=1) >= LEAST_POINTS
    if judged.any():
        middle = np.full((len(points), 1, 3), np.nan)
        middle[judged, 0] = known_median(known[judged], axis=1)
        distance = np.linalg.norm(known - middle, axis=-1)
        with np.errstate(invalid="ignore"):
            wild |= distance > FARTHEST * np.nanmedian(distance)
    there = np.isfinite(points).all(axis=-1).sum(axis=0)
    return np.asarray(wild & (wild.sum(axis=0) < 0.5 * np.maximum(there, 1)))


def _sentinels(points: Float[np.ndarray, "T K 3"]) -> Bool[np.ndarray, "T K"]:
    alike = np.isfinite(points).all(axis=-1) & (np.ptp(points, axis=-1) == 0.0)
    values, counts = np.unique(points[alike][:, 0], return_counts=True)
    return np.asarray(alike & np.isin(points[..., 0], values[counts > 1]))


def wild_notes(wild: Bool[np.ndarray, "T K"], names: Sequence[str]) -> tuple[str, ...]:
    """One sentence on what was taken out of which points; none for nothing."""
    taken = [f"{name} {n}" for name, n in zip(names, wild.sum(axis=0), strict=True) if n]
    if not taken:
        return ()
    return (
        "samples nowhere near the person (or of one number that stands for missing) were taken "
        f"out: {listed(taken, SOME, 'points')}.",
    )
