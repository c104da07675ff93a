"""Filters: what they pass, that they do not delay, and what they do about holes and ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simgait.series.filters import high_pass, low_pass

FPS_HZ = 240.0
TIME_S = np.arange(960) / FPS_HZ


def butterworth_power(hz: float, cutoff_hz: float, order: int) -> float:
    """Power gain of one pass of a digital Butterworth low-pass: the analogue one, prewarped."""
    warped = np.tan(np.pi * hz / FPS_HZ) / np.tan(np.pi * cutoff_hz / FPS_HZ)
    return float(1.0 / (1.0 + warped ** (2 * order)))


@pytest.mark.parametrize("hz", [3.0, 6.0, 12.0, 30.0])
def test_frequencies_pass_as_theory_says_and_are_not_delayed(hz: float) -> None:
    wave = np.cos(2 * np.pi * hz * TIME_S)
    inner = slice(240, -240)
    gain = butterworth_power(hz, 6.0, 2)
    assert np.allclose(low_pass(wave, FPS_HZ, 6.0)[inner], gain * wave[inner], atol=0.005)
    rest = 1.0 - butterworth_power(hz, 6.0, 4)
    assert np.allclose(
        high_pass(wave, FPS_HZ, 6.0, min_samples=2)[inner], rest * wave[inner], atol=0.005
    )


def test_points_are_filtered_alone_and_holes_stay_holes() -> None:
    rng = np.random.default_rng(0)
    points = np.cumsum(rng.normal(size=(200, 3, 3)), axis=0)
    holes = points.copy()
    holes[50:60, 1, 0] = np.nan  # one component is enough
    found = low_pass(holes, 60.0, 6.0)
    assert np.isnan(found[50:60, 1]).all() and np.isnan(found).sum() == 30
    whole = low_pass(points, 60.0, 6.0)
    assert np.array_equal(found[:, [0, 2]], whole[:, [0, 2]])
    assert np.allclose(found[:50, 1], low_pass(points[:50, 1], 60.0, 6.0))
    assert np.allclose(found[60:, 1], low_pass(points[60:, 1], 60.0, 6.0))


@pytest.mark.parametrize(
    "filtered",
    [
        lambda values: low_pass(values, 60.0, 6.0),
        lambda values: high_pass(values, 60.0, 6.0, min_samples=30),
    ],
)
def test_points_known_alike_come_out_as_each_by_itself(
    filtered: Callable[[np.ndarray], np.ndarray],
) -> None:
    points = np.cumsum(np.random.default_rng(1).normal(size=(200, 4, 3)), axis=0)
    points[50:60, 1:3] = np.nan
    points[190:, 3] = np.nan
    alone = np.concatenate([filtered(points[:, [k]]) for k in range(4)], axis=1)
    assert np.array_equal(filtered(points), alone, equal_nan=True)


def test_a_line_passes_to_its_very_ends() -> None:
    # Point-symmetric extension of a line is the line, so that nothing bends at the ends.
    line = np.linspace(0.0, 3.0, 90)
    assert np.allclose(low_pass(line, 30.0, 6.0, padding_samples=12), line, atol=1e-3)


def test_short_runs_and_high_cutoffs_leave_values_as_they_are() -> None:
    values = np.random.default_rng(0).normal(size=(20, 2))
    assert np.array_equal(low_pass(values, 30.0, 15.0), values)
    assert np.array_equal(low_pass(values, 30.0, 5.0, min_samples=21), values)
    assert np.isnan(high_pass(values, 30.0, 5.0, min_samples=21)).all()
    assert np.array_equal(low_pass(values[:1], 30.0, 5.0), values[:1])
