"""Gait phase from the network's sines and cosines: Kalman filter, RTS smoother, foot events.

State: phase and phase rate of the left initial contact, and how far the three other events'
phases lie from it. Phases turn once per gait cycle and pass a whole turn at their event. The
dynamics are linear (constant rate with random drift); sines and cosines are not, so the filter is
an extended one (Särkkä 2013, Bayesian Filtering and Smoothing, ch. 5), followed by the smoother of
Rauch, Tung & Striebel (1965, AIAA J 3:1445-1450), which looks at the whole trial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.companions.gait_transformer.columns import PHASES
from simgait.companions.gait_transformer.config import SmootherConfig
from simgait.types import GaitEvent

N_STATE = 2 + len(PHASES) - 1  # phase, rate, three offsets
START_SD = (1.0, 2.0, 0.7, 0.7, 0.7)  # rad, rad/s, rad
TURN = 2.0 * np.pi


@dataclass(frozen=True)
class SmoothPhases:
    """Smoothed phases over one trial.

    Attributes:
        phase_rad: (T, 4) unwrapped, columns `columns.PHASES`; an event at each whole turn.
        rate_rad_s: (T,) of the left initial contact's.
    """

    phase_rad: Float[np.ndarray, "T 4"]
    rate_rad_s: Float[np.ndarray, " T"]


def _wrapped(angle: Float[np.ndarray, "*N"]) -> Float[np.ndarray, "*N"]:
    return (angle + np.pi) % TURN - np.pi


def _start(measured: Float[np.ndarray, "T 4"], fps_hz: float) -> Float[np.ndarray, " 5"]:
    """First guess from the raw phases: the median rate, the circular mean of the offsets."""
    steps = _wrapped(np.diff(measured[:, 0]))
    offsets = np.angle(np.exp(1j * (measured[:, 1:] - measured[:, :1])).mean(axis=0))
    return np.array([measured[0, 0], float(np.median(steps)) * fps_hz, *offsets])


def _measurement(
    state: Float[np.ndarray, " 5"],
) -> tuple[Float[np.ndarray, " 8"], Float[np.ndarray, "8 5"]]:
    """Sines and cosines that a state predicts, and their derivatives by the state."""
    phases = state[0] + np.concatenate([[0.0], state[2:]])
    predicted = np.stack([np.sin(phases), np.cos(phases)], axis=1).ravel()
    by_phase = np.stack([np.cos(phases), -np.sin(phases)], axis=1).ravel()
    jacobian = np.zeros((8, N_STATE))
    jacobian[:, 0] = by_phase
    for k in range(1, len(PHASES)):
        jacobian[2 * k : 2 * k + 2, 1 + k] = by_phase[2 * k : 2 * k + 2]
    return predicted, jacobian


def _dynamics(
    config: SmootherConfig, step_s: float
) -> tuple[Float[np.ndarray, "5 5"], Float[np.ndarray, "5 5"]]:
    """Transition over one frame, and the covariance of what drifts meanwhile."""
    transition = np.eye(N_STATE)
    transition[0, 1] = step_s
    drift = np.zeros((N_STATE, N_STATE))
    # White noise on the rate's derivative, integrated over the frame.
    rate = config.rate_drift**2
    drift[:2, :2] = rate * np.array([[step_s**3 / 3, step_s**2 / 2], [step_s**2 / 2, step_s]])
    drift[0, 0] += config.phase_drift**2 * step_s
    drift[2:, 2:] = config.offset_drift**2 * step_s * np.eye(N_STATE - 2)
    return transition, drift


def smooth_phases(
    quadrature: Float[np.ndarray, "T 8"], fps_hz: float, config: SmootherConfig
) -> SmoothPhases:
    """Filters forwards, smooths backwards.

    Args:
        quadrature: sine and cosine of each phase of `columns.PHASES`, in that order. Frames with
            NaN are bridged by the dynamics.
        fps_hz: frame rate.
        config: noise.

    Raises:
        ValueError: no frame is whole.
    """
    known = np.isfinite(quadrature).all(axis=1)
    if not known.any():
        raise ValueError("no frame has all four phases")
    raw = np.arctan2(quadrature[known, 0::2], quadrature[known, 1::2])
    state, covariance = _start(raw, fps_hz), np.diag(np.square(START_SD))
    transition, drift = _dynamics(config, 1.0 / fps_hz)
    noise = config.measurement_sd**2 * np.eye(8)
    n = len(quadrature)
    predicted = np.zeros((n, N_STATE)), np.zeros((n, N_STATE, N_STATE))
    filtered = np.zeros((n, N_STATE)), np.zeros((n, N_STATE, N_STATE))
    # The first guess belongs to the first whole frame.
    state[0] -= state[1] * int(np.argmax(known)) / fps_hz
    for t in range(n):
        if t:
            state = transition @ state
            covariance = transition @ covariance @ transition.T + drift
        predicted[0][t], predicted[1][t] = state, covariance
        if known[t]:
            expected, jacobian = _measurement(state)
            spread = jacobian @ covariance @ jacobian.T + noise
            gain = np.linalg.solve(spread, jacobian @ covariance).T
            state = state + gain @ (quadrature[t] - expected)
            covariance = covariance - gain @ jacobian @ covariance
            covariance = 0.5 * (covariance + covariance.T)
        filtered[0][t], filtered[1][t] = state, covariance
    smooth = filtered[0].copy()
    for t in range(n - 2, -1, -1):
        gain = np.linalg.solve(predicted[1][t + 1], transition @ filtered[1][t]).T
        smooth[t] += gain @ (smooth[t + 1] - predicted[0][t + 1])
    phases = smooth[:, :1] + np.concatenate([np.zeros((n, 1)), smooth[:, 2:]], axis=1)
    return SmoothPhases(phases, smooth[:, 1])


def events_from_phases(
    time_s: Float[np.ndarray, " T"], phase_rad: Float[np.ndarray, "T 4"]
) -> tuple[GaitEvent, ...]:
    """Events where an unwrapped phase passes a whole turn upwards, between frames linearly."""
    events = []
    for column, (side, kind) in enumerate(PHASES):
        turns = np.maximum.accumulate(phase_rad[:, column]) / TURN
        for whole in range(int(np.ceil(turns[0])), int(np.floor(turns[-1])) + 1):
            after = int(np.searchsorted(turns, whole))
            if after == 0:
                events.append(GaitEvent(float(time_s[0]), side, kind))
                continue
            before = after - 1
            share = (whole - turns[before]) / (turns[after] - turns[before])
            at_s = time_s[before] + share * (time_s[after] - time_s[before])
            events.append(GaitEvent(float(at_s), side, kind))
    return tuple(sorted(events, key=lambda event: event.time_s))
