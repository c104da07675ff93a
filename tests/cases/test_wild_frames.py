"""Case 10: single frames far away and sentinels change nothing but a note."""

import numpy as np
import pytest

from simgait.baselines.raw_keypoints import raw_keypoints_tracker
from simgait.baselines.tracker import WalkEstimate
from simgait.pipeline import TrackOptions, walks_of_file


@pytest.fixture(scope="module")
def files(run_case):
    return sorted(run_case("10").iterdir())


def test_each_file_gives_the_same_walk(files):
    assert len(files) == 3
    for file in files:
        (walk,) = walks_of_file(file, TrackOptions())
        (answer,) = raw_keypoints_tracker().estimate([walk.trial])
        assert isinstance(answer, WalkEstimate)
        means = answer.gait.parameters
        assert means["velocity_mps"]["both"].mean == pytest.approx(1.20, abs=0.01), file.name
        for side, length_m in (("left", 0.71), ("right", 0.61)):
            assert means["step_length_m"][side].mean == pytest.approx(length_m, abs=0.015)
        assert "samples nowhere near the person" in " ".join(walk.trial.notes)
        assert walk.quality.usable
        assert np.isfinite(walk.trial.keypoints_m).all(axis=-1).mean() > 0.6
