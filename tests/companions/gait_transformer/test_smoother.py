"""Phases with noise come back; events of perfect phases lie where they should."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.companions.gait_transformer.columns import PHASES
from simgait.companions.gait_transformer.config import SmootherConfig
from simgait.companions.gait_transformer.smoother import (
    _measurement,
    events_from_phases,
    smooth_phases,
)
from simgait.companions.gait_transformer.targets import event_phases
from simgait.gait.matching import match_events, timing_error
from simgait.types import GaitEvent

FPS_HZ = 30.0
OFFSETS = np.array([0.0, -np.pi, -0.2 * np.pi, -1.2 * np.pi])


def true_phases(n: int, rate_rad_s: float = 5.5, quickening: float = 0.0) -> np.ndarray:
    time_s = np.arange(n) / FPS_HZ
    clock = 0.7 + rate_rad_s * time_s + 0.5 * quickening * time_s**2
    return clock[:, None] + OFFSETS


def quadrature(phases: np.ndarray) -> np.ndarray:
    return np.stack([np.sin(phases), np.cos(phases)], axis=-1).reshape(len(phases), 8)


def wrapped(angle: np.ndarray) -> np.ndarray:
    return (angle + np.pi) % (2 * np.pi) - np.pi


@pytest.mark.parametrize("quickening", [0.0, 0.3])
def test_a_known_phase_comes_back_from_noise(quickening):
    truth = true_phases(240, quickening=quickening)
    noisy = quadrature(truth) + np.random.default_rng(0).normal(0.0, 0.4, (240, 8))
    smooth = smooth_phases(noisy, FPS_HZ, SmootherConfig())
    raw = np.arctan2(noisy[:, 0::2], noisy[:, 1::2])
    error = np.sqrt(np.mean(wrapped(smooth.phase_rad - truth) ** 2))
    assert error < 0.12
    assert error < 0.35 * np.sqrt(np.mean(wrapped(raw - truth) ** 2))
    # Unwrapped: it goes on turning, all in one piece.
    assert np.abs(np.diff(smooth.phase_rad, axis=0)).max() < 0.5
    true_rate = np.gradient(truth[:, 0], 1 / FPS_HZ)
    assert np.abs(smooth.rate_rad_s - true_rate)[15:-15].max() < 0.8


def test_without_noise_and_with_a_steady_gait_the_phase_is_exact():
    truth = true_phases(120)
    smooth = smooth_phases(quadrature(truth), FPS_HZ, SmootherConfig())
    np.testing.assert_allclose(wrapped(smooth.phase_rad - truth), 0.0, atol=1e-6)
    np.testing.assert_allclose(smooth.rate_rad_s, 5.5, atol=1e-6)


def test_the_backward_pass_uses_what_comes_later():
    """The filter alone lags where the rate changes; looking back from the end does not."""
    truth = true_phases(200, rate_rad_s=4.0, quickening=0.8)
    seen = quadrature(truth)
    smooth = smooth_phases(seen, FPS_HZ, SmootherConfig())
    # At its last frame a smoother is a filter: the same frame, as a last one and amid the trial.
    lag = [
        smooth_phases(seen[:n], FPS_HZ, SmootherConfig()).phase_rad[-1] - truth[n - 1]
        for n in (90, 120, 150)
    ]
    amid = [smooth.phase_rad[n - 1] - truth[n - 1] for n in (90, 120, 150)]
    assert np.abs(wrapped(np.array(amid))).max() < 0.5 * np.abs(wrapped(np.array(lag))).max()


def test_frames_without_an_answer_are_bridged():
    truth = true_phases(150)
    seen = quadrature(truth)
    seen[:4] = np.nan
    seen[60:75, 3] = np.nan
    smooth = smooth_phases(seen, FPS_HZ, SmootherConfig())
    np.testing.assert_allclose(wrapped(smooth.phase_rad - truth), 0.0, atol=1e-3)
    with pytest.raises(ValueError, match="no frame"):
        smooth_phases(np.full((20, 8), np.nan), FPS_HZ, SmootherConfig())


def test_the_measurements_derivative_is_that_of_its_values():
    state = np.array([0.4, 5.0, -2.9, 0.3, 1.7])
    _, jacobian = _measurement(state)
    for column in range(5):
        step = np.zeros(5)
        step[column] = 1e-6
        slope = (_measurement(state + step)[0] - _measurement(state - step)[0]) / 2e-6
        np.testing.assert_allclose(jacobian[:, column], slope, atol=1e-8)


def walk_events(duration_s: float, stride_s: float = 1.13) -> tuple[GaitEvent, ...]:
    starts = dict(zip(PHASES, (0.31, 0.31 + 0.5 * stride_s, 0.31 + 0.63 * stride_s, 0.42),
                      strict=True))  # fmt: skip
    return tuple(
        GaitEvent(start + k * stride_s, *phase)
        for phase, start in starts.items()
        for k in range(-3, 9)
        if 0.0 <= start + k * stride_s <= duration_s
    )


def test_events_of_perfect_phases_lie_within_a_frame():
    time_s = np.arange(160) / FPS_HZ
    truth = walk_events(time_s[-1])
    phases = event_phases(time_s, truth)
    assert np.isfinite(phases).all()
    smooth = smooth_phases(quadrature(phases), FPS_HZ, SmootherConfig())
    found = events_from_phases(time_s, smooth.phase_rad)
    match = match_events(truth, found, max_ms=100.0)
    assert not match.missed and not match.extra
    assert max(abs(a.time_s - b.time_s) for a, b in match.pairs) < 1.0 / FPS_HZ
    assert timing_error(match).mae_ms < 3.0


def test_events_lie_between_frames_and_a_phase_that_steps_back_gives_none_twice():
    time_s = np.arange(5) / 10.0
    phase = 2 * np.pi * np.array([-0.6, -0.2, 0.2, -0.05, 0.3])
    columns = np.stack([phase, phase + 1e-9 - 1.0, np.full(5, 0.5), np.full(5, 0.5)], axis=1)
    events = events_from_phases(time_s, columns)
    lefts = [e for e in events if (e.side, e.kind) == PHASES[0]]
    assert [e.time_s for e in lefts] == pytest.approx([0.15])
    assert not [e for e in events if e.kind == "foot_off"]
