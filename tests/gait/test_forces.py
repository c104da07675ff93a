"""The force that reports show: slow parts stay, in time and size; ringing goes."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.gait.forces import FORCE_CUTOFF_HZ, low_pass_force

TIME_S = np.arange(720) / 240.0


def test_a_steady_load_stays_and_a_slow_one_is_not_delayed() -> None:
    assert np.allclose(low_pass_force(TIME_S, np.full(720, 700.0)), 700.0)
    slow = np.sin(2 * np.pi * 1.0 * TIME_S)
    assert np.allclose(low_pass_force(TIME_S, slow)[60:-60], slow[60:-60], atol=0.01)


@pytest.mark.parametrize("hz", [FORCE_CUTOFF_HZ, 2 * FORCE_CUTOFF_HZ, 30.0])
def test_each_frequency_passes_as_the_filter_says(hz: float) -> None:
    # The digital filter's gain: that of the analogue one at the prewarped frequencies, both ways.
    warped = np.tan(np.pi * hz / 240.0) / np.tan(np.pi * FORCE_CUTOFF_HZ / 240.0)
    wave = np.cos(2 * np.pi * hz * TIME_S)
    passed = low_pass_force(TIME_S, wave)[240:-240]
    assert np.abs(passed).max() == pytest.approx(1 / (1 + warped**4), abs=0.005)


def test_feet_and_axes_are_filtered_alone() -> None:
    force = np.random.default_rng(0).normal(size=(720, 2, 3))
    together = low_pass_force(TIME_S, force)
    assert np.allclose(together[:, 1, 2], low_pass_force(TIME_S, force[:, 1, 2]))


def test_short_walks_have_a_force_too() -> None:
    assert np.isfinite(low_pass_force(TIME_S[:12], np.ones(12))).all()
