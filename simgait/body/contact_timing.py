"""When feet stand: what the refiner and the feet's motion say.

The refiner learned contacts from thousands of synthetic walkers and eight people; the kinematic
events (`trials.kinematic_events`) have two constants, set on those eight, and know nothing else.
On walkers the first is better, on people whom neither met the second often is, and their errors
have little to do with each other, so the mean of both times is better than either (Clemen 1989,
"Combining forecasts", International Journal of Forecasting 5:559-583).

Where the feet are measured (`trials.measured_contacts`) their events bind: what was learned of
other people pulls a person's stance to theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.trials.kinematic_events import KinematicConfig, kinematic_events
from simgait.trials.trajectories import trajectories_of
from simgait.types import EventKind, FittedTrial, GaitEvent, Trial, event_times_s

ONE_EVENT_S = 0.12
"""Two times closer than this are of one event; else the refiner's stays."""
SAME_STEP_S = 0.2
"""A measured event so near is of the same step where none of the probabilities' is nearer: half a
quick stride (0.46 s) is another step's. Who starts from standing has landed while the network still
wonders: a landing told .124 s late, between stances that are bound, made 72 of 69 steps a minute
(docs/history/visits.md)."""
SHORTEST_PHASE_S = 0.1
"""A child's swing at 170 steps/min still lasts 0.25 s."""
FLICKER_S = 0.2
"""Contacts and swings that a network tells and that are shorter are none (see the child's above).
Where legs hardly swing half of the walks had one or two, and bodies fell in those."""
SAME_TIME_S = 1e-3
"""A measured contact is known to a millisecond (`trials.measured_contacts.GRID_S`)."""
FITTED_FEET = KinematicConfig(contact_speed_share=0.45, off_speed_share=0.3)
"""Shares of the stance speed at which a fitted foot, which is smoothed, has landed and leaves.
Where the speed changes fastest, smoothing and jitter move the time least."""
LANDED_AFTER_S = 0.016
"""From that share to the landing. Set, as the share of the toe, on the marker walks of 18 training
people, whose measured contacts come 16 ms later; through metrabs-17-v1, metrabs-87-v1 and
monocular-v1 13, 18 and 18 ms."""
FILM_LANDED_AFTER_S, FILM_FROM_SIDE_LANDED_AFTER_S = -0.031, -0.006
"""The same of film, whose lifted heels come to rest late: by 47 ms with the offset above, and by
22 ms from the side (58 rendered clips in no benchmark, 35 walkers and 23 walks of 13 people, who
are alike in it: 34 and 38 ms; docs/history/phases.md)."""
FROM_SIDE_BELOW = 0.5
"""Cosine between way and line of sight: 60°, as `video.view` tells views apart."""


def crossings(standing: Float[np.ndarray, " T"], fps_hz: float) -> list[tuple[float, EventKind]]:
    """Times (s) at which a probability passes one half, and which event that is."""
    above = standing >= 0.5
    found: list[tuple[float, EventKind]] = []
    for frame in np.flatnonzero(above[1:] != above[:-1]).tolist():
        before, after = standing[frame], standing[frame + 1]
        time_s = (frame + (0.5 - before) / (after - before)) / fps_hz
        found.append((float(time_s), "initial_contact" if after > before else "foot_off"))
    return found


def without_flickers(standing: Float[np.ndarray, "T 2"], fps_hz: float) -> Float[np.ndarray, "T 2"]:
    """Probabilities without stances and swings that nobody makes, the shortest first.

    In their place is the straight line between the frames beside them. What the ends cut off may
    have been longer, and stays.

    Args:
        standing: probability that the left and the right foot stands.
        fps_hz: frame rate.
    """
    result = np.array(standing, dtype=float)
    for column in result.T:
        while True:
            turns = np.flatnonzero(np.diff(column >= 0.5)) + 1
            lasting = np.diff(turns)
            if not len(lasting) or lasting.min() >= FLICKER_S * fps_hz:
                break
            shortest = int(np.argmin(lasting))
            first, after = turns[shortest], turns[shortest + 1]
            beside = [first - 1, after]
            column[first:after] = np.interp(np.arange(first, after), beside, column[beside])
    return result


def mean_timing(
    standing: Float[np.ndarray, "T 2"], events: Sequence[GaitEvent], fps_hz: float
) -> Float[np.ndarray, "T 2"]:
    """The probabilities, shifted in time so that each event lies midway to the kinematic one.

    Between two events the shift changes evenly, so that probabilities keep their values and their
    order.

    Args:
        standing: probability that the left and the right foot stands.
        events: kinematic events on the clock of the first frame; a foot without any keeps its
            probabilities.
        fps_hz: frame rate.
    """
    time_s = np.arange(len(standing)) / fps_hz
    result = np.array(standing, dtype=float)
    for column, side in enumerate(SIDES):
        new_s: list[float] = []
        shift_s: list[float] = []
        for at_s, kind in crossings(result[:, column], fps_hz):
            away = [t - at_s for t in event_times_s(events, side, kind)]
            nearest = min(away, key=abs, default=np.inf)
            # Times must stay in order; a flicker between two events keeps its place.
            in_order = not new_s or at_s + 0.5 * nearest > new_s[-1]
            if abs(nearest) < ONE_EVENT_S and in_order:
                new_s.append(at_s + 0.5 * nearest)
                shift_s.append(0.5 * nearest)
        if new_s:
            back_s = np.interp(time_s, new_s, shift_s)
            result[:, column] = np.interp(time_s - back_s, time_s, standing[:, column])
    return result


def bound_timing(
    standing: Float[np.ndarray, "T 2"], events: Sequence[GaitEvent], fps_hz: float
) -> Float[np.ndarray, "T 2"]:
    """Probabilities that pass one half at the events, and say the rest as they do.

    Events far from any of the probabilities are of the recording's ends, and not used; a foot
    whose probabilities never pass one half keeps them.

    Args:
        standing: probability that the left and the right foot stands.
        events: of measured feet, on the clock of the first frame.
        fps_hz: frame rate.
    """
    time_s = np.arange(len(standing)) / fps_hz
    result = np.array(standing, dtype=float)
    for column, side in enumerate(SIDES):
        turns: list[tuple[float, EventKind]] = []
        told = crossings(standing[:, column], fps_hz)
        for at_s, kind in told:
            seen = event_times_s(events, side, kind)
            nearest = min(seen, key=lambda t: abs(t - at_s), default=np.inf)
            alone = all(abs(t - nearest) >= abs(at_s - nearest) for t, k in told if k == kind)
            near_s = SAME_STEP_S if alone else ONE_EVENT_S
            bound_s = nearest if abs(nearest - at_s) < near_s else at_s
            if turns and bound_s - turns[-1][0] < SHORTEST_PHASE_S:
                # A flicker: neither a stance nor a swing is so short.
                turns.pop()
            else:
                turns.append((bound_s, kind))
        if turns:
            stands_first = turns[0][1] == "foot_off"
            result[:, column] = _between_turns(time_s, turns, stands_first, fps_hz)
    return result


def contacts_of_measured_feet(
    trial: Trial, standing: Float[np.ndarray, "T 2"], measured: Sequence[GaitEvent]
) -> tuple[GaitEvent, ...]:
    """The events (s) of bound probabilities on a trial's clock, in order.

    Near the recording's ends only those that were measured: there the rest is a guess.

    Args:
        trial: whose feet are measured.
        standing: from `bound_timing`.
        measured: the trial's events, from `measured_contacts`.
    """
    first_s, last_s = float(trial.time_s[0]), float(trial.time_s[-1])
    found: list[GaitEvent] = []
    for column, side in enumerate(SIDES):
        for at_s, kind in crossings(standing[:, column], trial.fps_hz):
            own = event_times_s(measured, side, kind)
            is_bound = any(abs(time_s - first_s - at_s) < SAME_TIME_S for time_s in own)
            inside = min(at_s, last_s - first_s - at_s) > ONE_EVENT_S
            if is_bound or inside:
                found.append(GaitEvent(first_s + at_s, side, kind))
    return tuple(sorted(found, key=lambda event: event.time_s))


def contacts_by_motion(
    fitted: FittedTrial, refined_pose: Float[np.ndarray, "T D"]
) -> tuple[GaitEvent, ...]:
    """Initial contacts and foot offs (s) of a body's feet on its trial's clock, in order.

    Landings are those of the heel as it was fitted: it follows from hips, knees and ankles, and
    what was learned only adds to its scatter. Foot offs are those of the refined toe, which points
    show least, and a detector without feet not at all.
    """
    after_s = landed_after_s(fitted.trial)
    landings = [
        replace(event, time_s=event.time_s + after_s)
        for event in _by_motion(fitted, fitted.pose, "initial_contact")
    ]
    offs = _by_motion(fitted, refined_pose, "foot_off")
    return tuple(sorted((*landings, *offs), key=lambda event: event.time_s))


def landed_after_s(trial: Trial) -> float:
    """Time (s) from where a fitted heel has its share of the stance speed to the landing."""
    if not trial.is_filmed:
        return LANDED_AFTER_S
    from_side = trial.seen_along < FROM_SIDE_BELOW
    return FILM_FROM_SIDE_LANDED_AFTER_S if from_side else FILM_LANDED_AFTER_S


def _by_motion(
    fitted: FittedTrial, pose: Float[np.ndarray, "T D"], kind: EventKind
) -> tuple[GaitEvent, ...]:
    points = np.asarray(body_keypoints(pose, fitted.dims, fitted.skeleton), float)
    paths = trajectories_of(fitted.trial.time_s, points, fitted.skeleton.keypoints)
    return kinematic_events(paths, FITTED_FEET, (kind,))


def _between_turns(
    time_s: Float[np.ndarray, " T"],
    turns: Sequence[tuple[float, EventKind]],
    stands_first: bool,
    fps_hz: float,
) -> Float[np.ndarray, " T"]:
    """1 where a foot stands and 0 where it swings, with flanks of two frames about each turn.

    So the straight line between two frames passes one half at the very time of the turn.
    """
    value = np.full(len(time_s), float(stands_first))
    for at_s, kind in turns:
        flank = np.clip(0.5 + 0.5 * fps_hz * (time_s - at_s), 0.0, 1.0)
        after = flank if kind == "initial_contact" else 1.0 - flank
        value = np.where(time_s > at_s - 1.0 / fps_hz, after, value)
    return value
