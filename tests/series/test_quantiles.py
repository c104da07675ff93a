"""Medians and quantiles of what is known: NumPy's, without its loop."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from simgait.series.quantiles import known_median, known_quantile


def numbers(shape: tuple[int, ...], share_missing: float) -> np.ndarray:
    rng = np.random.default_rng([7, *shape])
    values = rng.normal(size=shape)
    values[rng.random(shape) < share_missing] = np.nan
    return values


@pytest.mark.parametrize("missing", [0.0, 0.3, 0.9])
@pytest.mark.parametrize(("shape", "axis"), [((40, 23), 1), ((7, 40, 3), 0), ((50, 5, 6), -1)])
def test_they_are_those_of_numpy(shape: tuple[int, ...], axis: int, missing: float) -> None:
    values = numbers(shape, missing)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of rows without a number
        np.testing.assert_array_equal(known_median(values, axis), np.nanmedian(values, axis=axis))
        for share in (0.25, 0.5, 0.75, 1.0):
            np.testing.assert_allclose(
                known_quantile(values, share, axis), np.nanquantile(values, share, axis=axis),
                rtol=1e-12,
            )  # fmt: skip


def test_nothing_known_is_no_number_and_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(known_median(np.full((2, 3), np.nan), 1)).all()
        assert np.isnan(known_quantile(np.full((2, 3), np.nan), 0.5, 1)).all()
