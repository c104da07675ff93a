"""Every agreement statistic of one measure in one call."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from simgait.agreement.association import concordance, pearson
from simgait.agreement.bland_altman import BlandAltman, bland_altman, proportional_bias
from simgait.agreement.bootstrap import bootstrap_by_subject
from simgait.agreement.errors import IQR_TO_SD, ErrorSizes, error_sizes
from simgait.agreement.inputs import as_pairs
from simgait.agreement.reliability import Reliability, reliability
from simgait.agreement.repeated import RepeatedLimits, repeated_limits
from simgait.agreement.values import Estimate, Undefined


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
        proportional_bias: slope of the differences over the pair means.
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
    proportional_bias: Estimate
    pearson: Estimate
    concordance: Estimate
    reliability: Reliability
    notes: tuple[str, ...]


def summarise_agreement(
    truth: ArrayLike,
    estimate: ArrayLike,
    subject_ids: Sequence[Hashable] | None = None,
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
        n_resamples: of the bootstrap.
        level: of the intervals.

    Raises:
        InputError: see `inputs.as_pairs`; neither column varies; fewer than three people.
    """
    if subject_ids is None:
        subject_ids = range(np.size(truth))
    pairs = as_pairs(truth, estimate, subject_ids, needs_variance=True)
    x, y, subject = pairs.truth, pairs.estimate, pairs.subject
    assert subject is not None
    sigma, root, *of_persons = bootstrap_by_subject(
        x, y, subject, _vector, seed=seed, n_resamples=n_resamples, level=level
    )
    slope, _ = proportional_bias(x, y, level=level)
    people, repeated = list(subject), pairs.n_subjects < len(x)
    limits: BlandAltman | RepeatedLimits = bland_altman(x, y, level=level)
    constant = None
    if repeated:
        limits = repeated_limits(x, y, people, level=level)
        constant = repeated_limits(x, y, people, true_value="constant", level=level)
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
        proportional_bias=slope,
        pearson=pearson(x, y, level=level),
        concordance=concordance(x, y, level=level),
        reliability=reliability(np.column_stack([x, y]), level=level),
        notes=(f"bootstrap by subject: {n_resamples} resamples, seed {seed}, percentile interval",),
    )
    one_column_constant = bool(np.ptp(x) == 0 or np.ptp(y) == 0)
    return _of_repeated(summary, of_persons, one_column_constant) if repeated else summary


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
        proportional_bias=_with_interval(summary.proportional_bias, slope),
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


def _with_interval(exact: Estimate, resampled: Estimate) -> Estimate:
    """The value with the interval that respects the persons."""
    if np.isnan(exact.value):
        return exact
    return Estimate(exact.value, resampled.low, resampled.high, resampled.reason)


def _vector(x: Float[np.ndarray, " N"], y: Float[np.ndarray, " N"]) -> Float[np.ndarray, " K"]:
    """Robust sigma, RMSE, slope, r, CCC, ICC(A,1), ICC(C,1), ICC(1) from first and second moments.

    The same formulas as in their own modules for two columns, without checks and intervals: they
    run a thousand times (a test holds the two against each other).
    """
    error = y - x
    q1, q3 = np.quantile(error, [0.25, 0.75])
    n = len(x)
    mean_x, mean_y = x.mean(), y.mean()
    dx, dy = x - mean_x, y - mean_y
    sxx, syy, sxy = dx @ dx, dy @ dy, dx @ dy
    shift2 = (mean_x - mean_y) ** 2
    ms_subjects = (sxx + syy + 2 * sxy) / 2 / (n - 1)
    ms_error = (sxx + syy - 2 * sxy) / 2 / (n - 1)
    ms_methods = n * shift2 / 2
    ms_within = (error @ error) / 2 / n
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.array(
            [
                IQR_TO_SD * (q3 - q1),
                np.sqrt(error @ error / n),
                2 * (syy - sxx) / (sxx + syy + 2 * sxy),
                sxy / np.sqrt(sxx * syy),
                2 * sxy / (sxx + syy + n * shift2),
                (ms_subjects - ms_error)
                / (ms_subjects + ms_error + 2 * (ms_methods - ms_error) / n),
                (ms_subjects - ms_error) / (ms_subjects + ms_error),
                (ms_subjects - ms_within) / (ms_subjects + ms_within),
            ]
        )
