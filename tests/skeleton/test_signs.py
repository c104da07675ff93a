"""The table of signs, walked joint by joint against the skeleton and against rotation matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from simgait.skeleton.coordinates import PELVIS_ANGLES
from simgait.skeleton.default import (
    ANGLE_NAMES,
    JOINT_NAMES,
    POSE_INDEX,
    POSE_NAMES,
    TRIMMED_HUMANOID,
)
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.kinematics import forward_kinematics
from simgait.skeleton.signs import (
    HEADING_TO_OPENSIM,
    RAJAGOPAL_RIGHT_HIP_M,
    clinical_angles_deg,
    clinical_names,
    opensim_coordinates,
    opensim_names,
)

DIMS = dimensions_from_height(1.7)
PLUS = 0.2
# Where a plus of each coordinate must take a point of the body (forward, left, up), seen from
# the words of the convention alone: point, its fixed partner, axis, direction.
MOVES = {
    "pelvis_x_m": ("Pelvis", None, 0, 1),
    "pelvis_y_m": ("Pelvis", None, 1, 1),
    "pelvis_z_m": ("Pelvis", None, 2, 1),
    "pelvis_tilt": ("Sternum", None, 0, 1),  # anterior: the top goes forward
    "pelvis_obliquity": ("Left Hip", "Right Hip", 2, 1),  # left side up
    "pelvis_rotation": ("Right Hip", "Left Hip", 0, 1),  # right side forward
    "left_hip_flexion": ("Left Knee", "Left Hip", 0, 1),
    "left_hip_adduction": ("Left Knee", "Left Hip", 1, -1),  # towards the right
    "left_hip_rotation": ("Left Big Toe", "Left Ankle", 1, -1),  # toes inwards
    "left_knee_flexion": ("Left Ankle", "Left Knee", 0, -1),  # shank backwards
    "left_ankle_dorsiflexion": ("Left Big Toe", "Left Ankle", 2, 1),  # toes up
    "right_hip_flexion": ("Right Knee", "Right Hip", 0, 1),
    "right_hip_adduction": ("Right Knee", "Right Hip", 1, 1),
    "right_hip_rotation": ("Right Big Toe", "Right Ankle", 1, 1),
    "right_knee_flexion": ("Right Ankle", "Right Knee", 0, -1),
    "right_ankle_dorsiflexion": ("Right Big Toe", "Right Ankle", 2, 1),
}


def pose_with(**values: float) -> np.ndarray:
    pose = np.zeros((1, len(POSE_NAMES)))
    for name, value in values.items():
        pose[0, POSE_INDEX[name]] = value
    return pose


def test_every_angle_is_told_of_every_side_it_belongs_to() -> None:
    per_side = [name.split("_", 1)[1] for name in clinical_names() if name.startswith("left")]
    assert clinical_names() == tuple(f"{s}_{n}" for s in ("left", "right") for n in per_side)
    assert per_side == [
        "pelvis_tilt", "pelvis_obliquity", "pelvis_rotation", "hip_flexion", "hip_adduction",
        "hip_rotation", "knee_flexion", "ankle_dorsiflexion",
    ]  # fmt: skip


def test_a_mot_file_has_rajagopals_columns_in_their_order() -> None:
    assert opensim_names() == (
        "pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_ty", "pelvis_tz",
        "hip_flexion_r", "hip_adduction_r", "hip_rotation_r", "knee_angle_r", "ankle_angle_r",
        "hip_flexion_l", "hip_adduction_l", "hip_rotation_l", "knee_angle_l", "ankle_angle_l",
    )  # fmt: skip


@pytest.mark.parametrize("name", POSE_NAMES)
def test_plus_moves_the_body_as_the_convention_says(name: str) -> None:
    point, partner, axis, direction = MOVES[name]

    def place(pose: np.ndarray) -> float:
        points = forward_kinematics(pose, DIMS)
        value = np.asarray(points[point])[0, axis]
        return value - (np.asarray(points[partner])[0, axis] if partner else 0.0)

    moved = place(pose_with(**{name: PLUS})) - place(pose_with())
    assert moved * direction > 0.01


@pytest.mark.parametrize("name", ANGLE_NAMES)
def test_clinical_signs_per_side(name: str) -> None:
    angles = clinical_angles_deg(pose_with(**{name: PLUS}))
    expected = {
        "pelvis_tilt": {"left_pelvis_tilt": 1, "right_pelvis_tilt": 1},
        "pelvis_obliquity": {"left_pelvis_obliquity": 1, "right_pelvis_obliquity": -1},
        # Right side forward is internal on the right, external on the left.
        "pelvis_rotation": {"left_pelvis_rotation": -1, "right_pelvis_rotation": 1},
    }.get(name, {name: 1})
    for clinical, value in angles.items():
        assert value[0] == pytest.approx(np.degrees(PLUS) * expected.get(clinical, 0))


@pytest.mark.parametrize("name", POSE_NAMES)
def test_opensim_sign_of_each_coordinate_alone(name: str) -> None:
    row = TRIMMED_HUMANOID.coordinates[POSE_INDEX[name]]
    neutral, moved = (
        opensim_coordinates(pose, DIMS) for pose in (pose_with(), pose_with(**{name: PLUS}))
    )
    change = {key: float(moved[key][0] - neutral[key][0]) for key in opensim_names()}
    step = PLUS if name.endswith("_m") else np.degrees(PLUS)
    assert change[row.opensim] == pytest.approx(row.opensim_sign * step)
    # A turn of the pelvis also carries OpenSim's pelvis origin, which is not at mid-hip.
    carried = ("pelvis_tx", "pelvis_ty", "pelvis_tz") if name in POSE_NAMES[PELVIS_ANGLES] else ()
    others = [v for key, v in change.items() if key not in (row.opensim, *carried)]
    assert np.allclose(others, 0.0, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-0.6, 0.6), min_size=3, max_size=3))
def test_pelvis_matrix_is_the_same_in_both_conventions(angles: list[float]) -> None:
    tilt, obliquity, rotation = angles
    ours = (
        Rotation.from_rotvec([0, 0, rotation])
        * Rotation.from_rotvec([obliquity, 0, 0])
        * Rotation.from_rotvec([0, tilt, 0])
    ).as_matrix()
    os = {
        key: float(value[0])
        for key, value in opensim_coordinates(
            pose_with(
                pelvis_tilt=tilt, pelvis_obliquity=obliquity, pelvis_rotation=rotation,
                pelvis_x_m=1.0, pelvis_y_m=-0.2, pelvis_z_m=0.9,
            ),
            DIMS,
        ).items()
    }  # fmt: skip
    theirs = Rotation.from_euler(
        "ZXY", [os["pelvis_tilt"], os["pelvis_list"], os["pelvis_rotation"]], degrees=True
    ).as_matrix()
    assert np.allclose(theirs, HEADING_TO_OPENSIM @ ours @ HEADING_TO_OPENSIM.T, atol=1e-9)
    forward, up, right = RAJAGOPAL_RIGHT_HIP_M
    scale = DIMS.hip_width_m / (2 * right)
    origin = np.array([os["pelvis_tx"], os["pelvis_ty"], os["pelvis_tz"]])
    for side, lateral in (("Right", right), ("Left", -right)):
        hip = origin + theirs @ (scale * np.array([forward, up, lateral]))
        pose = pose_with(
            pelvis_tilt=tilt, pelvis_obliquity=obliquity, pelvis_rotation=rotation,
            pelvis_x_m=1.0, pelvis_y_m=-0.2, pelvis_z_m=0.9,
        )  # fmt: skip
        expected = HEADING_TO_OPENSIM @ np.asarray(forward_kinematics(pose, DIMS)[f"{side} Hip"])[0]
        assert np.allclose(hip, expected, atol=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-0.7, 0.7), min_size=5, max_size=5), st.sampled_from(["left", "right"]))
def test_leg_rebuilt_with_rajagopals_axes_stands_where_the_skeletons_does(
    angles: list[float], side: str
) -> None:
    names = [n for n in JOINT_NAMES if n.startswith(side)]
    pose = pose_with(**dict(zip(names, angles, strict=True)))
    os = opensim_coordinates(pose, DIMS)
    s = side[0]
    # Rajagopal's left hip turns about -x in adduction and about -y in rotation.
    mirror = 1.0 if s == "r" else -1.0

    def about(axis: list[float], name: str) -> Rotation:
        return Rotation.from_rotvec(np.radians(os[f"{name}_{s}"][0]) * np.array(axis))

    thigh = (
        about([0, 0, 1], "hip_flexion")
        * about([mirror, 0, 0], "hip_adduction")
        * about([0, mirror, 0], "hip_rotation")
    )
    shank = thigh * about([0, 0, -1], "knee_angle")
    foot = shank * about([0, 0, 1], "ankle_angle")
    points = {
        k: HEADING_TO_OPENSIM @ np.asarray(v)[0] for k, v in forward_kinematics(pose, DIMS).items()
    }
    name = side.capitalize()
    down = np.array([0.0, -1.0, 0.0])
    knee, ankle, toe, heel = (points[f"{name} {j}"] for j in ("Knee", "Ankle", "Big Toe", "Heel"))
    assert np.allclose(knee - points[f"{name} Hip"], thigh.apply(DIMS.thigh_m * down), atol=1e-5)
    assert np.allclose(ankle - knee, shank.apply(DIMS.shank_m * down), atol=1e-5)
    sole = np.array([0.94 * DIMS.foot_length_m, -0.2 * DIMS.ankle_height_m, 0.0])
    assert np.allclose(toe - heel, foot.apply(sole), atol=1e-5)
