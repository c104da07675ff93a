"""Contacts of the simulated body, timed by the motion of the feet that it follows.

Forces say which steps there are: a foot that bears load stands. When it begins and ceases to they
say late: a simulated foot lands 10 to 50 ms after the one it follows, later where people walk fast,
so that everybody is told the mean person's phases (slope of stance over people .2 to .6). The feet
of the fitted body are there on time (docs/history/phases.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from simgait.gait.events import EventConfig
from simgait.skeleton.sides import SIDES
from simgait.types import GaitEvent

SAME_EVENT_S = 0.2
"""Two times closer than this are of one event: beyond .12 s more of them agree on badly seen feet,
and half a quick stride (0.46 s) is another event."""
UNPROVED_S = EventConfig().min_contact_s
"""Loadings shorter than this are scuffs; one that the end of the walk cuts off may be either."""
SHORTEST_SWING = 0.8
"""Of the person's shortest other swing: a film's last frames, where the person leaves the picture,
gave a swing .7 as long. Of 289 walks (100 walkers through monocular-v1, training people's marker
walks through three families) 41 end with a landing, and 2 of blazepose-v1's are left out."""
SHORTEST_PHASE_S = 0.05
"""No stance or swing is made shorter than this."""


def timed_by_motion(
    contacts: Sequence[GaitEvent], motion: Sequence[GaitEvent]
) -> tuple[GaitEvent, ...]:
    """The contacts (s) at the times that the feet's motion gives them, in order of time.

    A contact without a like event near keeps its time, and so does one that would pass another.

    Args:
        contacts: of the simulated body, by force.
        motion: of the feet that it follows.
    """
    timed: list[GaitEvent] = []
    for side in SIDES:
        own = sorted((e for e in contacts if e.side == side), key=lambda e: e.time_s)
        last_s = -float("inf")
        for contact, until_s in zip(own, [*(e.time_s for e in own), float("inf")][1:], strict=True):
            like = [e.time_s for e in motion if (e.side, e.kind) == (side, contact.kind)]
            near_s = min(like, key=lambda t: abs(t - contact.time_s), default=float("inf"))
            in_order = last_s + SHORTEST_PHASE_S < near_s < until_s - SHORTEST_PHASE_S
            known = abs(near_s - contact.time_s) < SAME_EVENT_S and in_order
            last_s = near_s if known else contact.time_s
            timed.append(replace(contact, time_s=last_s))
    return tuple(sorted(timed, key=lambda event: event.time_s))


def without_unproved_landing(events: Sequence[GaitEvent], end_s: float) -> tuple[GaitEvent, ...]:
    """The events (s) without a landing at the walk's end that ends no swing of a walk.

    Such a swing is too short, or the other foot left before it ended: who walks has a foot on the
    floor. Whether the foot then stands, or is a scuff, nobody saw, and the last frames of a
    recording are its worst. That other foot's leaving is not told then, either.

    Args:
        events: in order of time.
        end_s: last moment of the walk.
    """
    if not events or events[-1].kind != "initial_contact" or events[-1].time_s < end_s - UNPROVED_S:
        return tuple(events)
    other = [event.kind for event in events if event.side != events[-1].side]
    if other and other[-1] == "foot_off":
        return tuple(events[:-2])
    return tuple(events[:-1]) if _swing_is_short(events) else tuple(events)


def _swing_is_short(events: Sequence[GaitEvent]) -> bool:
    """Whether the swing that the last event ends is shorter than the person's others allow."""
    swings_s = [
        landing.time_s - off.time_s
        for side in SIDES
        for off, landing in pairwise([e for e in events if e.side == side])
        if landing.kind == "initial_contact" and off.kind == "foot_off" and landing != events[-1]
    ]
    own = [e.time_s for e in events[:-1] if (e.side, e.kind) == (events[-1].side, "foot_off")]
    if not swings_s or not own:
        return False
    return events[-1].time_s - own[-1] < SHORTEST_SWING * min(swings_s)
