from dataclasses import replace

import numpy as np
import pytest

from simgait.footage import Camera, Footage
from simgait.report.trial.body_in_picture import (
    body_in_recording,
    body_strokes,
    overlay_writer,
    turn_and_scale,
)
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.types import Recording

CAMERA = Camera(
    900.0, 1280, 720, "stated", np.array([-6.0, 0.0, 1.0]),
    np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]]),
)  # fmt: skip
"""At 6 m behind the origin, 1 m above the floor, looking along x."""
TURN = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


@pytest.fixture
def short_trial(walk):
    return walk(2.0)[0]


@pytest.fixture
def short_rollout(walk):
    return walk(2.0)[1]


@pytest.fixture
def filmed(short_trial, short_rollout):
    """The keypoints that were followed, turned by 90°, 1.2 times as large, moved by 3 m."""
    points = 1.2 * short_rollout.target_keypoints_m @ TURN.T + [3.0, 0.5, 0.0]
    return Recording(
        "walk", "video", short_trial.start_s + short_rollout.time_s, KEYPOINT_NAMES, points,
        np.ones(points.shape[:2]), False, True, camera=CAMERA,
    )  # fmt: skip


def test_a_point_is_seen_where_it_is():
    seen = CAMERA.seen_at_px(np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-9.0, 0.0, 1.0]]))
    assert np.allclose(seen[0], [640.0, 360.0])
    assert np.allclose(seen[1], [640.0 - 150.0, 360.0 + 150.0])
    assert np.isnan(seen[2]).all()


def test_turn_and_scale_are_found():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(50, 3))
    goal = 0.7 * points @ TURN.T
    goal[3] = np.nan
    turn, scale = turn_and_scale(points, goal)
    assert np.allclose(turn, TURN) and scale == pytest.approx(0.7)


def test_the_body_stands_where_the_person_did(filmed, short_trial, short_rollout):
    body = body_in_recording(filmed, short_trial, short_rollout)
    expected = 1.2 * short_rollout.keypoints_m @ TURN.T + [3.0, 0.5, 0.0]
    assert np.allclose(body, expected, atol=1e-6)


def test_strokes_are_there_during_the_walk_alone(filmed, short_trial, short_rollout):
    strokes = body_strokes(filmed, short_trial, short_rollout)
    during = strokes(float(filmed.time_s[3]))
    assert len(during) == 11 and all(np.isfinite(one.start_px).all() for one in during)
    assert strokes(float(filmed.time_s[-1]) + 1.0) == []


def test_without_video_or_camera_there_is_no_overlay(filmed, short_trial, short_rollout, tmp_path):
    footage = Footage(tmp_path / "walk.mp4", None, 0.5, np.zeros((0, 4)))
    assert overlay_writer(filmed, short_trial, short_rollout) is None
    shown = replace(filmed, footage=footage)
    assert overlay_writer(shown, short_trial, short_rollout) is not None
    assert overlay_writer(replace(shown, camera=None), short_trial, short_rollout) is None
