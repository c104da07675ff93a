"""Bland-Altman analysis of independent pairs: one pair per person.

With several trials per person use `repeated.repeated_limits`: pooled limits are too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy import stats

from simgait.agreement.inputs import as_pairs
from simgait.agreement.values import Estimate, Undefined
from simgait.errors import InputError

Z95 = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class BlandAltman:
    """Differences are estimate minus truth, in the unit of the input.

    Attributes:
        n: complete pairs; n_excluded: pairs with a NaN.
        bias: mean difference with its t interval.
        sd: SD of the differences (ddof 1).
        lower, upper: limits of agreement, bias -/+ multiplier x sd, each with its exact interval.
        slope: of the differences over the pair means, with its t interval (proportional bias).
        intercept: of that line.
    """

    n: int
    n_excluded: int
    bias: Estimate
    sd: float
    lower: Estimate
    upper: Estimate
    slope: Estimate
    intercept: float
    multiplier: float
    level: float


def bland_altman(
    truth: ArrayLike,
    estimate: ArrayLike,
    subject_ids: Sequence[object] | None = None,
    *,
    multiplier: float = Z95,
    level: float = 0.95,
) -> BlandAltman:
    """Bias and limits of agreement with confidence intervals, for one pair per person.

    Args:
        truth: (N,) reference values.
        estimate: (N,) values under test, same unit.
        subject_ids: (N,) optional; given, they are checked to be all different.
        multiplier: limits are bias -/+ this many SD; 1.96 covers 95 % of the differences.
        level: of the confidence intervals.

    Raises:
        InputError: see `inputs.as_pairs`; also when a subject has several pairs.

    Sources:
        Bland & Altman 1986, Lancet 327:307; exact intervals: Carkeet 2015, Optom Vis Sci 92:e71;
        slope: Bland & Altman 1999, Stat Methods Med Res 8:135.
    """
    pairs = as_pairs(truth, estimate, subject_ids)
    if pairs.subject is not None and pairs.n_subjects < len(pairs.truth):
        raise InputError(
            "Some subjects have several pairs, for which plain limits of agreement are too narrow; "
            "use repeated_limits."
        )
    difference = pairs.difference
    n, mean, sd = len(difference), float(difference.mean()), float(difference.std(ddof=1))
    half = float(stats.t.ppf((1 + level) / 2, n - 1)) * sd / math.sqrt(n)
    low_factor, high_factor = limit_factors(n, multiplier, level)
    slope, intercept = proportional_bias(pairs.truth, pairs.estimate, level=level)
    return BlandAltman(
        n=n,
        n_excluded=pairs.n_excluded,
        bias=Estimate(mean, mean - half, mean + half),
        sd=sd,
        lower=Estimate(mean - multiplier * sd, mean - high_factor * sd, mean - low_factor * sd),
        upper=Estimate(mean + multiplier * sd, mean + low_factor * sd, mean + high_factor * sd),
        slope=slope,
        intercept=intercept,
        multiplier=multiplier,
        level=level,
    )


def limit_factors(n: int, multiplier: float = Z95, level: float = 0.95) -> tuple[float, float]:
    """Exact factors (k_low, k_high): the limit mu + z sigma lies in mean + k SD, `level` of times.

    sqrt(n) (mean - (mu + z sigma)) / SD follows a noncentral t with n - 1 degrees of freedom and
    noncentrality -z sqrt(n), so k = t'(q; n - 1, z sqrt(n)) / sqrt(n) at q = (1 -/+ level) / 2.

    Args:
        n: pairs, at least 2.
        multiplier: z.
        level: of the two-sided interval of one limit.

    Source:
        Carkeet 2015, Optom Vis Sci 92:e71.
    """
    tail = (1 - level) / 2
    quantiles = stats.nct.ppf([tail, 1 - tail], n - 1, multiplier * math.sqrt(n))
    return float(quantiles[0]) / math.sqrt(n), float(quantiles[1]) / math.sqrt(n)


def proportional_bias(
    truth: ArrayLike,
    estimate: ArrayLike,
    *,
    against: Literal["mean", "truth"] = "mean",
    level: float = 0.95,
) -> tuple[Estimate, float]:
    """Slope (with t interval, N - 2 degrees of freedom) and intercept of differences over size.

    Where one of the two is the reference, the differences belong over it (Krouwer 2008): the slope
    is then that of the estimate over the truth, less one. Over the pair means a slope appears
    wherever one method is noisier than the other, and hides where an estimate is both shrunken and
    noisy. Errors of the truth itself bend a slope over the truth towards -1 (regression dilution).
    Over the pair means there is none where a column is constant: d = y - c over (y + c) / 2 has
    slope 2 by algebra, and a constant estimate -2.

    Args:
        truth: (N,) reference values.
        estimate: (N,) values under test.
        against: what stands on the x axis.
        level: of the interval.

    Returns:
        Slope and intercept, both NaN with the slope's reason where no slope is defined.

    Raises:
        InputError: see `inputs.as_pairs`.

    Sources:
        Bland & Altman 1999, Stat Methods Med Res 8:135 (means); Krouwer 2008, Stat Med 27:778
        (reference).
    """
    pairs = as_pairs(truth, estimate)
    x = (pairs.truth + pairs.estimate) / 2 if against == "mean" else pairs.truth
    fit = ordinary_least_squares(x, pairs.difference, level)
    if fit is None:
        reason = Undefined.CONSTANT_MEAN if against == "mean" else Undefined.CONSTANT_TRUTH
        return Estimate.undefined(reason), math.nan
    if against == "mean" and (np.ptp(pairs.truth) == 0 or np.ptp(pairs.estimate) == 0):
        return Estimate.undefined(Undefined.SLOPE_OF_CONSTANT_COLUMN), math.nan
    return fit


def ordinary_least_squares(
    x: Float[np.ndarray, " N"], y: Float[np.ndarray, " N"], level: float = 0.95
) -> tuple[Estimate, float] | None:
    """Slope with t interval and intercept of y over x; None where x does not vary."""
    centred = x - x.mean()
    spread = float(centred @ centred)
    if np.ptp(x) == 0 or spread == 0:
        return None
    slope = float(centred @ (y - y.mean())) / spread
    intercept = float(y.mean() - slope * x.mean())
    residual = y - intercept - slope * x
    freedom = len(x) - 2
    error = math.sqrt(float(residual @ residual) / freedom / spread)
    half = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    return Estimate(slope, slope - half, slope + half), intercept
