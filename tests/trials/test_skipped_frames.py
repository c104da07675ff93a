"""Frames that were dropped, the times of the rest numbered anew, are noticed, and nothing else."""

import numpy as np
import pytest

from simgait.findings import Basis, Code
from simgait.recordings.read import read_recording
from simgait.synthetic.recording import trial_from_walk
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from simgait.trials.skipped_frames import skipped_share
from tests.let_walk import let_walk
from tests.trials.test_freezes import with_frames


def kept(frames, share, seed=0):
    """Indices of the frames that are left."""
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(frames, round(share * frames), replace=False))


@pytest.mark.parametrize("fps_hz", [60.0, 120.0])
@pytest.mark.parametrize("share", [0.9, 0.8])
def test_dropped_frames_take_the_times_of_a_walk_away(fps_hz, share):
    walked = let_walk(4, "normal", 8.0, fps_hz)
    recording = trial_from_walk(walked, monocular=False).recording
    order = kept(len(recording.time_s), share)
    for trial in prepare(with_frames(recording, order)):
        (found,) = (f for f in assess(trial).findings if f.code is Code.FRAMES_SKIPPED)
        assert found.severity == "caution" and Basis.CLOCK in found.touches
        percent = found.values["percent"]
        assert isinstance(percent, float) and 3.0 <= percent < 25.0


def test_gaps_that_the_times_show_are_no_missing_frames(walk):
    recording = walk(8.0, fps_hz=120.0)
    order = kept(len(recording.time_s), 0.8)
    points, times = recording.keypoints_m[order], recording.time_s[order]
    assert skipped_share(points, times) == 0.0
    assert skipped_share(points, np.arange(len(order)) / 120.0) > 0.0


@pytest.mark.parametrize("noise_m", [0.0, 0.003, 0.02])
def test_noise_is_no_missing_frame(walk, noise_m):
    recording = walk(8.0)
    noise = np.random.default_rng(2).normal(0.0, noise_m, recording.keypoints_m.shape)
    assert skipped_share(recording.keypoints_m + noise, recording.time_s) == 0.0
    # Nor is what all points do together.
    shake = np.random.default_rng(2).normal(0.0, noise_m, (len(noise), 1, 3))
    assert skipped_share(recording.keypoints_m + shake, recording.time_s) == 0.0


def test_nobody_and_too_few_frames_tell_nothing(walk):
    assert skipped_share(np.full((40, 6, 3), np.nan), np.arange(40) / 30.0) == 0.0
    assert skipped_share(walk(8.0).keypoints_m[:8], np.arange(8) / 30.0) == 0.0


@pytest.mark.parametrize(
    "name", ["treadmill_events", "cgm24_walking01", "codamotion_gaitwands_20150204", "mac_walk1"]
)
def test_real_walks_miss_no_frames(data_dir, name):
    recording = read_recording(data_dir / "c3d_mixed" / f"{name}.c3d")
    assert skipped_share(recording.keypoints_m, recording.time_s) == 0.0
    order = kept(len(recording.time_s), 0.8)
    if "codamotion" not in name:
        time_s = recording.time_s[: len(order)]
        assert skipped_share(recording.keypoints_m[order], time_s) > 0.05
