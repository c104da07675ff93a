"""Gaps: short ones are bridged, long ones walk on as the strides beside them do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.series.gaps import bridge, fill_by_strides, fill_short_gaps, stride_frames

FPS_HZ = 30.0
STRIDE = 33


def swing(frames: int, stride: float = STRIDE) -> np.ndarray:
    """One foot ahead of the other: the fundamental and a harmonic, as legs have."""
    phase = 2 * np.pi * np.arange(frames) / stride
    return np.sin(phase) + 0.3 * np.sin(2 * phase + 0.4)


def test_short_gaps_are_bridged_and_columns_without_values_stay_missing() -> None:
    values = np.array([[0.0, np.nan], [np.nan, np.nan], [2.0, np.nan], [np.nan, np.nan]])
    filled = fill_by_strides(values, FPS_HZ, stride=2)
    assert np.array_equal(filled[:, 0], [0.0, 1.0, 2.0, 2.0])
    assert np.isnan(filled[:, 1]).all()


@given(st.floats(18.0, 60.0), st.integers(0, 2**31))
def test_the_stride_is_found_and_not_two_of_it(stride: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    signal = swing(240, stride) + rng.normal(0, 0.05, 240)
    signal[100:118] = np.nan
    assert stride_frames(signal, FPS_HZ) == pytest.approx(stride, abs=1.0)


def test_what_does_not_repeat_has_no_stride() -> None:
    assert stride_frames(np.random.default_rng(0).normal(size=240), FPS_HZ) is None
    assert stride_frames(np.zeros(240), FPS_HZ) is None
    assert stride_frames(np.full(240, np.nan), FPS_HZ) is None
    assert stride_frames(swing(12), FPS_HZ) is None


@pytest.mark.parametrize("first", [45, 100, 215])
def test_a_leg_swings_through_a_long_gap(first: int) -> None:
    truth = np.stack([swing(240), 0.2 + 0.5 * swing(240)], axis=1)
    values = truth.copy()
    values[first : first + 18] = np.nan
    along_a_line = fill_by_strides(values, FPS_HZ)
    with_stride = fill_by_strides(values, FPS_HZ, STRIDE)
    gap = slice(first, first + 18)
    assert np.abs(along_a_line - truth)[gap].max() > 0.5
    assert np.abs(with_stride - truth)[gap].max() < 1e-9
    assert np.array_equal(with_stride[:first], truth[:first])


def test_ends_meet_where_the_walk_has_moved_on() -> None:
    drift = 0.01 * np.arange(240)
    values = (swing(240) + drift)[:, None]
    truth = values.copy()
    values[100:118] = np.nan
    filled = fill_by_strides(values, FPS_HZ, STRIDE)
    assert np.abs(filled - truth).max() < 1e-9
    assert np.abs(np.diff(filled[98:120, 0])).max() < 1.5 * np.abs(np.diff(truth[:, 0])).max()


def test_without_a_stride_beside_it_a_gap_gets_a_line() -> None:
    values = swing(40)[:, None]
    values[10:30] = np.nan
    filled = fill_by_strides(values, FPS_HZ, STRIDE)
    assert np.allclose(np.diff(filled[9:31, 0], n=2), 0.0, atol=1e-12)


def test_a_bridge_is_a_line_in_time_over_gaps_that_are_short_enough() -> None:
    time_s = np.array([0.0, 0.1, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0])
    values = np.array([np.nan, 1.0, np.nan, 5.0, np.nan, np.nan, 8.0, np.nan])
    held = bridge(values, time_s)
    assert np.allclose(held, [1.0, 1.0, 4.0, 5.0, 6.0, 7.0, 8.0, 8.0])
    strict = bridge(values, time_s, max_gap_s=0.35, beyond="missing")
    assert np.allclose(strict, [np.nan, 1.0, np.nan, 5.0, 6.0, 7.0, 8.0, np.nan], equal_nan=True)
    assert np.isnan(values[2])  # what was given is left alone


def test_a_bridge_leaves_columns_that_nobody_saw() -> None:
    values = np.full((5, 2, 3), np.nan)
    values[1:4, 0] = 1.0
    found = bridge(values)
    assert np.array_equal(found[:, 0], np.ones((5, 3))) and np.isnan(found[:, 1]).all()


def test_short_gaps_keep_the_turning_point_and_long_ones_stay() -> None:
    time_s = np.arange(60) / 30.0
    truth = np.sin(2 * np.pi * time_s)[:, None, None] * np.ones(3)
    values = truth.copy()
    values[6:10] = np.nan  # about the peak
    values[30:45] = np.nan
    filled, mask = fill_short_gaps(values, time_s, 0.2)
    assert np.array_equal(np.flatnonzero(mask[:, 0]), [6, 7, 8, 9])
    assert np.abs(filled - truth)[6:10].max() < 0.03
    assert np.abs(bridge(values) - truth)[6:10].max() > 0.05
    assert np.isnan(filled[30:45]).all()
