"""Runs of consecutive frames."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float


def runs_of_true(
    mask: Bool[np.ndarray, " T"],
    bridge_frames: int = 0,
    *,
    time_s: Float[np.ndarray, " T"] | None = None,
    max_step_s: float = np.inf,
) -> list[tuple[int, int]]:
    """(start, stop) frames of each run of True, in order; `stop` is the first frame after it.

    Args:
        mask: (T,) one truth value per frame.
        bridge_frames: runs with at most this many False frames between them are joined.
        time_s: (T,) time stamps; needed by `max_step_s` only.
        max_step_s: a run also ends where two of its True frames in a row lie further apart (s).
    """
    frames = np.flatnonzero(mask)
    if len(frames) == 0:
        return []
    ends = np.diff(frames) > bridge_frames + 1
    if time_s is not None:
        ends |= np.diff(time_s[frames]) > max_step_s
    first = np.concatenate([[True], ends])
    last = np.concatenate([ends, [True]])
    return list(zip(frames[first].tolist(), (frames[last] + 1).tolist(), strict=True))


def longest_run(mask: Bool[np.ndarray, " T"]) -> tuple[int, int]:
    """(start, stop) frames of the longest run of True, the first of those; (0, 0) of none."""
    return max(runs_of_true(mask), key=lambda run: run[1] - run[0], default=(0, 0))
