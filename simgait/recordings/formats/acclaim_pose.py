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
from simgait.skeleton.dimensions import Dimensions, dimensions_from_height
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
        leg_m = np.mean([lengths_m[f"{s}femur"] + lengths_m[f"{s}tibia"] for s in "lr"])
        height_m = float(leg_m / LEG_PER_HEIGHT)
        notes.append(
            f"height {height_m:.2f} m estimated from the skeleton's leg length "
            f"({leg_m:.2f} m / {LEG_PER_HEIGHT})."
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
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        leg = _leg_frames(points, side[0].lower())
        _put_leg_angles(pose, pelvis, leg, side.lower(), sign)
        # A foot bone ends a little before the ball of the foot.
        foot_length_m = lengths_m[f"{side[0].lower()}foot"] * 0.97 / BALL_AHEAD
        keypoints |= _limb_keypoints(ends, leg, side, replace(usual, foot_length_m=foot_length_m))
    keypoints["Pelvis"] = mid_hip + pelvis @ np.array(TRIMMED_HUMANOID.site("Pelvis").at.of(usual))
    if "head" in ends:
        keypoints["Head"] = ends["head"]
    if "thorax" in ends:
        keypoints["Sternum"] = mid_hip + STERNUM_PER_SHOULDER_LEVEL * (ends["thorax"] - mid_hip)
    notes.append("heel, ball and toe are placed on the foot bone: the skeleton has no heel.")
    return keypoints, pose, height_m, tuple(notes)


@dataclass(frozen=True)
class _Leg:
    """Joints (T, 3) and segment frames (T, 3, 3) of one leg; `forward` (T, 3) of the foot bone."""

    hip: Float[np.ndarray, "T 3"]
    knee: Float[np.ndarray, "T 3"]
    ankle: Float[np.ndarray, "T 3"]
    thigh: Float[np.ndarray, "T 3 3"]
    shank: Float[np.ndarray, "T 3 3"]
    forward: Float[np.ndarray, "T 3"]


def _leg_frames(points: AcclaimPoints, prefix: str) -> _Leg:
    ends, rotations = points.ends_m, points.rotations
    femur, tibia, foot = (f"{prefix}{bone}" for bone in ("femur", "tibia", "foot"))
    hip, knee, ankle = ends[f"{prefix}hipjoint"], ends[femur], ends[tibia]
    hinge, shank_hinge = (
        rotations[bone] @ points.rest_axes[tibia][:, 1] for bone in (femur, tibia)
    )
    return _Leg(
        hip=hip,
        knee=knee,
        ankle=ankle,
        thigh=frame_from_axis(unit(hip - knee), hinge),
        shank=frame_from_axis(unit(knee - ankle), shank_hinge),
        forward=rotations[foot] @ np.array([1.0, 0.0, 0.0]),
    )


def _put_leg_angles(
    pose: Float[np.ndarray, "T D"],
    pelvis: Float[np.ndarray, "T 3 3"],
    leg: _Leg,
    side: str,
    sign: float,
) -> None:
    """Writes hip, knee and ankle angles of one leg into the pose."""
    column = {name: POSE_INDEX[f"{side}_{name}"] for name in LEG_ANGLES}
    pose[:, [column[name] for name in HIP_ANGLES]] = hip_angles(pelvis, leg.thigh, sign)
    relative = np.swapaxes(leg.thigh, -1, -2) @ leg.shank
    pose[:, column["knee_flexion"]] = np.arctan2(relative[:, 0, 2], relative[:, 2, 2])
    in_shank = np.einsum("tji,tj->ti", leg.shank, leg.forward)
    pose[:, column["ankle_dorsiflexion"]] = np.arctan2(in_shank[:, 2], in_shank[:, 0])


def _limb_keypoints(
    ends: dict[str, Float[np.ndarray, "T 3"]], leg: _Leg, side: str, foot_dims: Dimensions
) -> dict[str, Float[np.ndarray, "T 3"]]:
    """Keypoints of one side's leg, foot and arm."""
    left = leg.shank[:, :, 1]
    foot_frame = frame_from_axis(unit(np.cross(leg.forward, left)), left)
    found = {f"{side} Hip": leg.hip, f"{side} Knee": leg.knee, f"{side} Ankle": leg.ankle}
    for name in ("Heel", "Big Toe", "Foot"):
        local = np.array(TRIMMED_HUMANOID.site(f"{side} {name}").at.of(foot_dims))
        found[f"{side} {name}"] = leg.ankle + foot_frame @ local
    for name, bone in (
        ("Shoulder", "clavicle"), ("Elbow", "humerus"), ("Wrist", "radius"), ("Hand", "hand"),
    ):  # fmt: skip
        if f"{side[0].lower()}{bone}" in ends:
            found[f"{side} {name}"] = ends[f"{side[0].lower()}{bone}"]
    return found
