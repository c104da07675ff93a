"""The whole summary on as many pairs as anyone will bring, against slow sums written out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from simgait.agreement import (
    AgreementSummary,
    Estimate,
    RepeatedLimits,
    repeated_limits,
    summarise_agreement,
)

N = 10_000
PER_PERSON = 4
WITHOUT_VALUE = 7


@pytest.fixture(scope="module")
def columns() -> tuple[list[float], list[float], list[str]]:
    """Walking speeds (m/s) of 2500 people with up to four walks each, in no order."""
    rng = np.random.default_rng(20)
    person = rng.permutation(N) // PER_PERSON
    truth = rng.normal(1.2, 0.2, N)[person] + rng.normal(0, 0.05, N)
    estimate = 0.97 * truth + rng.normal(0.02, 0.03, N)[person] + rng.normal(0, 0.04, N)
    estimate[:WITHOUT_VALUE] = math.nan
    return truth.tolist(), estimate.tolist(), [f"S{k}" for k in person]


@pytest.fixture(scope="module")
def summary(columns: tuple[Any, ...]) -> AgreementSummary:
    return summarise_agreement(*columns)


def numbers(value: object, name: str = "") -> Iterator[tuple[str, float]]:
    """Every number in a nested result, with where it stands."""
    if is_dataclass(value):
        for field in fields(value):
            yield from numbers(getattr(value, field.name), f"{name}.{field.name}")
    elif isinstance(value, (int, float)):
        yield name, value


def estimates(value: object) -> Iterator[Estimate]:
    if isinstance(value, Estimate):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from estimates(getattr(value, field.name))


def test_every_number_is_there(summary: AgreementSummary) -> None:
    assert summary.n_pairs == N - WITHOUT_VALUE and summary.n_excluded == WITHOUT_VALUE
    assert summary.n_subjects == N // PER_PERSON
    found = dict(numbers(summary))
    assert len(found) > 50
    assert [name for name, value in found.items() if not math.isfinite(value)] == []
    intervals = list(estimates(summary))
    assert len(intervals) >= 11
    assert all(e.reason == "" and e.low < e.value < e.high for e in intervals)


def test_limits_equal_slow_sums_over_people(
    columns: tuple[Any, ...], summary: AgreementSummary
) -> None:
    """Bland & Altman 2007 with unequal numbers of walks, person by person."""
    people: dict[str, list[float]] = defaultdict(list)
    for x, y, who in zip(*columns, strict=True):
        if not math.isnan(y):
            people[who].append(y - x)
    means = [sum(d) / len(d) for d in people.values()]
    bias = sum(means) / len(means)
    between = sum((m - bias) ** 2 for m in means) / (len(means) - 1)
    n = sum(map(len, people.values()))
    within = sum(
        (d - mean) ** 2 for own, mean in zip(people.values(), means, strict=True) for d in own
    ) / (n - len(people))
    harmonic = len(people) / sum(1 / len(d) for d in people.values())
    sd = math.sqrt(between + (1 - 1 / harmonic) * within)
    assert isinstance(summary.limits, RepeatedLimits)
    assert summary.limits.bias.value == pytest.approx(bias, rel=1e-9)
    assert summary.limits.sd == pytest.approx(sd, rel=1e-9)
    z = NormalDist().inv_cdf(0.975)
    assert summary.limits.upper.value == pytest.approx(bias + z * sd, rel=1e-9)


def test_limits_for_a_constant_true_value_stand_beside_them(
    columns: tuple[Any, ...], summary: AgreementSummary
) -> None:
    constant = repeated_limits(*columns, true_value="constant")
    assert summary.limits_if_constant is not None
    assert summary.limits_if_constant.upper == constant.upper
    assert summary.limits_if_constant.lower == constant.lower
    # Truth and estimate go along from walk to walk: taken for error, that is more.
    assert constant.sd > summary.limits.sd
    one_each = summarise_agreement(columns[0][:100], columns[1][:100], range(100))
    assert one_each.limits_if_constant is None


@pytest.mark.parametrize("constant", [0, 1])
def test_a_constant_column_gives_no_interval_of_zero_width(constant: int) -> None:
    walks = [1.0, 1.1, 1.3, 1.4, 0.9, 1.2, 1.1, 1.6]
    pair = [walks, walks]
    pair[constant] = [1.2] * 8
    truth, estimate = pair
    result = summarise_agreement(truth, estimate, list("aabbccdd"))
    for icc in (result.reliability.icc_agreement, result.reliability.icc_consistency):
        assert icc.value == pytest.approx(0.0, abs=1e-12)
        assert math.isnan(icc.low) and "constant" in icc.reason
    if constant == 0:
        assert math.isnan(result.slope.value) and "truth is constant" in result.slope.reason
    else:  # whatever the truth does, this estimate shows nothing of it
        assert (result.slope.value, result.proportional_bias.value) == (0.0, -1.0)


def test_concordance_equals_slow_sums_over_pairs(
    columns: tuple[Any, ...], summary: AgreementSummary
) -> None:
    """Lin 1989, its four sums one pair after the other."""
    pairs = [(x, y) for x, y, _ in zip(*columns, strict=True) if not math.isnan(y)]
    n = len(pairs)
    mean_x, mean_y = (sum(column) / n for column in zip(*pairs, strict=True))
    sxx = sum((x - mean_x) ** 2 for x, _ in pairs) / n
    syy = sum((y - mean_y) ** 2 for _, y in pairs) / n
    sxy = sum((x - mean_x) * (y - mean_y) for x, y in pairs) / n
    slow = 2 * sxy / (sxx + syy + (mean_x - mean_y) ** 2)
    assert summary.concordance.value == pytest.approx(slow, rel=1e-9)
