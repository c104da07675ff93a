"""The pose that markers give a recording, against the pose that made the markers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.datasets.preparation import SHORT_WALKS
from simgait.learning.marker_truth import with_fitted_pose
from simgait.skeleton.default import POSE_INDEX
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import prepare
from simgait.types import Recording


@pytest.fixture(scope="module")
def recording() -> Recording:
    """A synthetic walker's exact keypoints, turned so that its heading is no axis."""
    truth = walk(draw_walker(walker_seed("train", 7)), 4.0)
    made = trial_from_walk(truth, monocular=False).recording
    yaw = 0.9
    turn = np.array(
        [[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1.0]]
    )  # fmt: skip
    pose = np.array(made.pose)
    pose[:, :3] = pose[:, :3] @ turn.T
    pose[:, POSE_INDEX["pelvis_rotation"]] += yaw
    return replace(made, keypoints_m=made.keypoints_m @ turn.T, pose=pose)


def test_the_fitted_pose_is_the_walkers_own(recording: Recording) -> None:
    assert recording.pose is not None
    found = with_fitted_pose(replace(recording, pose=None), SHORT_WALKS).pose
    assert found is not None
    known = np.isfinite(found).all(axis=1)
    assert known.mean() > 0.9
    error = (found - recording.pose)[known]
    assert np.abs(error[:, :3]).max() < 0.02
    angles = np.degrees(np.angle(np.exp(1j * error[:, 3:])))
    assert np.sqrt(np.mean(angles**2)) < 2.0
    assert abs(angles[:, POSE_INDEX["pelvis_rotation"] - 3].mean()) < 1.0


def test_truth_of_a_prepared_trial_travels_as_the_walker_does(recording: Recording) -> None:
    def speed(one: Recording) -> np.ndarray:
        (trial,) = prepare(one, SHORT_WALKS)
        assert trial.truth is not None
        return np.nanmean(np.diff(trial.truth.pose[:, :2], axis=0), axis=0) * trial.fps_hz

    fitted = speed(with_fitted_pose(replace(recording, pose=None), SHORT_WALKS))
    assert np.allclose(fitted, speed(recording), atol=0.01)


def test_a_skeletons_own_pose_stays(recording: Recording) -> None:
    assert with_fitted_pose(recording, SHORT_WALKS) is recording
