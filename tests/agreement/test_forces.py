"""Vertical force of a stance, and help from outside, against what they are by calculus."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.agreement import (
    residual_force_percent_bw,
    residual_moment_percent_bw_height,
    vertical_force_difference,
)
from simgait.errors import InputError

PHASE = np.linspace(0.0, 1.0, 1001)
MEASURED_BW = np.sin(np.pi * PHASE)


def test_a_force_too_high_by_a_constant() -> None:
    found = vertical_force_difference(MEASURED_BW, MEASURED_BW + 0.1, 0.7)
    assert found.rmse_bw == pytest.approx(0.1)
    assert (found.first_peak_bw, found.second_peak_bw) == pytest.approx((0.1, 0.1))
    assert found.impulse_bw_s == pytest.approx(0.07)


def test_a_force_too_high_by_a_share_of_itself() -> None:
    # Mean of sin² is 1/2, mean of sin is 2/pi; of both peaks each is 1.
    found = vertical_force_difference(MEASURED_BW, 1.2 * MEASURED_BW, 0.8)
    assert found.rmse_bw == pytest.approx(0.2 / np.sqrt(2), rel=2e-3)
    assert found.first_peak_bw == pytest.approx(0.2, rel=1e-4)
    assert found.second_peak_bw == pytest.approx(0.2)
    assert found.impulse_bw_s == pytest.approx(0.2 * 0.8 * 2 / np.pi, rel=2e-3)


def test_peaks_are_of_each_half_wherever_each_curve_has_them() -> None:
    measured, simulated = np.zeros(101), np.zeros(101)
    measured[[20, 80]], simulated[[30, 70]] = (1.1, 1.0), (1.0, 1.3)
    found = vertical_force_difference(measured, simulated, 0.7)
    assert (found.first_peak_bw, found.second_peak_bw) == pytest.approx((-0.1, 0.3))


def test_residuals_are_root_mean_squares_of_norms_over_weight_and_height() -> None:
    vectors = np.array([[30.0, 0.0, 40.0], [0.0, 0.0, 0.0]])  # norms 50 and 0
    root = 50.0 / np.sqrt(2)
    assert residual_force_percent_bw(vectors, 500.0) == pytest.approx(100 * root / 500)
    assert residual_moment_percent_bw_height(vectors, 500.0, 1.6) == pytest.approx(
        100 * root / (500 * 1.6)
    )
    assert np.isnan(residual_force_percent_bw(np.empty((0, 3)), 500.0))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: vertical_force_difference([1, 1, 1, 1], [1, 1, 1, 1, 1], 0.7), "4 points and"),
        (lambda: vertical_force_difference([1, 1, 1], [1, 1, 1], 0.7), "at least four"),
        (lambda: vertical_force_difference([1] * 4, [1, 1, np.nan, 1], 0.7), "simulated force"),
        (lambda: vertical_force_difference([1] * 4, [1] * 4, 0.0), "lasts 0.0 s"),
        (lambda: residual_force_percent_bw(np.zeros(3), 500.0), "three per frame"),
        (lambda: residual_force_percent_bw([[0.0, np.nan, 0.0]], 500.0), "finite"),
        (lambda: residual_force_percent_bw(np.zeros((4, 3)), np.nan), "body weight is nan N"),
        (lambda: residual_moment_percent_bw_height(np.zeros((4, 3)), 500.0, 0.0), "height is"),
    ],
)
def test_what_cannot_be_compared_is_refused(call, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        call()
