"""Bootstrap by subject: trials of one person stay together, as they are not independent."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from simgait.agreement.inputs import as_pairs
from simgait.agreement.values import Estimate, Undefined
from simgait.recording.types import InputError

Statistic = Callable[[Float[np.ndarray, " N"], Float[np.ndarray, " N"]], float | np.ndarray]


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
    if n_subjects < 3:
        raise InputError(f"Only {n_subjects} people have complete pairs; the bootstrap needs 3.")
    if n_resamples < 100:
        raise InputError(f"{n_resamples} resamples give no interval; ask for 100 or more.")
    value = np.atleast_1d(np.asarray(statistic(pairs.truth, pairs.estimate), dtype=np.float64))
    order = np.argsort(subject, kind="stable")
    x, y = pairs.truth[order], pairs.estimate[order]
    counts = np.bincount(subject, minlength=n_subjects)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    generator = np.random.default_rng(seed)
    samples = np.empty((n_resamples, len(value)))
    for row in samples:
        picked = generator.integers(n_subjects, size=n_subjects)
        number = counts[picked]
        # Rows of the picked people one after another: each one's start, counted on.
        first = np.cumsum(number) - number
        rows = np.arange(number.sum()) + np.repeat(starts[picked] - first, number)
        row[:] = statistic(x[rows], y[rows])
    tail = (1 - level) / 2
    estimates = []
    for column, centre in zip(samples.T, value, strict=True):
        defined = column[np.isfinite(column)]
        if math.isnan(centre) or len(defined) < 0.95 * n_resamples:
            estimates.append(Estimate(float(centre), reason=str(Undefined.RESAMPLES_UNDEFINED)))
        else:
            low, high = np.quantile(defined, [tail, 1 - tail])
            estimates.append(Estimate(float(centre), float(low), float(high)))
    return tuple(estimates)
