"""Gait from the points themselves: exact points give the truth, missing ones stay missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.baselines.raw_keypoints import (
    NO_SOLE,
    RawKeypointsConfig,
    raw_keypoints_tracker,
    sagittal_angles,
)
from simgait.baselines.tracker import Refusal, WalkEstimate
from simgait.findings import Code, Finding
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS, POSE_INDEX
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.skeleton.kinematics import body_keypoints
from tests.baselines.conftest import estimate


def test_an_exact_walk_comes_back(exact):
    walk = estimate(raw_keypoints_tracker(), exact.trial)
    assert isinstance(walk, WalkEstimate)
    assert walk.keypoint_names == KEYPOINT_NAMES
    true = exact.gait.parameters["velocity_mps"]["both"].mean
    assert walk.gait.parameters["velocity_mps"]["both"].mean == pytest.approx(true, rel=0.02)
    for side in ("left", "right"):
        true = exact.gait.parameters["step_length_m"][side].mean
        assert walk.gait.parameters["step_length_m"][side].mean == pytest.approx(true, abs=0.02)
    for joint in ("knee_flexion", "hip_flexion", "ankle_dorsiflexion"):
        column = ANGLE_NAMES.index(f"right_{joint}")
        error = walk.angles_rad[:, column] - exact.angles_rad[:, column]
        assert np.degrees(np.std(error)) < 5.0
    assert walk.undefined == {}
    pelvis = [ANGLE_NAMES.index(name) for name in ANGLE_NAMES if name.startswith("pelvis")]
    assert np.isnan(walk.angles_rad[:, pelvis]).all()


def test_sagittal_angles_of_a_known_pose():
    pose = np.zeros((1, 16))
    given = {"hip_flexion": 25.0, "knee_flexion": 40.0, "ankle_dorsiflexion": -12.0}
    for name, degrees in given.items():
        pose[0, POSE_INDEX[f"left_{name}"]] = np.radians(degrees)
        pose[0, POSE_INDEX[f"right_{name}"]] = np.radians(0.5 * degrees)
    body = np.asarray(body_keypoints(pose, dimensions_from_height(1.7)))
    points = np.full((1, 23, 3), np.nan)
    for column, name in enumerate(BODY_KEYPOINTS):
        points[:, KEYPOINT_INDEX[name]] = body[:, column]
    angles = np.degrees(sagittal_angles(points)[0])
    for name, degrees in given.items():
        assert angles[ANGLE_NAMES.index(f"left_{name}")] == pytest.approx(degrees, abs=0.1)
        assert angles[ANGLE_NAMES.index(f"right_{name}")] == pytest.approx(0.5 * degrees, abs=0.1)
    assert np.isnan(angles[ANGLE_NAMES.index("left_hip_adduction")])


def test_hips_knees_and_ankles_are_enough(exact_legs):
    walk = estimate(raw_keypoints_tracker(), exact_legs.trial)
    true = exact_legs.gait.parameters["velocity_mps"]["both"].mean
    assert walk.gait.parameters["velocity_mps"]["both"].mean == pytest.approx(true, rel=0.03)
    assert np.isnan(walk.angles_rad[:, ANGLE_NAMES.index("left_ankle_dorsiflexion")]).all()
    assert np.isfinite(walk.angles_rad[:, ANGLE_NAMES.index("left_knee_flexion")]).all()
    assert walk.undefined["left_ankle_dorsiflexion"] == NO_SOLE
    assert Finding(Code.NO_HEEL, "note", {"instead": "Ankle"}) in walk.gait.findings


def test_without_a_path_there_is_no_velocity_and_it_says_so(exact):
    trial = replace(
        exact.trial,
        pelvis_path_m=np.full_like(exact.trial.pelvis_path_m, np.nan),
        pelvis_path_mask=np.zeros_like(exact.trial.pelvis_path_mask),
    )
    walk = estimate(raw_keypoints_tracker(), trial)
    assert walk.gait.parameters["velocity_mps"]["both"].n == 0
    assert np.isnan(walk.gait.parameters["velocity_mps"]["both"].mean)
    assert Finding(Code.NO_PATH) in walk.gait.findings
    true = exact.gait.parameters["step_length_m"]["both"].mean
    assert walk.gait.parameters["step_length_m"]["both"].mean == pytest.approx(true, abs=0.02)
    believed = estimate(raw_keypoints_tracker(), exact.trial)
    assert Finding(Code.NO_PATH) not in believed.gait.findings


def test_holes_stay_holes_and_the_filter_takes_jitter_out(exact):
    rng = np.random.default_rng(0)
    points = exact.trial.keypoints_m + rng.normal(0.0, 0.01, exact.trial.keypoints_m.shape)
    knee = KEYPOINT_INDEX["Left Knee"]
    points[40:50, knee] = np.nan
    trial = replace(exact.trial, keypoints_m=points)
    smooth = estimate(raw_keypoints_tracker(), trial)
    rough = estimate(raw_keypoints_tracker(RawKeypointsConfig(cutoff_hz=None)), trial)
    column = ANGLE_NAMES.index("left_knee_flexion")
    assert np.isnan(smooth.angles_rad[40:50, column]).all()
    assert np.isnan(smooth.angles_rad[:, column]).sum() == 10

    def jitter(walk):
        return np.nanstd(walk.angles_rad[:, column] - exact.angles_rad[:, column])

    assert jitter(smooth) < 0.8 * jitter(rough)


def test_nobody_in_sight_is_refused(exact):
    nothing = replace(exact.trial, keypoints_m=np.full_like(exact.trial.keypoints_m, np.nan))
    refused, seen = raw_keypoints_tracker().estimate([nothing, exact.trial])
    assert isinstance(refused, Refusal) and exact.trial.trial_id in refused.reason
    assert isinstance(seen, WalkEstimate)
