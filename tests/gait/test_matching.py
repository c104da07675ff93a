from __future__ import annotations

import numpy as np
import pytest

from simgait.gait.matching import match_events, timing_error, unmatched_inside
from simgait.skeleton.sides import Side
from simgait.types import GaitEvent


def contact(time_s: float, side: Side = "left") -> GaitEvent:
    return GaitEvent(time_s, side, "initial_contact")


def test_pairs_missed_and_extra() -> None:
    match = match_events(
        [contact(1.0), contact(2.0), contact(3.0, "right")],
        [contact(1.03), contact(1.98), contact(2.8), contact(3.0)],
    )
    assert {(a.time_s, b.time_s) for a, b in match.pairs} == {(1.0, 1.03), (2.0, 1.98)}
    assert match.missed == (contact(3.0, "right"),)
    assert [e.time_s for e in match.extra] == [2.8, 3.0]


def test_error_of_known_shifts() -> None:
    error = timing_error(match_events([contact(1), contact(2)], [contact(1.03), contact(1.99)]))
    assert error.n == 2
    assert error.bias_ms == pytest.approx(10.0)
    assert error.mae_ms == pytest.approx(20.0)
    assert error.rmse_ms == pytest.approx(np.sqrt((900 + 100) / 2))


def test_a_pair_beyond_the_limit_is_a_miss_and_an_extra() -> None:
    match = match_events([contact(1.0)], [contact(1.6)])
    assert (match.pairs, len(match.missed), len(match.extra)) == ((), 1, 1)
    assert np.isnan(timing_error(match).mae_ms)


def test_the_limit_never_costs_a_pair_that_fits() -> None:
    # Greedy nearest-first would pair 1.4 with 1.5 and lose 1.0.
    match = match_events([contact(1.0), contact(1.5)], [contact(1.4), contact(1.95)])
    assert len(match.pairs) == 2


def test_kinds_are_not_mixed() -> None:
    match = match_events([contact(1.0)], [GaitEvent(1.0, "left", "foot_off")])
    assert match.pairs == ()


def test_one_event_more_at_each_end_is_no_fault_of_either_method() -> None:
    match = match_events(
        [contact(t) for t in (1.0, 2.0, 3.0, 4.0)], [contact(t) for t in (2.0, 4.0, 5.0)]
    )
    assert [e.time_s for e in (*match.missed, *match.extra)] == [1.0, 3.0, 5.0]
    assert [e.time_s for e in unmatched_inside(match)] == [3.0]
    # Only the outermost is excused, and each side and kind has ends of its own.
    many = match_events(
        [contact(t) for t in (1.0, 2.0, 3.0)], [contact(3.0), contact(9.0, "right")]
    )
    assert [e.time_s for e in unmatched_inside(many)] == [2.0]
