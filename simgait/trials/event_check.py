"""Foot events that a file states, against the movement of its own markers: clock and side.

Whoever exports events counts them from another frame, at another rate, or for the other foot often
enough; what nobody checks becomes the laboratory's word. In recordings of five laboratories events
and movement lie 5 to 22 ms apart (`report.trial.laboratory`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.sides import SIDES, opposite
from simgait.trials.kinematic_events import kinematic_events
from simgait.trials.trajectories import trajectories_of
from simgait.types import GaitEvent, Trial

DENIED_S = 0.1
"""Events whose middle distance from those by movement is larger are not of this walk as it stands:
more than four times the largest that a laboratory's had."""
FITS_S = 0.03
"""And this near they are, moved or exchanged."""
FAR_S = 0.3
"""How far apart two events count at most: beyond, they belong to different steps."""
LONGEST_LAG_S = 0.7
"""Half a slow stride: a clock that is wrong by more looks like one that is wrong by less."""
LAG_STEP_S = 0.01
"""A third of a frame of 30 Hz, to which nothing is sought more exactly."""
LEAST_EVENTS = 4
"""Two of each foot: fewer fit some lag by chance."""
LEAST_OF_A_FOOT = 3
"""Of each, where those of one are off and those of the other are not."""
Cause = Literal["side", "clock", "unknown"]


@dataclass(frozen=True)
class EventDoubt:
    """Events that the movement denies.

    Attributes:
        apart_s: middle distance from the events by movement.
        cause: "side" where they fit with left and right exchanged, "clock" where they fit moved.
        lag_s: how much too late they are then, 0 else.
        foot: whose they are, "left" or "right"; "" of both.
    """

    apart_s: float
    cause: Cause
    lag_s: float = 0.0
    foot: str = ""

    @property
    def found(self) -> str:
        """In words, without a full stop."""
        causes = {
            "side": "they fit with left and right exchanged",
            "clock": f"they fit {abs(1000.0 * self.lag_s):.0f} ms "
            f"{'earlier' if self.lag_s > 0 else 'later'}, so they are on another clock",
            "unknown": "no other clock or side makes them fit",
        }
        return (
            f"The file's {self.foot or 'foot'} events lie {1000.0 * self.apart_s:.0f} ms from the "
            f"movement of its own points (middle distance); {causes[self.cause]}"
        )

    @property
    def note(self) -> str:
        """In words, of events that are left out."""
        return f"{self.found}. They were not used."


def doubt_events(stated: Sequence[GaitEvent], moved: Sequence[GaitEvent]) -> EventDoubt | None:
    """What the movement says against stated events; None where it confirms them, or tells little.

    Args:
        stated: by the file.
        moved: by movement (`kinematic_events`), on the clock that the file's should be on. Stated
            events outside them have nothing to be held against.
    """
    inside = [event for event in stated if _is_within(event, moved)]
    if len(inside) < LEAST_EVENTS or len(moved) < LEAST_EVENTS:
        return None
    apart_s = _apart_s(inside, moved, 0.0)
    of_one = _doubt_one_foot(inside, moved)
    if of_one is not None or apart_s <= DENIED_S:
        return of_one
    exchanged = [GaitEvent(event.time_s, opposite(event.side), event.kind) for event in inside]
    if _apart_s(exchanged, moved, 0.0) <= FITS_S:
        return EventDoubt(apart_s, "side")
    return _of_clock(inside, moved, apart_s)


def _doubt_one_foot(inside: Sequence[GaitEvent], moved: Sequence[GaitEvent]) -> EventDoubt | None:
    """The events of one foot, where those of the other hide in the middle that they are off."""
    events = {foot: [event for event in inside if event.side == foot] for foot in SIDES}
    if min(map(len, events.values())) < LEAST_OF_A_FOOT:
        return None
    off = [foot for foot in SIDES if _apart_s(events[foot], moved, 0.0) > DENIED_S]
    if len(off) != 1:
        return None
    (foot,) = off
    apart_s = _apart_s(events[foot], moved, 0.0)
    return replace(_of_clock(events[foot], moved, apart_s), foot=foot)


def _of_clock(
    inside: Sequence[GaitEvent], moved: Sequence[GaitEvent], apart_s: float
) -> EventDoubt:
    """Whether another clock makes events fit."""
    lags = np.arange(-LONGEST_LAG_S, LONGEST_LAG_S + LAG_STEP_S / 2, LAG_STEP_S)
    best = min(map(float, lags), key=lambda lag: (_apart_s(inside, moved, lag), abs(lag)))
    if _apart_s(inside, moved, best) <= FITS_S:
        return EventDoubt(apart_s, "clock", best)
    return EventDoubt(apart_s, "unknown")


def without_denied_events(trial: Trial) -> Trial:
    """The trial without events that its own markers deny, and a note on them.

    A walk that was made up has true events, and a detector's points are no witness of the file's.
    """
    truth = trial.truth
    if truth is None or not trial.scale_is_metric or trial.source_format == "synthetic":
        return trial
    doubt = doubt_events(truth.events, moved_events(trial))
    if doubt is None:
        return trial
    known = truth.reference_angles_rad is not None or np.isfinite(truth.pose).any()
    without = replace(truth, events=(), contact=np.full_like(truth.contact, np.nan))
    return replace(trial, truth=without if known else None, notes=(*trial.notes, doubt.note))


def moved_events(trial: Trial) -> tuple[GaitEvent, ...]:
    """Foot events by the movement of a trial's own points; none where these show no walk."""
    path = np.where(trial.pelvis_path_mask[:, None], trial.pelvis_path_m, 0.0)
    try:
        paths = trajectories_of(trial.time_s, trial.keypoints_m + path[:, None], KEYPOINT_NAMES)
    except InputError:
        return ()
    return tuple(kinematic_events(paths))


def _is_within(event: GaitEvent, moved: Sequence[GaitEvent]) -> bool:
    times = [one.time_s for one in moved]
    return bool(times) and min(times) - FAR_S <= event.time_s <= max(times) + FAR_S


def _apart_s(stated: Sequence[GaitEvent], moved: Sequence[GaitEvent], lag_s: float) -> float:
    """Middle distance (s) from each stated event, `lag_s` earlier, to the nearest of its kind."""
    times: dict[tuple[str, str], list[float]] = {}
    for event in moved:
        times.setdefault((event.side, event.kind), []).append(event.time_s)
    nearest = [
        min(
            (abs(event.time_s - lag_s - t) for t in times.get((event.side, event.kind), ())),
            default=FAR_S,
        )
        for event in stated
    ]
    return float(np.median(np.minimum(nearest, FAR_S)))
