"""A camera's factor from walks whose speed is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.synthetic.recording import trial_from_walk
from simgait.trials.camera_factor import KnownWalk, camera_factor, known_walk
from simgait.trials.visit import WITHIN_CAMERA_SPREAD
from tests.let_walk import let_walk

HIPS = ("Left Hip", "Right Hip")


def walks(reads, n_people=5, between=0.0, per_person=3, seed=0):
    """Walks of several people whose paths read `reads` times as long, by person a little else."""
    rng = np.random.default_rng(seed)
    found = []
    for person in range(n_people):
        own = reads * np.exp(between * rng.standard_normal())
        for number in range(per_person):
            true = 0.6 + 0.2 * number + 0.1 * person
            found.append(
                KnownWalk(f"w{person}{number}", f"P{person}", own * true, true, 1 / 1.05, 0.07, 1.0)
            )
    return found


@pytest.mark.parametrize("reads", [0.9, 1.05, 1.345])
def test_the_factor_is_that_of_the_camera_and_the_slope_one(reads):
    found = camera_factor(walks(reads))
    # It is drawn to what is known of detectors by as much as five people's walks leave open.
    # A lens that these people deny it of draws nothing.
    weight = 1.0 if reads > 1.3 else (0.07**2 - 0.03**2) / (0.07**2 - 0.03**2 + 0.03**2 / 5)
    expected = np.exp(weight * np.log(1 / reads) + (1 - weight) * np.log(1 / 1.05))
    assert found.factor == pytest.approx(expected)
    assert found.slope == pytest.approx(found.factor * reads)
    assert found.slope_se == pytest.approx(0.0, abs=1e-9)
    assert (found.n_people, found.n_walks) == (5, 15)
    assert found.sd >= found.factor * WITHIN_CAMERA_SPREAD
    assert found.others_rmse_mps <= found.others_expected_rmse_mps + 1e-9


def test_what_people_differ_by_is_in_the_sd_and_in_the_error_of_each_by_the_others():
    errors, sds = [], []
    for seed in range(40):
        found = camera_factor(walks(1.1, n_people=8, between=0.06, seed=seed))
        errors.append(found.others_rmse_percent / 100.0)
        sds.append(found.sd / found.factor)
    of_another = 0.06 * np.sqrt(1 + 1 / 8)
    assert np.median(sds) == pytest.approx(of_another, rel=0.1)
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(0.06 * np.sqrt(1 + 1 / 7), rel=0.15)


def test_speeds_that_are_alike_tell_no_slope():
    alike = [replace(one, true_mps=1.0, read_mps=1.1) for one in walks(1.1)]
    assert np.isnan(camera_factor(alike).slope)


@pytest.mark.parametrize(("n_people", "per_person"), [(2, 5), (3, 1), (1, 9)])
def test_too_few_are_refused(n_people, per_person):
    with pytest.raises(InputError, match="at least 4 walks of 3 people"):
        camera_factor(walks(1.1, n_people=n_people, per_person=per_person))


@pytest.fixture(scope="module")
def seen():
    """A walk whose path reads 1.3 times as long as it is, and its true speed."""
    walked = let_walk(5, "normal", 5.0)
    recording = trial_from_walk(walked, monocular=False).recording
    hips = recording.keypoints_m[:, [recording.keypoint_names.index(one) for one in HIPS]]
    way = hips.mean(axis=1) * [1.0, 1.0, 0.0]
    further = recording.keypoints_m + 0.3 * (way - way[0])[:, None]
    speed = np.polyfit(walked.time_s, walked.pose[:, 0], 1)[0]
    return replace(recording, keypoints_m=further, scale_is_metric=False), float(speed)


def test_speed_and_distance_tell_the_same_factor(seen):
    recording, speed_mps = seen
    by_speed = known_walk(recording, "P1", speed_mps)
    way_m = speed_mps * float(recording.time_s[-1] - recording.time_s[0])
    said = replace(recording, distance_m=way_m, travel_factor=1.4)
    by_distance = known_walk(said, "P1")
    assert by_distance.factor == pytest.approx(by_speed.factor, rel=0.02)
    assert by_speed.factor == pytest.approx(1 / 1.3, rel=0.03)


@pytest.mark.parametrize(
    ("changes", "speed", "sentence"),
    [
        ({"scale_is_metric": True}, 1.0, "holds no path that a detector guessed"),
        ({"pelvis_travels": False}, 1.0, "holds no path that a detector guessed"),
        ({}, None, "neither its speed nor the distance"),
        ({}, 20.0, "check the speed or distance"),
    ],
)
def test_what_tells_no_factor_is_refused(seen, changes, speed, sentence):
    with pytest.raises(InputError, match=sentence):
        known_walk(replace(seen[0], **changes), "P1", speed)
