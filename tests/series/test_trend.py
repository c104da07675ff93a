"""Rates of a path: of the straight line, and steady ones that single samples do not move."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.series.trend import steady_rate, straight_rate

TIME_S = np.arange(150) / 30.0


def test_the_rate_of_a_straight_line_is_its_slope():
    values = np.stack([3.0 - 1.2 * TIME_S, 0.05 * TIME_S], axis=1)
    assert steady_rate(values, TIME_S) == pytest.approx([-1.2, 0.05])


def test_the_straight_line_passes_over_gaps():
    values = np.stack([3.0 - 1.2 * TIME_S, 0.05 * TIME_S], axis=1)
    values[7, 0] = values[20:30] = np.nan
    assert straight_rate(values, TIME_S) == pytest.approx([-1.2, 0.05])
    zigzag = np.array([0.0, 3.0, 0.0, 3.0])[:, None]
    assert straight_rate(zigzag, np.arange(4.0))[0] == pytest.approx(0.6)
    assert np.isnan(straight_rate(values[20:31], TIME_S[20:31])).all()


def test_outliers_gaps_and_jitter_hardly_move_it():
    rng = np.random.default_rng(3)
    path = 1.1 * TIME_S + rng.normal(0.0, 0.03, len(TIME_S))
    path[rng.choice(len(path), 20, replace=False)] += rng.uniform(1.0, 3.0, 20)
    path[40:55] = np.nan
    assert steady_rate(path[:, None], TIME_S)[0] == pytest.approx(1.1, abs=0.015)


def test_slow_wander_moves_it_less_than_the_ends():
    errors = []
    for phase in np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False):
        path = 1.1 * TIME_S + 0.05 * np.sin(2.0 * np.pi * 0.5 * TIME_S + phase)
        ends = (path[-1] - path[0]) / (TIME_S[-1] - TIME_S[0])
        errors.append((steady_rate(path[:, None], TIME_S)[0] - 1.1, ends - 1.1))
    steady, by_ends = np.sqrt(np.mean(np.square(errors), axis=0))
    assert steady < 0.012 and steady < by_ends


def test_long_series_are_thinned_and_unknown_ones_have_no_rate():
    time_s = np.arange(20000) / 30.0
    assert steady_rate((0.7 * time_s)[:, None], time_s)[0] == pytest.approx(0.7)
    assert np.isnan(steady_rate(np.full((5, 2), np.nan), TIME_S[:5])).all()
