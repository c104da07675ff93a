"""A pendulum-legged walker from sines and the kinematic skeleton, as fixtures for preparation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.kinematics import body_keypoints
from simgait.types import GaitEvent, Recording

HEIGHT_M = 1.70
STRIDE_S = 1.1
SPEED_MPS = 1.2


def pendulum_pose(
    time_s: np.ndarray, *, heading_rad: np.ndarray | float = 0.0, speed_mps: Any = SPEED_MPS
) -> np.ndarray:
    """(T, 16) pose of a walk along `heading_rad` (may change over time), starting at the origin."""
    phase = 2.0 * np.pi * time_s / STRIDE_S
    heading = np.broadcast_to(heading_rad, time_s.shape)
    speed = np.broadcast_to(speed_mps, time_s.shape)
    pose = np.zeros((len(time_s), 16))
    step = np.diff(time_s, prepend=time_s[0])
    pose[:, 0] = np.cumsum(speed * np.cos(heading) * step)
    pose[:, 1] = np.cumsum(speed * np.sin(heading) * step)
    pose[:, 2] = 0.90 + 0.02 * np.cos(2.0 * phase)
    pose[:, POSE_INDEX["pelvis_obliquity"]] = 0.05 * np.cos(phase)
    pose[:, POSE_INDEX["pelvis_rotation"]] = heading - 0.08 * np.sin(phase)
    for side, shift in (("left", 0.0), ("right", np.pi)):
        swing = phase + shift
        pose[:, POSE_INDEX[f"{side}_hip_flexion"]] = 0.1 + 0.4 * np.sin(swing)
        # The knee bends most while the hip swings forward fastest.
        pose[:, POSE_INDEX[f"{side}_knee_flexion"]] = 0.1 + 0.9 * np.clip(np.cos(swing), 0, 1) ** 2
        pose[:, POSE_INDEX[f"{side}_ankle_dorsiflexion"]] = 0.1 * np.sin(swing + 1.0)
    return pose


def pendulum_recording(
    seconds: float = 5.0,
    *,
    fps_hz: float = 30.0,
    heading_rad: Any = 0.0,
    speed_mps: Any = SPEED_MPS,
    metric: bool = True,
    **changes: Any,
) -> Recording:
    """A recording of that walk with exact keypoints; `changes` replace fields of the Recording."""
    time_s = np.arange(int(round(seconds * fps_hz))) / fps_hz
    heading = heading_rad(time_s) if callable(heading_rad) else heading_rad
    speed = speed_mps(time_s) if callable(speed_mps) else speed_mps
    pose = pendulum_pose(time_s, heading_rad=heading, speed_mps=speed)
    points = np.asarray(body_keypoints(pose, dimensions_from_height(HEIGHT_M)), dtype=float)
    recording = Recording(
        recording_id="walk",
        source_format="synthetic",
        time_s=time_s,
        keypoint_names=BODY_KEYPOINTS,
        keypoints_m=points,
        confidence=np.ones(points.shape[:2]),
        scale_is_metric=metric,
        pelvis_travels=True,
        subject_id="S1",
        height_m=HEIGHT_M,
        pose=pose,
        floor_z_m=0.0,
        events=(GaitEvent(1.0, "left", "initial_contact"), GaitEvent(1.66, "left", "foot_off")),
    )
    return replace(recording, **changes)


def with_points(recording: Recording, points_m: np.ndarray) -> Recording:
    """The recording with other keypoints (confidence 0 where they are missing)."""
    found = np.isfinite(points_m).all(axis=-1)
    return replace(recording, keypoints_m=points_m, confidence=np.where(found, 1.0, 0.0))


@pytest.fixture(scope="session")
def walk() -> Callable[..., Recording]:
    """`pendulum_recording`, for tests (they cannot import this file)."""
    return pendulum_recording


@pytest.fixture(scope="session")
def with_keypoints() -> Callable[[Recording, np.ndarray], Recording]:
    """`with_points`, for tests."""
    return with_points
