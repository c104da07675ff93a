"""What changed: against known answers, and against visits whose truth is drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simgait.agreement.change import Shown, VisitNumber, between_walks, change


def visit(values: list[float], half_width: float) -> VisitNumber:
    """Walks that are all equally sure."""
    return VisitNumber(np.array(values, float), np.full(len(values), half_width))


def test_measuring_alone_gives_the_textbook_s_detectable_change() -> None:
    # SEM = half / 1.645; MDC = 1.96 sqrt(2) SEM (Weir 2005).
    found = change(visit([1.0], 0.1645), visit([1.2], 0.1645), typical_sd=0.0)
    assert found.detectable == pytest.approx(1.96 * math.sqrt(2.0) * 0.1, rel=1e-3)
    assert found.difference == pytest.approx(0.2)
    assert found.shown is Shown.NOT_SHOWN


def test_walking_alone_is_the_two_sample_t_interval() -> None:
    before, after = [1.0, 1.1, 1.2], [1.5, 1.4, 1.6]
    found = change(visit(before, 0.0), visit(after, 0.0))
    expected = stats.ttest_ind(after, before).confidence_interval(0.95)
    assert found.interval == pytest.approx((expected.low, expected.high))
    assert found.shown is Shown.CHANGED


def test_measuring_does_not_shrink_with_the_number_of_walks() -> None:
    few = change(visit([1.0], 0.2), visit([1.0], 0.2), typical_sd=0.0)
    many = change(visit([1.0] * 20, 0.2), visit([1.0] * 20, 0.2), typical_sd=0.0)
    assert many.detectable == pytest.approx(few.detectable)


def test_more_walks_show_smaller_changes_of_an_uneven_walker() -> None:
    def detectable(walks: int) -> float:
        values = [1.0 + 0.1 * (-1.0) ** k for k in range(walks)]
        return change(visit(values, 0.01), visit(values, 0.01), typical_sd=0.05).detectable

    assert detectable(8) < detectable(4) < detectable(2)


def test_the_typical_spread_counts_as_four_walks_more() -> None:
    sd, freedom = between_walks([np.array([1.0, 1.2]), np.array([1.0, 1.2])], 0.05)
    assert freedom == 6.0
    assert sd == pytest.approx(math.sqrt((2 * 0.02 + 4 * 0.05**2) / 6.0))


@pytest.mark.parametrize(
    ("before", "after", "typical_sd"),
    [
        (visit([], 0.1), visit([1.0], 0.1), 0.1),
        (visit([1.0], math.nan), visit([1.0], 0.1), 0.1),
        (visit([1.0], 0.1), visit([2.0], 0.1), math.nan),
    ],
)
def test_what_is_not_known_is_not_comparable(
    before: VisitNumber, after: VisitNumber, typical_sd: float
) -> None:
    found = change(before, after, typical_sd)
    assert found.shown is Shown.NOT_COMPARABLE
    assert math.isnan(found.detectable)


@pytest.mark.parametrize(
    ("walks", "typical_sd"),
    [
        (1, 0.05),
        pytest.param(2, 0.05, marks=pytest.mark.slow),
        pytest.param(3, math.nan, marks=pytest.mark.slow),
    ],
)
def test_one_in_twenty_unchanged_people_seems_changed_and_large_changes_are_seen(
    walks: int, typical_sd: float
) -> None:
    rng = np.random.default_rng(3)
    measuring_sd, walk_sd = 0.04, 0.05

    def drawn(mean: float) -> VisitNumber:
        values = mean + rng.normal(0.0, measuring_sd) + rng.normal(0.0, walk_sd, walks)
        return VisitNumber(values, np.full(walks, 1.645 * measuring_sd))

    def share(difference: float, people: int = 1500) -> float:
        seen = [change(drawn(1.0), drawn(1.0 + difference), typical_sd) for _ in range(people)]
        return float(np.mean([one.shown is Shown.CHANGED for one in seen]))

    assert 0.02 < share(0.0) < 0.07
    assert share(0.4) > 0.9
