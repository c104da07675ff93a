"""Likeness of curves over the gait cycle: CMC and the linear fit method."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from simgait.agreement.bland_altman import ordinary_least_squares
from simgait.agreement.inputs import as_numbers, as_pairs
from simgait.agreement.values import Estimate, Undefined
from simgait.errors import InputError


def _curves(curves: ArrayLike, least_groups: int, least_total: int) -> Float[np.ndarray, "M N T"]:
    values = as_numbers(curves, "curves")
    if values.ndim != 3:
        raise InputError(
            "CMC needs curves of shape (groups, curves per group, points); "
            f"these have {values.ndim} dimensions."
        )
    groups, per_group, points = values.shape
    if groups < least_groups or groups * per_group < least_total or points < 3:
        raise InputError(
            f"CMC needs at least {least_groups} group(s), {least_total} curves and 3 points; "
            f"these have shape {values.shape}."
        )
    if not np.isfinite(values).all():
        raise InputError("The curves hold NaN or infinite values; leave incomplete cycles out.")
    return values


def _root(numerator: float, denominator: float) -> Estimate:
    # Rounding leaves about 1e-32 of a flat curve's variance.
    if denominator <= 1e-24:
        return Estimate.undefined(Undefined.FLAT_CURVES)
    radicand = 1 - numerator / denominator
    if radicand < 0:
        return Estimate.undefined(Undefined.NEGATIVE_RADICAND)
    return Estimate(math.sqrt(radicand))


def cmc_within(curves: ArrayLike) -> Estimate:
    """Within-day coefficient of multiple correlation: offsets between groups do not count.

    sqrt(1 - [sum (y_ijt - mean_j y_it)^2 / (M T (N - 1))] / [sum (y_ijt - mean_jt y_i)^2 /
    (M (N T - 1))]).  With gait cycles as groups and the two measuring systems as curves it is the
    inter-protocol CMC of Ferrari et al. 2010.

    Args:
        curves: (M, N, T) M days (or cycles), N curves each (N >= 2), T points of the cycle.

    Returns:
        Value in 0..1 without interval; NaN with the reason where the radicand is negative, which
        happens when the range of motion is small beside the spread, or where all is flat.

    Raises:
        InputError: wrong shape, too few curves, NaN.

    Sources:
        Kadaba et al. 1989, J Orthop Res 7:849; Ferrari et al. 2010, Gait Posture 31:540.
    """
    values = _curves(curves, 1, 2)
    groups, per_group, points = values.shape
    if per_group < 2:
        raise InputError("Within-day CMC needs two curves per group; this input has one.")
    values = values - values.mean(axis=(1, 2), keepdims=True)
    spread = ((values - values.mean(axis=1, keepdims=True)) ** 2).sum()
    total = (values**2).sum()
    return _root(
        float(spread) / (groups * points * (per_group - 1)),
        float(total) / (groups * (per_group * points - 1)),
    )


def cmc_between(curves: ArrayLike) -> Estimate:
    """Between-day coefficient of multiple correlation: offsets between days count.

    sqrt(1 - [sum (y_ijt - mean_ij y_t)^2 / (T (M N - 1))] / [sum (y_ijt - mean y)^2 /
    (M N T - 1)]).

    Args:
        curves: (M, N, T) M days (M >= 2), N curves each, T points of the cycle.

    Returns:
        As `cmc_within`.

    Raises:
        InputError: wrong shape, too few curves, NaN.

    Source:
        Kadaba et al. 1989, J Orthop Res 7:849.
    """
    values = _curves(curves, 2, 2)
    groups, per_group, points = values.shape
    number = groups * per_group
    values = values - values.mean()
    spread = ((values - values.mean(axis=(0, 1))) ** 2).sum()
    return _root(
        float(spread) / (points * (number - 1)),
        float((values**2).sum()) / (number * points - 1),
    )


@dataclass(frozen=True)
class LinearFit:
    """Line of a curve over its reference: curve = offset + scale x reference.

    Attributes:
        scale: 1 where the range of motion is right ("a1").
        offset: in the curves' unit ("a0").
        r_squared: share of the curve's variation that the line explains.
        reason: empty, or why values are NaN.
    """

    scale: float
    offset: float
    r_squared: float
    reason: str = ""


def linear_fit(reference: ArrayLike, curve: ArrayLike) -> LinearFit:
    """Linear fit method for two curves of the same points of the cycle.

    Args:
        reference: (T,) curve that is taken for true; points with a NaN in either are left out.
        curve: (T,) curve under test.

    Raises:
        InputError: see `inputs.as_pairs`.

    Source:
        Iosa et al. 2014, BioMed Res Int 2014:214156.
    """
    pairs = as_pairs(reference, curve)
    fit = ordinary_least_squares(pairs.truth, pairs.estimate)
    if fit is None:
        return LinearFit(math.nan, math.nan, math.nan, str(Undefined.CONSTANT_REFERENCE))
    slope, offset = fit
    if np.ptp(pairs.estimate) == 0:
        return LinearFit(slope.value, offset, math.nan, str(Undefined.CONSTANT_CURVE))
    residual = pairs.estimate - offset - slope.value * pairs.truth
    total = pairs.estimate - pairs.estimate.mean()
    r_squared = 1 - float(residual @ residual) / float(total @ total)
    return LinearFit(slope.value, offset, max(0.0, r_squared))
