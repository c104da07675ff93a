import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.errors import InputError
from simgait.recordings.detectors.keypoint_sets import (
    KEYPOINT_SETS,
    canonical_name,
    keypoint_columns,
)
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS


@pytest.mark.parametrize("name", KEYPOINT_SETS)
def test_every_set_has_hips_knees_ankles_at_distinct_columns(name):
    chosen = KEYPOINT_SETS[name]
    columns, _ = keypoint_columns(chosen.width, "f", keypoint_set=name)
    assert set(REQUIRED_KEYPOINTS) <= set(columns)
    assert len(set(columns.values())) == len(columns)
    assert max(columns.values()) < chosen.width


def test_movi_87_columns_as_listed():
    columns, _ = keypoint_columns(87, "f")
    assert columns["Left Heel"] == 21
    assert columns["Right Big Toe"] == 54
    assert columns["Left Foot"] == 78
    assert (columns["Right Ankle"], columns["Right Hip"], columns["Right Foot"]) == (79, 81, 86)
    assert columns["Sternum"] == 70
    assert tuple(columns) == KEYPOINT_NAMES


@pytest.mark.parametrize(
    ("name", "left_knee", "right_ankle"),
    [("h36m-17", 5, 3), ("mpi_inf_3dhp_17", 12, 10), ("COCO 17", 13, 16), ("halpe-26", 13, 16)],
)
def test_orders_of_published_sets(name, left_knee, right_ankle):
    columns, _ = keypoint_columns(26 if "26" in name else 17, "f", keypoint_set=name)
    assert columns["Left Knee"] == left_knee
    assert columns["Right Ankle"] == right_ankle


def test_mid_hip_is_never_our_pelvis():
    for name in ("h36m-17", "mpi-inf-3dhp-17", "coco-17", "halpe-26"):
        assert not {"Pelvis", "Sternum"} & set(KEYPOINT_SETS[name].index)


def test_seventeen_is_ambiguous_and_lists_the_choices():
    with pytest.raises(InputError, match="coco-17.*halpe-26"):
        keypoint_columns(17, "walk.npy")


def test_wrong_width_and_unknown_set():
    with pytest.raises(InputError, match="22 keypoints per frame but movi-23 has 23"):
        keypoint_columns(22, "f", keypoint_set="movi-23")
    with pytest.raises(InputError, match="not known"):
        keypoint_columns(17, "f", keypoint_set="openpose")


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
        keypoint_columns(6, "f", names=names)
    with pytest.raises(InputError, match="'nose' occurs twice"):
        keypoint_columns(3, "f", names=["nose", "nose", "lhip"])


def test_unknown_names_are_left_out_and_noted():
    columns, notes = keypoint_columns(3, "f", names=["nose", "rhip", "lhip"])
    assert columns == {"Left Hip": 2, "Right Hip": 1}
    assert "nose" in notes[0]


def test_number_of_names_must_fit():
    with pytest.raises(InputError, match="2 keypoint names are given for 3"):
        keypoint_columns(3, "f", names=["lhip", "rhip"])
