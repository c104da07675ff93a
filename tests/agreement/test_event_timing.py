"""Matching of times: against every possible matching, and errors that are known."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simgait.agreement import event_timing, match_times
from simgait.errors import InputError

TENTHS = st.lists(st.integers(0, 20), max_size=4, unique=True)


def best_by_trying_all(true_s: list[float], found_s: list[float], max_s: float) -> tuple[Any, ...]:
    """(-pairs, total difference) of the best of all matchings within `max_s`."""
    results = [(0, 0.0)]
    for size in range(1, min(len(true_s), len(found_s)) + 1):
        for some in combinations(true_s, size):
            for others in permutations(found_s, size):
                gaps = [abs(a - b) for a, b in zip(some, others, strict=True)]
                if max(gaps) <= max_s:
                    results.append((-size, sum(gaps)))
    return min(results)


@settings(max_examples=60, deadline=None)
@given(TENTHS, TENTHS, st.sampled_from([0.15, 0.45, 1.05]))
def test_as_many_pairs_as_possible_with_the_least_difference(true, found, max_s) -> None:
    true_s, found_s = [t / 10 for t in true], [t / 10 for t in found]
    match = match_times(true_s, found_s, max_s)
    gaps = [abs(true_s[i] - found_s[j]) for i, j in match.pairs]
    assert (-len(gaps), sum(gaps)) == pytest.approx(best_by_trying_all(true_s, found_s, max_s))
    # Everything is in one place, once.
    assert sorted([*(i for i, _ in match.pairs), *match.missed]) == list(range(len(true)))
    assert sorted([*(j for _, j in match.pairs), *match.extra]) == list(range(len(found)))


def test_errors_of_known_shifts_and_what_has_no_partner() -> None:
    timing = event_timing([1.0, 2.0, 3.0, 9.0], [2.99, 1.03, 2.0, 4.5])
    assert timing.errors_ms == pytest.approx((30.0, 0.0, -10.0))
    assert (timing.n, timing.n_missed, timing.n_extra) == (3, 1, 1)
    assert timing.bias_ms == pytest.approx(20 / 3)
    assert timing.mae_ms == pytest.approx(40 / 3)
    assert timing.rmse_ms == pytest.approx(np.sqrt(1000 / 3))


def test_a_pair_further_apart_than_the_window_is_a_miss_and_an_extra() -> None:
    timing = event_timing([1.0], [1.6])
    assert (timing.n, timing.n_missed, timing.n_extra) == (0, 1, 1)
    assert np.isnan([timing.bias_ms, timing.mae_ms, timing.rmse_ms]).all()
    assert event_timing([1.0], [1.6], max_s=0.7).errors_ms == pytest.approx((600.0,))
    assert event_timing([], [1.6]).n_extra == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1.0, np.nan], [1.0]), "true event times"),
        (([1.0], [[1.0]]), "estimated event times"),
        ((["left"], [1.0]), "true event times"),
        (([1.0], [1.0], 0.0), "largest gap"),
    ],
)
def test_times_that_cannot_be_matched_are_refused(arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        event_timing(*arguments)
