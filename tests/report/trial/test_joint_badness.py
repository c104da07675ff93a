"""The scale of badness: its classes, told by shape, name and number as well as by colour."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.estimators.companion import Opinion
from simgait.estimators.twin import JudgedJoint, Twin
from simgait.report.trial.joint_badness import CLASSES, badness_legend, marks_data, shown_joints
from simgait.report.trial.opinions import CompanionSays
from tests.report.conftest import make_walk
from tests.report.trial.test_opinions import recording_of


def judged(name: str, **badness: float) -> CompanionSays:
    curves, posture = np.zeros((28, 1)), np.zeros((28, 1, 3))
    joints = tuple(JudgedJoint(joint, value, 0.0) for joint, value in badness.items())
    twin = Twin(
        joints, ("left_knee_flexion",), curves, curves, curves, curves, ("Left Knee",), posture,
        posture, recording_of(make_walk(3.0)[0]), name,
    )  # fmt: skip
    return CompanionSays(name, Opinion((), name, (), twin=twin))


@pytest.mark.parametrize(
    ("badness", "step"), [(0.0, 0), (0.5, 0), (0.51, 1), (1.0, 1), (1.01, 2), (2.0, 2), (7.0, 3)]
)
def test_a_class_is_called_wrong_where_the_joint_is(badness: float, step: int) -> None:
    (shown,) = shown_joints([judged("a", left_knee=badness)])
    assert shown.step == step
    assert CLASSES[step].is_wrong == JudgedJoint("left_knee", badness, 0.0).is_wrong


def test_classes_differ_without_their_colour() -> None:
    assert len({(one.shape, one.size_px) for one in CLASSES}) == len(CLASSES)
    light = [sum(int(one.fill[k : k + 2], 16) for k in (1, 3, 5)) for one in CLASSES]
    assert light == sorted(light, reverse=True)


def test_every_judged_joint_is_in_the_text_once_with_its_number() -> None:
    says = [
        judged("a", left_knee=1.4, right_knee=0.2, left_ankle=float("nan")),
        judged("b", left_knee=2.4, right_knee=0.1),
        CompanionSays("c", None, "cannot"),
    ]
    joints = shown_joints(says)
    rows = badness_legend(joints)
    assert [row["joints"] for row in rows] == ["right knee 0.20", "none", "none", "left knee 2.40"]
    assert badness_legend([]) == []
    drawn = {one["point"]: one["text"] for one in marks_data(joints)["joints"]}
    assert drawn == {"Left Knee": "left knee 2.4", "Right Knee": ""}
