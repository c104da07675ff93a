"""The skeleton against the words of its conventions, against scipy, and numpy against jax."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height, mass_from_height_kg
from simgait.skeleton.kinematics import body_keypoints, forward_kinematics, sole_heights
from simgait.skeleton.rotations import pelvis_angles, pelvis_rotation_matrix

N_POSE = TRIMMED_HUMANOID.n_coordinates

DIMS = dimensions_from_height(1.75)
SIDES = (("left", 1.0), ("right", -1.0))


def standing(**values: float) -> np.ndarray:
    pose = np.zeros(N_POSE)
    pose[2] = DIMS.standing_hip_height_m
    for name, value in values.items():
        pose[POSE_INDEX[name]] = value
    return pose


def moved(point: str, **values: float) -> np.ndarray:
    """How far a point goes (forward, left, up) when coordinates leave the standing pose."""
    after = forward_kinematics(standing(**values), DIMS)[point]
    return after - forward_kinematics(standing(), DIMS)[point]


def test_standing_body_is_as_tall_as_its_segments_and_its_soles_touch_the_floor() -> None:
    points = forward_kinematics(standing(), DIMS)
    assert np.allclose(sole_heights(standing(), DIMS), 0.0, atol=1e-12)
    for side, sign in SIDES:
        name = side.capitalize()
        assert np.allclose(points[f"{name} Hip"], [0, sign * DIMS.hip_width_m / 2, 0.53 * 1.75])
        assert np.linalg.norm(points[f"{name} Hip"] - points[f"{name} Knee"]) == pytest.approx(
            DIMS.thigh_m
        )
        assert np.linalg.norm(points[f"{name} Knee"] - points[f"{name} Ankle"]) == pytest.approx(
            DIMS.shank_m
        )
        assert points[f"{name} Big Toe"][0] > points[f"{name} Ankle"][0]
        assert points[f"{name} Heel"][0] < points[f"{name} Ankle"][0]


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_leg_coordinates_have_clinical_signs_on_both_sides(side: str, sign: float) -> None:
    name = side.capitalize()
    assert moved(f"{name} Knee", **{f"{side}_hip_flexion": 0.3})[0] > 0.1  # knee forwards
    assert moved(f"{name} Ankle", **{f"{side}_knee_flexion": 0.3})[0] < -0.1  # ankle backwards
    # Adduction: the knee goes to the midline.
    assert sign * moved(f"{name} Knee", **{f"{side}_hip_adduction": 0.2})[1] < -0.05
    assert moved(f"{name} Big Toe", **{f"{side}_ankle_dorsiflexion": 0.3})[2] > 0.05  # toe up
    # Internal rotation: the toe turns to the midline, the ankle stays.
    assert sign * moved(f"{name} Big Toe", **{f"{side}_hip_rotation": 0.3})[1] < -0.03
    assert np.allclose(moved(f"{name} Ankle", **{f"{side}_hip_rotation": 0.3}), 0, atol=1e-12)


def test_pelvis_coordinates_have_clinical_signs() -> None:
    assert moved("Sternum", pelvis_tilt=0.2)[0] > 0.05  # anterior: the trunk leans forward
    assert moved("Left Hip", pelvis_obliquity=0.2)[2] > 0.01  # left side up
    assert moved("Right Hip", pelvis_obliquity=0.2)[2] < -0.01
    assert moved("Right Hip", pelvis_rotation=0.2)[0] > 0.01  # right side forward


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_one_side_does_not_move_the_other(side: str, sign: float) -> None:
    other = "Right" if side == "left" else "Left"
    joints = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_flexion", "ankle_dorsiflexion")
    bent = {f"{side}_{joint}": 0.4 for joint in joints}
    for point in ("Knee", "Ankle", "Big Toe", "heel_sphere"):
        assert np.array_equal(moved(f"{other} {point}", **bent), np.zeros(3))


def test_pelvis_order_is_rotation_obliquity_tilt_as_scipy_builds_it() -> None:
    tilt, obliquity, rotation = 0.3, -0.2, 0.5
    expected = Rotation.from_euler("ZXY", [rotation, obliquity, tilt]).as_matrix()
    angles = np.array(tilt), np.array(obliquity), np.array(rotation)
    assert np.allclose(pelvis_rotation_matrix(*angles), expected, atol=1e-12)


@given(
    st.floats(-3.1, 3.1), st.floats(-1.5, 1.5), st.floats(-3.1, 3.1)
)  # obliquity beyond ±90° is the same rotation written otherwise
@settings(max_examples=60, deadline=None)
def test_pelvis_angles_come_back(tilt: float, obliquity: float, rotation: float) -> None:
    angles = np.array([tilt, obliquity, rotation])
    matrix = pelvis_rotation_matrix(*(np.array(a) for a in angles))
    assert np.allclose(pelvis_angles(matrix), angles, atol=1e-7)


def test_hip_order_is_flexion_adduction_rotation() -> None:
    flexion, adduction, rotation = 0.6, 0.2, 0.4
    pose = standing(
        left_hip_flexion=flexion, left_hip_adduction=adduction, left_hip_rotation=rotation
    )
    points = forward_kinematics(pose, DIMS)
    # Clinical signs of the left leg are those of rotations about -y, -x, -z.
    thigh = Rotation.from_euler("YXZ", [-flexion, -adduction, -rotation])
    expected = thigh.apply([0, 0, -DIMS.thigh_m])
    assert np.allclose(points["Left Knee"] - points["Left Hip"], expected, atol=1e-12)
    foot = points["Left Big Toe"] - points["Left Heel"]
    forward = thigh.apply([1.0, 0, 0])
    assert foot @ forward > 0.9 * np.linalg.norm(foot)


def test_numpy_and_jax_agree_on_a_batch() -> None:
    rng = np.random.default_rng(0)
    pose = rng.normal(0, 0.4, (7, N_POSE))
    in_numpy = forward_kinematics(pose, DIMS)
    in_jax = forward_kinematics(jnp.asarray(pose), DIMS)
    assert all(isinstance(v, np.ndarray) and v.dtype == np.float64 for v in in_numpy.values())
    assert set(in_numpy) == set(in_jax)
    for name, points in in_numpy.items():
        assert isinstance(in_jax[name], jax.Array)
        assert np.allclose(points, in_jax[name], atol=2e-6), name
    assert np.allclose(
        body_keypoints(pose, DIMS), body_keypoints(jnp.asarray(pose), DIMS), atol=2e-6
    )
    assert np.allclose(sole_heights(pose, DIMS), sole_heights(jnp.asarray(pose), DIMS), atol=2e-6)


def test_a_batch_of_people_is_each_of_them_alone() -> None:
    rng = np.random.default_rng(1)
    pose = rng.normal(0, 0.3, (3, N_POSE))
    heights = np.array([1.0, 1.5, 1.95])
    together = body_keypoints(pose, dimensions_from_height(heights))
    assert together.shape == (3, len(BODY_KEYPOINTS), 3)
    for i, height in enumerate(heights):
        alone = body_keypoints(pose[i], dimensions_from_height(float(height)))
        assert np.allclose(together[i], alone, atol=1e-12)


def test_body_keypoints_stand_in_the_order_of_their_names() -> None:
    pose = standing(left_knee_flexion=0.4, right_hip_adduction=0.1)
    points = forward_kinematics(pose, DIMS)
    stacked = body_keypoints(pose, DIMS)
    for row, name in zip(stacked, BODY_KEYPOINTS, strict=True):
        assert np.array_equal(row, points[name])


def test_soles_are_sphere_centres_less_their_radii() -> None:
    pose = standing(left_ankle_dorsiflexion=0.3, right_ankle_dorsiflexion=-0.3)
    points = forward_kinematics(pose, DIMS)
    heights = sole_heights(pose, DIMS)
    spheres = TRIMMED_HUMANOID.spheres
    for height, sphere in zip(heights.ravel(), spheres, strict=True):
        expected = points[sphere.name][2] - sphere.radius.of(DIMS)
        assert height == pytest.approx(expected)
    # Dorsiflexed: on the heel; plantarflexed: on the toes.
    names = TRIMMED_HUMANOID.sphere_names
    assert heights[0].argmin() == names.index("Left heel_sphere")
    assert heights[1].argmin() == names.index("Left hallux_sphere")


def test_mass_follows_height() -> None:
    assert mass_from_height_kg(1.75) == pytest.approx(22.0 * 1.75**2)
    assert mass_from_height_kg(1.0) == pytest.approx(15.5)
    assert dimensions_from_height(1.75, 90.0).mass_kg == 90.0
