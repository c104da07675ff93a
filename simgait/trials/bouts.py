"""Where in a recording does somebody walk straight ahead? Works on the 30 Hz clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from simgait.parameters.wording import at_least
from simgait.series.angles import unit
from simgait.series.derivatives import windowed_rate
from simgait.series.gaps import bridge
from simgait.series.runs import runs_of_true
from simgait.trials.pace import walking_runs

# A pelvis speeds up and slows down with each step: over about a step (0.5 to 0.8 s) that is gone.
SPEED_WINDOW_S = 0.7
# A swing lasts 0.4 s: half of it keeps its speed, and takes out a detector's jitter.
SWING_WINDOW_S = 0.2
# SD of a Gaussian: a stride of 1 s turns the pelvis to and fro, a person who turns takes longer.
HEADING_SMOOTHING_S = 0.5
# A stride and more: sway, which comes once in each, is no change of direction.
PATH_WINDOW_S = 1.5
# A pelvis that travels less than this share of what the legs step is on a treadmill.
TREADMILL_SHARE = 0.3
# Chosen: of the range of the distance between the feet, so that jitter about the middle of it
# counts as no second pass.
CROSSING_HYSTERESIS = 0.2
# What is left out for less than this is not named in a sentence that names longer parts.
SLIVER_S = 0.2


@dataclass(frozen=True)
class BoutRules:
    """Limits of the search, in frames, metres and degrees."""

    fps_hz: float
    min_frames: int
    min_speed_mps: float
    max_turn_deg: float
    max_pause_s: float
    max_absence_s: float


class Rejection(NamedTuple):
    """Why a stretch was left out, and what to do about it ("" where the reason says so itself)."""

    reason: str
    advice: str = ""


@dataclass(frozen=True)
class BoutSearch:
    """Straight walking bouts as (start, stop) frames, and why other stretches were left out."""

    bouts: tuple[tuple[int, int], ...]
    rejected: tuple[Rejection, ...]


def refusal(rejected: Sequence[Rejection]) -> str:
    """The first three reasons why there is no bout, then what to do, without a full stop."""
    reasons = [rejection.reason.rstrip(".") for rejection in rejected[:3]]
    if len(rejected) > 3:
        reasons.append(f"and {len(rejected) - 3} more")
    advice = dict.fromkeys(r.advice for r in rejected if r.advice)
    return "; ".join([*reasons, *advice])


def travel_speed(mid_hip_m: Float[np.ndarray, "T 3"], fps_hz: float) -> Float[np.ndarray, " T"]:
    """Horizontal speed (m/s) of the pelvis, over a moving window of 0.7 s."""
    return np.asarray(
        np.linalg.norm(windowed_rate(mid_hip_m[:, :2], SPEED_WINDOW_S, fps_hz), axis=-1)
    )


def stepping_speed(
    ankle_separation_m: Float[np.ndarray, "T 3"], fps_hz: float
) -> Float[np.ndarray, " T"]:
    """Walking speed (m/s) that the legs' swing implies, over about one stride.

    In one stride the separation of the ankles runs through four step lengths while the pelvis
    advances by two, so the mean of its absolute rate is twice the speed.
    """
    rate = windowed_rate(ankle_separation_m[:, :2], SWING_WINDOW_S, fps_hz)
    window = max(1, int(round(fps_hz)))
    return np.asarray(0.5 * uniform_filter1d(np.linalg.norm(rate, axis=-1), window, mode="nearest"))


def looks_like_treadmill(
    mid_hip_m: Float[np.ndarray, "T 3"],
    ankle_separation_m: Float[np.ndarray, "T 3"],
    fps_hz: float,
    min_speed_mps: float,
) -> bool:
    """The legs step for two seconds or more, and the pelvis stays where it is.

    Ankles that are never seen together show no step.
    """
    if not np.isfinite(ankle_separation_m).all(axis=-1).any():
        return False
    stepping = stepping_speed(bridge(ankle_separation_m), fps_hz)
    steps = stepping > 2.0 * min_speed_mps
    if steps.sum() < 2.0 * fps_hz:
        return False
    travel = travel_speed(bridge(mid_hip_m), fps_hz)
    return bool(travel[steps].mean() < TREADMILL_SHARE * stepping[steps].mean())


def heading_rad(hip_axis_m: Float[np.ndarray, "T 3"], fps_hz: float) -> Float[np.ndarray, " T"]:
    """Direction (rad, unwrapped, about the vertical) in which the pelvis faces, smoothed.

    From the right-to-left hip axis: the path's own direction swings by tens of degrees with the
    sway of slow walkers, the hip axis does not.
    """
    forward = unit(np.stack([hip_axis_m[:, 1], -hip_axis_m[:, 0]], axis=-1))
    smooth = gaussian_filter1d(forward, HEADING_SMOOTHING_S * fps_hz, axis=0, mode="reflect")
    return np.unwrap(np.arctan2(smooth[:, 1], smooth[:, 0]))


def path_heading_rad(mid_hip_m: Float[np.ndarray, "T 3"], fps_hz: float) -> Float[np.ndarray, " T"]:
    """Direction (rad, unwrapped) of the pelvis's path, over a moving window of 1.5 s."""
    velocity = windowed_rate(mid_hip_m[:, :2], PATH_WINDOW_S, fps_hz)
    return np.unwrap(np.arctan2(velocity[:, 1], velocity[:, 0]))


def stepping_heading_rad(
    ankle_separation_m: Float[np.ndarray, "T 3"],
    facing_rad: Float[np.ndarray, " T"],
    fps_hz: float,
) -> Float[np.ndarray, " T"]:
    """Direction (rad) in which the feet swing past each other, the end nearer to `facing_rad`.

    The long axis of the ankles' separation, smoothed as a doubled angle, because forward and
    backward swing are the same line.
    """
    x, y = ankle_separation_m[:, 0], ankle_separation_m[:, 1]
    doubled = np.stack([x**2 - y**2, 2.0 * x * y], axis=-1)
    smooth = gaussian_filter1d(doubled, HEADING_SMOOTHING_S * fps_hz, axis=0, mode="reflect")
    away = 0.5 * np.arctan2(smooth[:, 1], smooth[:, 0]) - facing_rad
    return np.asarray(facing_rad + away - np.pi * np.round(away / np.pi))


def _longest_within(values: Float[np.ndarray, " T"], span: float) -> tuple[int, int]:
    """Longest window (start, stop) whose values lie within `span` of each other."""
    best, start = (0, 0), 0
    # Frames that can still be the window's lowest or highest, in order: linear in the length.
    lows: deque[int] = deque()
    highs: deque[int] = deque()
    for frame, value in enumerate(values):
        while lows and values[lows[-1]] >= value:
            lows.pop()
        while highs and values[highs[-1]] <= value:
            highs.pop()
        lows.append(frame)
        highs.append(frame)
        while values[highs[0]] - values[lows[0]] > span:
            start += 1
            if lows[0] < start:
                lows.popleft()
            if highs[0] < start:
                highs.popleft()
        if frame + 1 - start > best[1] - best[0]:
            best = (start, frame + 1)
    return best


def straight_windows(
    heading: Float[np.ndarray, " T"], max_turn_rad: float, min_frames: int
) -> list[tuple[int, int]]:
    """Disjoint windows of at least `min_frames` in which the heading stays within the limit."""
    if len(heading) < min_frames:
        return []
    if np.ptp(heading) <= max_turn_rad:
        return [(0, len(heading))]
    start, stop = _longest_within(heading, max_turn_rad)
    if stop - start < min_frames:
        return []
    # The window reaches into the turn up to the limit: cut its ends at half of it.
    near = np.abs(heading[start:stop] - np.median(heading[start:stop])) <= 0.5 * max_turn_rad
    inner = np.flatnonzero(near)
    first, last = start + int(inner[0]), start + int(inner[-1]) + 1
    here = [(first, last)] if last - first >= min_frames else []
    before = straight_windows(heading[:start], max_turn_rad, min_frames)
    after = straight_windows(heading[stop:], max_turn_rad, min_frames)
    return before + here + [(stop + a, stop + b) for a, b in after]


def count_crossings(separation_m: Float[np.ndarray, " T"]) -> int:
    """How often the feet pass each other, with hysteresis; a full cycle needs three."""
    return len(crossing_frames(separation_m))


def crossing_frames(separation_m: Float[np.ndarray, " T"]) -> Int[np.ndarray, " N"]:
    """Frames from which on the other foot is ahead, with hysteresis."""
    low, high = np.percentile(separation_m, [2.0, 98.0])
    centred = separation_m - 0.5 * (low + high)
    band = CROSSING_HYSTERESIS * (high - low)
    states = np.sign(np.where(np.abs(centred) > band, centred, 0.0))
    sure = np.flatnonzero(states)
    return np.asarray(sure[1:][np.diff(states[sure]) != 0.0])


def _straightest(
    headings: list[Float[np.ndarray, " T"]], rules: BoutRules
) -> tuple[list[tuple[int, int]], float]:
    """Straight windows by the heading that leaves most, and its range (degrees).

    The first heading, of the hips, must stay within twice the limit wherever another one decides.
    """
    limit = np.radians(rules.max_turn_deg)
    found = [straight_windows(headings[0], limit, rules.min_frames)]
    for heading in headings[1:]:
        found.append(
            [
                (start + a, start + b)
                for start, stop in straight_windows(heading, limit, rules.min_frames)
                for a, b in straight_windows(headings[0][start:stop], 2.0 * limit, rules.min_frames)
            ]
        )
    kept = [sum(b - a for a, b in windows) for windows in found]
    best = int(np.argmax(kept))
    return found[best], float(np.degrees(np.ptp(headings[best])))


def _speed_mps(stretch: Motion, rules: BoutRules) -> Float[np.ndarray, " T"]:
    if stretch.travels:
        return travel_speed(stretch.mid_hip_m, rules.fps_hz)
    return stepping_speed(stretch.ankle_separation_m, rules.fps_hz)


@dataclass(frozen=True)
class Motion:
    """What the search looks at, on the clock of `BoutRules.fps_hz`, z up, NaN where missing.

    Attributes:
        mid_hip_m: (T, 3).
        hip_axis_m: (T, 3) right hip to left hip.
        ankle_separation_m: (T, 3) left ankle minus right ankle.
        metric: the hip axis is measured by markers; a detector's is checked by other witnesses.
        travels: walking is judged by the pelvis's speed; otherwise by the swing of the legs.
    """

    mid_hip_m: Float[np.ndarray, "T 3"]
    hip_axis_m: Float[np.ndarray, "T 3"]
    ankle_separation_m: Float[np.ndarray, "T 3"]
    metric: bool
    travels: bool

    def bridged(self, begin: int, end: int) -> Motion:
        """The frames from `begin` to `end`, holes bridged."""
        return replace(
            self,
            mid_hip_m=bridge(self.mid_hip_m[begin:end]),
            hip_axis_m=bridge(self.hip_axis_m[begin:end]),
            ankle_separation_m=bridge(self.ankle_separation_m[begin:end]),
        )


def find_bouts(
    motion: Motion,
    rules: BoutRules,
    person_found: Bool[np.ndarray, " T"],
    min_person_fraction: float,
) -> BoutSearch:
    """Straight walking bouts of one recording.

    Args:
        motion: of the whole recording.
        rules: the limits.
        person_found: frames in which the person was found.
        min_person_fraction: the share that a bout needs; of one that shows less, the stretches
            without a hole are taken.
    """
    bouts: list[tuple[int, int]] = []
    rejected: list[Rejection] = []
    found = np.isfinite(motion.mid_hip_m).all(axis=-1)
    for begin, end in runs_of_true(found, int(rules.max_absence_s * rules.fps_hz)):
        for bout in _straight_walks(motion, begin, end, rules):
            if isinstance(bout, Rejection):
                rejected.append(bout)
                continue
            seen = _seen_stretches(person_found, bout, rules, min_person_fraction)
            if seen != [bout]:
                share = float(person_found[slice(*bout)].mean())
                needed = f"({100 * min_person_fraction:.0f} % needed)"
                found_in = f"the person was found in only {100 * share:.0f} % of frames {needed}"
                kept = "; the stretches without a hole were kept" if seen else ""
                rejected.append(_rejection(rules, bout, found_in + kept, SEE_MORE))
            bouts += seen
    return BoutSearch(tuple(bouts), tuple(rejected))


def _seen_stretches(
    person_found: Bool[np.ndarray, " T"],
    bout: tuple[int, int],
    rules: BoutRules,
    min_person_fraction: float,
) -> list[tuple[int, int]]:
    """The bout where it shows the person, else what of it does and is long enough."""
    found = person_found[slice(*bout)]
    if found.mean() >= min_person_fraction:
        return [bout]
    pieces = runs_of_true(found)
    return [(bout[0] + a, bout[0] + b) for a, b in pieces if b - a >= rules.min_frames]


SEE_MORE = "record with both legs in view all the time"


def _walk_longer(rules: BoutRules) -> str:
    shortest = at_least(rules.min_frames / rules.fps_hz)
    return (
        f"record at least {shortest} of straight walking, or have simgait track take "
        "shorter walks (--min-frames)"
    )


def _rejection(rules: BoutRules, span: tuple[int, int], reason: str, advice: str) -> Rejection:
    return Rejection(f"{_when(rules, span)}: {reason}", advice)


def _when(rules: BoutRules, span: tuple[int, int]) -> str:
    start_s, stop_s = (frame / rules.fps_hz for frame in span)
    return f"{start_s:.1f} to {stop_s:.1f} s"


def _all_but(
    rules: BoutRules, span: tuple[int, int], kept: list[tuple[int, int]], reason: str
) -> Rejection:
    """What lies between and around the walks that a span holds; slivers of it are not named."""
    edges = [span[0], *(frame for walk in sorted(kept) for frame in walk), span[1]]
    left = [gap for gap in zip(edges[::2], edges[1::2], strict=True) if gap[1] > gap[0]]
    named = [gap for gap in left if gap[1] - gap[0] >= SLIVER_S * rules.fps_hz] or left
    return Rejection(f"{', '.join(_when(rules, gap) for gap in named)}: {reason}", "")


def _straight_walks(
    motion: Motion, begin: int, end: int, rules: BoutRules
) -> Iterator[tuple[int, int] | Rejection]:
    """Straight walks within a stretch in which the person is there, and what is left out of it."""
    least, fps_hz = rules.min_frames, rules.fps_hz
    if end - begin < least:
        few = f"only {end - begin} frames at {fps_hz:g} Hz, fewer than the {least} needed"
        yield _rejection(rules, (begin, end), few, _walk_longer(rules))
        return
    if not np.isfinite(motion.ankle_separation_m[begin:end]).all(axis=-1).any():
        never = "the ankles were never found together"
        yield _rejection(rules, (begin, end), never, SEE_MORE)
        return
    stretch = motion.bridged(begin, end)
    headings = _headings(stretch, fps_hz)
    speed_mps = _speed_mps(stretch, rules)
    walks = walking_runs(speed_mps, rules.min_speed_mps, least, int(rules.max_pause_s * fps_hz))
    if not walks:
        still = f"no walk of {least} frames faster than {rules.min_speed_mps:g} m/s"
        none = f"{still} (standing, sitting down and getting up, and stepping in place are none)"
        yield _rejection(rules, (begin, end), none, _walk_longer(rules))
    elif (speed_mps > rules.min_speed_mps).sum() - sum(b - a for a, b in walks) > 0.5 * fps_hz:
        found = [(begin + a, begin + b) for a, b in walks]
        slow = "starting, stopping and standing were left out"
        yield _all_but(rules, (begin, end), found, slow)
    for start, stop in walks:
        windows, turned_deg = _straightest([heading[start:stop] for heading in headings], rules)
        span, changes = (begin + start, begin + stop), f"heading changes by {turned_deg:.0f}°"
        if not windows:
            straight = f"no {least} frames within {rules.max_turn_deg:g}°"
            turn = f"the walk is a turn ({changes}, {straight})"
            yield _rejection(rules, span, turn, _walk_longer(rules))
        elif stop - start - sum(b - a for a, b in windows) > 0.5 * fps_hz:
            straight_walks = [(begin + start + a, begin + start + b) for a, b in windows]
            yield _all_but(rules, span, straight_walks, f"turns were cut out ({changes})")
        yield from ((begin + start + a, begin + start + b) for a, b in windows)


def _headings(stretch: Motion, fps_hz: float) -> list[Float[np.ndarray, " T"]]:
    """Where the hips face; of a detector's hips also where pelvis or feet go.

    A detector's hips seem to turn where the camera sees them end-on, from the side. A real turn
    shows in how the pelvis or the feet move as well.
    """
    facing = heading_rad(stretch.hip_axis_m, fps_hz)
    if stretch.metric:
        return [facing]
    if stretch.travels:
        return [facing, path_heading_rad(stretch.mid_hip_m, fps_hz)]
    return [facing, stepping_heading_rad(stretch.ankle_separation_m, facing, fps_hz)]
