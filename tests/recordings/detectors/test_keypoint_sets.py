from dataclasses import replace
from pathlib import Path

import pytest

from simgait.commands.command_line import build_parser
from simgait.errors import InputError
from simgait.recordings.detectors.keypoint_set_file import choose_keypoint_set
from simgait.recordings.detectors.keypoint_sets import (
    KeypointSet,
    find_keypoint_set,
    index_of,
    keypoint_sets,
    register_keypoint_set,
)
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS

DOCS = Path(__file__).parents[3] / "docs" / "recording-format.md"


def test_movi_87_columns_as_listed():
    columns = choose_keypoint_set(87, None, "f").columns
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
    columns = choose_keypoint_set(26 if "26" in name else 17, name, "f").columns
    assert columns["Left Knee"] == left_knee
    assert columns["Right Ankle"] == right_ankle


def test_mid_hip_is_never_our_pelvis():
    for name in ("h36m-17", "mpi-inf-3dhp-17", "coco-17", "halpe-26"):
        assert not {"Pelvis", "Sternum"} & set(find_keypoint_set(name, "f").index)


def test_seventeen_is_ambiguous_and_lists_the_choices():
    with pytest.raises(InputError, match="coco-17.*halpe-26"):
        choose_keypoint_set(17, None, "walk.npy")


def test_wrong_width_and_unknown_set():
    with pytest.raises(InputError, match="22 keypoints per frame but movi-23 has 23"):
        choose_keypoint_set(22, "movi-23", "f")
    with pytest.raises(InputError, match="not known"):
        choose_keypoint_set(17, "openpose", "f")
    assert choose_keypoint_set(87, "BML_MOVI 87", "f").name == "movi-87"


def test_documentation_and_help_name_every_set(capsys):
    page = DOCS.read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        build_parser().parse_args(["track", "--help"])
    shown = "".join(capsys.readouterr().out.split())
    for known in keypoint_sets():
        assert f"| `{known.name}` | {known.width} | {known.says} |" in page
        assert known.name in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "coco-17"}, "taken"),
        ({"aliases": ("bml-movi-87",)}, "taken"),
        ({"name": "Stick Man"}, "lower case"),
        ({"index": index_of("lhip rhip lkne rkne lank")}, "Right Ankle"),
        ({"index": {**index_of("lhip rhip lkne rkne lank rank"), "Tail": 6}}, "Tail"),
        ({"index": dict.fromkeys(REQUIRED_KEYPOINTS, 0)}, "twice"),
        ({"width": 5}, "outside 0 to 4"),
        ({"width": 87, "known_by_width": True}, "another set is known by its width"),
    ],
)
def test_sets_that_cannot_be_are_not_registered(changes, words):
    good = KeypointSet("stick-6", 6, index_of("lhip rhip lkne rkne lank rank"), "six points")
    before = keypoint_sets()
    with pytest.raises(ValueError, match=words):
        register_keypoint_set(replace(good, **changes))
    assert keypoint_sets() == before
