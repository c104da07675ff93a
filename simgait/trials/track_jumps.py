"""Frames in which a track is on another person: it jumps away, faster than anybody moves."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

from simgait.parameters.wording import counted, were
from simgait.series.runs import runs_of_true

JUMP_M = 0.4
"""The middle of a detector's person jitters in depth, by up to 50 mm (SD) far from the camera."""
LEAST_JUMP_M = 0.1
"""Of measured points: from one frame to the next they moved by .042 m at the most (52 real
recordings)."""
JUMP_PER_USUAL = 3.0
"""Of measured points that tremble (several cameras without markers): over the 95th percentile of
their way from frame to frame."""
FASTEST_MPS = 3.0
"""A person's, between two frames; walkers reach 2.2."""
LONGEST_GAP_S = 2.0
"""After a longer absence the person may be anywhere this far off."""
ALIKE_S = 0.6
"""About a step: within it the pelvis speeds up and slows down once."""
ALIKE = 0.3
"""Of the velocity: how much it may differ on both sides of missing frames."""
LEAST_SPEED_MPS = 0.3
"""Slower, and a way has no direction."""
MOST_PIECES = 60
"""A track in more pieces is noise, of which no piece is sure."""


def largest_step_m(middle_m: Float[np.ndarray, "T 3"]) -> float:
    """What measured points may move by in a frame (m), besides `FASTEST_MPS` of a person.

    Args:
        middle_m: middle of the person, NaN where nobody was found.
    """
    steps_m = np.linalg.norm(np.diff(middle_m, axis=0), axis=-1)
    known_m = steps_m[np.isfinite(steps_m)]
    if len(known_m) == 0:
        return JUMP_M
    usual_m = float(np.percentile(known_m, 95.0))
    return float(np.clip(JUMP_PER_USUAL * usual_m, LEAST_JUMP_M, JUMP_M))


def other_persons_frames(
    middle_m: Float[np.ndarray, "T 3"], time_s: Float[np.ndarray, " T"], jump_m: float = JUMP_M
) -> Bool[np.ndarray, " T"]:
    """Frames that do not belong to the longest track through the recording.

    The track is cut wherever it jumps. Of all chains of pieces that go on where the one before
    ended, the one with most frames is the person's.

    Args:
        middle_m: middle of the person, NaN where nobody was found.
        time_s: increasing time stamps.
        jump_m: what the middle may be off by in a frame; of measured points `largest_step_m`.
    """
    seen = np.flatnonzero(np.isfinite(middle_m).all(axis=-1))
    out = np.zeros(len(middle_m), dtype=bool)
    if len(seen) < 2:
        return out
    cuts = ~_goes_on(middle_m[seen[:-1]], middle_m[seen[1:]], np.diff(time_s[seen]), jump_m)
    starts = np.concatenate([[0], np.flatnonzero(cuts) + 1])
    stops = np.concatenate([starts[1:], [len(seen)]])
    if not 1 < len(starts) <= MOST_PIECES:
        return out
    first, last = seen[starts], seen[stops - 1]
    chain = _longest_chain(stops - starts, middle_m[first], middle_m[last], time_s[first],
                           time_s[last], jump_m)  # fmt: skip
    for piece in set(range(len(starts))) - set(chain):
        out[seen[starts[piece] : stops[piece]]] = True
    return out


def jump_notes(
    other: Bool[np.ndarray, " T"],
    middle_m: Float[np.ndarray, "T 3"],
    time_s: Float[np.ndarray, " T"],
) -> tuple[str, ...]:
    """One sentence on where the track jumped and how far, with the recording's own times."""
    if not other.any():
        return ()
    spans = runs_of_true(other)
    start, stop = spans[0]
    kept = np.flatnonzero(~other & np.isfinite(middle_m).all(axis=-1))
    near = kept[np.argmin(np.minimum(abs(kept - start), abs(kept - stop + 1)))]
    edge = start if near < start else stop - 1
    away_m = float(np.linalg.norm(middle_m[edge] - middle_m[near]))
    more = f" (and {counted(len(spans) - 1, 'time')} more)" if len(spans) > 1 else ""
    cause = "as if to another person"
    if len(spans) == 1 and _goes_on_alike(
        middle_m, time_s, int(min(edge, near)), int(max(edge, near))
    ):
        cause += ", or frames are missing there"
    return (
        f"The track jumps by {away_m:.1f} m at {time_s[max(edge, near)]:.1f} s{more}, {cause}: "
        f"{were(int(other.sum()), 'frame')} taken out.",
    )


def _goes_on_alike(
    middle_m: Float[np.ndarray, "T 3"], time_s: Float[np.ndarray, " T"], last: int, first: int
) -> bool:
    """Whether somebody walks on from frame `first` as up to `last`, and jumps along the way."""
    before = _velocity_mps(middle_m, time_s, float(time_s[last]) - ALIKE_S, float(time_s[last]))
    after = _velocity_mps(middle_m, time_s, float(time_s[first]), float(time_s[first]) + ALIKE_S)
    jump_m = middle_m[first] - middle_m[last]
    speed_mps = float(np.linalg.norm(before))
    if not speed_mps > LEAST_SPEED_MPS or np.linalg.norm(after - before) > ALIKE * speed_mps:
        return False
    along = float(jump_m @ before) / (speed_mps * float(np.linalg.norm(jump_m)))
    return bool(along > 1.0 - ALIKE / 2.0)


def _velocity_mps(
    middle_m: Float[np.ndarray, "T 3"],
    time_s: Float[np.ndarray, " T"],
    start_s: float,
    end_s: float,
) -> Float[np.ndarray, " 3"]:
    """Mean velocity between two times; zero where it is not seen for half of them."""
    seen = (time_s >= start_s) & (time_s <= end_s) & np.isfinite(middle_m).all(axis=-1)
    at_s, at_m = time_s[seen], middle_m[seen]
    if len(at_s) < 2 or at_s[-1] - at_s[0] < 0.5 * (end_s - start_s):
        return np.zeros(3)
    return np.asarray((at_m[-1] - at_m[0]) / (at_s[-1] - at_s[0]))


def _goes_on(
    end_m: Float[np.ndarray, "N 3"],
    start_m: Float[np.ndarray, "N 3"],
    gap_s: Float[np.ndarray, " N"],
    jump_m: float,
) -> Bool[np.ndarray, " N"]:
    reach_m = jump_m + FASTEST_MPS * np.minimum(gap_s, LONGEST_GAP_S)
    return np.asarray(np.linalg.norm(start_m - end_m, axis=-1) <= reach_m)


def _longest_chain(
    frames: Int[np.ndarray, " N"],
    start_m: Float[np.ndarray, "N 3"],
    end_m: Float[np.ndarray, "N 3"],
    start_s: Float[np.ndarray, " N"],
    end_s: Float[np.ndarray, " N"],
    jump_m: float,
) -> list[int]:
    """Pieces of the chain with most frames, by dynamic programming over the pieces in order."""
    best, before = frames.astype(float), np.full(len(frames), -1)
    for i in range(1, len(frames)):
        here_m = np.broadcast_to(start_m[i], (i, 3))
        goes_on = _goes_on(end_m[:i], here_m, start_s[i] - end_s[:i], jump_m)
        if goes_on.any():
            chosen = int(np.argmax(np.where(goes_on, best[:i], -1.0)))
            best[i], before[i] = frames[i] + best[chosen], chosen
    chain = [int(np.argmax(best))]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return chain
