"""Normalised time: every leg's frames by its own gait cycle, and windows of seven frames of it.

The paper cuts cycles by the left heel's height. That peak moves within the cycle with what is
wrong: by -3.4 % of the cycle (SD 2.0) with a stiff knee, -0.8 % (5.1) in hemiparesis, where the
heel furthest ahead of the pelvis moves by -0.2 % (0.4) and 0.1 % (0.7); against the walkers' own
normal walks, twelve of each pattern. So cycles begin where the heel is furthest ahead, and each leg
has its own: how late one foot follows the other is no matter of joints, and is measured elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num
from scipy.signal import find_peaks

from simgait.companions.gengait.joints import N_POINTS, POINT_COLUMNS, POINT_INDEX
from simgait.errors import InputError
from simgait.series.gaps import bridge, stride_frames
from simgait.series.resampling import local_cubic
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.sides import SIDES
from simgait.types import Trial

WINDOW = 7
"""Frames of a window, as published."""
SPACING = 4
"""Samples from one frame of a window to the next: seven of them go once around the cycle."""
SAMPLES = WINDOW * SPACING
"""Of a gait cycle."""
_BEYOND = 0.6
"""Cycles that a clock goes on before its first and after its last mark."""
_LEAST_APART, _LEAST_RISE = 0.6, 0.3
"""Of a stride between two marks, and of the heel's own range about one."""


@dataclass(frozen=True)
class NormalisedWalk:
    """A walk in normalised time.

    Attributes:
        points: (N, 12, 3) `joints.POINTS` about mid-hip, body heights, `SAMPLES` a cycle.
        frames: (N, 12) the trial's frame, with fractions, that each was read at.
        relative_speed: walking speed / sqrt(g * height); NaN where the path is not believed.
        first_phase: sample of the cycle of the first one, 0 where the left heel is furthest ahead.
    """

    points: Float[np.ndarray, "N 12 3"]
    frames: Float[np.ndarray, "N 12"]
    relative_speed: float
    first_phase: int

    @property
    def cycles(self) -> float:
        """How many gait cycles it is long."""
        return len(self.points) / SAMPLES


def normalised(trial: Trial) -> NormalisedWalk:
    """A prepared trial in normalised time.

    Raises:
        InputError: fewer than two strides of a leg are seen.
    """
    points = trial.keypoints_m[:, POINT_COLUMNS] / trial.height_m
    path = trial.believed_path_m[:, 0]
    known = np.flatnonzero(np.isfinite(path))
    speed = np.nan
    if len(known) > 1:
        seconds = float(trial.time_s[known[-1]] - trial.time_s[known[0]])
        speed = float(path[known[-1]] - path[known[0]]) / seconds
    relative = speed / float(np.sqrt(GRAVITY_MPS2 * trial.height_m))
    return normalised_points(points, trial.fps_hz, relative)


def normalised_points(
    points: Float[np.ndarray, "T 12 3"], fps_hz: float, relative_speed: float
) -> NormalisedWalk:
    """The same of points about mid-hip (body heights) in the heading frame.

    Raises:
        InputError: fewer than two strides of a leg are seen.
    """
    left, right = clocks(points, fps_hz)
    first = int(np.ceil(SAMPLES * max(left[0], right[0]) + 1e-6))
    last = int(np.floor(SAMPLES * min(left[-1], right[-1]) - 1e-6))
    if last - first < SAMPLES:
        raise InputError("the walk shows less than a whole gait cycle; record a longer one.")
    at = np.arange(first, last + 1) / SAMPLES
    count = np.arange(float(len(points)))
    by_side = [np.interp(at, clock, count) for clock in (left, right)]
    middle = 0.5 * (by_side[0] + by_side[1])
    frames = np.stack(
        [
            by_side[0] if k < N_POINTS // 2 - 1 else by_side[1] if k < N_POINTS - 2 else middle
            for k in range(N_POINTS)
        ],
        axis=-1,
    )
    read = [local_cubic(points[:, k], count, frames[:, k]) for k in range(N_POINTS)]
    return NormalisedWalk(np.stack(read, axis=1), frames, relative_speed, first % SAMPLES)


def clocks(
    points: Float[np.ndarray, "T 12 3"], fps_hz: float
) -> tuple[Float[np.ndarray, " T"], Float[np.ndarray, " T"]]:
    """Cycles passed at each frame by the left and by the right heel, the right half a cycle on.

    NaN nowhere: beyond the last mark a clock goes on as before, held still after `_BEYOND` cycles.

    Raises:
        InputError: fewer than two strides of a leg are seen.
    """
    ahead = [_ahead(points, side) for side in ("Left", "Right")]
    if not all(np.isfinite(one).any() for one in ahead):
        raise InputError("heels and ankles of a leg are missing; nothing tells its gait cycles.")
    stride = stride_frames(ahead[0] - ahead[1], fps_hz)
    if stride is None:
        raise InputError("nothing repeats in the walk; record a few even strides.")
    both = []
    for side, one in zip(SIDES, ahead, strict=True):
        marks = _marks(bridge(one), stride)
        if len(marks) < 2:
            raise InputError(
                f"the {side} foot comes forward {len(marks)} times; record two strides at least."
            )
        both.append(_clock(marks, len(points)))
    left, right = both
    lead = np.round(np.median(right - 0.5 - left))
    return left, right - 0.5 - lead


def _ahead(points: Float[np.ndarray, "T 12 3"], side: str) -> Float[np.ndarray, " T"]:
    """How far a heel, or an ankle where it shows no heel, is ahead of mid-hip."""
    heel, ankle = (points[:, POINT_INDEX[f"{side} {name}"], 0] for name in ("Heel", "Ankle"))
    return heel if np.isfinite(heel).mean() >= 0.5 else ankle


def _marks(ahead: Float[np.ndarray, " T"], stride: int) -> Float[np.ndarray, " M"]:
    """Frames, with fractions, at which a foot is furthest ahead."""
    peaks, _ = find_peaks(
        ahead, distance=max(1, int(_LEAST_APART * stride)), prominence=_LEAST_RISE * np.ptp(ahead)
    )
    before, at, after = ahead[peaks - 1], ahead[peaks], ahead[peaks + 1]
    curve = np.minimum(before - 2.0 * at + after, -1e-12)
    return np.asarray(peaks + np.clip(0.5 * (before - after) / curve, -0.5, 0.5))


def _clock(marks: Float[np.ndarray, " M"], frames: int) -> Float[np.ndarray, " T"]:
    """Cycles passed at each frame; strictly rising between the marks and `_BEYOND` around them."""
    steps = np.diff(marks)
    known = np.concatenate(
        [[marks[0] - _BEYOND * steps[0]], marks, [marks[-1] + _BEYOND * steps[-1]]]
    )
    turns = np.concatenate([[-_BEYOND], np.arange(len(marks)), [len(marks) - 1 + _BEYOND]])
    return np.interp(np.arange(float(frames)), known, turns)


def window_starts(samples: int, step: int) -> list[int]:
    """First samples of windows that cover a walk, every `step`-th; odd, so that no sample is left.

    Raises:
        ValueError: an even step, between whose windows samples lie that none of them holds.
    """
    if step % 2 == 0:
        raise ValueError(f"{step} is even")
    last = samples - (WINDOW - 1) * SPACING
    ends = {*range(min(SPACING, last)), *range(max(0, last - SPACING), last)}
    return sorted(ends | set(range(0, last, step)))


def windows_of(values: Num[np.ndarray, "N ..."], starts: list[int]) -> Num[np.ndarray, "W 7 ..."]:
    """Frames of each window."""
    at = np.array(starts)[:, None] + SPACING * np.arange(WINDOW)
    return values[at]
