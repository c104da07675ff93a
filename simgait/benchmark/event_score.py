"""Timing of the foot events of one walk against those that were measured."""

from __future__ import annotations

from dataclasses import dataclass

from simgait.benchmark.cases import Case
from simgait.gait.matching import match_events
from simgait.gait_result import GaitResult
from simgait.types import EVENT_KINDS, EventKind

EDGE_S = 0.1
"""Foot events nearer than this to a trial's ends cannot be seen and are not counted."""


@dataclass(frozen=True)
class EventScore:
    """Timing of one kind of event: errors (ms) of the pairs, and what found no partner.

    `n_edge` counts measured events too near to the trial's ends, or beyond them; `n_extra` the
    simulated events between the first and the last measured one that match none.
    """

    errors_ms: tuple[float, ...] = ()
    n_missed: int = 0
    n_extra: int = 0
    n_edge: int = 0


def event_scores(case: Case, found: GaitResult) -> dict[EventKind, EventScore]:
    """Timing of the found events against the measured ones, by kind."""
    last_s = float(case.trial.time_s[-1])
    match = match_events(case.events, found.events)

    def seen(time_s: float) -> bool:
        return EDGE_S <= time_s <= last_s - EDGE_S

    times = [e.time_s for e in case.events]
    scores: dict[EventKind, EventScore] = {}
    for kind in EVENT_KINDS:
        pairs = [(a, b) for a, b in match.pairs if a.kind == kind and seen(a.time_s)]
        scores[kind] = EventScore(
            errors_ms=tuple(1000.0 * (b.time_s - a.time_s) for a, b in pairs),
            n_missed=sum(e.kind == kind and seen(e.time_s) for e in match.missed),
            n_extra=sum(
                e.kind == kind and min(times) < e.time_s < max(times) and seen(e.time_s)
                for e in match.extra
            )
            if times
            else 0,
            n_edge=sum(e.kind == kind and not seen(e.time_s) for e in case.events),
        )
    return scores
