"""The fitted body without physics: exact keypoints give the truth back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.baselines.kinematics import (
    NO_FOOT,
    KinematicsConfig,
    foot_was_seen,
    kinematics_tracker,
)
from simgait.baselines.tracker import Refusal, WalkEstimate
from simgait.body.fit import FitConfig, fit_references, measure_dimensions
from simgait.gait.matching import match_events, timing_error
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from tests.baselines.conftest import estimate


def test_an_exact_walk_comes_back(exact):
    walk = estimate(kinematics_tracker(), exact.trial)
    assert isinstance(walk, WalkEstimate)
    assert walk.rollout is None
    assert walk.keypoint_names == BODY_KEYPOINTS
    n = exact.trial.n_frames
    assert walk.keypoints_m.shape == (n, 14, 3) and walk.angles_rad.shape == (n, 13)
    for name, tolerance in (("velocity_mps", 0.02), ("stride_length_m", 0.02)):
        true = exact.gait.parameters[name]["both"].mean
        assert walk.gait.parameters[name]["both"].mean == pytest.approx(true, rel=tolerance)
    for side in ("left", "right"):
        true = exact.gait.parameters["step_length_m"][side].mean
        assert walk.gait.parameters["step_length_m"][side].mean == pytest.approx(true, abs=0.02)
    timing = timing_error(match_events(exact.gait.events, walk.gait.events))
    assert timing.n_missed <= 2 and timing.mae_ms < 50.0
    for joint in ("hip_flexion", "knee_flexion"):
        column = ANGLE_NAMES.index(f"left_{joint}")
        error = walk.angles_rad[:, column] - exact.angles_rad[:, column]
        assert np.degrees(np.sqrt(np.mean(error**2))) < 4.0


def test_the_cutoff_is_the_poses_and_the_only_filter(exact):
    walk = estimate(kinematics_tracker(KinematicsConfig(cutoff_hz=3.0)), exact.trial)
    config = FitConfig(keypoint_cutoff_hz=15.0, pose_cutoff_hz=3.0)
    own = fit_references([exact.trial], [measure_dimensions(exact.trial)], config)[0]
    np.testing.assert_allclose(walk.angles_rad, own.pose[:, 3:], atol=1e-9)
    sharp = estimate(kinematics_tracker(KinematicsConfig(cutoff_hz=15.0)), exact.trial)

    def roughness(angles):
        return np.abs(np.diff(angles, n=3, axis=0)).mean()

    assert roughness(walk.angles_rad) < roughness(sharp.angles_rad)


def test_hips_knees_and_ankles_are_enough(exact, exact_legs):
    walk = estimate(kinematics_tracker(), exact_legs.trial)
    true = exact.gait.parameters["velocity_mps"]["both"].mean
    assert walk.gait.parameters["velocity_mps"]["both"].mean == pytest.approx(true, rel=0.03)
    assert np.isfinite(walk.keypoints_m).all()


def test_an_ankle_whose_foot_was_never_seen_has_no_angle(exact, exact_legs):
    ankles = [ANGLE_NAMES.index(f"{side}_ankle_dorsiflexion") for side in ("left", "right")]
    blind = estimate(kinematics_tracker(), exact_legs.trial)
    assert blind.undefined == {ANGLE_NAMES[column]: NO_FOOT for column in ankles}
    assert np.isnan(blind.angles_rad[:, ankles]).all()
    assert np.isfinite(np.delete(blind.angles_rad, ankles, axis=1)).all()
    assert np.isnan(blind.gait.curves_deg["left_ankle_dorsiflexion_deg"]).all()
    whole = estimate(kinematics_tracker(), exact.trial)
    assert whole.undefined == {} and np.isfinite(whole.angles_rad).all()


@pytest.mark.parametrize("point", ["Heel", "Big Toe", "Foot"])
def test_one_point_of_a_foot_in_one_frame_is_a_foot_that_was_seen(exact, exact_legs, point):
    points = exact_legs.trial.keypoints_m.copy()
    column = KEYPOINT_INDEX[f"Right {point}"]
    points[7, column] = exact.trial.keypoints_m[7, column]
    seen = replace(exact_legs.trial, keypoints_m=points)
    assert foot_was_seen(seen, "right") and not foot_was_seen(seen, "left")


def test_holes_and_a_missing_path_are_survived(monocular):
    holed = monocular.trial.keypoints_m.copy()
    holed[20:30, :] = np.nan
    path = np.full_like(monocular.trial.pelvis_path_m, np.nan)
    mask = np.zeros_like(monocular.trial.pelvis_path_mask)
    trial = replace(monocular.trial, keypoints_m=holed, pelvis_path_m=path, pelvis_path_mask=mask)
    walk = estimate(kinematics_tracker(), trial)
    assert np.isfinite(walk.keypoints_m).all()
    assert walk.gait.parameters["velocity_mps"]["both"].mean > 0.1


def test_whom_the_body_does_not_fit_is_refused_and_the_others_keep_their_place(exact, giant):
    first, refused, last = kinematics_tracker().estimate([exact.trial, giant, exact.trial])
    assert isinstance(refused, Refusal) and "giant" in refused.reason
    assert isinstance(first, WalkEstimate) and isinstance(last, WalkEstimate)
    np.testing.assert_array_equal(first.angles_rad, last.angles_rad)
    assert kinematics_tracker().estimate([]) == []
    (alone,) = kinematics_tracker().estimate([giant])
    assert isinstance(alone, Refusal)
