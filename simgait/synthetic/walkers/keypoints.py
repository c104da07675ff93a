"""The exact 23 keypoints of a synthetic walker: 14 from the skeleton, plausible arms and head."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.skeleton.kinematics import body_keypoints

# Lengths / height, Drillis & Contini in Winter (2009), fig. 4.1; shoulders inside the acromia.
_SHOULDER_HALF, _SHOULDER_UP = 0.105, 0.045
_UPPER_ARM, _FOREARM, _HAND, _HEAD_UP = 0.186, 0.146, 0.054, 0.155
_ARM_PER_THIGH = 0.75  # amplitude of arm swing / thigh swing at self-selected speed


def exact_keypoints(
    pose: Float[np.ndarray, "T D"], dims: Dimensions
) -> Float[np.ndarray, "T 23 3"]:
    """World positions (m) of all `KEYPOINT_NAMES`, without error.

    The arm swings against the leg of its own side; the trunk above the pelvis stays upright.
    """
    pose = np.asarray(pose, dtype=float)
    points = np.full((len(pose), len(KEYPOINT_NAMES), 3), np.nan)
    columns = [KEYPOINT_INDEX[name] for name in BODY_KEYPOINTS]
    points[:, columns] = body_keypoints(pose, dims)

    height = float(dims.height_m)
    sternum = points[:, KEYPOINT_INDEX["Sternum"]]
    turn = -0.6 * pose[:, POSE_INDEX["pelvis_rotation"]]
    across = np.stack([-np.sin(turn), np.cos(turn), np.zeros_like(turn)], axis=-1)
    up = np.array([0.0, 0.0, height])
    points[:, KEYPOINT_INDEX["Head"]] = sternum + _HEAD_UP * up
    for side, sign in (("left", 1.0), ("right", -1.0)):
        thigh = pose[:, POSE_INDEX[f"{side}_hip_flexion"]] - pose[:, POSE_INDEX["pelvis_tilt"]]
        swing = 0.03 - _ARM_PER_THIGH * (thigh - thigh.mean())
        bend = swing + 0.35 + 0.25 * np.clip(swing, -0.5, 0.8)
        shoulder = sternum + sign * _SHOULDER_HALF * height * across + _SHOULDER_UP * up

        def along(angle: Float[np.ndarray, " T"]) -> Float[np.ndarray, "T 3"]:
            return height * np.stack([np.sin(angle), 0.0 * angle, -np.cos(angle)], axis=-1)

        elbow = shoulder + _UPPER_ARM * along(swing) + sign * 0.02 * height * across
        wrist = elbow + _FOREARM * along(bend)
        name = side.capitalize()
        points[:, KEYPOINT_INDEX[f"{name} Shoulder"]] = shoulder
        points[:, KEYPOINT_INDEX[f"{name} Elbow"]] = elbow
        points[:, KEYPOINT_INDEX[f"{name} Wrist"]] = wrist
        points[:, KEYPOINT_INDEX[f"{name} Hand"]] = wrist + _HAND * along(bend)
    return points
