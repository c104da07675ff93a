"""Bootstrap by subject: all resamples at once against one after another, and against theory."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.agreement import bootstrap_by_subject, bootstrap_people, resampled_quantiles
from simgait.errors import InputError


def pairs(n_people: int = 12, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, estimate and person of 1 to 5 walks a person."""
    generator = np.random.default_rng(seed)
    person = np.repeat(np.arange(n_people), 1 + np.arange(n_people) % 5)
    truth = 1.0 + 0.2 * generator.standard_normal(len(person))
    return truth, truth + 0.05 * generator.standard_normal(len(person)), person


def test_sums_of_people_give_the_intervals_of_resampled_rows() -> None:
    truth, estimate, person = pairs()
    square = np.bincount(person, (estimate - truth) ** 2)
    number = np.bincount(person)
    (rows,) = bootstrap_by_subject(
        truth, estimate, person, lambda x, y: float(np.sqrt(np.mean((y - x) ** 2))), seed=7
    )
    (sums,) = bootstrap_people(
        len(number), lambda counts: np.sqrt(counts @ square / (counts @ number))[:, None], seed=7
    )
    assert (sums.value, sums.low, sums.high) == pytest.approx((rows.value, rows.low, rows.high))
    assert sums.low < sums.value < sums.high


def test_the_interval_of_a_mean_is_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(1).standard_normal(400)
    (mean,) = bootstrap_people(
        400, lambda counts: (counts @ values / counts.sum(axis=1))[:, None], seed=0
    )
    assert mean.value == pytest.approx(values.mean())
    assert mean.high - mean.low == pytest.approx(2 * 1.96 * values.std() / 20.0, rel=0.1)


def test_quantiles_of_resamples_are_those_of_repeated_values() -> None:
    generator = np.random.default_rng(5)
    values = generator.standard_normal(17)
    values[3] = values[8]
    counts = generator.integers(0, 4, size=(30, 17))
    counts[4] = 0
    counts[5] = np.eye(17, dtype=int)[6]
    found = resampled_quantiles(values, counts, [0.0, 0.25, 0.5, 0.75, 1.0])
    assert np.isnan(found[4]).all()
    for row in (r for r in range(30) if r != 4):
        expected = np.quantile(np.repeat(values, counts[row]), [0.0, 0.25, 0.5, 0.75, 1.0])
        assert found[row] == pytest.approx(expected)


def test_resamples_without_a_value_leave_no_interval() -> None:
    only_first = np.array([1.0, 0.0, 0.0, 0.0])

    def share(counts: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return (counts @ only_first / (counts @ only_first))[:, None]

    (estimate,) = bootstrap_people(4, share, seed=0)
    assert estimate.value == 1.0 and np.isnan(estimate.low)
    assert "undefined in more than 5 %" in estimate.reason


def test_too_few_people_or_resamples_are_refused() -> None:
    with pytest.raises(InputError, match="Only 2 people"):
        bootstrap_people(2, lambda counts: counts[:, :1].astype(float), seed=0)
    with pytest.raises(InputError, match="99 resamples"):
        bootstrap_people(5, lambda counts: counts[:, :1].astype(float), seed=0, n_resamples=99)
