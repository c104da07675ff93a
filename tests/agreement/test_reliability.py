"""ICC, SEM, correlations, error sizes against published numbers and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simgait.agreement import (
    concordance,
    error_sizes,
    minimal_detectable_change,
    pearson,
    reliability,
    rmse,
    robust_sigma,
)
from simgait.errors import InputError

# Shrout & Fleiss 1979, table 2: six targets, four judges.
JUDGES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_published_shrout_fleiss():
    result = reliability(JUDGES)
    assert result.icc_one_way.value == pytest.approx(0.16574, abs=5e-6)
    assert result.icc_agreement.value == pytest.approx(0.28976, abs=5e-6)
    assert result.icc_consistency.value == pytest.approx(0.71484, abs=5e-6)
    assert result.ms_subjects == pytest.approx(11.2417, abs=5e-5)
    assert result.ms_methods == pytest.approx(32.4861, abs=5e-5)
    assert result.ms_error == pytest.approx(1.0194, abs=5e-5)
    assert result.sem_agreement == pytest.approx(2.50278, abs=5e-6)
    assert result.sem_consistency == pytest.approx(1.00968, abs=5e-6)
    assert result.mdc95_agreement == pytest.approx(1.959964 * math.sqrt(2) * 2.50278, rel=1e-5)
    # Intervals as printed by R's psych::ICC for the same table.
    for estimate, low, high in (
        (result.icc_one_way, -0.133, 0.72),
        (result.icc_agreement, 0.019, 0.76),
        (result.icc_consistency, 0.342, 0.95),
    ):
        assert estimate.low == pytest.approx(low, abs=6e-4)
        assert estimate.high == pytest.approx(high, abs=6e-3)


@pytest.mark.slow
def test_icc_intervals_cover():
    generator = np.random.default_rng(6)
    n, person, noise = 20, 1.0, 0.5
    true_icc = person**2 / (person**2 + noise**2)
    hits = {"icc_one_way": 0, "icc_consistency": 0, "icc_agreement": 0}
    repeats = 1500
    for _ in range(repeats):
        scores = generator.normal(0, person, (n, 1)) + generator.normal(0, noise, (n, 3))
        result = reliability(scores)
        for name in hits:
            hits[name] += getattr(result, name).low <= true_icc <= getattr(result, name).high
    assert hits["icc_one_way"] / repeats == pytest.approx(0.95, abs=0.02)
    assert hits["icc_consistency"] / repeats == pytest.approx(0.95, abs=0.02)
    # The Satterthwaite interval is conservative where there is no bias between methods.
    assert hits["icc_agreement"] / repeats >= 0.93


def test_a_bias_lowers_agreement_but_not_consistency():
    generator = np.random.default_rng(7)
    scores = generator.normal(0, 1, (30, 1)) + generator.normal(0, 0.2, (30, 2))
    plain, biased = reliability(scores), reliability(scores + [0.0, 2.0])
    assert biased.icc_consistency.value == pytest.approx(plain.icc_consistency.value)
    assert biased.icc_agreement.value < plain.icc_agreement.value - 0.3
    assert biased.sem_consistency == pytest.approx(plain.sem_consistency)


def test_incomplete_rows_are_counted_and_perfect_scores_have_a_reason():
    result = reliability([[1.0, 1.0], [2.0, 2.0], [math.nan, 3.0], [4.0, 4.0]])
    assert (result.n_subjects, result.n_excluded) == (3, 1)
    assert result.icc_agreement.value == 1.0 and math.isnan(result.icc_agreement.low)
    assert "scatter" in result.icc_agreement.reason
    assert minimal_detectable_change(result.sem_agreement) == 0.0


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([1.0, 2.0, 3.0], "shape"),
        ([[1.0], [2.0], [3.0]], "two columns"),
        ([[1.0, 2.0], [2.0, 3.0]], "Only 2"),
        ([[1.0, math.nan], [2.0, math.nan], [2.0, math.nan]], "Only 0"),
        ([[5.0, 5.0]] * 4, "zero variance"),
        ([[1.0, math.inf], [2.0, 1.0], [2.0, 3.0]], "infinite"),
    ],
)
def test_reliability_refuses(scores, message):
    with pytest.raises(InputError, match=message):
        reliability(scores)


def test_pearson_matches_scipy():
    generator = np.random.default_rng(8)
    x = generator.normal(0, 1, 25)
    y = x + generator.normal(0, 1, 25)
    reference = stats.pearsonr(x, y)
    interval = reference.confidence_interval(0.95)
    result = pearson(x, y)
    assert result.value == pytest.approx(reference.statistic)
    assert (result.low, result.high) == pytest.approx((interval.low, interval.high))


def test_concordance_by_hand_and_its_interval_covers():
    x, y = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 4.0, 5.0])
    expected = 2 * np.mean((x - 2.5) * (y - 3.25)) / (x.var() + y.var() + 0.75**2)
    assert concordance(x, y).value == pytest.approx(expected)
    generator = np.random.default_rng(9)
    rho, shift, inside = 0.8, 0.5, []
    true_ccc = 2 * rho / (2 + shift**2)
    for _ in range(1500):
        a, b = generator.multivariate_normal([0, shift], [[1, rho], [rho, 1]], 60).T
        result = concordance(a, b)
        inside.append(result.low <= true_ccc <= result.high)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.02)


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=4, max_size=20))
def test_concordance_never_exceeds_correlation(pairs):
    x, y = np.array(pairs).T
    if np.ptp(x) < 1e-3 or np.ptp(y) < 1e-3:
        return
    r, ccc = pearson(x, y), concordance(x, y)
    assert abs(ccc.value) <= abs(r.value) + 1e-9
    assert r.value * ccc.value >= -1e-12


def test_undefined_correlations_have_a_reason():
    for statistic in (pearson, concordance):
        result = statistic([1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 3.0, 5.0])
        assert math.isnan(result.value) and "constant" in result.reason
        perfect = statistic([1.0, 2.0, 3.0, 5.0], [1.0, 2.0, 3.0, 5.0])
        assert perfect.value == 1.0 and math.isnan(perfect.low) and "scatter" in perfect.reason
    three = pearson([1.0, 2.0, 3.0], [1.0, 2.0, 4.0])
    assert math.isnan(three.low) and "too few" in three.reason
    zero = concordance([-1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, -1.0])
    assert zero.value == pytest.approx(0.0) and "zero" in zero.reason


def test_error_sizes_by_hand():
    result = error_sizes([0.0, 0.0, 0.0, 0.0, math.nan], [1.0, -1.0, 3.0, 5.0, 9.0])
    assert (result.n, result.n_excluded) == (4, 1)
    assert result.mean == 2.0 and result.median == 2.0 and result.mae == 2.5
    assert result.worst == 5.0 and result.rmse == 3.0
    assert result.rmse_debiased == pytest.approx(math.sqrt(5.0))
    assert result.robust_sigma == pytest.approx(0.7413 * (3.5 - 0.5))


def test_robust_sigma_is_the_sd_of_normal_errors_and_ignores_outliers():
    error = np.random.default_rng(10).normal(0.3, 2.0, 40_000)
    truth = np.zeros_like(error)
    assert robust_sigma(truth, error) == pytest.approx(2.0, rel=0.02)
    error[:400] = 1e3
    assert robust_sigma(truth, error) == pytest.approx(2.0, rel=0.04)
    assert rmse(truth, error) > 50
