"""Contacts by force against the foot's own movement: which of them may be believed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simgait.findings import Code, Finding, Severity, Value
from simgait.gait.analyse import MAX_DISAGREEMENT_MS
from simgait.gait.matching import EventMatch, match_events, unmatched_inside
from simgait.gait_result import GaitResult
from simgait.skeleton.sides import SIDES, Side
from simgait.types import EVENT_KINDS, EventKind

# Chosen: one event in ten, of the ten to thirty that a walk has, may be the one at its end.
UNMATCHED_CAUTION_SHARE = 0.1
# Both kinds of events lie within 75 ms of the truth in 99 of 100 contacts of validation walkers.
SINGLE_EVENT_CAUTION_S = 0.1
# How far such contacts may move the mean of their side: 2 % of a cycle of 1 s, which is one SD of
# healthy people's stance (`parameters.catalogue`).
MEAN_EVENT_CAUTION_MS = 20.0
# 5 % of a usual speed are 0.06 m/s: more than the small change (0.05 m/s) that clinicians ask for.
# Two landings wrong by 30 ms move three steps of 0.55 s by less, two steps by as much.
RHYTHM_CAUTION_PERCENT = 5.0
LEAST_LANDINGS = 4
# Of one side, whose first or last landing is a doubtful one (above). Right contacts, 20 ms apart
# (SD), differ by 0.6 % over four strides; 2 % are twice what the interval of a marker walk's
# cadence reaches.
SIDE_RHYTHM_CAUTION_PERCENT = 2.0


def contact_findings(result: GaitResult) -> Iterator[Finding]:
    """What the foot's movement says of the contacts by force, of all and of single ones."""
    apart_ms = result.event_disagreement_ms
    if apart_ms > MAX_DISAGREEMENT_MS:
        values = {"ms": apart_ms, "limit_ms": MAX_DISAGREEMENT_MS}
        yield Finding(Code.EVENTS_DISAGREE, values=values, where="force")
    match = match_events(result.events, result.kinematic_events)
    unmatched = len(unmatched_inside(match))
    if unmatched > UNMATCHED_CAUTION_SHARE * max(len(result.events), 1):
        counts = {"unmatched": unmatched, "events": len(result.events)}
        yield Finding(Code.EVENTS_UNMATCHED, values=counts)
    yield from _rhythm(match)
    for side in SIDES:
        yield from _side_rhythm(match, side)
        for kind in EVENT_KINDS:
            yield from _doubtful_contacts(match, side, kind)


def _rhythm(match: EventMatch) -> Iterator[Finding]:
    """A false landing at either end changes cadence and speed, which a mean over events hides."""
    landings = _landings(match, SIDES)
    if len(landings) < LEAST_LANDINGS:
        return
    percent = _percent_apart(landings)
    if percent > RHYTHM_CAUTION_PERCENT:
        values = {"percent": percent, "limit_percent": RHYTHM_CAUTION_PERCENT}
        yield Finding(Code.RHYTHM_DENIED, values=values)


def _side_rhythm(match: EventMatch, side: Side) -> Iterator[Finding]:
    """A false landing at either end of one side moves that side's cadence, strides and speed."""
    landings = _landings(match, (side,))
    if len(landings) < 2:
        return
    ends_s = [abs(by_force - by_movement) for by_force, by_movement in (landings[0], landings[-1])]
    percent = _percent_apart(landings)
    if max(ends_s) > SINGLE_EVENT_CAUTION_S and percent > SIDE_RHYTHM_CAUTION_PERCENT:
        values = {"percent": percent, "limit_percent": SIDE_RHYTHM_CAUTION_PERCENT}
        yield Finding(Code.SIDE_RHYTHM_DENIED, values=values, where=side)


def _landings(match: EventMatch, sides: tuple[Side, ...]) -> list[tuple[float, float]]:
    """Times (s) by force and by movement, in order."""
    return sorted(
        (a.time_s, b.time_s)
        for a, b in match.pairs
        if a.kind == "initial_contact" and a.side in sides
    )


def _percent_apart(landings: list[tuple[float, float]]) -> float:
    """How much longer or shorter the time from the first to the last is by force."""
    by_force_s, by_movement_s = np.subtract(landings[-1], landings[0]).tolist()
    return float(100 * abs(by_force_s / by_movement_s - 1.0))


def _doubtful_contacts(match: EventMatch, side: Side, kind: EventKind) -> Iterator[Finding]:
    """Single events far from where the foot's movement puts them; a mean would hide them."""
    apart_s = {
        a.time_s: abs(b.time_s - a.time_s)
        for a, b in match.pairs
        if (a.side, a.kind) == (side, kind)
    }
    doubtful = {t: apart for t, apart in apart_s.items() if apart > SINGLE_EVENT_CAUTION_S}
    if not doubtful:
        return
    moved_ms = 1000 * sum(doubtful.values()) / len(apart_s)
    values: dict[str, Value] = {
        "event": kind, "times_s": tuple(doubtful), "of": len(apart_s),
        "limit_ms": 1000 * SINGLE_EVENT_CAUTION_S,
    }  # fmt: skip
    severity: Severity = "caution" if moved_ms > MEAN_EVENT_CAUTION_MS else "note"
    yield Finding(Code.CONTACTS_DOUBTFUL, severity, values, where=side)
