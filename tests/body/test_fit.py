"""The fit against walks whose every angle is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.body.fit import (
    fit_poses,
    fit_references,
    measure_dimensions,
    smooth,
    stance_speed,
    stand_on_floor,
)
from simgait.errors import InputError
from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX, POSE_NAMES
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.kinematics import body_keypoints, sole_heights
from simgait.types import FittedTrial, Trial

Fitted = dict[str, list[FittedTrial]]
SAGITTAL_HIP_KNEE = [
    POSE_INDEX[f"{side}_{joint}"]
    for side in ("left", "right")
    for joint in ("hip_flexion", "knee_flexion")
]


def rmse_deg(reference: FittedTrial) -> np.ndarray:
    assert reference.trial.truth is not None
    error = reference.pose - reference.trial.truth.pose
    return np.rad2deg(np.sqrt(np.mean(np.square(error), axis=0)))


def test_exact_keypoints_give_every_joint_back(fitted: Fitted) -> None:
    for reference in fitted["exact"]:
        errors = rmse_deg(reference)
        for name in POSE_NAMES[3:]:
            # The prior pulls hardest at rotation, which keypoints tell least about.
            bar_deg = 2.5 if name.endswith("hip_rotation") else 1.5
            assert errors[POSE_INDEX[name]] < bar_deg, (reference.trial.trial_id, name, errors)
        assert np.nanmax(reference.fit_error_m) < 0.01


def test_exact_walk_has_its_path_height_and_velocity(fitted: Fitted) -> None:
    for reference in fitted["exact"]:
        trial = reference.trial
        assert trial.truth is not None
        assert reference.travel_is_measured.all()
        true_path = trial.truth.pose[:, :2] - trial.truth.pose[0, :2]
        path = reference.pose[:, :2] - reference.pose[0, :2]
        assert np.abs(path - true_path).max() < 0.03
        height_error = reference.pose[:, 2] - trial.truth.pose[:, 2]
        assert np.sqrt(np.mean(height_error**2)) < 0.01
        true_velocity = np.gradient(trial.truth.pose, 1 / 30, axis=0)
        error = reference.pose_velocity - true_velocity
        assert np.sqrt(np.mean(error[5:-5, 0] ** 2)) < 0.06
        # The rates are those of the pose itself, frame by frame.
        assert np.allclose(reference.pose_velocity, np.gradient(reference.pose, 1 / 30, axis=0))


def test_hips_knees_and_ankles_alone_still_tell_hip_and_knee(fitted: Fitted) -> None:
    for reference in fitted["legs"]:
        trial = reference.trial
        assert np.isnan(trial.keypoints_m[:, KEYPOINT_INDEX["Left Heel"]]).all()
        assert np.isfinite(reference.pose).all()
        assert np.isfinite(reference.pose_velocity).all()
        assert trial.truth is not None
        error = np.rad2deg(reference.pose - trial.truth.pose)
        tilt = error[:, POSE_INDEX["pelvis_tilt"]]
        for side in ("left", "right"):
            knee = error[:, POSE_INDEX[f"{side}_knee_flexion"]]
            hip = error[:, POSE_INDEX[f"{side}_hip_flexion"]]
            assert np.sqrt(np.mean(knee**2)) < 3.0, trial.trial_id
            # Nothing seen tells the pelvis's tilt, so the hip takes on what the prior says of it:
            # the thigh itself, and the hip but for a constant, are right.
            assert np.sqrt(np.mean((hip - tilt) ** 2)) < 2.0, trial.trial_id
            assert np.std(hip) < 3.0, trial.trial_id


def test_monocular_walk_is_fitted_near_the_truth(fitted: Fitted) -> None:
    reference = fitted["monocular"][0]
    assert np.isfinite(reference.pose).all()
    assert (rmse_deg(reference)[SAGITTAL_HIP_KNEE] < 15.0).all()
    # A detector's keypoints do not fit the body exactly, and the error says so.
    assert 0.003 < np.nanmedian(reference.fit_error_m) < 0.15


def test_sizes_are_measured_on_the_keypoints(fitted: Fitted) -> None:
    for one in fitted["exact"]:
        trial, dims = one.trial, one.dims
        left = trial.keypoints_m
        for name, a, b in (("thigh_m", "Hip", "Knee"), ("shank_m", "Knee", "Ankle")):
            offset = left[:, KEYPOINT_INDEX[f"Left {a}"]] - left[:, KEYPOINT_INDEX[f"Left {b}"]]
            assert getattr(dims, name) == pytest.approx(
                np.median(np.linalg.norm(offset, axis=-1)), rel=1e-3
            )
        assert dims.height_m == trial.height_m


@pytest.mark.parametrize("factor", [0.5, 1.7])
def test_impossible_legs_are_refused_with_a_sentence(
    exact_trials: list[Trial], factor: float
) -> None:
    trial = exact_trials[0]
    bad = replace(trial, keypoints_m=trial.keypoints_m * factor)
    with pytest.raises(InputError, match=r"thigh measures .* m; check unit, height and names"):
        measure_dimensions(bad)


def test_legs_that_were_never_seen_are_refused(exact_trials: list[Trial]) -> None:
    keypoints = exact_trials[0].keypoints_m.copy()
    keypoints[:, KEYPOINT_INDEX["Left Knee"]] = np.nan
    with pytest.raises(InputError, match="thigh"):
        measure_dimensions(replace(exact_trials[0], keypoints_m=keypoints))


def test_a_short_gap_costs_little(fitted: Fitted) -> None:
    whole = fitted["exact"][0]
    trial, dims = whole.trial, whole.dims
    keypoints = trial.keypoints_m.copy()
    keypoints[60:63, KEYPOINT_INDEX["Right Ankle"]] = np.nan
    reference = fit_references([replace(trial, keypoints_m=keypoints)], [dims])[0]
    assert np.isfinite(reference.pose).all()
    assert np.rad2deg(np.abs(reference.pose - whole.pose)[:, 3:]).max() < 6.0


def test_walk_without_travel_goes_by_its_stance_foot(fitted: Fitted) -> None:
    whole = fitted["exact"][0]
    trial, dims = whole.trial, whole.dims
    still = replace(
        trial,
        pelvis_path_m=np.full_like(trial.pelvis_path_m, np.nan),
        pelvis_path_mask=np.zeros(trial.n_frames, bool),
    )
    reference = fit_references([still], [dims])[0]
    assert not reference.travel_is_measured.any()
    travelled = reference.pose[-1, 0] - reference.pose[0, 0]
    true = whole.pose[-1, 0] - whole.pose[0, 0]
    # Forwards and by the right order; the sharing of load between feet takes up to a third away.
    assert 0.65 * true < travelled < 1.02 * true


def test_a_path_lost_for_half_a_second_goes_on_where_it_is_found_again(fitted: Fitted) -> None:
    """Whatever the feet say: a detector's legs may hardly swing, and stand still in the gap."""
    whole = fitted["exact"][0]
    trial, dims = whole.trial, whole.dims
    path, mask = trial.pelvis_path_m.copy(), trial.pelvis_path_mask.copy()
    path[40:58], mask[40:58] = np.nan, False
    flat = trial.keypoints_m * [0.4, 1.0, 1.0]
    holed = replace(trial, keypoints_m=flat, pelvis_path_m=path, pelvis_path_mask=mask)
    reference = fit_references([holed], [dims])[0]
    assert not reference.travel_is_measured[40:58].any()
    assert np.allclose(reference.pose[:, 0], whole.pose[:, 0], atol=0.06)


def test_frames_without_any_keypoint_have_no_fit_error(fitted: Fitted) -> None:
    trial, dims = fitted["exact"][0].trial, fitted["exact"][0].dims
    keypoints = trial.keypoints_m.copy()
    keypoints[40:42] = np.nan
    reference = fit_references([replace(trial, keypoints_m=keypoints)], [dims])[0]
    assert np.isnan(reference.fit_error_m[40:42]).all()
    assert np.isfinite(reference.fit_error_m[42:]).all()


def test_single_frames_of_different_people_fit_in_one_batch() -> None:
    rng = np.random.default_rng(0)
    heights = np.array([1.1, 1.5, 1.9])
    dims = dimensions_from_height(heights)
    pose = np.zeros((3, 16))
    pose[:, :3] = rng.normal(0, 0.05, (3, 3))
    for side in ("left", "right"):
        pose[:, POSE_INDEX[f"{side}_hip_flexion"]] = rng.uniform(-0.2, 0.6, 3)
        pose[:, POSE_INDEX[f"{side}_knee_flexion"]] = rng.uniform(0.1, 1.0, 3)
        pose[:, POSE_INDEX[f"{side}_ankle_dorsiflexion"]] = rng.uniform(-0.3, 0.2, 3)
    keypoints = body_keypoints(pose, dims)
    found = fit_poses(keypoints, np.ones((3, len(BODY_KEYPOINTS))), dims)
    assert np.rad2deg(np.abs(found - pose)[:, 3:]).max() < 1.5
    # A point without weight must not matter, wherever it is.
    weight = np.ones((3, len(BODY_KEYPOINTS)))
    weight[:, BODY_KEYPOINTS.index("Left Big Toe")] = 0.0
    keypoints[:, BODY_KEYPOINTS.index("Left Big Toe")] = 100.0
    found = fit_poses(keypoints, weight, dims)
    assert np.rad2deg(np.abs(found - pose)[:, 3:]).max() < 2.5


def test_standing_on_the_floor_touches_it(fitted: Fitted) -> None:
    reference = fitted["exact"][1]
    trial, dims = reference.trial, reference.dims
    floating = reference.pose.copy()
    floating[:, 2] += 0.37
    grounded = stand_on_floor(floating, dims, trial.fps_hz)
    lowest = sole_heights(grounded, dims).reshape(trial.n_frames, -1).min(axis=1)
    assert np.abs(lowest).max() < 0.012  # smoothing of the height
    assert np.median(np.abs(lowest)) < 0.003
    assert np.array_equal(np.delete(grounded, 2, axis=1), np.delete(floating, 2, axis=1))
    posed = np.tile(grounded[:1], (40, 1))
    exact = sole_heights(stand_on_floor(posed, dims, 30.0), dims).reshape(40, -1).min(axis=1)
    assert np.allclose(exact, 0.0, atol=1e-9)


def test_stance_speed_is_that_of_a_body_rolling_over_a_fixed_foot() -> None:
    dims = dimensions_from_height(1.7)
    time = np.arange(60) / 30.0
    pose = np.zeros((60, 16))
    # The left leg swings back under the body about its ankle, foot flat; the right is lifted.
    hip = 0.2 - 0.2 * time
    pose[:, POSE_INDEX["left_hip_flexion"]] = hip
    pose[:, POSE_INDEX["left_ankle_dorsiflexion"]] = -hip
    pose[:, POSE_INDEX["right_hip_flexion"]] = 0.8
    pose[:, POSE_INDEX["right_knee_flexion"]] = 1.2
    speed = stance_speed(pose, dims, 30.0)
    expected = 0.2 * dims.leg_m * np.cos(hip)
    assert np.allclose(speed[1:-1, 0], expected[1:-1], rtol=1e-3)
    assert np.allclose(speed[:, 1], 0.0, atol=1e-9)


def test_filtering_over_time() -> None:
    time = np.arange(300) / 30.0
    slow, fast = np.sin(2 * np.pi * time), np.sin(2 * np.pi * 13 * time)
    passed = smooth((slow + fast)[:, None], 5.0, 30.0)[:, 0]
    assert np.abs(passed - slow)[20:-20].max() < 0.02  # no phase shift, no 13 Hz


def test_a_walk_too_short_to_filter_stays_as_it_is() -> None:
    noise = np.random.default_rng(0).normal(size=(15, 3))
    assert np.array_equal(smooth(noise, 5.0, 30.0), noise)
    assert not np.allclose(smooth(np.tile(noise, (2, 1)), 5.0, 30.0), np.tile(noise, (2, 1)))
