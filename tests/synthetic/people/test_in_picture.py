"""A walk in a camera's picture, through the errors of a 2D detector."""

import numpy as np
import pytest

from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.detectors.named import FAMILIES
from simgait.synthetic.people.cameras import View
from simgait.synthetic.people.in_picture import (
    SIZE_PX,
    VIEWS,
    camera_of_walk,
    seen_in_picture,
)

FPS_HZ, HEIGHT_M = 25.0, 1.7
NAMES = ("Hip", "Knee", "Ankle", "Heel", "Big Toe", "Foot", "Shoulder", "Elbow", "Wrist", "Hand")


def figure(frames=150):
    """A stick figure that is pushed along x at 1.2 m/s."""
    shape = np.zeros((23, 3))
    heights = dict(zip(NAMES, (0.9, 0.5, 0.1, 0.03, 0.03, 0.03, 1.4, 1.1, 0.9, 0.8), strict=True))
    for name, column in KEYPOINT_INDEX.items():
        side = {"Left": 0.1, "Right": -0.1}.get(name.split()[0], 0.0)
        toes = 0.15 if name.endswith("Toe") else 0.0
        shape[column] = toes, side, heights.get(name.split(" ", 1)[-1], 1.5)
    way = np.column_stack([1.2 * np.arange(frames) / FPS_HZ, *np.zeros((2, frames))])
    return shape + way[:, None]


@pytest.mark.parametrize("view", VIEWS)
def test_the_camera_shows_the_whole_walk(view):
    points = figure()
    hips = points[:, [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]].mean(axis=1)
    camera = camera_of_walk(hips, HEIGHT_M, view, 7)
    seen = camera.seen_at_px(points)
    assert ((seen >= 0.0) & (seen <= SIZE_PX)).all()
    again = camera_of_walk(hips, HEIGHT_M, view, 7)
    np.testing.assert_array_equal(camera.position_m, again.position_m)


def test_points_lie_about_where_they_are_and_some_are_lost():
    points = figure()
    hips = points[:, [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]].mean(axis=1)
    camera = camera_of_walk(hips, HEIGHT_M, "sagittal", 3)
    exact = camera.seen_at_px(points)
    seen = seen_in_picture(FAMILIES["metrabs-87-v1"], points, camera, "sagittal", FPS_HZ, 3)
    assert seen.shape == (150, 23, 2)
    missing = np.isnan(seen).any(axis=-1)
    assert 0.0 < missing.mean() < 0.2
    tall_px = np.ptp(exact[0, :, 1])
    off = np.linalg.norm(seen - exact, axis=-1)
    assert 0.001 * tall_px < np.nanmedian(off) < 0.06 * tall_px
    other = seen_in_picture(FAMILIES["metrabs-87-v1"], points, camera, "sagittal", FPS_HZ, 4)
    assert np.nanmax(np.abs(other - seen)) > 0.0


def test_one_leg_ahead_is_less_low_than_it_is_and_as_far_aside():
    """The left foot half a metre ahead of the right one, of who comes: lower in the picture."""
    points = figure()
    left, right = KEYPOINT_INDEX["Left Ankle"], KEYPOINT_INDEX["Right Ankle"]
    points[:, left, 0] += 0.5
    hips = points[:, [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]].mean(axis=1)
    shares, asides = [], []
    for seed in range(40):
        camera = camera_of_walk(hips, HEIGHT_M, "towards", seed)
        exact = camera.seen_at_px(points)
        seen = seen_in_picture(FAMILIES["metrabs-87-v1"], points, camera, "towards", FPS_HZ, seed)
        aside, lower = np.nanmedian(
            (seen[:, left] - seen[:, right]) / (exact[:, left] - exact[:, right]), 0
        )
        shares.append(lower)
        asides.append(aside)
    assert 0.5 < np.mean(shares) < 0.8 and np.std(shares) > 0.1
    assert np.mean(asides) == pytest.approx(1.0, abs=0.1)


def test_legs_of_who_goes_change_places_in_some_recordings_and_of_who_comes_in_none():
    points = figure()
    hips = points[:, [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]].mean(axis=1)
    left, right = KEYPOINT_INDEX["Left Ankle"], KEYPOINT_INDEX["Right Ankle"]
    changed: dict[View, list[float]] = {"towards": [], "away": []}
    for view, shares in changed.items():
        for seed in range(30):
            camera = camera_of_walk(hips, HEIGHT_M, view, seed)
            exact = camera.seen_at_px(points)
            seen = seen_in_picture(FAMILIES["metrabs-87-v1"], points, camera, view, FPS_HZ, seed)
            turned = (seen[:, left, 0] < seen[:, right, 0]) != (
                exact[:, left, 0] < exact[:, right, 0]
            )
            shares.append(turned[np.isfinite(seen[:, [left, right], 0]).all(axis=1)].mean())
    assert max(changed["towards"]) < 0.05
    assert 0.15 < np.mean(np.array(changed["away"]) > 0.05) < 0.65
