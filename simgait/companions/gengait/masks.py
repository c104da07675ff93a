"""Which tokens are hidden while training: a curriculum from random to structured masks."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool

from simgait.companions.gengait.config import MaskConfig
from simgait.companions.gengait.cycles import WINDOW
from simgait.companions.gengait.joints import N_POINTS, withheld_for
from simgait.skeleton.sides import SIDES

_PARTS = (None, "hip", "knee", "ankle")
_PELVIS_SHARE = 0.15
_SAME_ON_BOTH = 0.35
"""Of structured masks that hide the same of both legs, as the first pass's tiles do."""
_SHORTEST = 3
"""Frames of a structured mask that does not hide a whole window."""


def structured_share(config: MaskConfig, progress: float) -> float:
    """How many masks are structured when this share of the training is done."""
    return config.most_structured * min(1.0, progress / config.structured_until)


def draw_masks(
    config: MaskConfig, progress: float, count: int, rng: np.random.Generator
) -> Bool[np.ndarray, "B 7 12"]:
    """True where a token is hidden; something is hidden in every window, never everything.

    Args:
        config: of the curriculum.
        progress: share of the training that is done.
        count: of windows.
        rng: where they are drawn from.
    """
    structured = rng.random(count) < structured_share(config, progress)
    return np.stack(
        [_structured(config, rng) if one else _random(config, rng) for one in structured]
    )


def _random(config: MaskConfig, rng: np.random.Generator) -> Bool[np.ndarray, "7 12"]:
    share = rng.uniform(config.least_random, config.most_random)
    hidden = rng.random((WINDOW, N_POINTS)) < share
    hidden[rng.integers(WINDOW), rng.integers(N_POINTS)] = True
    return hidden


def _structured(config: MaskConfig, rng: np.random.Generator) -> Bool[np.ndarray, "7 12"]:
    """What moves with some joints, for a whole window or for frames one after the other."""
    points = withheld_for(_joints(rng))
    hidden = np.zeros((WINDOW, N_POINTS), bool)
    first, last = 0, WINDOW
    if rng.random() >= config.whole_window:
        length = int(rng.integers(_SHORTEST, WINDOW))
        first = int(rng.integers(WINDOW - length + 1))
        last = first + length
    hidden[first:last] = points
    return hidden


def _joints(rng: np.random.Generator) -> list[str]:
    while True:
        parts = [_PARTS[k] for k in rng.integers(len(_PARTS), size=2)]
        if rng.random() < _SAME_ON_BOTH:
            parts[1] = parts[0]
        joints = [
            f"{side}_{part}" for side, part in zip(SIDES, parts, strict=True) if part is not None
        ]
        if rng.random() < _PELVIS_SHARE:
            joints.append("pelvis")
        if joints:
            return joints
