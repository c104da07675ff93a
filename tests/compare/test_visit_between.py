"""What a number does between the first visit and the last, said and not said."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from simgait.agreement.change import VisitNumber
from simgait.compare.visit_between import between_sentence, visits_between
from simgait.parameters.catalogue import parameter

SPEED, STANCE = parameter("velocity_mps"), parameter("stance_percent")


def walks(mean: float, half_width: float = 0.02, count: int = 2) -> VisitNumber:
    return VisitNumber(np.full(count, mean), np.full(count, half_width))


NONE = VisitNumber(np.empty(0), np.empty(0))


def said(means: Sequence[float | VisitNumber], typical_sd: float = 0.02) -> str:
    found = [one if isinstance(one, VisitNumber) else walks(one) for one in means]
    return between_sentence(SPEED, "both", visits_between(found, typical_sd))


@pytest.mark.parametrize(
    ("means", "sentence"),
    [
        ((1.0, 1.0, 1.0), ""),
        ((1.0, 1.0, 1.4), ""),
        # On the way from the first to the last.
        ((1.0, 1.2, 1.4), ""),
        ((1.0, 0.6, 1.0), "0.40 m/s less at visit 2 than at visit 1, back at visit 3"),
        ((1.0, 1.4, 1.01), "0.40 m/s more at visit 2 than at visit 1, back at visit 3"),
        (
            (1.0, 0.6, 1.3),
            "0.40 m/s less at visit 2 than at visit 1, and 0.70 m/s less than at visit 3",
        ),
        (
            (1.0, 0.6, 0.7, 1.0),
            "0.40 m/s less at visit 2 and 0.30 m/s less at visit 3 than at visit 1, "
            "back at visit 4",
        ),
        (
            (1.0, 0.6, 1.4, 1.0),
            "0.40 m/s less at visit 2 and 0.40 m/s more at visit 3 than at visit 1, "
            "back at visit 4",
        ),
        (
            (1.0, 0.6, NONE),
            "0.40 m/s less at visit 2 than at visit 1; visit 3 cannot be compared with visit 1",
        ),
        (
            (NONE, 0.6, 1.0),
            "0.40 m/s less at visit 2 than at visit 3; visit 1 cannot be compared with visit 3",
        ),
        ((NONE, 0.6, NONE), ""),
        ((1.0, NONE, 1.0), ""),
        (
            (1.0, 1.2, walks(1.05, 0.2)),
            "0.20 m/s more at visit 2 than at visit 1; visit 3 is shown to differ from neither",
        ),
        (
            (walks(1.05, 0.2), 1.2, 1.0),
            "0.20 m/s more at visit 2 than at visit 3; visit 1 is shown to differ from neither",
        ),
    ],
)
def test_one_sentence_says_what_changed_in_between(
    means: Sequence[float | VisitNumber], sentence: str
) -> None:
    assert said(means) == (f"Walking speed: {sentence}." if sentence else "")


def test_a_side_and_its_unit_are_named() -> None:
    found = visits_between([walks(60.0, 0.1), walks(64.0, 0.1), walks(60.0, 0.1)], 0.1)
    sentence = between_sentence(STANCE, "left", found)
    unit = STANCE.display.unit.symbol
    assert f"(left): 4.0 {unit} more at visit 2 than at visit 1, back at visit 3." in sentence


def test_ends_that_cannot_be_compared_are_not_called_back() -> None:
    """One walk at either end, of what varies between walks as only visit 2 tells."""
    uneven = VisitNumber(np.array([0.60, 0.61, 0.62]), np.full(3, 0.02))
    sentence = said([walks(1.0, count=1), uneven, walks(1.0, count=1)], math.nan)
    assert sentence == (
        "Walking speed: 0.39 m/s less at visit 2 than at visit 1, "
        "and 0.39 m/s less than at visit 3."
    )


def test_what_one_more_comparison_adds_by_chance_is_taken_away() -> None:
    """Just beyond what can be told from visit 1, and visit 3 half way: not told from a chance."""
    (between,) = visits_between([walks(1.0), walks(1.0), walks(1.0)], 0.0)
    least = between.from_first.detectable
    just, sure = 1.0 + 1.05 * least, 1.0 + 1.25 * least
    assert said((1.0, just, 1.0 + 0.5 * least), 0.0) == ""
    assert "more at visit 2" in said((1.0, sure, 1.0 + 0.5 * least), 0.0)
    assert "more at visit 2" in said((1.0, just, 1.0), 0.0)


@pytest.mark.parametrize(
    ("visits", "count", "measuring_sd", "typical_sd"),
    [
        (3, 1, 0.05, 0.05),
        (3, 2, 0.001, 0.05),
        (3, 2, 0.05, 0.05),
        pytest.param(3, 3, 0.05, math.nan, marks=pytest.mark.slow),
        pytest.param(3, 3, 0.001, math.nan, marks=pytest.mark.slow),
        pytest.param(5, 2, 0.05, 0.05, marks=pytest.mark.slow),
    ],
)
def test_of_one_in_twenty_unchanged_numbers_something_is_said(
    visits: int, count: int, measuring_sd: float, typical_sd: float
) -> None:
    rng = np.random.default_rng(5)

    def drawn(mean: float) -> VisitNumber:
        values = mean + rng.normal(0.0, measuring_sd) + rng.normal(0.0, 0.05, count)
        return VisitNumber(values, np.full(count, 1.645 * measuring_sd))

    def share(hump: float, people: int) -> float:
        """Of numbers, of which a sentence would say something."""
        means = [1.0 + hump * (0 < place < visits - 1) for place in range(visits)]
        found = (visits_between([drawn(mean) for mean in means], typical_sd) for _ in range(people))
        return float(np.mean([any(one.shown for one in own) for own in found]))

    assert share(0.0, 1000) < 0.06
    assert share(0.5, 200) > 0.9
