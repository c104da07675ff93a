"""Limits of agreement against published numbers, exact theory and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from simgait.agreement import bland_altman, limit_factors, proportional_bias, repeated_limits
from simgait.errors import InputError

# Bland & Altman 1986, table 1: first readings of the two peak flow meters (l/min).
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def test_published_peak_flow():
    result = bland_altman(MINI, WRIGHT, multiplier=2.0)
    assert result.bias.value == pytest.approx(-2.1176, abs=5e-5)
    assert result.sd == pytest.approx(38.7651, abs=5e-5)
    assert result.lower.value == pytest.approx(-79.648, abs=5e-4)
    assert result.upper.value == pytest.approx(75.413, abs=5e-4)
    assert result.bias.low == pytest.approx(-22.049, abs=5e-4)
    assert result.bias.high == pytest.approx(17.814, abs=5e-4)
    assert (result.n, result.n_excluded) == (17, 0)


@pytest.mark.parametrize("n", [3, 10, 17, 200])
def test_exact_factors_invert_the_noncentral_t(n):
    """P(sqrt(n)(m - z sigma)/s <= t) by integrating over the chi distribution of s."""
    z, nu = 1.96, n - 1

    def below(factor: float) -> float:
        def given_s(s: float) -> float:
            density = stats.chi.pdf(s * math.sqrt(nu), nu) * math.sqrt(nu)
            return stats.norm.cdf(math.sqrt(n) * (factor * s - z)) * density

        return integrate.quad(given_s, 0, 12, limit=400, points=[0.5, 1, 2])[0]

    low, high = limit_factors(n, z, 0.95)
    assert below(low) == pytest.approx(0.025, abs=1e-6)
    assert below(high) == pytest.approx(0.975, abs=1e-6)
    assert low < z < high


def test_exact_interval_covers_95_percent():
    generator = np.random.default_rng(1)
    n, repeats = 12, 20_000
    sample = generator.normal(1.0, 2.0, (repeats, n))
    mean, sd = sample.mean(axis=1), sample.std(axis=1, ddof=1)
    low, high = limit_factors(n)
    truth = 1.0 + 1.959964 * 2.0
    inside = (mean + low * sd <= truth) & (truth <= mean + high * sd)
    assert inside.mean() == pytest.approx(0.95, abs=0.006)


def test_factors_narrow_to_the_multiplier():
    low, high = limit_factors(10_000)
    assert low == pytest.approx(1.96, abs=0.05) and high == pytest.approx(1.96, abs=0.05)


def test_proportional_bias_of_an_exact_line():
    truth = np.array([1.0, 2.0, 3.0, 5.0])
    slope, intercept = proportional_bias(truth, 1.1 * truth + 0.2, against="truth")
    assert slope.value == pytest.approx(0.1) and intercept == pytest.approx(0.2)
    over_mean, _ = proportional_bias(truth, 1.1 * truth + 0.2)
    assert over_mean.value == pytest.approx(0.1 / 1.05)


def test_slope_interval_matches_scipy():
    generator = np.random.default_rng(2)
    truth = generator.normal(0, 1, 30)
    estimate = truth + generator.normal(0, 0.3, 30)
    slope, _ = proportional_bias(truth, estimate)
    reference = stats.linregress((truth + estimate) / 2, estimate - truth)
    half = stats.t.ppf(0.975, 28) * reference.stderr
    assert slope.value == pytest.approx(reference.slope)
    assert slope.low == pytest.approx(reference.slope - half)
    assert slope.high == pytest.approx(reference.slope + half)


def test_slope_over_equal_means_is_undefined_with_a_reason():
    slope, intercept = proportional_bias([1.0, 2.0, 3.0], [3.0, 2.0, 1.0])
    assert math.isnan(slope.value) and math.isnan(intercept) and "slope" in slope.reason


def test_perfect_agreement_has_limits_of_no_width():
    result = bland_altman([1.0, 2.0, 4.0], [1.0, 2.0, 4.0])
    assert result.bias.value == result.lower.low == result.upper.high == 0.0


@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=3, max_size=20),
    st.floats(-100, 100),
)
def test_shifting_the_estimate_shifts_all_and_swapping_mirrors(pairs, shift):
    x, y = np.array(pairs).T
    plain, moved, swapped = bland_altman(x, y), bland_altman(x, y + shift), bland_altman(y, x)
    for name in ("bias", "lower", "upper"):
        assert getattr(moved, name).value == pytest.approx(
            getattr(plain, name).value + shift, abs=1e-6
        )
    assert swapped.lower.low == pytest.approx(-plain.upper.high, abs=1e-6)
    assert swapped.upper.low == pytest.approx(-plain.lower.high, abs=1e-6)


def test_a_constant_column_has_no_slope_over_the_means_but_limits_and_bias_as_ever():
    walks = [1.0, 1.1, 1.3, 1.4]
    for truth, estimate in (([1.2] * 4, walks), (walks, [1.2] * 4)):
        result = bland_altman(truth, estimate)
        assert math.isnan(result.slope.value) and math.isnan(result.intercept)
        assert "one of the two columns is constant" in result.slope.reason
        assert result.sd == pytest.approx(np.std(walks, ddof=1))
    # Over an exact truth the same estimate has a slope: it does not follow the truth at all.
    assert proportional_bias(walks, [1.2] * 4, against="truth")[0].value == pytest.approx(-1.0)


def test_several_pairs_of_a_person_are_refused():
    with pytest.raises(InputError, match="repeated_limits"):
        bland_altman([1.0, 2.0, 3.0], [1.0, 2.0, 4.0], ["a", "a", "b"])


def test_repeated_varying_by_hand():
    # Differences a: 1, 3; b: 0; c: 4, 4, 7 -> person means 2, 0, 5.
    truth = np.arange(6.0)
    ids = ["a", "a", "b", "c", "c", "c"]
    result = repeated_limits(truth, truth + [1, 3, 0, 4, 4, 7], ids)
    within = (1 + 1 + 0 + 1 + 1 + 4) / 3
    variance = np.var([2, 0, 5], ddof=1) + (1 - np.mean([1 / 2, 1, 1 / 3])) * within
    assert result.bias.value == pytest.approx(7 / 3)
    assert result.sd_within == pytest.approx(math.sqrt(within))
    assert result.sd == pytest.approx(math.sqrt(variance))
    assert result.sd_between == pytest.approx(math.sqrt(variance - within))
    assert result.upper.value == pytest.approx(7 / 3 + 1.959964 * math.sqrt(variance), rel=1e-6)
    assert (result.n_subjects, result.n_pairs) == (3, 6)


def test_repeated_constant_by_hand():
    truth, estimate = [1.0, 3.0, 5.0, 5.0, 9.0, 8.0], [2.0, 2.0, 7.0, 5.0, 8.0, 9.0]
    result = repeated_limits(truth, estimate, list("aabbcc"), true_value="constant")
    within_x, within_y = (2 + 0 + 0.5) / 3, (0 + 2 + 0.5) / 3
    variance = np.var([0.0, 1.0, 0.0], ddof=1) + 0.5 * within_x + 0.5 * within_y
    assert result.sd == pytest.approx(math.sqrt(variance))
    assert result.sd_within == pytest.approx(math.sqrt(within_x + within_y))


def test_repeated_with_equal_counts_equals_the_anova_estimate():
    """Bland & Altman 2007: (MSB - MSW) / m + MSW."""
    generator = np.random.default_rng(3)
    people, m = 15, 4
    difference = generator.normal(0, 2, (people, 1)) + generator.normal(0, 1, (people, m))
    truth = generator.normal(0, 1, people * m)
    result = repeated_limits(truth, truth + difference.ravel(), np.repeat(range(people), m))
    msb = m * difference.mean(axis=1).var(ddof=1)
    msw = difference.var(axis=1, ddof=1).mean()
    assert result.sd**2 == pytest.approx((msb - msw) / m + msw)


@pytest.mark.parametrize("true_value", ["varies", pytest.param("constant", marks=pytest.mark.slow)])
def test_repeated_limits_and_their_intervals_cover(true_value):
    generator = np.random.default_rng(4)
    counts = np.array([2, 2, 3, 3, 4, 4, 5, 2, 3, 6, 2, 4, 3, 2, 5])
    ids = np.repeat(np.arange(len(counts)), counts)
    bias, between, noise = 0.5, 1.5, 1.0
    noise_x, noise_y = (0.0, noise) if true_value == "varies" else (0.6, 0.8)
    upper = bias + 1.959964 * math.hypot(between, noise)
    inside, values = [], []
    for _ in range(1500):
        person = generator.normal(0, 3, len(counts))[ids]
        if true_value == "varies":
            person = person + generator.normal(0, 2, len(ids))
        truth = person + generator.normal(0, 1, len(ids)) * noise_x
        offset = generator.normal(bias, between, len(counts))[ids]
        estimate = person + offset + generator.normal(0, 1, len(ids)) * noise_y
        result = repeated_limits(truth, estimate, list(ids), true_value=true_value)
        inside.append(result.upper.low <= upper <= result.upper.high)
        values.append(result.sd**2)
    assert np.mean(values) == pytest.approx(between**2 + noise**2, rel=0.04)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.02)


def test_naive_pooled_limits_are_less_sure_of_themselves():
    generator = np.random.default_rng(5)
    ids = np.repeat(np.arange(8), 20)
    truth = generator.normal(0, 1, len(ids))
    estimate = truth + generator.normal(0, 2, 8)[ids] + generator.normal(0, 0.5, len(ids))
    naive, honest = bland_altman(truth, estimate), repeated_limits(truth, estimate, list(ids))
    assert honest.sd > naive.sd
    assert honest.upper.high - honest.upper.low > 3 * (naive.upper.high - naive.upper.low)


def test_repeated_refuses_too_few_people_and_single_trials():
    with pytest.raises(InputError, match="Only 2 people"):
        repeated_limits([1.0, 2.0, 3.0], [1.0, 2.0, 4.0], ["a", "a", "b"])
    with pytest.raises(InputError, match="bland_altman"):
        repeated_limits([1.0, 2.0, 3.0], [1.0, 2.0, 4.0], ["a", "b", "c"])
