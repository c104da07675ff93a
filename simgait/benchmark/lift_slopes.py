"""Whether what is estimated of filmed walks changes as the truth does: slopes over clips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from simgait.benchmark.detector_tables import markdown_table
from simgait.benchmark.film_scores import ClipScore

LEAST_CLIPS = 4
"""Chosen: a line through fewer says more of their errors than of its slope."""


def slope_table(scores: Sequence[ClipScore]) -> str:
    """Slopes of estimated on true speed and mean step length, by method; 1 follows changes."""
    heads = ("number", "by", "clips", "true, from to", "slope", "r")
    rows = []
    for number in ("speed, m/s", "step length, m"):
        for method in ("guess", "fit"):
            pairs = _pairs(scores, number, method)
            name = "first guess" if method == "guess" else "batch fit"
            rows.append([number, name, str(len(pairs)), *_line(pairs)])
    return markdown_table(heads, rows)


def _pairs(scores: Sequence[ClipScore], number: str, method: str) -> Float[np.ndarray, "N 2"]:
    """True and estimated, of the clips in which both are known."""
    pairs = []
    for clip in scores:
        lifted = getattr(clip, method)
        if lifted is not None:
            is_speed = number.startswith("speed")
            true = clip.truth.speed_mps if is_speed else clip.truth.step_length_m
            error = lifted.speed_error_mps if is_speed else lifted.step_error_m
            pairs.append((true, true + error))
    known = np.array(pairs, float).reshape(-1, 2)
    return known[np.isfinite(known).all(axis=1)]


def _line(pairs: Float[np.ndarray, "N 2"]) -> list[str]:
    """Range of the truth, slope and correlation; dashes of too few."""
    if len(pairs) < LEAST_CLIPS or not np.ptp(pairs[:, 0]):
        return ["–", "–", "–"]
    true, estimated = pairs.T
    slope = float(np.polyfit(true, estimated, 1)[0])
    r = float(np.corrcoef(true, estimated)[0, 1])
    return [f"{true.min():.2f} to {true.max():.2f}", f"{slope:.2f}", f"{r:.2f}"]
