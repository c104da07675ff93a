"""Intraclass correlations, standard error of measurement, minimal detectable change."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy import stats

from simgait.agreement.bland_altman import Z95
from simgait.agreement.inputs import as_numbers, having
from simgait.agreement.values import Estimate, Undefined
from simgait.errors import InputError


@dataclass(frozen=True)
class Reliability:
    """Two-way analysis of n subjects by k methods (or sessions), in McGraw-Wong terms.

    Attributes:
        icc_one_way: ICC(1), methods not told apart.
        icc_agreement: ICC(A,1), a method's bias counts as error.
        icc_consistency: ICC(C,1), it does not.
        sem_agreement, sem_consistency: standard error of measurement, unit of the input.
        mdc95_agreement, mdc95_consistency: 1.96 sqrt(2) SEM.
        ms_subjects, ms_methods, ms_error, ms_within: the mean squares.
    """

    n_subjects: int
    n_methods: int
    n_excluded: int
    icc_one_way: Estimate
    icc_agreement: Estimate
    icc_consistency: Estimate
    sem_agreement: float
    sem_consistency: float
    mdc95_agreement: float
    mdc95_consistency: float
    ms_subjects: float
    ms_methods: float
    ms_error: float
    ms_within: float
    level: float


def reliability(scores: ArrayLike, *, level: float = 0.95) -> Reliability:
    """ICC(1), ICC(A,1), ICC(C,1), SEM and MDC95 of single measurements.

    Args:
        scores: (n, k) one row per subject, one column per method or session, same unit. Rows with
            a NaN are left out and counted.
        level: of the confidence intervals.

    Raises:
        InputError: not a table, fewer than two columns, fewer than three complete rows, infinite
            values, or no variance at all.

    Sources:
        Shrout & Fleiss 1979, Psychol Bull 86:420; McGraw & Wong 1996, Psychol Methods 1:30;
        SEM and MDC: de Vet et al. 2006, J Clin Epidemiol 59:1033; Weir 2005.
    """
    table, n_excluded = _complete_rows(scores)
    n, k = table.shape
    ms_subjects, ms_methods, ms_error, ms_within = _mean_squares(table)
    sem_consistency = math.sqrt(ms_error)
    sem_agreement = math.sqrt(ms_error + max(0.0, (ms_methods - ms_error) / n))
    return Reliability(
        n_subjects=n,
        n_methods=k,
        n_excluded=n_excluded,
        icc_one_way=_icc_from_ratio(ms_subjects, ms_within, k, n - 1, n * (k - 1), level),
        icc_agreement=_icc_agreement(ms_subjects, ms_methods, ms_error, n, k, level),
        icc_consistency=_icc_from_ratio(ms_subjects, ms_error, k, n - 1, (n - 1) * (k - 1), level),
        sem_agreement=sem_agreement,
        sem_consistency=sem_consistency,
        mdc95_agreement=minimal_detectable_change(sem_agreement),
        mdc95_consistency=minimal_detectable_change(sem_consistency),
        ms_subjects=ms_subjects,
        ms_methods=ms_methods,
        ms_error=ms_error,
        ms_within=ms_within,
        level=level,
    )


def _complete_rows(scores: ArrayLike) -> tuple[Float[np.ndarray, "n k"], int]:
    """Rows without NaN, and how many were left out; raises as `reliability` says."""
    table = as_numbers(scores, "scores")
    if table.ndim != 2 or table.shape[1] < 2:
        raise InputError(
            "Reliability needs a table of subjects by methods with two columns or more; "
            f"this one has shape {table.shape}."
        )
    if np.isinf(table).any():
        raise InputError("The scores hold an infinite value; mark missing values as NaN.")
    complete = np.isfinite(table).all(axis=1)
    n_excluded, table = int((~complete).sum()), table[complete]
    if len(table) < 3:
        raise InputError(
            f"Only {having(len(table), 'subject', 'subjects')} every score; reliability needs at "
            "least 3."
        )
    if np.ptp(table) == 0:
        raise InputError(
            "All scores are equal (zero variance); check that the right columns were read."
        )
    return table, n_excluded


def _mean_squares(table: Float[np.ndarray, "n k"]) -> tuple[float, float, float, float]:
    """Of subjects, of methods, of the error of both, and within subjects."""
    n, k = table.shape
    # A mean square below this is what rounding leaves of zero.
    rounding = (1e-13 * float(np.abs(table).max())) ** 2
    # Centring first keeps the sums of squares exact for large offsets.
    table = table - table.mean()
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    ms_subjects = k * float(rows @ rows) / (n - 1)
    ms_methods = n * float(columns @ columns) / (k - 1)
    residual = table - rows[:, None] - columns[None, :]
    ms_error = float((residual**2).sum()) / ((n - 1) * (k - 1))
    ms_within = float(((table - rows[:, None]) ** 2).sum()) / (n * (k - 1))
    ms_subjects, ms_methods, ms_error, ms_within = (
        0.0 if value < rounding else value
        for value in (ms_subjects, ms_methods, ms_error, ms_within)
    )
    return ms_subjects, ms_methods, ms_error, ms_within


def minimal_detectable_change(sem: float) -> float:
    """MDC95 = 1.96 sqrt(2) SEM: a smaller change of one person may be measurement error."""
    return Z95 * math.sqrt(2.0) * sem


def _icc_from_ratio(
    ms_subjects: float, ms_noise: float, k: int, freedom_1: int, freedom_2: int, level: float
) -> Estimate:
    """ICC(1) and ICC(C,1): (F - 1) / (F + k - 1), and the same of F's limits."""
    total = ms_subjects + (k - 1) * ms_noise
    if total == 0:
        return Estimate.undefined(Undefined.NO_VARIANCE)
    value = (ms_subjects - ms_noise) / total
    if ms_noise == 0:
        return Estimate(value, reason=str(Undefined.NO_SCATTER))
    ratio, quantile = ms_subjects / ms_noise, (1 + level) / 2
    low = ratio / stats.f.ppf(quantile, freedom_1, freedom_2)
    high = ratio * stats.f.ppf(quantile, freedom_2, freedom_1)
    return Estimate(value, float((low - 1) / (low + k - 1)), float((high - 1) / (high + k - 1)))


def _icc_agreement(
    ms_subjects: float, ms_methods: float, ms_error: float, n: int, k: int, level: float
) -> Estimate:
    """ICC(A,1), with the Satterthwaite interval of McGraw & Wong 1996, table 7."""
    total = ms_subjects + (k - 1) * ms_error + k * (ms_methods - ms_error) / n
    if total <= 0:
        return Estimate.undefined(Undefined.NO_VARIANCE)
    icc = (ms_subjects - ms_error) / total
    if ms_error == 0:
        # The formula's degrees of freedom are 0 / 0 here.
        return Estimate(icc, reason=str(Undefined.NO_SCATTER))
    a = k * icc / (n * (1 - icc))
    b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    freedom = (a * ms_methods + b * ms_error) ** 2 / (
        (a * ms_methods) ** 2 / (k - 1) + (b * ms_error) ** 2 / ((n - 1) * (k - 1))
    )
    quantile = (1 + level) / 2
    low_f = float(stats.f.ppf(quantile, n - 1, freedom))
    high_f = float(stats.f.ppf(quantile, freedom, n - 1))
    rest = k * ms_methods + (k * n - k - n) * ms_error
    low = n * (ms_subjects - low_f * ms_error) / (low_f * rest + n * ms_subjects)
    high = n * (high_f * ms_subjects - ms_error) / (rest + n * high_f * ms_subjects)
    return Estimate(icc, low, high)
