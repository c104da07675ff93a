"""Rates over a window, and integrals."""

from __future__ import annotations

import numpy as np

from simgait.series.derivatives import integrate, windowed_rate


def test_path_of_a_velocity_is_its_integral() -> None:
    time = np.arange(120) / 30.0
    speed = np.stack([1.2 + 0 * time, np.cos(2 * time)], axis=1)
    path = integrate(speed, 30.0)
    assert np.array_equal(path[0], [0.0, 0.0])
    assert np.allclose(path[:, 0], 1.2 * time)
    assert np.allclose(path[:, 1], np.sin(2 * time) / 2, atol=1e-3)


def test_a_window_takes_noise_out_of_the_rate() -> None:
    time = np.arange(120) / 30.0
    noise = np.random.default_rng(0).normal(size=(120, 1))
    line = 1.2 * time[:, None]
    assert np.allclose(windowed_rate(line, 0.7, 30.0), 1.2)
    rate = windowed_rate(line + 0.01 * noise, 0.7, 30.0)
    assert np.abs(rate - 1.2).max() < 0.1 < np.abs(np.gradient(0.01 * noise[:, 0], 1 / 30)).max()
    assert np.allclose(windowed_rate(line[:5], 0.7, 30.0), 1.2)  # shorter than the window
