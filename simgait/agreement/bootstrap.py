"""Bootstrap by subject: trials of one person stay together, as they are not independent."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import islice

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from simgait.agreement.inputs import as_pairs, having
from simgait.agreement.values import Estimate, Undefined
from simgait.errors import InputError

COUNTS_AT_ONCE = 4_000_000
"""Resamples times people in one call of a statistic (32 MB), so that memory does not grow."""
Statistic = Callable[[Float[np.ndarray, " N"], Float[np.ndarray, " N"]], float | np.ndarray]
PeopleStatistic = Callable[[Int[np.ndarray, "R P"]], Float[np.ndarray, "R K"]]


def bootstrap_by_subject(
    truth: ArrayLike,
    estimate: ArrayLike,
    subject_ids: Sequence[Hashable] | np.ndarray,
    statistic: Statistic,
    *,
    seed: int,
    n_resamples: int = 1000,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Percentile intervals of one or more statistics, from resampling people with all their trials.

    Args:
        truth: (N,) reference values.
        estimate: (N,) values under test.
        subject_ids: (N,) whose trial each pair is.
        statistic: (truth, estimate) -> a number or a vector of K numbers; NaN where undefined.
        seed: of the resampling; the same seed gives the same interval.
        n_resamples: number of resamples.
        level: of the intervals.

    Returns:
        K estimates; the value is the statistic of the data themselves. An interval is NaN, with the
        reason, where more than 5 % of the resamples are undefined.

    Raises:
        InputError: see `inputs.as_pairs`; fewer than three people; fewer than 100 resamples.

    Source:
        Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.
    """
    pairs = as_pairs(truth, estimate, subject_ids)
    subject, n_subjects = pairs.subject, pairs.n_subjects
    assert subject is not None
    picks = _picks(n_subjects, seed, n_resamples)
    value = np.atleast_1d(np.asarray(statistic(pairs.truth, pairs.estimate), dtype=np.float64))
    order = np.argsort(subject, kind="stable")
    x, y = pairs.truth[order], pairs.estimate[order]
    counts = np.bincount(subject, minlength=n_subjects)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    samples = np.empty((n_resamples, len(value)))
    for row, picked in zip(samples, picks, strict=True):
        number = counts[picked]
        # Rows of the picked people one after another: each one's start, counted on.
        first = np.cumsum(number) - number
        rows = np.arange(number.sum()) + np.repeat(starts[picked] - first, number)
        row[:] = statistic(x[rows], y[rows])
    return _percentile_intervals(value, samples, level)


def bootstrap_people(
    n_people: int,
    statistic: PeopleStatistic,
    *,
    seed: int,
    n_resamples: int = 1000,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Percentile intervals of statistics that are told how often each person counts.

    Many resamples in one call, so for sums it is a matrix product; and several methods can be
    compared on the same resampled people, as `statistic` sees whom each resample holds. With the
    same seed and people the resamples are those of `bootstrap_by_subject`.

    Args:
        n_people: P people with data.
        statistic: (R, P) times that each person counts in each of R resamples -> (R, K) numbers,
            NaN where undefined. It is called with (1, P) ones for the data themselves.
        seed: of the resampling; the same seed gives the same interval.
        n_resamples: number of resamples.
        level: of the intervals.

    Returns:
        K estimates, as `bootstrap_by_subject`.

    Raises:
        InputError: fewer than three people; fewer than 100 resamples.
    """
    picks = _picks(n_people, seed, n_resamples)
    value = np.asarray(statistic(np.ones((1, n_people), dtype=np.int64)), dtype=np.float64)[0]
    together = max(1, COUNTS_AT_ONCE // n_people)
    samples = []
    while some := list(islice(picks, together)):
        counts = np.stack([np.bincount(picked, minlength=n_people) for picked in some])
        samples.append(np.asarray(statistic(counts), dtype=np.float64))
    return _percentile_intervals(value, np.concatenate(samples), level)


def resampled_quantiles(
    values: Float[np.ndarray, " N"], counts: Int[np.ndarray, "R N"], shares: Sequence[float]
) -> Float[np.ndarray, "R Q"]:
    """Quantiles of resamples, as `np.quantile` has them of every value repeated `counts` times.

    Args:
        values: (N,) finite.
        counts: (R, N) how often each value is in each resample.
        shares: Q quantiles in 0..1.

    Returns:
        (R, Q); NaN for a resample without values.
    """
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    rows = [quantiles_of_repeated(ranked, row[order], shares) for row in counts]
    return np.array(rows).reshape(len(counts), len(shares))


def quantiles_of_repeated(
    ranked: Float[np.ndarray, " N"], counts: Int[np.ndarray, " N"], shares: Sequence[float]
) -> Float[np.ndarray, " Q"]:
    """Quantiles of ascending values, each repeated `counts` times; NaN where that leaves none."""
    up_to = np.cumsum(counts)
    last = int(up_to[-1]) - 1 if len(up_to) else -1
    if last < 0:
        return np.full(len(shares), np.nan)
    place = np.asarray(shares, dtype=np.float64) * last
    low = np.floor(place).astype(np.int64)
    # Of the values in order, the k-th (from 0) is the first with more than k up to it.
    below, above = (
        ranked[np.searchsorted(up_to, k, side="right")] for k in (low, np.minimum(low + 1, last))
    )
    return np.asarray(below + (place - low) * (above - below))


def _picks(n_people: int, seed: int, n_resamples: int) -> Iterator[Int[np.ndarray, " P"]]:
    """Whom each resample holds, one after another: all of them would not fit for many people.

    Raises:
        InputError: fewer than three people; fewer than 100 resamples.
    """
    if n_people < 3:
        raise InputError(
            f"Only {having(n_people, 'person', 'people')} complete pairs; the bootstrap needs 3."
        )
    if n_resamples < 100:
        raise InputError(f"{n_resamples} resamples give no interval; ask for 100 or more.")
    generator = np.random.default_rng(seed)
    return (generator.integers(n_people, size=n_people) for _ in range(n_resamples))


def _percentile_intervals(
    value: Float[np.ndarray, " K"], samples: Float[np.ndarray, "R K"], level: float
) -> tuple[Estimate, ...]:
    tail = (1 - level) / 2
    estimates = []
    for column, centre in zip(samples.T, value, strict=True):
        defined = column[np.isfinite(column)]
        if math.isnan(centre) or len(defined) < 0.95 * len(samples):
            estimates.append(Estimate(float(centre), reason=str(Undefined.RESAMPLES_UNDEFINED)))
        else:
            low, high = np.quantile(defined, [tail, 1 - tail])
            estimates.append(Estimate(float(centre), float(low), float(high)))
    return tuple(estimates)
