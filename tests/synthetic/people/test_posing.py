"""The walker's truth is the mesh's, exactly; the mesh follows."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.kinematics import body_keypoints
from simgait.synthetic.people.person import make_person
from simgait.synthetic.people.posing import (
    JOINTS,
    Carriage,
    pose_person,
    skinned,
    usual_upper_body,
)
from simgait.synthetic.people.segments import SEGMENTS, columns, segment_of
from simgait.synthetic.people.shapes import CHILDREN, HEIGHTS_M, load_mesh, load_shapes, mixed
from simgait.synthetic.walkers.walk import draw_walker, walk


def person_of(body: str = "woman", height_m: float = 1.65):
    return make_person(load_mesh(), load_shapes()[body], height_m, 0.01)


@pytest.fixture(scope="module")
def posed():
    person = person_of()
    truth = walk(draw_walker(3, "normal", person.dimensions), 2.0)
    return person, truth, *pose_person(person, truth.pose, usual_upper_body(truth.pose, Carriage()))


def test_hips_knees_and_ankles_are_the_walkers(posed):
    person, truth, _, joints = posed
    known = body_keypoints(truth.pose, person.dimensions)
    for name in JOINTS[:6]:
        ours = joints[:, JOINTS.index(name)]
        np.testing.assert_allclose(ours, known[:, BODY_KEYPOINTS.index(name)], atol=1e-9)


def test_heels_and_toes_of_the_mesh_are_near_the_walkers(posed):
    person, truth, _, joints = posed
    known = body_keypoints(truth.pose, person.dimensions)
    for name in JOINTS[6:10]:
        off = joints[:, JOINTS.index(name)] - known[:, BODY_KEYPOINTS.index(name)]
        assert np.linalg.norm(off, axis=-1).max() < 0.07


def test_the_mesh_stands_on_the_floor(posed):
    person, truth, motion, _ = posed
    for frame in range(0, len(truth.time_s), 7):
        vertices, normals = skinned(person, motion, frame)
        # At push-off the mesh's toes, which are longer than the walker's, sink in a little.
        assert -0.03 < vertices[:, 2].min() < 0.01
        assert 0.9 * person.height_m < vertices[:, 2].max() < 1.03 * person.height_m
        assert np.isfinite(normals).all()


def test_arms_swing_against_the_legs_of_their_side(posed):
    _, _, _, joints = posed
    ahead = joints[..., 0] - joints[..., :2, 0].mean(axis=1, keepdims=True)
    for side in ("Left", "Right"):
        wrist, ankle = (ahead[:, JOINTS.index(f"{side} {j}")] for j in ("Wrist", "Ankle"))
        assert np.corrcoef(wrist, ankle)[0, 1] < -0.5


def test_bones_keep_their_length(posed):
    _, _, _, joints = posed
    for above, below in (("Hip", "Knee"), ("Knee", "Ankle"), ("Shoulder", "Elbow")):
        a, b = (joints[:, JOINTS.index(f"Right {j}")] for j in (above, below))
        assert np.ptp(np.linalg.norm(a - b, axis=-1)) < 1e-9


@pytest.mark.parametrize("body", HEIGHTS_M)
def test_every_body_has_a_persons_lengths(body):
    low, high = HEIGHTS_M[body]
    dims = person_of(body, (low + high) / 2).dimensions
    height = dims.height_m
    assert all(getattr(dims, field.name) > 0 for field in fields(dims))
    assert 0.44 < dims.leg_m / height < 0.53
    assert 0.09 < dims.hip_width_m / height < 0.13
    assert 12 < dims.mass_kg / height**2 < 30


def test_bodies_range_from_thin_to_obese_and_from_children_to_adults():
    index = {}
    for body, (low, high) in HEIGHTS_M.items():
        dims = person_of(body, (low + high) / 2).dimensions
        index[body] = dims.mass_kg / dims.height_m**2
    assert index["man_thin"] < 19.5
    assert index["obese"] > 25.5
    assert set(CHILDREN) < set(HEIGHTS_M) == set(load_shapes())


def test_a_mixed_body_lies_between_two():
    one, other = (load_shapes()[name] for name in ("man", "obese"))
    half = mixed(one, other, 0.5)
    np.testing.assert_allclose(half.vertices, (one.vertices + other.vertices) / 2)
    assert one.mass_kg < half.mass_kg < other.mass_kg


def test_weights_share_out_every_vertex():
    mesh = load_mesh()
    np.testing.assert_allclose(mesh.weights.sum(axis=1), 1.0, atol=1e-6)
    assert mesh.faces.max() < len(mesh.weights)
    assert columns("thigh") == [SEGMENTS.index("thigh.L"), SEGMENTS.index("thigh.R")]


def test_a_bone_of_another_skeleton_is_refused():
    from simgait.errors import InputError

    assert segment_of("finger3-1.L") == "hand.L"
    with pytest.raises(InputError, match="tail"):
        segment_of("tail")
