"""Sizes of errors: RMSE, MAE, median, robust SD."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from simgait.agreement.inputs import as_pairs

# The interquartile range of a normal distribution is 1.349 SD.
IQR_TO_SD = 0.7413


@dataclass(frozen=True)
class ErrorSizes:
    """Errors are estimate minus truth, in the unit of the input.

    Attributes:
        robust_sigma: 0.7413 x IQR, the SD that outliers do not move.
        rmse_debiased: RMSE after the mean error was taken off (SD with ddof 0).
    """

    n: int
    n_excluded: int
    mean: float
    median: float
    q1: float
    q3: float
    robust_sigma: float
    rmse: float
    rmse_debiased: float
    mae: float
    worst: float


def error_sizes(truth: ArrayLike, estimate: ArrayLike) -> ErrorSizes:
    """Mean, median, quartiles, robust sigma, RMSE, debiased RMSE, MAE and worst absolute error.

    Args:
        truth: (N,) reference values.
        estimate: (N,) values under test, same unit.

    Raises:
        InputError: see `inputs.as_pairs`.
    """
    pairs = as_pairs(truth, estimate)
    error = pairs.difference
    q1, median, q3 = (float(value) for value in np.percentile(error, [25, 50, 75]))
    return ErrorSizes(
        n=len(error),
        n_excluded=pairs.n_excluded,
        mean=float(error.mean()),
        median=median,
        q1=q1,
        q3=q3,
        robust_sigma=robust_sigma_of(error),
        rmse=root_mean_square(error),
        rmse_debiased=float(error.std()),
        mae=float(np.abs(error).mean()),
        worst=float(np.abs(error).max()),
    )


def robust_sigma_of(errors: Float[np.ndarray, " N"]) -> float:
    """0.7413 x interquartile range of N finite errors, the SD that outliers do not move.

    NaN for no errors.
    """
    if not len(errors):
        return math.nan
    q1, q3 = np.percentile(errors, [25, 75])
    return float(IQR_TO_SD * (q3 - q1))


def root_mean_square(errors: Float[np.ndarray, " N"]) -> float:
    """Root of the mean square of N finite errors; NaN for no errors."""
    return float(np.sqrt(np.mean(errors**2))) if len(errors) else math.nan


def rmse(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Root mean square error; see `error_sizes`."""
    return error_sizes(truth, estimate).rmse


def robust_sigma(truth: ArrayLike, estimate: ArrayLike) -> float:
    """0.7413 x interquartile range of the errors; see `error_sizes`."""
    return error_sizes(truth, estimate).robust_sigma
