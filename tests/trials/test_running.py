"""Runs are named by the recording alone, with flight and without; walks of all patterns are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.findings import Code
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.detectors.named import seen_through
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from simgait.trials.running import (
    GIVE_LIMIT_DEG,
    LEAST_STEPS,
    SPRING_LIMIT_PER_LEG,
    Running,
    measure_running,
)
from simgait.trials.walking import measure_walking
from tests.let_walk import let_walk
from tests.spring_legs import running_recording

SLOW_RUNS = {
    "a shuffle": {"speed_mps": 1.4, "cadence_spm": 150.0, "stance": 0.55, "rise_m": 0.05},
    "no flight": {"speed_mps": 1.6, "cadence_spm": 160.0, "stance": 0.52, "rise_m": 0.05},
    "hardly any": {"speed_mps": 1.8, "cadence_spm": 155.0, "stance": 0.49, "rise_m": 0.06},
    "some": {"speed_mps": 2.0, "cadence_spm": 155.0, "stance": 0.45, "rise_m": 0.08},
}


def the_trial(recording):
    (trial,) = prepare(recording)
    return trial


def runs_by(trial):
    return {f.code: f.severity for f in assess(trial, None).findings}


def through(detector, recording, seed=4):
    seen = seen_through(detector, recording.keypoints_m, recording.height_m, 30.0, seed)
    return replace(
        recording, keypoints_m=seen.keypoints_m, confidence=seen.confidence, pose=None, events=(),
        scale_is_metric=False, pelvis_travels=seen.pelvis_travels, source_format="npz",
    )  # fmt: skip


@pytest.mark.parametrize("how", SLOW_RUNS)
def test_a_slow_run_is_a_run(how):
    found = runs_by(the_trial(running_recording(**SLOW_RUNS[how])))
    assert "stop" in {found.get(Code.SLOW_RUN), found.get(Code.RUNNING)}
    assert Code.LONG_STEPS not in found and Code.IMPLAUSIBLE not in found


@pytest.mark.parametrize("detector", ["monocular-v1", "metrabs-17-v1", "metrabs-87-v1"])
@pytest.mark.parametrize("how", SLOW_RUNS)
def test_a_slow_run_is_a_run_by_a_detectors_points_too(how, detector):
    found = runs_by(the_trial(through(detector, running_recording(**SLOW_RUNS[how]))))
    assert "stop" in {found.get(Code.SLOW_RUN), found.get(Code.RUNNING)}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_walk_of_any_pattern_is_near_a_run(pattern):
    for seed in (28, 7, 29):
        made = let_walk(seed, pattern, 6.0)
        walking = measure_walking(the_trial(trial_from_walk(made, monocular=False).recording))
        running = walking.running
        assert not running.flies and not running.bounces
        assert running.spring_per_leg > 0.75 * SPRING_LIMIT_PER_LEG or running.give_deg < 0.0


def test_what_is_measured_of_a_run():
    how = {"speed_mps": 2.0, "cadence_spm": 155.0, "stance": 0.45, "rise_m": 0.08}
    trial = the_trial(running_recording(**how))
    leg_m = measure_walking(trial).leg_m
    running = measure_running(trial, leg_m)
    assert running.springs >= 10 and running.bounces
    assert -0.08 < running.spring_per_leg * leg_m < -0.05
    assert 20.0 < running.give_deg < 45.0
    higher = replace(running, spring_per_leg=SPRING_LIMIT_PER_LEG)
    stiff = replace(running, give_deg=GIVE_LIMIT_DEG)
    few = replace(running, springs=LEAST_STEPS - 1)
    assert not any(one.bounces for one in (higher, stiff, few, Running()))


def test_feet_that_a_detector_makes_fly_are_believed_only_where_the_leg_is_a_spring():
    seen = Running(flights=9, flight_share=0.9, springs=9, spring_per_leg=0.01, is_measured=False)
    assert not seen.flies and replace(seen, is_measured=True).flies
    assert replace(seen, spring_per_leg=-0.03).flies
    assert replace(seen, spring_per_leg=float("nan")).flies


@pytest.mark.parametrize(("pattern", "seed"), [("short_steps", 2), ("drop_foot", 5)])
def test_walkers_whose_feet_blazepose_loses_do_not_run(pattern, seed):
    made = let_walk(seed, pattern, 6.0)
    recording = trial_from_walk(made, monocular=False).recording
    found = runs_by(the_trial(through("blazepose-v1", recording, seed)))
    assert Code.RUNNING not in found and Code.SLOW_RUN not in found


def test_where_nothing_is_shown_nothing_is_said():
    trial = the_trial(running_recording(**SLOW_RUNS["no flight"]))
    unseen = np.array(trial.keypoints_m)
    unseen[:, [KEYPOINT_INDEX[f"{side} Knee"] for side in ("Left", "Right")]] = np.nan
    assert measure_running(replace(trial, keypoints_m=unseen), 0.86).springs == 0
    nowhere = replace(trial, pelvis_path_mask=np.zeros_like(trial.pelvis_path_mask))
    assert measure_running(nowhere, 0.86).springs == 0
