import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.errors import InputError
from simgait.recordings.detectors.point_names import canonical_name, columns_by_name
from simgait.skeleton.keypoints import KEYPOINT_NAMES


@pytest.mark.parametrize(
    "spelling",
    ["LAnkle", "left_ankle", "lankle", "l_ank", "LeftAnkle", "Left Ankle", "ankle_l", "AnkleLeft",
     "ankle.left", "lank", "L.Ankle"],
)  # fmt: skip
def test_spellings_of_left_ankle(spelling):
    assert canonical_name(spelling) == "Left Ankle"


@given(st.sampled_from(KEYPOINT_NAMES), st.sampled_from(["", "_", " ", "-", "."]))
def test_any_case_and_separator_of_our_own_names(name, separator):
    assert canonical_name(name.lower().replace(" ", separator)) == name
    assert canonical_name(name.upper().replace(" ", separator)) == name


@pytest.mark.parametrize("name", ["nose", "neck", "lsmalltoe", "reye", "thorax", "spine", ""])
def test_points_that_are_none_of_ours(name):
    assert canonical_name(name) is None


def test_duplicate_names_are_refused_also_in_two_spellings():
    names = ["lhip", "rhip", "lkne", "rkne", "lank", "LeftAnkle"]
    with pytest.raises(InputError, match="'Left Ankle' is named twice"):
        columns_by_name(names, 6, "f")
    with pytest.raises(InputError, match="'nose' occurs twice"):
        columns_by_name(["nose", "nose", "lhip"], 3, "f")


def test_unknown_names_are_left_out_and_noted():
    columns, notes = columns_by_name(["nose", "rhip", "lhip"], 3, "f")
    assert columns == {"Left Hip": 2, "Right Hip": 1}
    assert "nose" in notes[0]


def test_number_of_names_must_fit():
    with pytest.raises(InputError, match="2 keypoint names are given for 3"):
        columns_by_name(["lhip", "rhip"], 3, "f")


@pytest.mark.parametrize(
    "names",
    [
        # Pose2Sim and OpenCap, BODY_25; names of OpenCap's TRC before augmentation.
        "Neck RShoulder RElbow RWrist LShoulder LElbow LWrist midHip RHip RKnee RAnkle LHip LKnee "
        "LAnkle LBigToe LSmallToe LHeel RBigToe RSmallToe RHeel",
        # Pose2Sim, HALPE_26.
        "Hip RHip RKnee RAnkle RBigToe RSmallToe RHeel LHip LKnee LAnkle LBigToe LSmallToe LHeel "
        "Neck Head Nose RShoulder RElbow RWrist LShoulder LElbow LWrist",
        # Joint centres as Visual3D and OpenSim users export them from Theia.
        "LHJC RHJC LKJC RKJC LAJC RAJC",
        "l_hip r_hip l_knee r_knee l_ankle r_ankle l_heel r_heel l_toe r_toe pelvis",
        "RHJC_study LHJC_study RHip LHip RKnee LKnee RAnkle LAnkle",
    ],
)
def test_names_of_multi_camera_tools_hold_the_joints(names):
    found = {canonical_name(name) for name in names.split()}
    assert {f"{s} {j}" for s in ("Left", "Right") for j in ("Hip", "Knee", "Ankle")} <= found
