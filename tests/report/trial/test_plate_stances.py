"""Force plates: whole stances of one foot are compared, everything else is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.report.trial.plate_stances import plate_stances
from simgait.types import ForcePlate, GaitEvent, Rollout
from tests import stand_ins

WEIGHT_N = 700.0
EVENTS = [
    GaitEvent(1.0, "right", "initial_contact"),
    GaitEvent(1.7, "right", "foot_off"),
    GaitEvent(1.6, "left", "initial_contact"),
    GaitEvent(2.3, "left", "foot_off"),
]


def force(time_s: np.ndarray, on_s: float, off_s: float, size_n: float) -> np.ndarray:
    inside = (time_s >= on_s) & (time_s <= off_s)
    phase = np.clip((time_s - on_s) / (off_s - on_s), 0, 1)
    return np.where(inside, size_n * np.sin(np.pi * phase) ** 0.5, 0.0)


def plate(on_s: float, off_s: float, until_s: float = 3.0) -> ForcePlate:
    time_s = np.arange(0.0, until_s, 0.001)
    values = np.zeros((len(time_s), 3))
    values[:, 2] = force(time_s, on_s, off_s, WEIGHT_N)
    return ForcePlate(time_s, values, np.zeros_like(values), np.zeros((4, 3)))


def body(scale: float = 1.0, weight_n: float = 560.0) -> Rollout:
    """A lighter body whose right foot stands as the plate says, times `scale`."""
    substep = (np.arange(720) + 1) / 240.0
    forces = np.zeros((720, 2, 3))
    forces[:, 1, 2] = scale * force(substep, 1.0, 1.7, weight_n)
    return stand_ins.rollout(np.ones(91, bool), forces, weight_n)


def test_equal_forces_in_units_of_each_bodys_weight() -> None:
    (stance,) = plate_stances([plate(1.0, 1.7)], EVENTS, body(), WEIGHT_N)
    assert stance.side == "right"
    assert stance.duration_s == pytest.approx(0.7, abs=0.01)
    assert stance.rmse_bw < 0.02
    assert max(map(abs, stance.peak_errors_bw)) < 0.02


def test_ringing_of_the_contacts_is_in_no_reported_force() -> None:
    ringing = body()
    wave = 0.3 * 560.0 * np.sin(2 * np.pi * 17.0 * ringing.substep_time_s)
    ringing.foot_force_n[:, 1, 2] += wave
    (calm,) = plate_stances([plate(1.0, 1.7)], EVENTS, body(), WEIGHT_N)
    (stance,) = plate_stances([plate(1.0, 1.7)], EVENTS, ringing, WEIGHT_N)
    assert stance.rmse_bw == pytest.approx(calm.rmse_bw, abs=0.005)
    assert stance.ringing_rmse_bw > 0.1


def test_errors_have_their_sign_and_size() -> None:
    (stance,) = plate_stances([plate(1.0, 1.7)], EVENTS, body(1.2), WEIGHT_N)
    assert stance.peak_errors_bw[0] == pytest.approx(0.2, abs=0.02)
    assert stance.impulse_error_bw_s == pytest.approx(
        0.2 * stance.measured_bw.mean() * stance.duration_s, rel=0.1
    )


def test_what_cannot_be_compared_is_left_out() -> None:
    whole = plate(1.0, 1.7)
    assert not plate_stances([whole], EVENTS, body(), float("nan"))
    assert not plate_stances([plate(1.35, 1.45)], EVENTS, body(), WEIGHT_N)  # nobody's stance
    loaded_at_start = replace(whole, time_s=whole.time_s - 1.2)
    assert not plate_stances([loaded_at_start], EVENTS, body(), WEIGHT_N)
    cut = plate(1.0, 1.7, until_s=1.5)
    assert not plate_stances([cut], EVENTS, body(), WEIGHT_N)
    both = [
        *EVENTS,
        GaitEvent(1.02, "left", "initial_contact"),
        GaitEvent(1.72, "left", "foot_off"),
    ]
    assert not plate_stances([whole], both, body(), WEIGHT_N)
    fallen = replace(body(), alive=np.arange(91) < 40)
    assert not plate_stances([whole], EVENTS, fallen, WEIGHT_N)
