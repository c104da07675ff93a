"""Contacts of the simulated body, timed by the motion of the feet that it follows.

Forces say which steps there are: a foot that bears load stands. When it begins and ceases to they
say late: a simulated foot lands 10 to 50 ms after the one it follows, later where people walk fast,
so that everybody is told the mean person's phases (slope of stance over people .2 to .6). The feet
of the fitted body are there on time (docs/history/phases.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simgait.skeleton.sides import SIDES
from simgait.types import GaitEvent

SAME_EVENT_S = 0.2
"""Two times closer than this are of one event: beyond .12 s more of them agree on badly seen feet,
and half a quick stride (0.46 s) is another event."""
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
