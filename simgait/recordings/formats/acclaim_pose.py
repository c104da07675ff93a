"""From the bones of an Acclaim skeleton to keypoints and to the true pose in our coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.recordings.markers.segment_angles import (
    frame_from_axis,
    hip_angles,
    pelvis_angles_of,
    unit,
)
from simgait.recordings.markers.trunk import STERNUM_PER_SHOULDER_LEVEL
from simgait.skeleton.kinematics import FOOT_SITES, PELVIS_SITE, dimensions_from_height

LEG_PER_HEIGHT = 0.245 + 0.246


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
) -> tuple[dict[str, Float[np.ndarray, "T 3"]], Float[np.ndarray, "T 16"], float, tuple[str, ...]]:
    """Keypoints by name (T, 3), true pose (T, 16), height (m) and notes.

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
    pose = np.full((n, 16), np.nan)
    pose[:, :3] = mid_hip
    pose[:, 3:6] = pelvis_angles_of(pelvis)
    keypoints: dict[str, Float[np.ndarray, "T 3"]] = {}
    ankle_height = float(dimensions_from_height(height_m).ankle_height_m)
    for side, prefix, sign, first in (("Left", "l", 1.0, 6), ("Right", "r", -1.0, 11)):
        femur, tibia, foot = (f"{prefix}{bone}" for bone in ("femur", "tibia", "foot"))
        knee, ankle = ends[femur], ends[tibia]
        hinge = rotations[femur] @ points.rest_axes[tibia][:, 1]
        thigh = frame_from_axis(unit(hips[prefix] - knee), hinge)
        shank_hinge = rotations[tibia] @ points.rest_axes[tibia][:, 1]
        shank = frame_from_axis(unit(knee - ankle), shank_hinge)
        pose[:, first : first + 3] = hip_angles(pelvis, thigh, sign)
        relative = np.swapaxes(thigh, -1, -2) @ shank
        pose[:, first + 3] = np.arctan2(relative[:, 0, 2], relative[:, 2, 2])
        forward = rotations[foot] @ np.array([1.0, 0.0, 0.0])
        in_shank = np.einsum("tji,tj->ti", shank, forward)
        pose[:, first + 4] = np.arctan2(in_shank[:, 2], in_shank[:, 0])
        foot_frame = frame_from_axis(unit(np.cross(forward, shank[:, :, 1])), shank[:, :, 1])
        foot_length = lengths_m[foot] * 0.97 / FOOT_SITES["Foot"][0]
        keypoints |= {f"{side} Hip": hips[prefix], f"{side} Knee": knee, f"{side} Ankle": ankle}
        for name, (fore, up) in FOOT_SITES.items():
            local = np.array([fore * foot_length, 0.0, (up - 1.0) * ankle_height])
            keypoints[f"{side} {name}"] = ankle + foot_frame @ local
        for name, bone in (
            ("Shoulder", "clavicle"), ("Elbow", "humerus"), ("Wrist", "radius"), ("Hand", "hand"),
        ):  # fmt: skip
            if f"{prefix}{bone}" in ends:
                keypoints[f"{side} {name}"] = ends[f"{prefix}{bone}"]
    local = np.array([PELVIS_SITE[0] * height_m, 0.0, PELVIS_SITE[1] * height_m])
    keypoints["Pelvis"] = mid_hip + pelvis @ local
    if "head" in ends:
        keypoints["Head"] = ends["head"]
    if "thorax" in ends:
        keypoints["Sternum"] = mid_hip + STERNUM_PER_SHOULDER_LEVEL * (ends["thorax"] - mid_hip)
    notes.append("heel, ball and toe are placed on the foot bone: the skeleton has no heel.")
    return keypoints, pose, height_m, tuple(notes)
