"""A body from one XML and one spec file, for the tests: the trimmed humanoid with toes.

A hinge between foot and toes on each side. Nothing in the package knows of it: what it needs is in
`toe_humanoid.xml` and `toe_humanoid.toml` beside this file. What holds for every body:
`test_second_bodies.py`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.body.config import BodyConfig
from simgait.body.model import compile_body
from simgait.errors import InputError
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.kinematics import forward_kinematics
from simgait.skeleton.signs import clinical_names, opensim_coordinates, opensim_names
from simgait.skeleton.spec import load_skeleton, read_spec

SPEC = Path(__file__).with_name("toe_humanoid.toml")
TOES = ("left_toe_extension", "right_toe_extension")
BODY = BodyConfig(model=str(SPEC))
SKELETON = BODY.skeleton


def test_everything_follows_from_the_two_files() -> None:
    assert SKELETON.n_joints == TRIMMED_HUMANOID.n_joints + len(TOES)
    assert set(SKELETON.pose_names) - set(TRIMMED_HUMANOID.pose_names) == set(TOES)
    # The body's keypoints are the same; one more contact sphere stands on each foot.
    assert SKELETON.keypoints == TRIMMED_HUMANOID.keypoints
    assert SKELETON.spheres_per_foot == TRIMMED_HUMANOID.spheres_per_foot + 1
    assert set(opensim_names(SKELETON)) - set(opensim_names()) == {"mtp_angle_l", "mtp_angle_r"}
    assert set(clinical_names(SKELETON)) - set(clinical_names()) == set(TOES)
    assert len(BODY.joint_torque_limit_nm) == len(SKELETON.joint_kinds)


def test_a_toe_moves_its_toe_alone_and_upwards() -> None:
    dims = dimensions_from_height(1.7)
    rest = np.zeros(SKELETON.n_coordinates)
    bent = rest.copy()
    bent[SKELETON.pose_index["left_toe_extension"]] = 0.4
    here, there = (forward_kinematics(pose, dims, SKELETON) for pose in (rest, bent))
    moved = {name for name in here if np.abs(there[name] - here[name]).max() > 1e-9}
    assert moved == {"Left Big Toe", "Left hallux_sphere"}
    assert there["Left Big Toe"][2] > here["Left Big Toe"][2]
    degrees = opensim_coordinates(bent[None], dims, SKELETON)
    assert degrees["mtp_angle_l"][0] == pytest.approx(np.degrees(0.4))


def test_a_pose_of_one_body_is_told_in_the_coordinates_of_the_other() -> None:
    pose = np.random.default_rng(2).normal(size=(3, TRIMMED_HUMANOID.n_coordinates))
    told = SKELETON.told(pose, TRIMMED_HUMANOID)
    assert np.isnan(told[:, SKELETON.columns(TOES)]).all()
    assert np.array_equal(TRIMMED_HUMANOID.told(told, SKELETON), pose)
    with pytest.raises(ValueError, match="toe_humanoid has 18 coordinates, not 16"):
        forward_kinematics(pose, dimensions_from_height(1.7), SKELETON)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('keypoint = "Hip"', 'keypoint = "Hop"', "no keypoint is called Left Hop"),
        ('"thigh_m"', '"thigh"', "'thigh' is none of a person's dimensions"),
        ('parent = "thigh"', 'parent = "thorax"', "hangs on 'thorax'"),
        ('axis = "+y"', 'axis = "y"', "axis"),
    ],
)
def test_a_wrong_spec_file_meets_one_sentence(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    text = SPEC.read_text()
    assert old in text
    (tmp_path / "body.toml").write_text(text.replace(old, new))
    with pytest.raises(InputError, match=says):
        read_spec(tmp_path / "body.toml")


def test_files_that_disagree_are_told_apart(tmp_path: Path) -> None:
    for suffix in (".toml", ".xml"):
        (tmp_path / f"body{suffix}").write_text(SPEC.with_suffix(suffix).read_text())
    spec = tmp_path / "body.toml"
    spec.write_text(spec.read_text().replace('axis = "+y"', 'axis = "-y"'))
    with pytest.raises(InputError, match="left_knee_flexion turns about"):
        compile_body(dimensions_from_height(1.7), BodyConfig(model=str(spec)))
    with pytest.raises(InputError, match="There is no body 'nobody'"):
        load_skeleton("nobody")
