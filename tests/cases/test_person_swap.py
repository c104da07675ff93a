"""Case 21: half a second on another person is named and taken out."""

import numpy as np
import pytest

from simgait.pipeline import TrackOptions, walks_of_file
from simgait.report.trial.measure import path_speed_mps
from simgait.skeleton.keypoints import KEYPOINT_INDEX


def test_the_other_persons_frames_are_gone(run_case):
    (file,) = run_case("21").glob("*.npz")
    (walk,) = walks_of_file(file, TrackOptions())
    assert "The track jumps by 1.0 m at 4.7 s" in " ".join(walk.trial.notes)
    assert path_speed_mps(walk.trial) == pytest.approx(1.20, abs=0.01)
    ankle = np.isfinite(walk.trial.keypoints_m[:, KEYPOINT_INDEX["Left Ankle"], 0])
    assert np.flatnonzero(~ankle).tolist() == list(range(140, 155))
