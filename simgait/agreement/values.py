"""Numbers with their confidence interval, and the reason where a number is undefined."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Undefined(StrEnum):
    """Why a statistic has no value (or no confidence interval) although the input is fine."""

    CONSTANT_COLUMN = "one of the two columns is constant, so it has no correlation with the other"
    SLOPE_OF_CONSTANT_COLUMN = (
        "one of the two columns is constant, so the error varies with the other alone and its "
        "slope over the pair means is 2 or −2 whatever the values are"
    )
    ICC_OF_CONSTANT_COLUMN = (
        "one of the two columns is constant, so the ICC is 0 by its formula in every resample"
    )
    CONSTANT_MEAN = "all pair means are equal, so a slope over them does not exist"
    CONSTANT_TRUTH = "the truth is constant, so nothing can be said of how the estimate follows it"
    CONSTANT_REFERENCE = "the reference curve is flat, so a line over it does not exist"
    CONSTANT_CURVE = "the curve is flat, so its likeness to another has no value"
    NO_VARIANCE = "all values are equal, so there is no variance to divide"
    NEGATIVE_RADICAND = (
        "the curves differ from each other more than they vary over the cycle, so the radicand is "
        "negative"
    )
    FLAT_CURVES = "all curves are flat and equal, so there is no variation over the cycle"
    NO_SCATTER = "the columns agree without any scatter, so the formula gives no interval"
    TOO_FEW_FOR_INTERVAL = "too few pairs for a confidence interval"
    ZERO_CORRELATION = "the correlation is zero, so the interval's formula divides by zero"
    RESAMPLES_UNDEFINED = "the statistic is undefined in more than 5 % of the bootstrap resamples"


@dataclass(frozen=True)
class Estimate:
    """A statistic with its two-sided confidence interval.

    Attributes:
        value: NaN where undefined.
        low, high: limits of the interval, NaN where it is not defined or was not asked for.
        reason: empty, or an `Undefined` sentence that says why a number is NaN.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    reason: str = ""

    @classmethod
    def undefined(cls, reason: Undefined) -> Estimate:
        """NaN, with the reason."""
        return cls(math.nan, reason=str(reason))
