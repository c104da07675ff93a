"""The mesh on measured legs: joints where the lengths say, as tall as before, in one piece."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.synthetic.people.own_legs import on_legs
from simgait.synthetic.people.person import make_person
from simgait.synthetic.people.segments import SEGMENTS
from simgait.synthetic.people.shapes import load_mesh, load_shapes


@pytest.fixture(scope="module")
def before():
    return make_person(load_mesh(), load_shapes()["woman"], 1.65, 0.01)


@pytest.fixture(scope="module")
def after(before):
    return on_legs(before, 0.46, 0.37, 0.21)


def test_legs_are_as_long_and_hips_as_wide_as_said(before, after):
    dims = after.dimensions
    assert (dims.thigh_m, dims.shank_m, dims.hip_width_m) == pytest.approx((0.46, 0.37, 0.21))
    for name in ("ankle_height_m", "foot_length_m", "height_m"):
        assert getattr(dims, name) == pytest.approx(getattr(before.dimensions, name))


def test_left_and_right_stay_alike(after):
    for name in ("hip", "knee", "ankle", "toes", "shoulder", "wrist"):
        left, right = (after.joints[f"{name}.{side}"] for side in "LR")
        np.testing.assert_allclose(left * [1, -1, 1], right, atol=2e-3)


def test_the_person_stays_as_tall_and_stands_on_the_floor(before, after):
    for at in (before, after):
        assert at.vertices[:, 2].min() == pytest.approx(0.0, abs=0.02)
    top = [at.vertices[:, 2].max() for at in (before, after)]
    assert top[1] == pytest.approx(top[0], abs=1e-3)


def test_knees_stay_within_the_mesh(after):
    for side in "LR":
        knee = after.joints[f"knee.{side}"]
        leg = after.mesh.weights[:, SEGMENTS.index(f"shank.{side}")] > 0.3
        near = after.vertices[leg & (np.abs(after.vertices[:, 2] - knee[2]) < 0.03)]
        low, high = near.min(axis=0), near.max(axis=0)
        assert ((low < knee) & (knee < high))[:2].all()


def test_own_lengths_change_nothing(before):
    dims = before.dimensions
    same = on_legs(before, dims.thigh_m, dims.shank_m, dims.hip_width_m)
    np.testing.assert_allclose(same.vertices, before.vertices, atol=1e-9)
