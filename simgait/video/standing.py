"""When feet stand, by the rhythm of the legs: its phase is right where its size is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.video.stride_phase import stride_phase

LANDS = -0.04
"""Phase, in cycles, at initial contact: the crest of the rhythm comes .036 of a cycle (SD .006)
after it in exact ankles of 35 synthetic walkers, .041 (.015) in those of 23 marker walks."""
HEEL = (LANDS, LANDS + 0.31)
TOE = (LANDS + 0.08, LANDS + 0.60)
ANKLE = (LANDS + 0.08, LANDS + 0.33)
"""Phases between which heel, toe and ankle do not move: the foot is flat from 8 % of its cycle on,
the heel rises at a third of it, the toe leaves at three fifths (Perry & Burnfield 2010)."""
EDGE = 0.03
"""Of a cycle, a frame of 30 Hz: over which a foot comes to stand."""


@dataclass(frozen=True)
class Standing:
    """How surely heels, toes and ankles stand still, (T, 2) each: left, right, from 0 to 1."""

    heel: Float[np.ndarray, "T 2"]
    toe: Float[np.ndarray, "T 2"]
    ankle: Float[np.ndarray, "T 2"]


def standing(
    ahead: Float[np.ndarray, " T"], rate_hz: float, seen: Bool[np.ndarray, " T"] | None = None
) -> Standing:
    """When feet stand, by how far the left ankle is before the right along the way.

    Args:
        ahead: in any unit.
        rate_hz: of the pictures.
        seen: where legs were seen; None = throughout.
    """
    share = stride_phase(ahead, rate_hz, seen=seen) / (2 * np.pi)
    cycles = np.column_stack([share, share + 0.5]) % 1.0
    return Standing(*(_within(cycles, part) for part in (HEEL, TOE, ANKLE)))


def _within(
    cycles: Float[np.ndarray, "T 2"], part: tuple[float, float]
) -> Float[np.ndarray, "T 2"]:
    """1 within a part of the cycle, 0 outside, with soft edges."""
    # A part may begin before phase 0.
    since = (cycles - part[0] + 0.1) % 1.0 - 0.1
    inside = np.minimum(since, part[1] - part[0] - since)
    return np.clip(0.5 + inside / EDGE, 0.0, 1.0)
