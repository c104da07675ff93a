"""Real recordings through the preparation: a trial or one clear sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.formats.acclaim import read_amc_recording
from simgait.recordings.formats.c3d import read_c3d
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.quality import assess
from tests.present import present

SHORT_LAB_TRIALS = PreparationConfig(min_frames=30)


def read(data_dir, name):
    path = data_dir / name
    return read_amc_recording(path) if path.suffix == ".amc" else read_c3d(path)


@pytest.mark.parametrize(
    ("name", "speed_mps", "seconds"),
    [
        ("mcgill_c3d/HC033A/HC033A10.c3d", 1.41, 1.7),
        ("c3d_mixed/cgm24_walking01.c3d", 1.40, 4.9),
        ("c3d_mixed/mac_walk1.c3d", 1.29, 2.5),
        ("cmu_asfamc/07/07_01.amc", 1.36, 2.6),
        ("cmu_asfamc/49/49_01.amc", 0.87, 5.4),
    ],
)
def test_straight_walks_come_out_whole(data_dir, name, speed_mps, seconds):
    recording = read(data_dir, name)
    (trial,) = prepare(recording, SHORT_LAB_TRIALS)
    assert trial.time_s[-1] == pytest.approx(seconds, abs=0.15)
    assert trial.pelvis_path_m[-1, 0] / trial.time_s[-1] == pytest.approx(speed_mps, abs=0.03)
    assert np.abs(trial.pelvis_path_m[:, 1]).max() < 0.12  # one of them weaves
    assert assess(trial).usable
    # The same walk as a detector would give it: the frame must lie within 2 degrees.
    detected = replace(recording, scale_is_metric=False, height_m=trial.height_m)
    (other,) = prepare(detected, SHORT_LAB_TRIALS)
    a, b = trial.keypoints_m, other.keypoints_m / other.keypoint_scale
    assert np.nanmax(np.abs(a - b)[:, [3, 13, 22]]) < np.radians(2.0) * 0.95


def test_the_pose_of_motion_capture_stands_on_the_floor(data_dir):
    recording = read(data_dir, "cmu_asfamc/08/08_01.amc")  # its floor lies 7 cm low
    (trial,) = prepare(recording, SHORT_LAB_TRIALS)
    leg_m = 0.491 * trial.height_m
    standing = leg_m + 0.039 * trial.height_m
    assert 0.92 * standing < present(trial.truth).pose[:, 2].mean() < standing


@pytest.mark.parametrize(
    ("name", "bouts"),
    [
        ("cmu_asfamc/27/27_01.amc", 2),
        ("cmu_asfamc/29/29_01.amc", 2),
        ("cmu_asfamc/26/26_01.amc", 1),
        ("bad/HC030A22.c3d", 2),
    ],
)
def test_turning_walks_give_their_straight_parts(data_dir, name, bouts):
    trials = prepare(read(data_dir, name), SHORT_LAB_TRIALS)
    assert len(trials) == bouts
    for trial in trials:
        path = trial.pelvis_path_m
        assert path[-1, 0] > 1.0 and np.abs(path[:, 1]).max() < 0.12 * path[-1, 0]
        # A turn on the spot is slower than walking.
        assert any("turns were cut out" in n or "starting, stopping" in n for n in trial.notes)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cmu_asfamc/46/46_01.amc", "turns were cut out .* no full gait cycle"),
        ("mcgill_c3d/HC030A/HC030A01.c3d", "standing trial: in its 3.0 s"),
        ("mcgill_c3d/HC002D/HC002D02.c3d", "standing trial: in its 0.5 s"),
    ],
)
def test_no_straight_walk_is_said_in_one_sentence(data_dir, name, reason):
    with pytest.raises(InputError, match=reason) as caught:
        prepare(read(data_dir, name), SHORT_LAB_TRIALS)
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_a_treadmill_has_a_path_only_by_its_belt(data_dir):
    recording = read(data_dir, "c3d_mixed/treadmill_events.c3d")
    (trial,) = prepare(replace(recording, belt_speed_mps=1.0))
    assert trial.pelvis_path_m[-1, 0] / trial.time_s[-1] == pytest.approx(1.0, abs=0.05)
    for travels in (True, False):
        unknown = replace(recording, belt_speed_mps=None, pelvis_travels=travels)
        (trial,) = prepare(unknown)
        assert trial.n_frames > 350 and not trial.pelvis_path_mask.any()
