"""Case 18: joint centres of calibrated cameras are not rescaled by the height."""

import pytest

from simgait.pipeline import TrackOptions, walks_of_file
from simgait.recordings.options import ReadOptions
from simgait.report.trial.measure import path_speed_mps


@pytest.fixture(scope="module")
def file(run_case):
    (file,) = run_case("18").glob("*.trc")
    return file


def test_the_positions_stay_as_they_are_and_a_note_says_so(file):
    (walk,) = walks_of_file(file, TrackOptions(height_m=1.65))
    assert path_speed_mps(walk.trial) == pytest.approx(1.20, abs=0.005)
    assert walk.trial.keypoint_scale == 1.0 and walk.trial.path_binds
    assert "The legs measure 0.86 m, where 1.65 m of height have 0.81 m" in " ".join(
        walk.trial.notes
    )


def test_who_says_that_one_camera_guessed_them_gets_them_scaled(file):
    said = TrackOptions(height_m=1.65, reader=ReadOptions(scale_is_metric=False))
    (walk,) = walks_of_file(file, said)
    assert walk.trial.keypoint_scale == pytest.approx(0.943, abs=0.002)
    assert "All positions were scaled by 0.943" in " ".join(walk.trial.notes)
