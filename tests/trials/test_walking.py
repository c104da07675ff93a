"""What is no level walk is recognised by the recording alone; walks of all patterns pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.findings import Code
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.synthetic.detectors.named import DETECTORS, seen_through
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from simgait.trials.running import Running
from simgait.trials.walking import measure_walking, walking_findings
from simgait.types import Recording
from tests.let_walk import let_walk

NO_WALKS = {
    Code.RUNNING,
    Code.SLOW_RUN,
    Code.FLOOR_NOT_LEVEL,
    Code.PATH_NOT_LEVEL,
    Code.PELVIS_BOUNCES,
    Code.STEPPING_IN_PLACE,
    Code.LONG_STEPS,
    Code.IMPLAUSIBLE,
}

# Every family is tried by the slow tests.
BY_DETECTOR = [
    d if d in ("metrabs-17-v1", "blazepose-v1") else pytest.param(d, marks=pytest.mark.slow)
    for d in DETECTORS
]


def told(trial, belt_speed_mps=None):
    """Codes of the findings of this kind, each with its severity."""
    findings = assess(trial, belt_speed_mps).findings
    return {f.code: f.severity for f in findings if f.code in NO_WALKS}


def exact(pattern="normal", seed=8, fps_hz=30.0):
    made = let_walk(seed, pattern, 6.0, fps_hz)
    return trial_from_walk(made, monocular=False).recording


def through(detector, recording, seed):
    """Exact points as a detector sees them."""
    seen = seen_through(detector, recording.keypoints_m, recording.height_m, 30.0, seed)
    return replace(
        recording, keypoints_m=seen.keypoints_m, confidence=seen.confidence, pose=None, events=(),
        scale_is_metric=False, pelvis_travels=seen.pelvis_travels, source_format="npz",
    )  # fmt: skip


def bent(recording, height_m):
    """All points of each frame raised by a function of the way and the time."""
    hips = [recording.keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
    way_m = recording.keypoints_m[:, hips, 0].mean(axis=1)
    raised = np.array(recording.keypoints_m)
    raised[..., 2] += height_m(way_m, recording.time_s)[:, None]
    return replace(recording, keypoints_m=raised)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("monocular", [False, True])
def test_walks_of_all_patterns_are_walks(pattern, monocular):
    made = let_walk(4, pattern, 6.0)
    for trial in prepare(trial_from_walk(made, monocular=monocular).recording):
        assert told(trial) == {}


@pytest.mark.parametrize("rise", [-0.6, -0.36, -0.09, 0.09, 0.36])
def test_stairs_and_ramps_are_named(rise):
    (trial,) = prepare(bent(exact(), lambda way_m, time_s: rise * way_m))
    assert told(trial) == {Code.FLOOR_NOT_LEVEL: "stop"}
    assert measure_walking(trial).rise_per_m == pytest.approx(rise, abs=0.01)
    # A detector's vertical is taken from the trunk: steep ways are seen against it.
    other = replace(trial, scale_is_metric=False)
    assert np.isnan(measure_walking(other).rise_per_m) and told(other) == {}


DOWN, LEVEL = -0.6, 0.0


def trials_through(detector, rise):
    """Walks whose path the detector shows, on a floor that rises so much a metre."""
    for seed, pattern in ((21, "normal"), (22, "crouch"), (23, "hemiparetic"), (24, "normal")):
        recording = bent(exact(pattern, seed), lambda way_m, time_s: rise * way_m)
        (trial,) = prepare(through(detector, recording, seed))
        if np.isfinite(trial.path_pitch_rad):
            yield trial


@pytest.mark.parametrize("detector", BY_DETECTOR)
def test_stairs_are_named_by_a_detectors_points_too(detector):
    assert all(told(trial) == {} for trial in trials_through(detector, LEVEL))
    named = [told(t).get(Code.PATH_NOT_LEVEL) == "caution" for t in trials_through(detector, DOWN)]
    assert len(named) >= 2 and sum(named) >= len(named) - 1


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_jump_is_named_by_a_detectors_points_too(detector):
    def height_m(way_m, time_s):
        return 0.4 * np.sin(np.pi * np.clip(time_s - 3.0, 0.0, 0.6) / 0.6) ** 2

    (trial,) = prepare(through(detector, bent(exact(), height_m), 5))
    if np.ptp(trial.pelvis_path_m[trial.pelvis_path_mask, 0]) > 0.5:
        assert told(trial).get(Code.PELVIS_BOUNCES) == "stop"


def test_a_path_of_measured_points_has_no_pitch():
    (trial,) = prepare(exact())
    assert np.isnan(trial.path_pitch_rad)


def test_a_jump_within_a_walk_is_named():
    def height_m(way_m, time_s):
        air = np.clip(time_s - 3.0, 0.0, 0.6)
        return 0.4 * np.sin(np.pi * air / 0.6) ** 2

    (trial,) = prepare(bent(exact(), height_m))
    assert told(trial) == {Code.PELVIS_BOUNCES: "stop"}


@pytest.mark.parametrize(("factor", "severity"), [(2.0, "caution"), (4.0, "stop"), (8.0, "stop")])
def test_slow_motion_is_named(factor, severity):
    recording = exact(fps_hz=30.0 * factor)
    slow = replace(recording, time_s=factor * recording.time_s, events=(), pose=None)
    (trial,) = prepare(slow)
    assert told(trial)[Code.LONG_STEPS] == severity
    walking = measure_walking(trial)
    true = measure_walking(prepare(recording)[0])
    assert walking.cadence_spm == pytest.approx(true.cadence_spm / factor, rel=0.05)
    assert walking.step_length_m == pytest.approx(true.step_length_m, rel=0.05)


def test_twice_the_frame_rate_is_doubted_and_no_running():
    recording = exact()
    fast = replace(recording, time_s=0.5 * recording.time_s, events=(), pose=None)
    (trial,) = prepare(fast)
    assert told(trial) == {Code.IMPLAUSIBLE: "caution"}


def in_place(foot_m):
    """A person on the spot; `foot_m` gives the way (T, 3) of the left and the right foot."""
    time_s = np.arange(240) / 30.0
    points = np.full((240, 23, 3), np.nan)
    sway = np.stack([0 * time_s, 0.03 * np.sin(3.0 * time_s), 0 * time_s], axis=-1)
    for side, y in (("Left", 0.1), ("Right", -0.1)):
        hip = sway + [0.0, y, 0.9]
        ankle = foot_m(side, time_s) + [0.0, y, 0.08]
        middle = 0.5 * (hip + ankle)
        reach = np.linalg.norm(hip - ankle, axis=-1)
        knee = middle + np.stack(
            [np.sqrt(np.clip(0.42**2 - (0.5 * reach) ** 2, 0.0, None)), 0 * reach, 0 * reach], -1
        )
        for name, at in (("Hip", hip), ("Knee", knee), ("Ankle", ankle)):
            points[:, KEYPOINT_INDEX[f"{side} {name}"]] = at
        for name, x in (("Heel", -0.05), ("Foot", 0.12), ("Big Toe", 0.17)):
            points[:, KEYPOINT_INDEX[f"{side} {name}"]] = ankle + [x, 0.0, -0.05]
    shown = np.isfinite(points).all(axis=(0, 2))
    names = tuple(name for name, here in zip(KEYPOINT_NAMES, shown, strict=True) if here)
    return Recording(
        recording_id="place", source_format="c3d", time_s=time_s, keypoint_names=names,
        keypoints_m=points[:, shown], confidence=np.ones((240, len(names))), scale_is_metric=True,
        pelvis_travels=False, height_m=1.72,
    )  # fmt: skip


def circling(side, time_s):
    moving = side == "Right"
    angle = 2 * np.pi * 0.6 * time_s
    return moving * np.stack([0.3 * np.cos(angle), 0.1 * np.sin(angle), 0.08 + 0 * time_s], axis=-1)


def marching(side, time_s):
    up = np.clip(np.sin(2 * np.pi * 0.9 * time_s + (np.pi if side == "Right" else 0.0)), 0.0, None)
    return np.stack([-0.3 * up, 0 * up, 0.2 * up], axis=-1)


@pytest.mark.parametrize("foot_m", [circling, marching])
@pytest.mark.parametrize("belt_mps", [None, 0.03])
def test_legs_that_move_on_the_spot_are_named(foot_m, belt_mps):
    recording = replace(in_place(foot_m), belt_speed_mps=belt_mps, belt_is_estimated=True)
    for trial in prepare(recording):
        assert told(trial, belt_mps)[Code.STEPPING_IN_PLACE] == "stop"


def test_who_runs_is_not_advised_about_the_frame_rate():
    walking = replace(
        measure_walking(prepare(exact())[0]),
        speed_mps=3.2, cadence_spm=175.0, step_length_m=1.1,
        running=Running(flights=9, flight_share=0.9),
    )  # fmt: skip
    assert [f.code for f in walking_findings(walking, in_place=False)] == [Code.RUNNING]
    bounces = replace(walking, running=Running(springs=9, spring_per_leg=-0.05, give_deg=25.0))
    assert [f.code for f in walking_findings(bounces, in_place=False)] == [Code.SLOW_RUN]
    stairs = {f.code for f in walking_findings(replace(bounces, rise_per_m=-0.4), in_place=False)}
    assert Code.FLOOR_NOT_LEVEL in stairs and Code.SLOW_RUN not in stairs
    walks = replace(walking, running=Running(flights=9, flight_share=0.1))
    assert {f.code for f in walking_findings(walks, in_place=False)} == {Code.IMPLAUSIBLE}
    few = replace(walking, running=Running(flights=2, flight_share=1.0))
    assert Code.RUNNING not in {f.code for f in walking_findings(few, in_place=False)}
