"""Jitter is what no walk has."""

import numpy as np

from simgait.series.jitter import jitter_m


def test_jitter_is_measured_in_metres():
    rng = np.random.default_rng(0)
    time_s = np.arange(3000) / 30.0
    slow = np.sin(2.0 * np.pi * 1.0 * time_s)[:, None, None] * np.ones((1, 2, 3))
    noise = 0.01 * rng.standard_normal((3000, 2, 3))
    # White noise keeps the share of its power that lies between 6 and 15 Hz, less the filter's
    # slope (some 4 % of the amplitude).
    expected = 0.01 * np.sqrt(9.0 / 15.0)
    np.testing.assert_allclose(jitter_m(slow + noise, 30.0), expected, rtol=0.08)
    assert jitter_m(slow, 30.0).max() < 1e-3
    assert np.isnan(jitter_m(np.full((100, 1, 3), np.nan), 30.0)).all()
