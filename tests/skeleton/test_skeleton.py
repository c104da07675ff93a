"""The default body as a value: what follows from its segments agrees with geometry."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simgait.skeleton.coordinates import ANGLES, JOINTS, PELVIS_ANGLES, POSITION
from simgait.skeleton.default import BODY_KEYPOINTS, POSE_NAMES, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.jacobian import points_and_jacobian
from simgait.skeleton.kinematics import body_keypoints, forward_kinematics, stacked
from simgait.skeleton.lengths import Length, Place
from simgait.skeleton.mirror import Layout, points, same, vector
from simgait.skeleton.spec import load_skeleton

DIMS = dimensions_from_height(1.7)
POSES = arrays(np.float64, TRIMMED_HUMANOID.n_coordinates, elements=st.floats(-1.2, 1.2))


def test_names_of_recordings_and_released_policies_stay() -> None:
    """Files and weights are laid out in this order."""
    legs = [
        f"{side}_{joint}"
        for side in ("left", "right")
        for joint in (
            "hip_flexion", "hip_adduction", "hip_rotation", "knee_flexion", "ankle_dorsiflexion",
        )
    ]  # fmt: skip
    pelvis = ["pelvis_tilt", "pelvis_obliquity", "pelvis_rotation"]
    assert list(POSE_NAMES) == ["pelvis_x_m", "pelvis_y_m", "pelvis_z_m", *pelvis, *legs]
    assert list(POSE_NAMES[ANGLES]) == pelvis + legs
    assert list(POSE_NAMES[PELVIS_ANGLES]) == pelvis
    assert list(POSE_NAMES[JOINTS]) == legs
    sided = ("Heel", "Big Toe", "Foot", "Ankle", "Knee", "Hip")
    expected = [f"{side} {name}" for side in ("Left", "Right") for name in sided]
    assert list(BODY_KEYPOINTS) == [*expected, "Pelvis", "Sternum"]


def test_units_follow_from_kinds_and_limits_hold_what_is_usual() -> None:
    for coordinate in TRIMMED_HUMANOID.coordinates:
        assert coordinate.unit == ("m" if coordinate.name.endswith("_m") else "rad")
        assert coordinate.lower < coordinate.usual < coordinate.upper
    assert [c.kind for c in TRIMMED_HUMANOID.coordinates[POSITION]] == ["position"] * 3


def test_the_mirror_agrees_with_the_clinical_signs() -> None:
    """What is internal on one side is internal on the other: the image of a clinical angle."""
    sign = TRIMMED_HUMANOID.mirror.sign
    for column, coordinate in enumerate(TRIMMED_HUMANOID.coordinates):
        if coordinate.kind == "angle":
            assert sign[column] == np.prod([s for _, s in coordinate.clinical])


@given(POSES)
@settings(max_examples=40, deadline=None)
def test_a_mirrored_pose_has_mirrored_points_and_comes_back(pose: np.ndarray) -> None:
    image = TRIMMED_HUMANOID.mirror(pose)
    assert np.array_equal(TRIMMED_HUMANOID.mirror(image), pose)
    here, there = (body_keypoints(p, DIMS).ravel() for p in (pose, image))
    assert np.allclose(there, points(BODY_KEYPOINTS)(here), atol=1e-12)


@given(POSES)
@settings(max_examples=8, deadline=None)
def test_the_jacobian_is_what_finite_differences_say(pose: np.ndarray) -> None:
    names = (*BODY_KEYPOINTS, *TRIMMED_HUMANOID.sphere_names)
    _, jacobian = points_and_jacobian(jnp.asarray(pose, jnp.float32), DIMS, names)
    h = 1e-6
    for column in range(len(pose)):
        ends = (pose + sign * h * np.eye(len(pose))[column] for sign in (1, -1))
        after, before = (stacked(forward_kinematics(p, DIMS), names) for p in ends)
        assert np.allclose(jacobian[..., column], (after - before) / (2 * h), atol=1e-5)


@given(POSES)
@settings(max_examples=25, deadline=None)
def test_segments_keep_their_lengths_in_every_pose(pose: np.ndarray) -> None:
    found = forward_kinematics(pose, DIMS)
    for side in ("Left", "Right"):
        for a, b, length in (("Hip", "Knee", DIMS.thigh_m), ("Knee", "Ankle", DIMS.shank_m)):
            distance = np.linalg.norm(found[f"{side} {a}"] - found[f"{side} {b}"])
            assert distance == pytest.approx(length)


def test_a_pose_of_another_body_is_refused() -> None:
    with pytest.raises(ValueError, match="trimmed_humanoid has 16 coordinates, not 15"):
        forward_kinematics(np.zeros(15), DIMS)


def test_many_people_and_one_give_the_same_points() -> None:
    people = [dimensions_from_height(h) for h in (1.1, 1.8)]
    both = replace(
        people[0], **{n: np.array([getattr(p, n) for p in people]) for n in vars(people[0])}
    )
    poses = np.random.default_rng(0).normal(0.0, 0.4, (2, TRIMMED_HUMANOID.n_coordinates))
    together = body_keypoints(poses, both)
    for row, dims, pose in zip(together, people, poses, strict=True):
        assert np.allclose(row, body_keypoints(pose, dims), atol=1e-12)


def test_a_skeleton_is_read_once_and_can_be_a_key() -> None:
    assert load_skeleton("trimmed_humanoid") is TRIMMED_HUMANOID
    assert {TRIMMED_HUMANOID: 1}[TRIMMED_HUMANOID] == 1


def test_lengths_add_up_and_mirror() -> None:
    length = Length(((0.5, "foot_length_m"), (-1.0, "ankle_height_m")))
    expected = 0.5 * DIMS.foot_length_m - DIMS.ankle_height_m
    assert length.of(DIMS) == pytest.approx(expected)
    place = Place(x=length, y=length).mirrored()
    assert place.of(DIMS) == pytest.approx((expected, -expected, 0.0))


def test_a_layout_knows_where_its_parts_are_and_mirrors_them_in_place() -> None:
    layout = Layout({"height": same(1), "velocity": vector(), "path": vector(2)})
    assert layout.size == 6
    assert (layout["velocity"], layout["path"]) == (slice(1, 4), slice(4, 6))
    assert np.array_equal(layout.mirror(np.arange(6.0)), [0, 1, -2, 3, 4, -5])
