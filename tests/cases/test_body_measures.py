"""Case 03: joint widths in centimetres are read as such, so that the limp stays."""

import pytest

from simgait.baselines.raw_keypoints import raw_keypoints_tracker
from simgait.baselines.tracker import WalkEstimate
from simgait.pipeline import TrackOptions, walks_of_file


def test_the_limp_and_the_height_are_those_of_the_file(run_case):
    (file,) = run_case("03").glob("*.c3d")
    (walk,) = walks_of_file(file, TrackOptions())
    assert walk.trial.height_m == pytest.approx(1.75)
    assert "read in centimetres" in " ".join(walk.trial.notes)
    assert float(walk.dims.hip_width_m) == pytest.approx(0.175, abs=0.01)
    (answer,) = raw_keypoints_tracker().estimate([walk.trial])
    assert isinstance(answer, WalkEstimate)
    means = answer.gait.parameters
    assert means["velocity_mps"]["both"].mean == pytest.approx(1.20, abs=0.01)
    for side, length_m in (("left", 0.71), ("right", 0.61)):
        assert means["step_length_m"][side].mean == pytest.approx(length_m, abs=0.015)
