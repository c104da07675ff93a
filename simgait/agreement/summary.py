"""Every agreement statistic of one measure in one call."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from simgait.agreement.association import concordance, pearson
from simgait.agreement.bland_altman import (
    BlandAltman,
    bland_altman,
    ordinary_least_squares,
)
from simgait.agreement.bootstrap import (
    PeopleStatistic,
    bootstrap_people,
    quantiles_of_repeated,
)
from simgait.agreement.errors import IQR_TO_SD, ErrorSizes, error_sizes
from simgait.agreement.inputs import as_pairs
from simgait.agreement.reliability import Reliability, reliability
from simgait.agreement.repeated import RepeatedLimits, repeated_limits
from simgait.agreement.values import Estimate, Undefined

RESAMPLED_PAIRS = 50_000_000
"""Pairs that all resamples together hold at most (50 000 pairs, 1000 times): 3 s of work."""
LEAST_RESAMPLES = 200
"""Of very many pairs. Their intervals are narrow, and 200 resamples give a width to 10 %."""


@dataclass(frozen=True)
class AgreementSummary:
    """One measure, one method against the truth. Errors are estimate minus truth.

    Attributes:
        fraction_excluded: share of the pairs that had a NaN; belongs beside every number.
        limits: plain Bland-Altman where every person has one pair, else repeated-measures limits
            with a true value that varies.
        limits_if_constant: the same if all trials of a person measured one unchanging quantity;
            None where every person has one pair.
        robust_sigma, rmse: with intervals from the bootstrap by subject.
        slope: of the estimate over the truth: the share of a true change that it shows, 1 for all.
        proportional_bias: slope of the errors over the truth, `slope` less one.
        notes: how intervals were made, one sentence each.
    """

    n_pairs: int
    n_subjects: int
    n_excluded: int
    fraction_excluded: float
    limits: BlandAltman | RepeatedLimits
    limits_if_constant: RepeatedLimits | None
    errors: ErrorSizes
    robust_sigma: Estimate
    rmse: Estimate
    slope: Estimate
    pearson: Estimate
    concordance: Estimate
    reliability: Reliability
    notes: tuple[str, ...]

    @property
    def proportional_bias(self) -> Estimate:
        """Slope of the errors over the truth; 0 where one bias holds for all sizes."""
        s = self.slope
        return Estimate(s.value - 1.0, s.low - 1.0, s.high - 1.0, s.reason)


def summarise_agreement(
    truth: ArrayLike,
    estimate: ArrayLike,
    subject_ids: Sequence[Hashable] | np.ndarray | None = None,
    *,
    seed: int = 0,
    n_resamples: int = 1000,
    level: float = 0.95,
) -> AgreementSummary:
    """All statistics of paired measurements.

    Several pairs of one person are not independent. Limits then come from `repeated_limits` (true
    value varies, and beside it constant), and the intervals of slope, correlations and ICCs from
    the bootstrap by subject; their values are those of the pooled pairs.

    Args:
        truth: (N,) reference values.
        estimate: (N,) values under test, same unit.
        subject_ids: (N,) whose trial each pair is; None says that every pair is another person's.
        seed: of the bootstrap.
        n_resamples: of the bootstrap; fewer are made of more than 50 000 pairs, `notes` says how
            many.
        level: of the intervals.

    Raises:
        InputError: see `inputs.as_pairs`; neither column varies; fewer than three people.
    """
    if subject_ids is None:
        subject_ids = range(np.size(truth))
    pairs = as_pairs(truth, estimate, subject_ids, needs_variance=True)
    x, y, subject = pairs.truth, pairs.estimate, pairs.subject
    assert subject is not None
    n_resamples = min(n_resamples, max(LEAST_RESAMPLES, RESAMPLED_PAIRS // len(x)))
    sigma, root, *of_persons = bootstrap_people(
        pairs.n_subjects,
        _statistic_of_people(x, y, subject, pairs.n_subjects),
        seed=seed,
        n_resamples=n_resamples,
        level=level,
    )
    people, repeated = list(subject), pairs.n_subjects < len(x)
    limits, constant = _limits(x, y, people if repeated else None, level)
    summary = AgreementSummary(
        n_pairs=len(x),
        n_subjects=pairs.n_subjects,
        n_excluded=pairs.n_excluded,
        fraction_excluded=pairs.n_excluded / (len(x) + pairs.n_excluded),
        limits=limits,
        limits_if_constant=constant,
        errors=error_sizes(x, y),
        robust_sigma=sigma,
        rmse=root,
        slope=_slope(x, y, level),
        pearson=pearson(x, y, level=level),
        concordance=concordance(x, y, level=level),
        reliability=reliability(np.column_stack([x, y]), level=level),
        notes=(f"bootstrap by subject: {n_resamples} resamples, seed {seed}, percentile interval",),
    )
    one_column_constant = bool(np.ptp(x) == 0 or np.ptp(y) == 0)
    return _of_repeated(summary, of_persons, one_column_constant) if repeated else summary


def _limits(
    x: Float[np.ndarray, " N"],
    y: Float[np.ndarray, " N"],
    people: Sequence[Hashable] | None,
    level: float,
) -> tuple[BlandAltman | RepeatedLimits, RepeatedLimits | None]:
    """Limits of agreement, and those if nobody's value changed; `people` where they repeat."""
    if people is None:
        return bland_altman(x, y, level=level), None
    varies = repeated_limits(x, y, people, level=level)
    return varies, repeated_limits(x, y, people, true_value="constant", level=level)


def _of_repeated(
    summary: AgreementSummary, of_persons: Sequence[Estimate], one_column_constant: bool
) -> AgreementSummary:
    """Intervals of slope, correlations and ICCs by the bootstrap of persons."""
    slope, r, ccc, agreement, consistency, one_way = of_persons
    icc = summary.reliability
    if one_column_constant:
        # All resamples say 0: not an interval that anybody should read.
        agreement = consistency = Estimate.undefined(Undefined.ICC_OF_CONSTANT_COLUMN)
    return replace(
        summary,
        slope=_with_interval(summary.slope, slope),
        pearson=_with_interval(summary.pearson, r),
        concordance=_with_interval(summary.concordance, ccc),
        reliability=replace(
            icc,
            icc_one_way=_with_interval(icc.icc_one_way, one_way),
            icc_agreement=_with_interval(icc.icc_agreement, agreement),
            icc_consistency=_with_interval(icc.icc_consistency, consistency),
        ),
        notes=(
            *summary.notes,
            "several trials per person: repeated-measures limits (true value varies, and "
            "beside them constant), and "
            "intervals of slope, correlations and ICCs by that bootstrap; their values are "
            "those of the pooled pairs",
        ),
    )


def _slope(x: Float[np.ndarray, " N"], y: Float[np.ndarray, " N"], level: float) -> Estimate:
    """Of the estimate over the truth, with its t interval."""
    fit = ordinary_least_squares(x, y, level)
    return Estimate.undefined(Undefined.CONSTANT_TRUTH) if fit is None else fit[0]


def _with_interval(exact: Estimate, resampled: Estimate) -> Estimate:
    """The value with the interval that respects the persons."""
    if np.isnan(exact.value):
        return exact
    return Estimate(exact.value, resampled.low, resampled.high, resampled.reason)


def _statistic_of_people(
    x: Float[np.ndarray, " N"],
    y: Float[np.ndarray, " N"],
    subject: Int[np.ndarray, " N"],
    n_people: int,
) -> PeopleStatistic:
    """Robust sigma, RMSE, slope, r, CCC, ICC(A,1), ICC(C,1), ICC(1) of resampled people.

    The same formulas as in their own modules for two columns, without checks and intervals, from
    sums over each person's pairs: they run a thousand times (a test holds the two against each
    other). Values are taken from the means of all, so that sums of squares keep their digits.
    """
    dx, dy = x - x.mean(), y - y.mean()
    error = y - x
    parts = (np.ones_like(x), dx, dy, dx * dx, dy * dy, dx * dy, error * error)
    sums = np.stack([np.bincount(subject, part, n_people) for part in parts], axis=1)
    order = np.argsort(error, kind="stable")
    ranked, whose = error[order], subject[order]
    shift = float(x.mean() - y.mean())

    def statistic(counts: Int[np.ndarray, "R P"]) -> Float[np.ndarray, "R K"]:
        quartiles = [quantiles_of_repeated(ranked, row[whose], (0.25, 0.75)) for row in counts]
        return _from_sums(counts @ sums, np.array(quartiles), shift)

    return statistic


def _from_sums(
    sums: Float[np.ndarray, "R 7"], quartiles: Float[np.ndarray, "R 2"], shift: float
) -> Float[np.ndarray, "R 8"]:
    """The statistics of `_statistic_of_people`; `shift` is the mean of x less that of y."""
    n, sum_x, sum_y, sum_xx, sum_yy, sum_xy, squares = sums.T
    mean_x, mean_y = sum_x / n, sum_y / n
    sxx, syy = _of_squares(sum_xx, n * mean_x**2), _of_squares(sum_yy, n * mean_y**2)
    sxy = np.where((sxx > 0) & (syy > 0), sum_xy - n * mean_x * mean_y, 0.0)
    shift2 = (mean_x - mean_y + shift) ** 2
    ms_subjects = (sxx + syy + 2 * sxy) / 2 / (n - 1)
    ms_error = (sxx + syy - 2 * sxy) / 2 / (n - 1)
    ms_methods = n * shift2 / 2
    ms_within = squares / 2 / n
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = (
            IQR_TO_SD * (quartiles[:, 1] - quartiles[:, 0]),
            np.sqrt(squares / n),
            sxy / sxx,
            sxy / np.sqrt(sxx * syy),
            2 * sxy / (sxx + syy + n * shift2),
            (ms_subjects - ms_error) / (ms_subjects + ms_error + 2 * (ms_methods - ms_error) / n),
            (ms_subjects - ms_error) / (ms_subjects + ms_error),
            (ms_subjects - ms_within) / (ms_subjects + ms_within),
        )
    return np.stack(columns, axis=1)


def _of_squares(
    sum_of_squares: Float[np.ndarray, " R"], of_mean: Float[np.ndarray, " R"]
) -> Float[np.ndarray, " R"]:
    """Sum of squares about the mean; exactly 0 where only rounding is left, as of equal values."""
    about_mean = sum_of_squares - of_mean
    return np.asarray(np.where(about_mean > 1e-12 * sum_of_squares, about_mean, 0.0))
