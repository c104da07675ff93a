"""A kinematic walker with forces to match: a rollout whose gait is known by construction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simgait.parameters.normative_curves import normative_band
from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.kinematics import body_keypoints
from simgait.types import Rollout, Trial

STRIDE_S = 1.1
SPEED_MPS = 1.2
STANCE = 0.61


def pose_of(time_s: np.ndarray, hip_height_m: float) -> np.ndarray:
    """Normative curves played on both legs, half a cycle apart; left contact at t = 0."""
    pose = np.zeros((len(time_s), 16))
    pose[:, 0] = SPEED_MPS * time_s
    pose[:, 1] = 0.02 * np.sin(2 * np.pi * time_s / STRIDE_S)
    pose[:, 2] = 0.97 * hip_height_m + 0.015 * np.cos(4 * np.pi * (time_s / STRIDE_S - 0.3))
    phase = {"left": time_s / STRIDE_S, "right": time_s / STRIDE_S + 0.5}

    def curve(coordinate: str, side: str) -> np.ndarray:
        mean, _ = normative_band(coordinate)
        return np.radians(np.interp(100 * (phase[side] % 1.0), np.arange(101), mean))

    pose[:, POSE_INDEX["pelvis_tilt"]] = curve("pelvis_tilt", "left")
    pose[:, POSE_INDEX["pelvis_obliquity"]] = curve("pelvis_obliquity", "left")
    pose[:, POSE_INDEX["pelvis_rotation"]] = -curve("pelvis_rotation", "left")
    for side in ("left", "right"):
        for name in ("hip_flexion", "hip_adduction", "hip_rotation", "knee_flexion",
                     "ankle_dorsiflexion"):  # fmt: skip
            pose[:, POSE_INDEX[f"{side}_{name}"]] = curve(name, side)
    return pose


def walking_force_n(time_s: np.ndarray, weight_n: float) -> np.ndarray:
    """(S, 2, 3) force under both feet with two humps per stance, braking then pushing."""
    force = np.zeros((len(time_s), 2, 3))
    for side, shift in ((0, 0.0), (1, 0.5)):
        share = ((time_s / STRIDE_S + shift) % 1.0) / STANCE
        on = share < 1.0
        rise = np.sin(np.pi * share[on])
        force[on, side, 2] = weight_n * rise**0.6 * (1.05 - 0.28 * rise**6)
        force[on, side, 0] = -0.18 * weight_n * np.sin(2 * np.pi * share[on])
    return force


def make_walk(
    seconds: float = 8.0,
    trial_id: str = "walk-01",
    seed: int = 0,
    fall_s: float | None = None,
    arms: bool = True,
) -> tuple[Trial, Rollout]:
    """A trial and the rollout that tracks it 10 mm off."""
    rng = np.random.default_rng(seed)
    dims = dimensions_from_height(1.72)
    time_s = np.arange(int(round(seconds * 30))) / 30.0
    pose = pose_of(time_s, float(dims.standing_hip_height_m))
    keypoints = np.asarray(body_keypoints(pose, dims), float)
    target = np.full((len(time_s), 23, 3), np.nan)
    for i, name in enumerate(BODY_KEYPOINTS):
        target[:, KEYPOINT_INDEX[name]] = keypoints[:, i]
    if arms:
        swing = 0.25 * np.sin(2 * np.pi * time_s / STRIDE_S)
        for side, sign in (("Left", 1.0), ("Right", -1.0)):
            for joint, drop, reach in (("Shoulder", 0.45, 0.0), ("Elbow", 0.15, 0.4),
                                       ("Wrist", -0.08, 0.9), ("Hand", -0.15, 1.0)):  # fmt: skip
                offset = np.stack(
                    [-sign * reach * swing, np.full_like(swing, sign * 0.2),
                     np.full_like(swing, drop)], axis=-1)  # fmt: skip
                target[:, KEYPOINT_INDEX[f"{side} {joint}"]] = pose[:, :3] + offset
        target[:, KEYPOINT_INDEX["Head"]] = pose[:, :3] + [0.03, 0.0, 0.68]
    target += 0.01 * rng.standard_normal(target.shape)
    target[:, KEYPOINT_INDEX["Right Big Toe"]] = np.nan
    target[20:26, KEYPOINT_INDEX["Left Knee"]] = np.nan

    substep_s = (np.arange(len(time_s) * 8) + 1) / 240.0
    weight_n = float(dims.mass_kg) * 9.81
    force = walking_force_n(substep_s, weight_n)

    alive = np.ones(len(time_s), bool)
    if fall_s is not None:
        alive = time_s < fall_s
        last = int(alive.sum()) - 1
        pose[last:], keypoints[last:] = pose[last], keypoints[last]
    trial = Trial(
        trial_id=trial_id, subject_id="S01", source_format="synthetic", time_s=time_s, start_s=0.0,
        keypoints_m=target - pose[:, None, :3], confidence=np.isfinite(target[..., 0]) * 1.0,
        pelvis_path_m=pose[:, :3] - pose[0, :3], pelvis_path_mask=np.ones(len(time_s), bool),
        scale_is_metric=False, keypoint_scale=1.02, height_m=1.72, mass_kg=65.0,
        notes=("Keypoints were scaled by 1.02 to the person's height.",),
    )  # fmt: skip
    rollout = Rollout(
        trial_id=trial_id, time_s=time_s, pose=pose,
        pose_velocity=np.gradient(pose, 1 / 30.0, axis=0), keypoints_m=keypoints,
        substep_time_s=substep_s, foot_force_n=force,
        joint_moment_nm=np.zeros((len(time_s), 10)),
        centre_of_mass_m=pose[:, :3],
        residual_force_n=0.03 * weight_n * rng.standard_normal((len(time_s), 3)) / np.sqrt(3),
        residual_moment_nm=rng.standard_normal((len(time_s), 3)), target_keypoints_m=target,
        reference_pose=pose.copy(), alive=alive, dimensions=dims, body_weight_n=weight_n,
    )  # fmt: skip
    return trial, rollout


@pytest.fixture(scope="session")
def walk() -> Callable[..., tuple[Trial, Rollout]]:
    """`make_walk`, for tests."""
    return make_walk
