"""Bad input: one clear sentence each; matching by id; the bootstrap; the summary."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgait.agreement import (
    BlandAltman,
    RepeatedLimits,
    as_pairs,
    bland_altman,
    bootstrap_by_subject,
    concordance,
    error_sizes,
    match_ids,
    pearson,
    proportional_bias,
    refuse_shared_subjects,
    refuse_unit_mismatch,
    reliability,
    summarise_agreement,
)
from simgait.errors import InputError

NAN = math.nan


@pytest.mark.parametrize("function", [bland_altman, error_sizes, pearson, summarise_agreement])
@pytest.mark.parametrize(
    ("truth", "estimate", "message"),
    [
        ([1.0, 2.0], [1.0, 2.0], "Only 2 pairs"),
        ([], [], "Only 0 pairs"),
        ([1.0, NAN, 3.0], [NAN, 2.0, 3.0], "Only 1 pair has both"),
        ([NAN] * 4, [1.0, 2.0, 3.0, 4.0], "truth column is all NaN"),
        ([1.0, 2.0, 3.0, 4.0], [NAN] * 4, "estimate column is all NaN"),
        ([1.0, 2.0, 3.0], [1.0, 2.0], "match them by id"),
        ([1.0, 2.0, math.inf], [1.0, 2.0, 3.0], "infinite value in row 2"),
        (["a", "b", "c"], [1.0, 2.0, 3.0], "not a number"),
        ([[1.0, 2.0, 3.0]], [1.0, 2.0, 3.0], "2 dimensions"),
    ],
)
def test_bad_columns_are_refused_everywhere(function, truth, estimate, message):
    with pytest.raises(InputError, match=message):
        function(truth, estimate)


@pytest.mark.parametrize("function", [pearson, concordance, summarise_agreement])
def test_zero_variance_is_refused(function):
    with pytest.raises(InputError, match="zero variance"):
        function([1.0, 1.0, 1.0, 1.0], [2.0, 2.0, 2.0, 2.0])


def test_pairs_drop_and_count_nan_and_number_the_subjects():
    pairs = as_pairs([1, NAN, 3, 4, 5], [1, 2, NAN, 4, 6], ["b", "x", "y", "a", "b"])
    assert pairs.truth.tolist() == [1, 4, 5] and pairs.difference.tolist() == [0, 0, 1]
    assert pairs.subject is not None and pairs.subject.tolist() == [0, 1, 0]
    assert (pairs.n_subjects, pairs.n_excluded) == (2, 2)


@pytest.mark.parametrize("missing", [None, NAN, " "])
def test_a_missing_subject_id_is_refused(missing):
    with pytest.raises(InputError, match="row 1 is missing"):
        as_pairs([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], ["a", missing, "c"])
    with pytest.raises(InputError, match="2 subject ids for 3 pairs"):
        as_pairs([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], ["a", "b"])


def test_match_ids_in_the_order_of_the_truth():
    matched = match_ids(["c", "a", "b"], ["a", "b", "c"])
    assert matched.truth_rows.tolist() == [0, 1, 2]
    assert matched.estimate_rows.tolist() == [2, 0, 1]
    partly = match_ids(["c", "a", "q"], ["a", "z", "c"], unmatched="list")
    assert partly.truth_rows.tolist() == [0, 1] and partly.estimate_rows.tolist() == [2, 0]
    assert (partly.only_truth, partly.only_estimate) == (("q",), ("z",))


@pytest.mark.parametrize(
    ("truth", "estimate", "message"),
    [
        (["a", "b"], ["a", "c"], "'b' only in the truth and 'c' only in the estimate"),
        (["a"], ["b"], "no trial id in common"),
        (["a", "a"], ["a"], "The truth table holds 'a' more than once"),
        (["a"], ["a", "b", "b"], "The estimate table holds 'b' more than once"),
        (["a", ""], ["a"], "The truth table has a row without"),
        (list("abcdefg"), ["a"], "'b', 'c', 'd' and 3 more"),
    ],
)
def test_match_ids_refuses(truth, estimate, message):
    with pytest.raises(InputError, match=message):
        match_ids(truth, estimate)


def test_splits_and_units():
    refuse_shared_subjects(["a", "b"], ["c"])
    with pytest.raises(InputError, match="'b' is in both"):
        refuse_shared_subjects(["a", "b"], ["b", "c"])
    truth = [0.6, 0.7, 0.65]
    refuse_unit_mismatch(truth, [0.4, 0.9, 0.6], "step length")
    with pytest.raises(InputError, match="Subjects 'a', 'b' are in both"):
        refuse_shared_subjects(["b", "a"], ["b", "a", "c"])
    with pytest.raises(InputError, match="step length are 100 times"):
        refuse_unit_mismatch(truth, [60.0, 70.0, 65.0], "step length")
    with pytest.raises(InputError, match="different units"):
        refuse_unit_mismatch([20.0, 60.0, 5.0], np.deg2rad([20.0, 60.0, 5.0]), "knee flexion")


def test_single_rows_of_another_unit_are_refused():
    truth = [0.6, 0.7, 0.65, 0.62, 0.001]
    for swapped in (False, True):
        for factor in (100.0, 1000.0):
            estimate = [0.61, 0.7 * factor, 0.6, 0.63, 0.1]
            pair = (estimate, truth) if swapped else (truth, estimate)
            with pytest.raises(InputError, match=f"1 of the 5 .* is about {factor:g} times"):
                refuse_unit_mismatch(*pair, "step length")
    # A hundred times next to nothing, and a tracker that is far off, are no other unit.
    refuse_unit_mismatch(truth, [0.61, 0.69, 0.6, 0.63, 0.1], "step length")
    refuse_unit_mismatch(truth, [0.61, 30.0, 0.6, 0.63, 0.0], "step length")


def test_bootstrap_is_seeded_and_matches_theory_for_independent_people():
    generator = np.random.default_rng(12)
    truth = generator.normal(0, 1, 200)
    estimate = truth + generator.normal(0.5, 1.0, 200)

    def bias(x, y):
        return float((y - x).mean())

    (first,) = bootstrap_by_subject(truth, estimate, range(200), bias, seed=1)
    (again,) = bootstrap_by_subject(truth, estimate, range(200), bias, seed=1)
    (other,) = bootstrap_by_subject(truth, estimate, range(200), bias, seed=2)
    assert first == again and first != other
    theory = bland_altman(truth, estimate).bias
    assert first.value == theory.value
    assert first.high - first.low == pytest.approx(theory.high - theory.low, rel=0.12)


def test_bootstrap_keeps_a_persons_trials_together():
    """Copies of the same trial add no knowledge: the interval must not narrow."""
    generator = np.random.default_rng(13)
    truth = generator.normal(0, 1, 30)
    estimate = truth + generator.normal(0, 1, 30)

    def bias(x, y):
        return float((y - x).mean())

    (single,) = bootstrap_by_subject(truth, estimate, range(30), bias, seed=3)
    # Interleaved, so that people's rows are not neighbours.
    copied = bootstrap_by_subject(
        np.tile(truth, 10), np.tile(estimate, 10), list(range(30)) * 10, bias, seed=3
    )[0]
    assert (copied.low, copied.high) == pytest.approx((single.low, single.high))


def test_bootstrap_refuses_and_gives_reasons():
    x = [1.0, 2.0, 3.0]
    with pytest.raises(InputError, match="Only 2 people"):
        bootstrap_by_subject(x, x, ["a", "a", "b"], lambda a, b: 0.0, seed=0)
    with pytest.raises(InputError, match="50 resamples"):
        bootstrap_by_subject(x, x, ["a", "c", "b"], lambda a, b: 0.0, seed=0, n_resamples=50)
    (never,) = bootstrap_by_subject(x, x, ["a", "c", "b"], lambda a, b: NAN, seed=0)
    assert math.isnan(never.low) and "resamples" in never.reason


def test_summary_of_single_trials_equals_the_single_functions():
    generator = np.random.default_rng(14)
    truth = generator.normal(1.2, 0.3, 40)
    estimate = 0.9 * truth + generator.normal(0.1, 0.05, 40)
    estimate[3] = NAN
    summary = summarise_agreement(truth, estimate)
    assert (summary.n_pairs, summary.n_subjects, summary.n_excluded) == (39, 39, 1)
    assert summary.fraction_excluded == pytest.approx(1 / 40)
    assert isinstance(summary.limits, BlandAltman)
    assert summary.limits.bias == bland_altman(truth, estimate).bias
    over_truth, _ = proportional_bias(truth, estimate, against="truth")
    for name in ("value", "low", "high"):
        found = getattr(summary.proportional_bias, name)
        assert found == pytest.approx(getattr(over_truth, name))
        assert getattr(summary.slope, name) == pytest.approx(1.0 + found)
    assert summary.pearson == pearson(truth, estimate)
    assert summary.robust_sigma.low < summary.robust_sigma.value < summary.robust_sigma.high
    assert summary.rmse.value == pytest.approx(summary.errors.rmse)


def test_summary_of_repeated_trials_holds_pooled_values_with_intervals_by_person():
    generator = np.random.default_rng(15)
    ids = np.repeat(np.arange(10), 5)
    truth = generator.normal(1.2, 0.3, 10)[ids] + generator.normal(0, 0.02, 50)
    estimate = truth + generator.normal(0, 0.1, 10)[ids] + generator.normal(0, 0.02, 50)
    summary = summarise_agreement(truth, estimate, list(ids), seed=4)
    assert isinstance(summary.limits, RepeatedLimits) and summary.limits.true_value == "varies"
    plain = pearson(truth, estimate)
    assert summary.pearson.value == plain.value
    assert summary.pearson.high - summary.pearson.low > 1.2 * (plain.high - plain.low)
    pooled = reliability(np.column_stack([truth, estimate]))
    for name in ("icc_one_way", "icc_agreement", "icc_consistency"):
        estimate_ = getattr(summary.reliability, name)
        assert estimate_.value == getattr(pooled, name).value
        assert estimate_.low < estimate_.value < estimate_.high
    assert any("several trials" in note for note in summary.notes)


def test_fast_moments_equal_the_careful_formulas():
    from simgait.agreement.summary import _statistic_of_people

    generator = np.random.default_rng(16)
    x = generator.normal(5, 1, 25)
    y = x + generator.normal(0.4, 0.7, 25)
    icc = reliability(np.column_stack([x, y]))
    sizes = error_sizes(x, y)
    everybody = np.ones((1, 25), dtype=np.int64)
    (found,) = _statistic_of_people(x, y, np.arange(25), 25)(everybody)
    assert found == pytest.approx(
        [
            sizes.robust_sigma,
            sizes.rmse,
            1.0 + proportional_bias(x, y, against="truth")[0].value,
            pearson(x, y).value,
            concordance(x, y).value,
            icc.icc_agreement.value,
            icc.icc_consistency.value,
            icc.icc_one_way.value,
        ]
    )


def test_resamples_of_one_value_alone_are_left_out_of_the_intervals():
    """Of three people a ninth of the resamples holds one person three times: no slope, no r."""
    summary = summarise_agreement([1.1, 1.2, 1.3] * 2, [1.0, 1.25, 1.3] * 2, list("abcabc"))
    assert math.isnan(summary.slope.low) and "resamples" in summary.slope.reason
    assert math.isnan(summary.pearson.low) and math.isfinite(summary.rmse.low)


def test_very_many_pairs_get_fewer_resamples_and_the_notes_say_how_many():
    truth = np.random.default_rng(1).normal(1.2, 0.2, 120_000)
    summary = summarise_agreement(truth, 0.8 * truth + 0.2, seed=2)
    assert "416 resamples" in summary.notes[0]
    assert summary.slope.value == pytest.approx(0.8)


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.3])
def test_a_shrunken_estimate_is_told_from_a_noisy_one(noise):
    """Over the pair means noise hides what an estimate shrinks, and makes a slope of its own."""
    generator = np.random.default_rng(8)
    truth = generator.uniform(0.6, 1.6, 4000)
    shrunken = summarise_agreement(
        truth, 0.6 * truth + 0.4 + generator.normal(0, noise, 4000), n_resamples=100
    )
    noisy = summarise_agreement(truth, truth + generator.normal(0, noise, 4000), n_resamples=100)
    assert shrunken.slope.value == pytest.approx(0.6, abs=0.04)
    assert noisy.slope.value == pytest.approx(1.0, abs=0.04)
