"""The axis in which a path trembles is the camera's line of sight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.footage import Camera
from simgait.series.filters import low_pass
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from simgait.trials.preparation import prepare
from simgait.trials.viewing_direction import seen_along, seen_along_from
from tests.let_walk import let_walk

FPS_HZ = 30.0


def trembling(angle_deg: float, ratio: float, n: int = 150, seed: int = 0) -> np.ndarray:
    """A way along x that trembles by 10 mm at this angle to it, by 10 mm / ratio square to it."""
    rng = np.random.default_rng(seed)
    angle = np.radians(angle_deg)
    axes = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    noise = rng.standard_normal((n, 2)) * [0.01, 0.01 / ratio] @ axes
    way = np.arange(n)[:, None] / FPS_HZ * [1.2, 0.0]
    return np.column_stack([way + noise, np.full(n, 0.9)])


@pytest.mark.parametrize("angle_deg", [0.0, 30.0, 60.0, 90.0, 120.0])
@pytest.mark.parametrize("ratio", [4.0, 20.0])
def test_the_axis_of_the_noise_is_found(angle_deg, ratio):
    found = seen_along(trembling(angle_deg, ratio), FPS_HZ)
    assert found == pytest.approx(abs(np.cos(np.radians(angle_deg))), abs=0.12)


def test_holes_and_smoothing_leave_the_axis_where_it_is():
    path = trembling(60.0, 10.0)
    assert seen_along(low_pass(path, FPS_HZ, 4.0), FPS_HZ) == pytest.approx(0.5, abs=0.12)
    path[50:60] = np.nan
    assert seen_along(path, FPS_HZ) == pytest.approx(0.5, abs=0.12)


def test_nothing_is_told_where_noise_is_alike_or_little_is_seen():
    assert np.isnan(seen_along(trembling(0.0, 1.0), FPS_HZ))
    assert np.isnan(seen_along(trembling(0.0, 10.0, n=20), FPS_HZ))
    assert np.isnan(seen_along(np.full((90, 3), np.nan), FPS_HZ))
    assert np.isnan(seen_along(np.zeros((90, 3)), FPS_HZ))


@pytest.mark.parametrize(
    ("view", "low", "high"), [("ahead", 0.98, 1.0), ("behind", 0.98, 1.0), ("sagittal", 0.0, 0.4)]
)
def test_a_synthetic_cameras_view_is_found(view, low, high):
    # In three seconds nobody passes far enough to be seen under many angles.
    made = trial_from_walk(let_walk(5, "normal", 3.0), view=view)
    (trial,) = prepare(made.recording)
    assert low <= seen_along(trial.pelvis_path_m, FPS_HZ) <= high


@pytest.mark.parametrize("angle_deg", [0.0, 40.0, 90.0, 180.0])
def test_a_cameras_place_tells_from_where_it_looked(angle_deg):
    path = trembling(90.0, 4.0)
    path[40:60] = np.nan
    angle = np.radians(angle_deg)
    place = np.nanmedian(path, axis=0) + 5.0 * np.array([np.cos(angle), np.sin(angle), 0.1])
    found = seen_along_from(place, path)
    assert found == pytest.approx(abs(np.cos(angle)), abs=0.02)
    turned = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert seen_along_from(turned @ place, path @ turned.T) == pytest.approx(found)


def test_a_camera_sees_no_view_of_who_stands_or_of_a_way_below_it():
    assert np.isnan(seen_along_from(np.array([0.0, 3.0, 1.0]), np.zeros((30, 3))))
    below = np.column_stack([np.linspace(-1.0, 1.0, 31), np.zeros(31), np.zeros(31)])
    assert np.isnan(seen_along_from(np.array([0.0, 0.0, 3.0]), below))


@pytest.mark.parametrize(
    ("ahead", "beside", "low", "high"), [(9.0, 0.0, 0.97, 1.0), (2.0, -8.0, 0.0, 0.3)]
)
def test_a_film_says_how_it_was_seen(ahead, beside, low, high):
    recording = trial_from_walk(synthetic_walk(draw_walker(11), 6.0), monocular=False).recording
    place = np.array([ahead, beside, 1.0])
    camera = Camera(900.0, 1280, 720, "stated", place, np.eye(3))
    (trial,) = prepare(replace(recording, scale_is_metric=False, camera=camera))
    assert low <= trial.seen_along <= high
