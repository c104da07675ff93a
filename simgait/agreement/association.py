"""Pearson's correlation and Lin's concordance correlation, with intervals."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from simgait.agreement.inputs import Pairs, as_pairs
from simgait.agreement.values import Estimate, Undefined


def _correlation(pairs: Pairs) -> float:
    """Pearson's r; NaN where a column is constant."""
    if np.ptp(pairs.truth) == 0 or np.ptp(pairs.estimate) == 0:
        return math.nan
    x = pairs.truth - pairs.truth.mean()
    y = pairs.estimate - pairs.estimate.mean()
    r = float(x @ y) / math.sqrt(float(x @ x) * float(y @ y))
    return min(1.0, max(-1.0, r))


def pearson(truth: ArrayLike, estimate: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Pearson's r with the interval of Fisher's z (needs four pairs).

    Args:
        truth: (N,) reference values.
        estimate: (N,) values under test.
        level: of the interval.

    Raises:
        InputError: see `inputs.as_pairs`; neither column varies.
    """
    pairs = as_pairs(truth, estimate, needs_variance=True)
    r = _correlation(pairs)
    if math.isnan(r):
        return Estimate.undefined(Undefined.CONSTANT_COLUMN)
    n = len(pairs.truth)
    if n < 4:
        return Estimate(r, reason=str(Undefined.TOO_FEW_FOR_INTERVAL))
    if abs(r) > 1 - 1e-12:
        return Estimate(r, reason=str(Undefined.NO_SCATTER))
    half = float(stats.norm.ppf((1 + level) / 2)) / math.sqrt(n - 3)
    return Estimate(r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half))


def concordance(truth: ArrayLike, estimate: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Lin's concordance correlation coefficient, with the interval of its z transform.

    Variances and covariance are divided by n, as in the paper.

    Args:
        truth: (N,) reference values.
        estimate: (N,) values under test, same unit.
        level: of the interval.

    Raises:
        InputError: see `inputs.as_pairs`; neither column varies.

    Sources:
        Lin 1989, Biometrics 45:255; its correction, Lin 2000, Biometrics 56:324.
    """
    pairs = as_pairs(truth, estimate, needs_variance=True)
    r = _correlation(pairs)
    if math.isnan(r):
        return Estimate.undefined(Undefined.CONSTANT_COLUMN)
    x, y, n = pairs.truth, pairs.estimate, len(pairs.truth)
    variance_x, variance_y = float(x.var()), float(y.var())
    shift = float(x.mean() - y.mean())
    ccc = 2 * r * math.sqrt(variance_x * variance_y) / (variance_x + variance_y + shift**2)
    if abs(ccc) > 1 - 1e-12:
        return Estimate(ccc, reason=str(Undefined.NO_SCATTER))
    if abs(r) < 1e-12:
        return Estimate(ccc, reason=str(Undefined.ZERO_CORRELATION))
    u2 = shift**2 / math.sqrt(variance_x * variance_y)
    c2 = ccc**2
    z_variance = (
        (1 - r**2) * c2 / ((1 - c2) * r**2)
        + 2 * ccc**3 * (1 - ccc) * u2 / (r * (1 - c2) ** 2)
        - ccc**4 * u2**2 / (2 * r**2 * (1 - c2) ** 2)
    ) / (n - 2)
    if z_variance < 0:
        return Estimate(ccc, reason=str(Undefined.TOO_FEW_FOR_INTERVAL))
    half = float(stats.norm.ppf((1 + level) / 2)) * math.sqrt(z_variance)
    return Estimate(ccc, math.tanh(math.atanh(ccc) - half), math.tanh(math.atanh(ccc) + half))
