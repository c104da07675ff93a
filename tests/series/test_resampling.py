"""Values at other times: splines through runs, neighbours only, nearest frames, slower clocks."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.series.resampling import interpolate, linear, local_cubic, nearest, resample

TIME_S = np.arange(120) / 60.0


def cubic(time_s: np.ndarray) -> np.ndarray:
    return (1.0 + time_s - 2.0 * time_s**2 + 0.7 * time_s**3)[:, None, None] * np.ones((1, 2, 3))


def test_cubics_are_met_exactly_between_samples() -> None:
    at_s = np.linspace(0.1, 1.8, 57)
    assert np.allclose(interpolate(cubic(TIME_S), TIME_S, at_s, 1.0), cubic(at_s), atol=1e-9)
    assert np.allclose(local_cubic(cubic(TIME_S), TIME_S, at_s), cubic(at_s), atol=1e-9)


def test_runs_end_at_holes_and_where_the_clock_skips() -> None:
    values = cubic(TIME_S)
    values[30:40, 0] = np.nan
    at_s = np.arange(40) / 20.0
    found = interpolate(values, TIME_S, at_s, 1.0)
    hole = (at_s > TIME_S[29] + 1e-5) & (at_s < TIME_S[40] - 1e-5)
    assert np.array_equal(np.isnan(found[:, 0, 0]), hole | (at_s > TIME_S[-1] + 1e-5))
    skipping = np.where(np.arange(120) < 60, TIME_S, TIME_S + 1.0)
    late = np.arange(60) / 20.0
    missing = np.isnan(interpolate(cubic(TIME_S), skipping, late, 0.5)[:, 0, 0])
    assert np.array_equal(missing, (late > skipping[59] + 1e-5) & (late < skipping[60] - 1e-5))


def test_neighbours_alone_decide() -> None:
    values = np.sin(TIME_S)
    broken = values.copy()
    broken[60] = np.nan
    at_s = TIME_S[:-1] + 0.3 / 60.0
    changed = local_cubic(values, TIME_S, at_s) != local_cubic(broken, TIME_S, at_s)
    assert np.array_equal(np.flatnonzero(changed), [58, 59, 60, 61])
    found = local_cubic(broken, TIME_S, np.array([TIME_S[59], TIME_S[60], -0.1, 5.0, np.nan]))
    assert found[0] == values[59] and np.isnan(found[1:]).all()


def test_a_slower_clock_gets_no_aliases() -> None:
    time_s = np.arange(960) / 240.0
    at_s = np.arange(0, 960, 8) / 240.0
    slow, fast = np.sin(2 * np.pi * time_s), 0.5 * np.sin(2 * np.pi * 31.0 * time_s)
    values = (slow + fast)[:, None, None]
    found = resample(values, time_s, at_s, cutoff_hz=12.0, max_step_s=0.2)[:, 0, 0]
    assert np.abs(found - slow[::8])[10:-10].max() < 0.03
    # Uneven stamps are put on an even clock first.
    uneven = time_s + 0.001 * np.sin(np.arange(960))
    wave = (np.sin(2 * np.pi * uneven) + 0.5 * np.sin(2 * np.pi * 31.0 * uneven))[:, None, None]
    found = resample(wave, uneven, at_s, cutoff_hz=12.0, max_step_s=0.2)[:, 0, 0]
    assert np.abs(found - np.sin(2 * np.pi * at_s))[10:-10].max() < 0.05


@pytest.mark.parametrize(("at", "frame"), [(-1.0, 0), (0.4, 0), (0.6, 1), (1.49, 1), (9.0, 3)])
def test_nearest_frames(at: float, frame: int) -> None:
    assert nearest(np.arange(4), np.arange(4.0), np.array([at]))[0] == frame


def test_straight_lines_hold_beyond_the_ends() -> None:
    values = np.array([[0.0, 1.0], [2.0, 0.0]])
    found = linear(values, np.array([0.0, 1.0]), np.array([-1.0, 0.25, 2.0]))
    assert np.allclose(found, [[0.0, 1.0], [0.5, 0.75], [2.0, 0.0]])
