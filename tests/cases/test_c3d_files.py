"""Cases 07, 08, 16 and 17: C3D files that contradict themselves, hold two people, or are long."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.read import read_recording
from tests.cases.measured import speed_and_steps

WALK = pytest.approx((1.20, 0.71, 0.61), abs=0.015)


def test_analog_words(run_case):
    for file in sorted(run_case("07").glob("*.c3d")):
        recording = read_recording(file)
        assert speed_and_steps(recording) == WALK, file.name
        assert any("contradict each other" in note for note in recording.notes)


def test_parameter_blocks(run_case):
    for file in sorted(run_case("08").glob("*.c3d")):
        assert speed_and_steps(read_recording(file)) == WALK, file.name


def test_two_people(run_case):
    folder = run_case("16")
    recording = read_recording(folder / "16_no_feet.c3d")
    assert recording.people == ("Anna", "Bert")
    assert not {"Left Heel", "Left Foot"} & set(recording.keypoint_names)
    mid_hip = recording.keypoints_m[:, [recording.keypoint_names.index("Left Hip")]].mean(axis=1)
    speed = np.linalg.norm(mid_hip[-1] - mid_hip[0]) / np.ptp(recording.time_s)
    assert speed == pytest.approx(1.20, abs=0.02)
    with pytest.raises(InputError, match=r"RKNE is never seen.*one of 2 people"):
        read_recording(folder / "16_knee_unseen.c3d")
    assert "Left Heel" in read_recording(folder / "16_knee_unseen.c3d", person=2).keypoint_names


@pytest.mark.slow  # as many frames are counted in recordings/formats
def test_long_file(run_case):
    recording = read_recording(run_case("17") / "17_long.c3d")
    assert len(recording.time_s) == 70_000
    assert recording.time_s[-1] == pytest.approx(699.99)
