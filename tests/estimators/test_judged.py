"""What a comparison with the truth says."""

import math

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.estimators.judged import judge, table

TRUTH = np.linspace(60.0, 110.0, 40)
PEOPLE = [f"p{k // 2}" for k in range(40)]


def test_a_shrunken_estimate_shows_in_the_slope_and_not_in_r():
    said = 85.0 + 0.5 * (TRUTH - 85.0)
    one = judge("net", "GDI", "points", TRUTH, said, PEOPLE, half_width=10.0)
    assert (one.people, one.pairs) == (20, 40)
    assert one.r == pytest.approx(1.0) and one.slope == pytest.approx(0.5)
    assert one.bias == pytest.approx(0.0, abs=1e-9)
    assert one.rmse == pytest.approx(0.5 * TRUTH.std())
    assert one.inside_percent == pytest.approx(100 * np.mean(np.abs(TRUTH - 85.0) <= 20.0))


def test_the_mean_for_all_has_no_correlation_and_slope_0():
    one = judge("mean", "GDI", "points", TRUTH, np.full(40, 90.0), PEOPLE)
    assert math.isnan(one.r) and one.slope == 0.0 and math.isnan(one.inside_percent)
    assert one.facts()["r"] is None
    assert "| mean | GDI (points) | 20 | 40 | 15.6 | 5 | – | 0 | – |" in table([one])


def test_unknown_truths_are_left_out_and_too_few_are_a_sentence():
    truth = TRUTH.copy()
    truth[:10] = np.nan
    assert judge("a", "GDI", "points", truth, TRUTH, PEOPLE).pairs == 30
    truth[3:] = np.nan
    with pytest.raises(InputError, match="GDI: 0 pairs of estimate and truth are too few"):
        judge("a", "GDI", "points", truth, TRUTH, PEOPLE)
    with pytest.raises(InputError, match="the truth is the same of all"):
        judge("a", "GDI", "points", np.ones(40), TRUTH, PEOPLE)
