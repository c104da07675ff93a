"""Stacking walks into a bank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.body.config import BodyConfig
from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.kinematics import body_keypoints, sole_heights
from simgait.tracking.clips import ClipBank, build_clips, hover_m, with_mirror_images
from tests.shapes import unchecked

BODY = BodyConfig()


def test_clips_keep_their_walks_and_repeat_the_last_frame(clips: ClipBank, walks) -> None:
    assert clips.n_clips == 3
    assert list(clips.length) == [40, 64, 64]
    assert clips.keypoints.shape == (3, 64, 23, 3)
    for i, one in enumerate(walks):
        trial, dims, n = one.trial, one.dims, one.trial.n_frames
        assert np.allclose(clips.target_pose[i, :n], trial.truth.pose, atol=1e-6)
        assert np.allclose(clips.reference_pose[i, :n], one.pose, atol=1e-6)
        mask = np.asarray(clips.keypoint_mask[i, :n], bool)
        assert np.array_equal(mask, np.isfinite(trial.keypoints_m).all(-1))
        scaled = trial.keypoints_m[mask] / dims.leg_m
        assert np.allclose(np.asarray(clips.keypoints[i, :n])[mask], scaled, atol=1e-6)
        assert not np.asarray(clips.keypoints[i, :n])[~mask].any()
        assert float(clips.bodies.dims.height_m[i]) == pytest.approx(float(dims.height_m))
    assert np.array_equal(clips.target_pose[0, 40:], np.repeat(clips.target_pose[0, 39:40], 24, 0))
    # Clip 2 knows legs only.
    assert not np.asarray(clips.keypoint_mask[2, :, KEYPOINT_INDEX["Head"]]).any()
    assert np.asarray(clips.keypoint_mask[2, :, KEYPOINT_INDEX["Left Knee"]]).all()


def test_feet_hover_where_their_lowest_point_is_above_the_floor(walks) -> None:
    dims = walks[0].dims
    pose = np.zeros((3, TRIMMED_HUMANOID.n_coordinates))
    pose[:, POSE_INDEX["pelvis_z_m"]] = dims.standing_hip_height_m + np.array([-0.02, 0.01, 0.03])
    pose[2, POSE_INDEX["left_ankle_dorsiflexion"]] = -0.3  # on its toes
    hovering = hover_m(pose, dims)
    assert np.allclose(hovering[:2], [[0.0, 0.0], [0.01, 0.01]], atol=1e-6)
    assert hovering[2, 1] == pytest.approx(0.03, abs=1e-6)
    toes = float(sole_heights(pose, dims)[2, 0, 1:].min())
    assert hovering[2, 0] == pytest.approx(max(toes, 0.0)) and hovering[2, 0] < 0.03


def test_longer_walks_are_cut(walks) -> None:
    bank = build_clips(walks, BODY, frames=50)
    assert list(bank.length) == [40, 50, 50]
    assert bank.target_pose.shape == (3, 50, TRIMMED_HUMANOID.n_coordinates)


def test_without_truth_the_target_is_the_reference(walks) -> None:
    unknown = replace(walks[0], trial=replace(walks[0].trial, truth=None))
    bank = build_clips([unknown], BODY)
    assert np.array_equal(bank.target_pose, bank.reference_pose)
    assert np.array_equal(bank.target_velocity, bank.reference_velocity)


def test_unknown_velocity_is_masked_and_zero(walks) -> None:
    witness = walks[0].witness_mps.copy()
    witness[5:9] = np.nan
    bank = build_clips([replace(walks[0], witness_mps=witness)], BODY)
    assert not np.asarray(bank.witness_mask[0, 5:9]).any()
    assert not np.asarray(bank.witness[0, 5:9]).any()
    assert np.asarray(bank.witness_mask[0, 9:]).all()


def test_nothing_that_is_not_finite_reaches_physics(walks) -> None:
    pose = walks[0].pose.copy()
    pose[3, 7] = np.nan
    bad = replace(walks[0], pose=pose)
    with pytest.raises(ValueError, match="reference_pose is not finite"):
        build_clips([bad], BODY)


def test_other_numbers_of_keypoints_are_refused(walks) -> None:
    trial = walks[0].trial
    with pytest.raises(ValueError, match="expected 23 keypoints"), unchecked():
        bad = replace(walks[0], trial=replace(trial, keypoints_m=trial.keypoints_m[:, :22]))
        build_clips([bad], BODY)


def test_mirror_images_walk_on_the_other_side(clips: ClipBank) -> None:
    both = with_mirror_images(clips)
    assert both.n_clips == 6
    mirrored = np.array(body_keypoints(np.asarray(both.target_pose[4]), _dims(both, 4)))
    original = np.array(body_keypoints(np.asarray(clips.target_pose[1]), _dims(clips, 1)))
    original[..., 1] *= -1
    swapped = [BODY_KEYPOINTS.index(_other_side(name)) for name in BODY_KEYPOINTS]
    assert np.allclose(mirrored, original[:, swapped], atol=1e-4)
    # Keypoints go the same way as the body that carries them.
    ankle, other = KEYPOINT_INDEX["Left Ankle"], KEYPOINT_INDEX["Right Ankle"]
    expected = np.asarray(clips.keypoints[1, :, other]) * [1, -1, 1]
    assert np.allclose(both.keypoints[4, :, ankle], expected)
    for feet in ("contact_probability", "hover_m"):
        mirrored, original = (np.asarray(getattr(bank, feet)) for bank in (both, clips))
        assert np.array_equal(mirrored[4, :, 0], original[1, :, 1])
    # What was measured on the walk is what its mirrored pose shows.
    hovering = hover_m(np.asarray(both.reference_pose[4]), _dims(both, 4))
    assert np.allclose(both.hover_m[4], hovering, atol=1e-5)


def test_the_image_of_an_image_is_the_walk(clips: ClipBank) -> None:
    four = with_mirror_images(with_mirror_images(clips))
    for name in ("target_pose", "reference_velocity", "keypoints", "keypoint_mask", "witness"):
        values = np.asarray(getattr(four, name))
        assert np.allclose(values[9:], values[:3]), name


def _dims(bank: ClipBank, clip: int) -> Dimensions:
    return Dimensions(**{k: float(v[clip]) for k, v in vars(bank.bodies.dims).items()})


def _other_side(name: str) -> str:
    if name.startswith("Left"):
        return name.replace("Left", "Right")
    return name.replace("Right", "Left")
