"""Case 19: arrays of detectors are read with a note, or refused with their true cause."""

import pytest

from simgait.errors import InputError
from simgait.recordings.read import read_recording


@pytest.fixture(scope="module")
def folder(run_case):
    return run_case("19")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("coco_called_h36m", "do not fit the keypoint set h36m-17 but fit coco-17"),
        ("milliseconds", "look like milliseconds"),
        ("flat", "all points lie in one plane"),
    ],
)
def test_the_cause_is_named(folder, name, words):
    with pytest.raises(InputError, match=words):
        read_recording(folder / f"19_{name}.npz")


def test_a_fourth_column_is_the_confidence(folder):
    recording = read_recording(folder / "19_fourth_column.npz")
    assert "taken for its confidence" in " ".join(recording.notes)


def test_one_of_two_people_is_chosen_and_named(folder):
    first, second = (
        read_recording(folder / "19_two_people.npz", person=person) for person in (None, 2)
    )
    assert "number 1 was read, the first of those" in " ".join(first.notes)
    shift = (second.keypoints_m - first.keypoints_m).mean(axis=(0, 1))
    assert shift == pytest.approx([0, 1, 0], abs=1e-6)
