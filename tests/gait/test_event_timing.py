"""Forces say which contacts there are, the motion of the feet says when."""

from __future__ import annotations

from simgait.gait.event_timing import SAME_EVENT_S, timed_by_motion, without_unproved_landing
from simgait.skeleton.sides import Side
from simgait.types import EventKind, GaitEvent


def event(time_s: float, kind: EventKind, side: Side = "left") -> GaitEvent:
    return GaitEvent(time_s, side, kind)


CONTACTS = (event(1.05, "initial_contact"), event(1.66, "foot_off"), event(2.05, "initial_contact"))


def test_contacts_get_the_times_of_the_feet_they_follow() -> None:
    motion = (event(1.0, "initial_contact"), event(1.68, "foot_off"), event(5.0, "foot_off"))
    times = [found.time_s for found in timed_by_motion(CONTACTS, motion)]
    assert times == [1.0, 1.68, 2.05], "what no motion is near keeps its time; none is added"


def test_another_side_kind_or_step_times_nothing() -> None:
    motion = (
        event(1.04, "initial_contact", "right"),
        event(1.04, "foot_off"),
        event(2.05 + SAME_EVENT_S + 0.01, "initial_contact"),
    )
    assert timed_by_motion(CONTACTS, motion) == CONTACTS
    assert timed_by_motion(CONTACTS, ()) == CONTACTS


def test_contacts_stay_in_order() -> None:
    close = (event(1.0, "initial_contact"), event(1.12, "foot_off"))
    motion = (event(1.15, "initial_contact"), event(1.0, "foot_off"))
    found = timed_by_motion(close, motion)
    assert found == (event(1.0, "initial_contact"), event(1.12, "foot_off"))


def walk(last_swing_s: float) -> tuple[GaitEvent, ...]:
    """Left swings of 0.4 s and right ones of 0.45 s, but for the last."""
    events = [event(0.1, "foot_off"), event(0.5, "initial_contact")]
    events += [event(0.7, "foot_off", "right"), event(1.15, "initial_contact", "right")]
    events += [event(1.3, "foot_off"), event(1.7, "initial_contact")]
    return (
        *events,
        event(1.9, "foot_off", "right"),
        event(1.9 + last_swing_s, "initial_contact", "right"),
    )


def test_a_landing_at_the_end_after_too_short_a_swing_is_none() -> None:
    short = walk(0.3)
    assert without_unproved_landing(short, 2.22) == short[:-1]
    assert without_unproved_landing(short, 2.4) == short, "it stands for 0.2 s"
    whole = walk(0.35)
    assert without_unproved_landing(whole, 2.27) == whole
    assert without_unproved_landing(short[-2:], 2.22) == short[-2:], "no other swing is known"
    assert without_unproved_landing((), 1.0) == ()


def test_a_landing_at_the_end_of_a_flight_is_none_nor_is_the_foot_off_before_it() -> None:
    whole = walk(0.35)
    flown = (*whole[:-1], event(2.2, "foot_off"), whole[-1])
    assert without_unproved_landing(flown, 2.27) == whole[:-1]
    assert without_unproved_landing(flown, 2.4) == flown, "it stands for 0.15 s"
