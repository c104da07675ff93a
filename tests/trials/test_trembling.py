"""What a refiner is told of how a trial trembles: which way, how unevenly, how much."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.synthetic.detectors.monocular_v1 import View
from simgait.synthetic.recording import trial_from_walk
from simgait.trials.preparation import prepare
from simgait.trials.trembling import LEAST_M, USUAL_M, trembling_of, trembling_of_trial
from tests.let_walk import let_walk

FPS_HZ = 30.0


def points(angle_deg: float, along_m: float, across_m: float) -> np.ndarray:
    """Three points that get on along x and tremble more along one axis than across it."""
    rng = np.random.default_rng(0)
    angle = np.radians(angle_deg)
    axes = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    noise = rng.standard_normal((400, 3, 2)) * [along_m, across_m] @ axes
    way = np.arange(400)[:, None, None] / FPS_HZ * [1.2, 0.0]
    return np.concatenate([way + noise, np.full((400, 3, 1), 0.9)], axis=-1)


@pytest.mark.parametrize("angle_deg", [0.0, 30.0, 60.0, 90.0, 135.0])
def test_the_axis_is_told_by_twice_its_angle_and_how_uneven_it_is(angle_deg: float) -> None:
    along_m, across_m = 0.02, 0.01
    told = trembling_of(points(angle_deg, along_m, across_m), FPS_HZ)
    uneven = (along_m**2 - across_m**2) / (along_m**2 + across_m**2)
    twice = np.radians(2.0 * angle_deg)
    assert told[:2] == pytest.approx(uneven * np.array([np.cos(twice), np.sin(twice)]), abs=0.1)


def test_ten_times_the_trembling_is_one_decade_more() -> None:
    little, much = (trembling_of(points(20.0, m, m / 3), FPS_HZ) for m in (0.004, 0.04))
    assert much[2] - little[2] == pytest.approx(1.0, abs=0.01)
    assert much[:2] == pytest.approx(little[:2], abs=0.01)


def test_in_the_mirror_only_the_axis_turns() -> None:
    seen = points(30.0, 0.02, 0.01)
    image = seen * [1.0, -1.0, 1.0]
    assert trembling_of(image, FPS_HZ) == pytest.approx(
        trembling_of(seen, FPS_HZ) * [1.0, -1.0, 1.0], abs=1e-9
    )


def test_points_that_nothing_is_known_of_are_told_apart_from_still_ones() -> None:
    assert np.array_equal(trembling_of(np.full((90, 2, 3), np.nan), FPS_HZ), np.zeros(3))
    assert np.array_equal(trembling_of(points(0.0, 0.02, 0.01)[:20], FPS_HZ), np.zeros(3))
    still = trembling_of(points(0.0, 1e-7, 1e-7), FPS_HZ)
    assert still[2] == pytest.approx(np.log10(LEAST_M / USUAL_M))


@pytest.mark.parametrize(("view", "sign"), [("ahead", 1.0), ("sagittal", -1.0)])
def test_a_synthetic_cameras_axis_shows_in_path_and_points(view: View, sign: float) -> None:
    made = trial_from_walk(let_walk(5, "normal", 3.0), view=view)
    (trial,) = prepare(made.recording)
    told = trembling_of_trial(trial)
    assert sign * told[0] > 0.5 and sign * told[3] > 0.3
