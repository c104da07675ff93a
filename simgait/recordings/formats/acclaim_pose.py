"""From the bones of an Acclaim skeleton to keypoints and to the true pose in our coordinates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from simgait.recordings.markers.segment_angles import (
    frame_from_axis,
    hip_angles,
    unit,
)
from simgait.recordings.markers.trunk import STERNUM_PER_SHOULDER_LEVEL
from simgait.skeleton.coordinates import PELVIS_ANGLES, POSITION
from simgait.skeleton.default import POSE_INDEX, POSE_NAMES, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.rotations import pelvis_angles

_OF_ONE_METRE = dimensions_from_height(1.0)
LEG_PER_HEIGHT = _OF_ONE_METRE.leg_m
# Of foot length.
BALL_AHEAD = TRIMMED_HUMANOID.site("Left Foot").at.x.of(_OF_ONE_METRE) / _OF_ONE_METRE.foot_length_m
HIP_ANGLES = ("hip_flexion", "hip_adduction", "hip_rotation")
LEG_ANGLES = (*HIP_ANGLES, "knee_flexion", "ankle_dorsiflexion")


@dataclass(frozen=True)
class AcclaimPoints:
    """Bones over time on z-up axes.

    `ends_m` (T, 3); `rotations` (T, 3, 3) from the rest pose; `rest_axes` (3, 3) each bone's axis
    frame in the rest pose, of which column 1 (left) is the ASF hinge axis x.
    """

    ends_m: dict[str, Float[np.ndarray, "T 3"]]
    rotations: dict[str, Float[np.ndarray, "T 3 3"]]
    rest_axes: dict[str, Float[np.ndarray, "3 3"]]


def keypoints_and_pose(
    points: AcclaimPoints, lengths_m: dict[str, float], height_m: float | None
) -> tuple[dict[str, Float[np.ndarray, "T 3"]], Float[np.ndarray, "T D"], float, tuple[str, ...]]:
    """Keypoints by name (T, 3), true pose (T, D), height (m) and notes.

    - Pelvis orientation is the root bone's: x forward, y left, z up in its rest pose.
    - The knee's hinge axis in the femur gives hip rotation; the knee angle lies between femur and
      tibia, 0 = straight.
    - Ankle zero: the foot bone's rest pose, where the sole (the toe bone's direction) is square to
      the tibia. Heel, Foot and Big Toe sit at the skeleton's sites on that foot frame, because an
      Acclaim skeleton has no heel and its toe joint has no fixed height above the sole.
    """
    ends, rotations = points.ends_m, points.rotations
    notes: list[str] = []
    if height_m is None:
        leg = np.mean([lengths_m[f"{s}femur"] + lengths_m[f"{s}tibia"] for s in "lr"])
        height_m = float(leg / LEG_PER_HEIGHT)
        notes.append(
            f"height {height_m:.2f} m estimated from the skeleton's leg length "
            f"({leg:.2f} m / {LEG_PER_HEIGHT})."
        )
    pelvis = rotations["root"]
    hips = {s: ends[f"{s}hipjoint"] for s in "lr"}
    mid_hip = 0.5 * (hips["l"] + hips["r"])
    n = len(mid_hip)
    pose = np.full((n, len(POSE_NAMES)), np.nan)
    pose[:, POSITION] = mid_hip
    pose[:, PELVIS_ANGLES] = pelvis_angles(pelvis)
    keypoints: dict[str, Float[np.ndarray, "T 3"]] = {}
    usual = dimensions_from_height(height_m)
    for side, prefix, sign in (("Left", "l", 1.0), ("Right", "r", -1.0)):
        column = {name: POSE_INDEX[f"{side.lower()}_{name}"] for name in LEG_ANGLES}
        femur, tibia, foot = (f"{prefix}{bone}" for bone in ("femur", "tibia", "foot"))
        knee, ankle = ends[femur], ends[tibia]
        hinge = rotations[femur] @ points.rest_axes[tibia][:, 1]
        thigh = frame_from_axis(unit(hips[prefix] - knee), hinge)
        shank_hinge = rotations[tibia] @ points.rest_axes[tibia][:, 1]
        shank = frame_from_axis(unit(knee - ankle), shank_hinge)
        pose[:, [column[name] for name in HIP_ANGLES]] = hip_angles(pelvis, thigh, sign)
        relative = np.swapaxes(thigh, -1, -2) @ shank
        pose[:, column["knee_flexion"]] = np.arctan2(relative[:, 0, 2], relative[:, 2, 2])
        forward = rotations[foot] @ np.array([1.0, 0.0, 0.0])
        in_shank = np.einsum("tji,tj->ti", shank, forward)
        pose[:, column["ankle_dorsiflexion"]] = np.arctan2(in_shank[:, 2], in_shank[:, 0])
        foot_frame = frame_from_axis(unit(np.cross(forward, shank[:, :, 1])), shank[:, :, 1])
        # A foot bone ends a little before the ball of the foot.
        foot_dims = replace(usual, foot_length_m=lengths_m[foot] * 0.97 / BALL_AHEAD)
        keypoints |= {f"{side} Hip": hips[prefix], f"{side} Knee": knee, f"{side} Ankle": ankle}
        for name in ("Heel", "Big Toe", "Foot"):
            local = np.array(TRIMMED_HUMANOID.site(f"{side} {name}").at.of(foot_dims))
            keypoints[f"{side} {name}"] = ankle + foot_frame @ local
        for name, bone in (
            ("Shoulder", "clavicle"), ("Elbow", "humerus"), ("Wrist", "radius"), ("Hand", "hand"),
        ):  # fmt: skip
            if f"{prefix}{bone}" in ends:
                keypoints[f"{side} {name}"] = ends[f"{prefix}{bone}"]
    keypoints["Pelvis"] = mid_hip + pelvis @ np.array(TRIMMED_HUMANOID.site("Pelvis").at.of(usual))
    if "head" in ends:
        keypoints["Head"] = ends["head"]
    if "thorax" in ends:
        keypoints["Sternum"] = mid_hip + STERNUM_PER_SHOULDER_LEVEL * (ends["thorax"] - mid_hip)
    notes.append("heel, ball and toe are placed on the foot bone: the skeleton has no heel.")
    return keypoints, pose, height_m, tuple(notes)
