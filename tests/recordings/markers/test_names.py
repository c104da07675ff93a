"""Marker names of laboratories and programs, as their documents and files spell them."""

import pytest

from simgait.recordings.detectors.point_names import canonical_name
from simgait.recordings.markers.labelled_points import _find_joints
from simgait.recordings.markers.names import find_markers

NEEDED = ("ASI", "PSI", "KNE", "ANK", "HEE", "TOE")
SETS = {
    "Plug-in Gait": ("{}ASI", "{}PSI", "{}KNE", "{}ANK", "{}HEE", "{}TOE"),
    "Qualisys CAST": ("{}_IAS", "{}_IPS", "{}_FLE", "{}_FAL", "{}_FCC", "{}_FM2"),
    "CAST, sides behind": ("IAS_{}", "IPS_{}", "FLE_{}", "FAL_{}", "FCC_{}", "FM2_{}"),
    "OpenCap": ("{}.ASIS_study", "{}.PSIS_study", "{}_knee_study", "{}_ankle_study",
                "{}_calc_study", "{}_toe_study"),
    "IOR": ("{}ASIS", "{}PSIS", "{}LE", "{}LM", "{}CA", "{}SM"),
    "Rajagopal": ("{}ASI", "{}PSI", "{}LFC", "{}LMAL", "{}CAL", "{}TOE"),
    "Gait2392": ("{}.ASIS", "{}.PSIS", "{}.Knee.Lat", "{}.Ankle.Lat", "{}.Heel", "{}.Toe.Tip"),
}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("case", [str, str.lower])
def test_sets_of_laboratories(name, case):
    labels = {
        side + marker: case(spelling.format(side))
        for marker, spelling in zip(NEEDED, SETS[name], strict=True)
        for side in "LR"
    }
    assert find_markers(labels.values()) == labels


def test_bts():
    names = ("{} asis", "{} knee 1", "{} mall", "{} heel", "{} met")
    found = find_markers([n.format(s) for n in names for s in "lr"] + ["sacrum"])
    wanted = ("ASI", "KNE", "ANK", "HEE", "TOE")
    assert set(found) == {s + m for m in wanted for s in "LR"} | {"SACR"}


def test_opencaps_markers_come_before_its_joint_centres():
    found = find_markers(["RKnee", "LKnee", "r_knee_study", "L_knee_study"])
    assert found == {"RKNE": "r_knee_study", "LKNE": "L_knee_study"}


@pytest.mark.parametrize(
    ("label", "joint"),
    [("LHJC", "Left Hip"), ("RKJC", "Right Knee"), ("L_AJC", "Left Ankle"),
     ("RHJC_study", "Right Hip"), ("Left Hip Joint Centre", "Left Hip"), ("JC", None)],
)  # fmt: skip
def test_joint_centres(label, joint):
    assert _find_joints([label]) == ({joint: label} if joint else {})
    assert canonical_name(label.removesuffix("_study")) == joint
