"""Foot events from kinematics alone: the cross-check of the contact events.

Zeni, Richards & Higginson 2008, Gait Posture 27:710-714: initial contact where the heel is
furthest ahead of the pelvis, foot off where the toe is furthest behind it. Thresholds scale with
the leg and with the walk's own excursion and cadence, so that children, short steps and slow
walkers keep their events.

At those extremes the foot moves as fast as the pelvis, so the heel has not landed yet (35 ms too
early on the labs' events) and the toe has already left (19 ms too late). Each event is therefore
moved to where the foot slides back under the pelvis at a set share of its stance speed, as foot
velocity thresholds do (Ghoussayni et al. 2004, Gait Posture 20:266-272), but relative to the
pelvis, so that treadmills and slow walkers need no other threshold. The shares were set on the
McGill training subjects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from simgait.clock import frame_rate_hz
from simgait.series.gaps import bridge
from simgait.series.runs import runs_of_true
from simgait.skeleton.sides import SIDES
from simgait.trials.trajectories import Trajectories, forward_of, unit_horizontal, walk_direction
from simgait.types import EVENT_KINDS, EventKind, GaitEvent


@dataclass(frozen=True)
class KinematicConfig:
    """Scales of `kinematic_events`.

    Attributes:
        prominence_of_range: a peak must rise this share of the foot's own excursion.
        min_range_of_leg: a foot whose excursion is below this share of the leg does not walk.
        edge_of_range: smallest rise towards a cut end of the data, where the full one is unseen.
        min_distance_of_stride: peaks of one kind are at least this share of a stride apart.
        min_distance_s: the same before the stride is known (fastest stride 0.46 s).
        max_gap_s: holes up to this long are bridged linearly.
        smoothing_s: SD of the Gaussian that removes jitter.
        contact_speed_share: share of the stance speed under the pelvis at which the heel has
            landed; 0 gives Zeni's own events.
        off_speed_share: the same for the toe that leaves.
        shift_limit_s: longest way from Zeni's extreme to that point; beyond it the extreme stays.
    """

    prominence_of_range: float = 0.4
    min_range_of_leg: float = 0.06
    edge_of_range: float = 0.05
    min_distance_of_stride: float = 0.5
    min_distance_s: float = 0.25
    max_gap_s: float = 0.15
    smoothing_s: float = 0.015
    contact_speed_share: float = 0.75
    off_speed_share: float = 0.45
    shift_limit_s: float = 0.25


DEFAULT_KINEMATIC_CONFIG = KinematicConfig()


def _accepted(values: Float[np.ndarray, " T"], peak: int, full: float, edge: float) -> bool:
    """Rises `full` on both sides, or `edge` on a side where the data end before `full` is seen."""
    height = values[peak]
    sides = (values[peak - 1 :: -1] if peak else values[:0], values[peak + 1 :])
    rises, cut = [], []
    for part in sides:
        higher = np.flatnonzero(part > height)
        reach = part[: higher[0]] if len(higher) else part
        rises.append(height - reach.min() if len(reach) else 0.0)
        cut.append(len(higher) == 0)
    needed = [edge if is_cut else full for is_cut in cut]
    return bool(all(r >= n for r, n in zip(rises, needed, strict=True)) and max(rises) >= full)


def _peak_times_s(
    time_s: Float[np.ndarray, " T"],
    values: Float[np.ndarray, " T"],
    full: float,
    edge: float,
    distance_s: float,
    judged: dict[int, bool],
) -> list[float]:
    """Times of the accepted peaks; `judged` keeps verdicts, which do not depend on the distance."""
    step = float(np.median(np.diff(time_s)))
    peaks, _ = find_peaks(values, distance=max(1.0, distance_s / step))
    times = []
    for peak in peaks.tolist():
        if peak not in judged:
            judged[peak] = _accepted(values, peak, full, edge)
        if not judged[peak]:
            continue
        a, b, c = values[peak - 1 : peak + 2].tolist()
        curve = a - 2 * b + c
        shift = 0.5 * (a - c) / curve if curve < 0 else 0.0
        times.append(float(time_s[peak] + min(max(shift, -0.5), 0.5) * step))
    return times


def _to_speed_share(
    extreme_s: float,
    time_s: Float[np.ndarray, " T"],
    backward_mps: Float[np.ndarray, " T"],
    level_mps: float,
    later: bool,
    limit_s: float,
) -> float:
    """Nearest time after (or before) the extreme at which the backward speed reaches a level."""
    if later:
        ahead = range(int(np.searchsorted(time_s, extreme_s, side="right")), len(time_s))
    else:
        ahead = range(int(np.searchsorted(time_s, extreme_s, side="left")) - 1, -1, -1)
    previous_s, previous = extreme_s, float(np.interp(extreme_s, time_s, backward_mps))
    if previous >= level_mps:
        return extreme_s
    for index in ahead:
        current_s, current = float(time_s[index]), float(backward_mps[index])
        if current >= level_mps:
            share = (level_mps - previous) / (current - previous)
            found = previous_s + share * (current_s - previous_s)
            return found if abs(found - extreme_s) <= limit_s else extreme_s
        if abs(current_s - extreme_s) > limit_s:
            break
        previous_s, previous = current_s, current
    return extreme_s


def _signal_events(
    time_s: Float[np.ndarray, " T"],
    ahead_m: Float[np.ndarray, " T"],
    leg_length_m: float,
    config: KinematicConfig,
    kind: EventKind,
) -> list[float]:
    """Event times of one foot point from its way ahead of the pelvis (m)."""
    is_contact = kind == "initial_contact"
    values = ahead_m if is_contact else -ahead_m
    values = bridge(values, time_s, max_gap_s=config.max_gap_s, beyond="missing")
    valid = np.isfinite(values)
    if valid.sum() < 4:
        return []
    low, high = np.percentile(values[valid], [2, 98])
    if high - low < config.min_range_of_leg * leg_length_m:
        return []
    full, edge = config.prominence_of_range * (high - low), config.edge_of_range * (high - low)
    sigma = config.smoothing_s / float(np.median(np.diff(time_s)))
    runs = [slice(*run) for run in runs_of_true(valid) if run[1] - run[0] >= 4]
    smooth = [
        gaussian_filter1d(values[run], sigma, mode="nearest") if sigma > 0.3 else values[run]
        for run in runs
    ]

    judged: list[dict[int, bool]] = [{} for _ in runs]

    def detect(distance_s: float) -> list[float]:
        return [
            time
            for run, part, known in zip(runs, smooth, judged, strict=True)
            for time in _peak_times_s(time_s[run], part, full, edge, distance_s, known)
        ]

    times = detect(config.min_distance_s)
    if len(times) >= 3:
        stride = float(np.median(np.diff(times)))
        times = detect(max(config.min_distance_s, config.min_distance_of_stride * stride))
    share = config.contact_speed_share if is_contact else config.off_speed_share
    if share <= 0.0 or not times:
        return times
    sign = -1.0 if is_contact else 1.0
    backward = [sign * np.gradient(s, time_s[r]) for s, r in zip(smooth, runs, strict=True)]
    pooled = np.concatenate(backward)
    level = share * float(np.median(pooled[pooled > 0.0]))
    return [
        _to_speed_share(time, time_s[run], speed, level, is_contact, config.shift_limit_s)
        for run, speed in zip(runs, backward, strict=True)
        for time in times
        if time_s[run][0] <= time <= time_s[run][-1]
    ]


def _direction_per_frame(paths: Trajectories) -> Float[np.ndarray, "T 3"]:
    """Where the pelvis goes, following a slow turn; on a treadmill where the hips face."""
    whole = walk_direction(paths)
    if not paths.travels:
        return np.broadcast_to(whole, paths.pelvis_m.shape)
    facing = forward_of(paths.leftward_m)
    known = np.isfinite(facing).all(axis=-1)
    if known.sum() < 4 or not np.isfinite(whole).all():
        return np.broadcast_to(whole, paths.pelvis_m.shape)
    # Facing averaged over about a stride follows a turn without the pelvis's own rotation.
    rate = frame_rate_hz(paths.time_s)
    filled = bridge(facing, paths.time_s)
    slow = unit_horizontal(gaussian_filter1d(filled, 0.5 * rate, axis=0, mode="nearest"))
    turn = np.sum(slow * slow[:1], axis=-1).min()
    if np.isfinite(turn) and turn > np.cos(np.radians(20.0)):
        return np.broadcast_to(whole, paths.pelvis_m.shape)
    overall = np.nanmean(np.sum(np.gradient(paths.pelvis_m, paths.time_s, axis=0) * slow, axis=-1))
    return slow if overall >= 0 else -slow


def kinematic_events(
    paths: Trajectories,
    config: KinematicConfig = DEFAULT_KINEMATIC_CONFIG,
    kinds: Sequence[EventKind] = EVENT_KINDS,
) -> tuple[GaitEvent, ...]:
    """Initial contacts and foot offs of both feet (those of `kinds`), in order of time.

    Needs no travel of the pelvis (works on a treadmill). Where `paths.heel_name` or
    `paths.toe_name` is the ankle, initial contacts keep their time within about 20 ms but foot
    offs come early, because the ankle leaves before the toe; callers must say so.
    """
    direction = _direction_per_frame(paths)
    events: list[GaitEvent] = []
    for column, side in enumerate(SIDES):
        heel = np.sum((paths.heel_m[:, column] - paths.pelvis_m) * direction, axis=-1)
        toe = np.sum((paths.toe_m[:, column] - paths.pelvis_m) * direction, axis=-1)
        for kind, signal in zip(EVENT_KINDS, (heel, toe), strict=True):
            if kind not in kinds:
                continue
            times = _signal_events(paths.time_s, signal, paths.leg_length_m, config, kind)
            events += [GaitEvent(time, side, kind) for time in times]
    return tuple(sorted(events, key=lambda event: event.time_s))
