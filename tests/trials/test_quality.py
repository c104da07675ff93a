"""The verdict on keypoints must follow what was done to them."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from simgait.findings import EVERYTHING, Basis, Code, Finding
from simgait.footage import Camera
from simgait.recordings.read import read_recording
from simgait.report.words import sentence
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import LEG_PER_HEIGHT
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS, draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from simgait.trials.cleaning import FILLED_CONFIDENCE
from simgait.trials.heading import leg_length_m
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.quality import assess, bone_length_variation, explained_by_belt

ANKLE = KEYPOINT_INDEX["Left Ankle"]


def test_a_clean_walk_is_good(walk):
    (trial,) = prepare(walk(6.0))
    quality = assess(trial)
    assert quality.usable and quality.level == "good" and quality.findings == ()
    assert quality.metrics["duration_s"] == pytest.approx(179 / 30)
    assert quality.metrics["cycles"] == pytest.approx(6.0 / 1.1, abs=0.6)
    assert quality.metrics["masked_fraction"] == 0.0 == quality.metrics["filled_fraction"]
    assert quality.metrics["path_believed_fraction"] == 1.0


@pytest.mark.parametrize(("noise_m", "level"), [(0.003, "good"), (0.02, "caution"), (0.06, "poor")])
def test_noise_lowers_the_verdict(walk, noise_m, level):
    (trial,) = prepare(walk(6.0))
    noise = noise_m * np.random.default_rng(1).standard_normal(trial.keypoints_m.shape)
    quality = assess(replace(trial, keypoints_m=trial.keypoints_m + noise))
    assert quality.level == level and quality.usable == (level != "poor")
    assert (level == "good") == (quality.findings == ())


@pytest.mark.parametrize(("noise_m", "touched"), [(0.08, frozenset()), (0.25, EVERYTHING)])
def test_a_path_that_trembles_leaves_speed_to_its_interval(walk, noise_m, touched):
    (trial,) = prepare(walk(6.0))
    noise = noise_m * np.random.default_rng(2).standard_normal(trial.pelvis_path_m.shape)
    quality = assess(replace(trial, pelvis_path_m=trial.pelvis_path_m + noise))
    found = {finding.code: finding for finding in quality.findings}
    assert found[Code.PATH_JITTERS].touches == touched


@pytest.mark.parametrize(("fps_hz", "is_slow"), [(10.0, True), (15.0, True), (20.0, False)])
def test_phases_of_a_slow_camera_are_not_to_be_used(walk, fps_hz, is_slow):
    (trial,) = prepare(walk(6.0, fps_hz=fps_hz))
    found = [f for f in assess(trial).findings if f.code is Code.RATE_LOW]
    assert [f.values["hz"] for f in found] == ([pytest.approx(fps_hz)] if is_slow else [])
    assert all(f.touches == {Basis.LANDINGS, Basis.FOOT_OFFS} for f in found)


def test_points_that_are_never_seen_for_a_second_have_no_jitter(walk):
    (trial,) = prepare(walk(6.0))
    points = np.array(trial.keypoints_m)
    points[::10] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(assess(replace(trial, keypoints_m=points)).metrics["jitter_mm"])


def test_bone_length_variation_is_the_worst_segments(walk):
    (trial,) = prepare(walk(6.0))
    points = np.array(trial.keypoints_m)
    assert bone_length_variation(points) < 1e-4
    hip, knee = points[:, KEYPOINT_INDEX["Left Hip"]], points[:, KEYPOINT_INDEX["Left Knee"]]
    stretch = np.where(np.arange(len(points)) % 2 == 0, 1.1, 0.9)[:, None]
    points[:, KEYPOINT_INDEX["Left Knee"]] = hip + stretch * (knee - hip)
    assert bone_length_variation(points) >= 0.099


def test_filled_and_masked_samples_are_counted_apart(walk, with_keypoints):
    recording = walk(6.0)
    points = np.array(recording.keypoints_m)
    ankle = BODY_KEYPOINTS.index("Left Ankle")
    points[30:36, ankle] = np.nan
    points[90:120, ankle] = np.nan
    (trial,) = prepare(with_keypoints(recording, points))
    metrics = assess(trial).metrics
    assert metrics["filled_fraction"] == pytest.approx(6 / (6 * trial.n_frames))
    assert metrics["masked_fraction"] == pytest.approx(30 / (6 * trial.n_frames))
    assert (trial.confidence[30:36, ANKLE] == FILLED_CONFIDENCE).all()


@pytest.mark.parametrize(("start", "stop", "named"), [(90, 180, True), (60, 72, False)])
@pytest.mark.parametrize("side", ["left", "right"])
def test_steps_of_a_foot_that_is_not_seen_are_not_to_be_used(walk, side, start, stop, named):
    (trial,) = prepare(walk(6.0))
    points = np.array(trial.keypoints_m)
    for point in ("Ankle", "Heel", "Big Toe", "Foot"):
        points[start:stop, KEYPOINT_INDEX[f"{side.title()} {point}"]] = np.nan
    found = assess(replace(trial, keypoints_m=points)).findings
    unseen = [f for f in found if f.code is Code.FOOT_UNSEEN]
    assert [f.where for f in unseen] == [side] * named
    if named:
        assert {Basis.RHYTHM, Basis.TRAVEL, Basis.FOOTPRINTS} <= unseen[0].touches
    heel = np.array(trial.keypoints_m)
    heel[90:180, KEYPOINT_INDEX["Left Heel"]] = np.nan
    heel_alone = assess(replace(trial, keypoints_m=heel)).findings
    assert Code.FOOT_UNSEEN not in {f.code for f in heel_alone}


@pytest.mark.parametrize(
    ("start", "stop", "severity"), [(60, 67, None), (60, 70, "note"), (60, 90, "caution")]
)
def test_gaps_in_which_nobody_is_seen_are_named(walk, start, stop, severity):
    (trial,) = prepare(walk(6.0))
    points = np.array(trial.keypoints_m)
    points[start:stop] = np.nan
    found = assess(replace(trial, keypoints_m=points)).findings
    unseen = [f for f in found if f.code is Code.PERSON_UNSEEN]
    assert [f.severity for f in unseen] == [severity] * (severity is not None)
    if severity == "caution":
        assert "for 1.00 s on end, from 2.00 s on (17 % of" in sentence(unseen[0])
        assert {Basis.RHYTHM, Basis.TRAVEL, Basis.FOOTPRINTS} <= unseen[0].touches


def test_dropped_frames_are_a_gap(walk):
    recording = walk(4.0)
    kept = (recording.time_s < 1.0) | (recording.time_s > 1.8)
    less = replace(
        recording, time_s=recording.time_s[kept], keypoints_m=recording.keypoints_m[kept],
        confidence=recording.confidence[kept], pose=None,
    )  # fmt: skip
    (trial,) = prepare(less)
    assert Code.PERSON_UNSEEN in {f.code for f in assess(trial).findings}


def test_what_is_missing_is_said(walk):
    recording = walk(6.0)
    names = tuple(n for n in BODY_KEYPOINTS if n.split()[-1] not in ("Heel", "Toe", "Foot"))
    columns = [BODY_KEYPOINTS.index(n) for n in names]
    bare = replace(
        recording,
        keypoint_names=names,
        keypoints_m=recording.keypoints_m[:, columns],
        confidence=recording.confidence[:, columns],
        pelvis_travels=False,
    )
    quality = assess(prepare(bare)[0])
    assert quality.usable and quality.level == "caution"
    assert quality.metrics["missing_keypoints"] == 6
    assert {f.code for f in quality.findings} == {Code.NO_FEET, Code.TRAVEL_UNKNOWN}
    assert np.isnan(quality.metrics["travel_to_stepping"])


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        (("Foot",), None),
        (("Heel", "Foot"), ("Left Heel", "Right Heel")),
        (("Toe",), ("Left Big Toe", "Right Big Toe")),
    ],
)
def test_a_foot_of_which_heel_and_toe_are_there_lacks_nothing(walk, lacking, named):
    recording = walk(6.0)
    names = tuple(n for n in BODY_KEYPOINTS if n.split()[-1] not in lacking)
    columns = [BODY_KEYPOINTS.index(n) for n in names]
    fewer = replace(
        recording, keypoint_names=names, keypoints_m=recording.keypoints_m[:, columns],
        confidence=recording.confidence[:, columns],
    )  # fmt: skip
    found = {f.code: f for f in assess(prepare(fewer)[0]).findings}
    assert Code.NO_FEET not in found
    assert (Code.FEET_INCOMPLETE in found) == (named is not None)
    if named is not None:
        assert found[Code.FEET_INCOMPLETE].values["points"] == named


def test_a_short_walk_is_said_to_be_short(walk):
    (trial,) = prepare(walk(1.8), PreparationConfig(min_frames=30))
    quality = assess(trial)
    assert quality.level == "good"  # short, but nothing is wrong with its keypoints
    (found,) = (f for f in quality.findings if f.code is Code.WALK_SHORT)
    assert found.severity == "note"
    assert found.values == {"duration_s": pytest.approx(1.8, abs=0.04)}


def test_repeated_frames_are_noticed(walk):
    (trial,) = prepare(walk(6.0))
    points = np.array(trial.keypoints_m)
    points[1::2] = points[:-1:2]
    quality = assess(replace(trial, keypoints_m=points))
    assert quality.metrics["frozen_fraction"] == pytest.approx(0.5, abs=0.01)
    assert not quality.usable


def on_belt(recording, belt_speed_mps):
    """The same walk on a treadmill that is said to run at a speed."""
    hips = [recording.keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
    mid_hip = recording.keypoints_m[:, hips].mean(axis=1, keepdims=True)
    return replace(
        recording,
        keypoints_m=recording.keypoints_m - mid_hip * [1.0, 1.0, 0.0],
        pelvis_travels=False,
        belt_speed_mps=belt_speed_mps,
    )


@pytest.mark.parametrize(
    ("metric", "height_m", "denied"),
    [
        (True, 1.0, False), (True, 1.12, False), (True, 1.2, True), (True, 0.84, True),
        (False, 1.0, False), (False, 1.2, False), (False, 1.3, True), (False, 0.75, True),
    ],
)  # fmt: skip
def test_a_height_that_the_legs_deny_takes_away_what_scales_with_it(walk, metric, height_m, denied):
    recording = walk(6.0, metric=metric)
    column = recording.keypoint_names.index
    legs_m = leg_length_m(lambda name: recording.keypoints_m[:, column(name)])
    height_m *= legs_m / LEG_PER_HEIGHT
    (trial,) = prepare(recording, height_m=height_m)
    found = [f for f in assess(trial).findings if f.code is Code.HEIGHT_DENIED]
    assert len(found) == denied
    if denied:
        assert found[0].severity == "caution"
        assert found[0].values["legs_m"] == pytest.approx(legs_m, rel=0.01)
        assert sentence(found[0]).startswith(f"The legs measure {legs_m:.2f} m as recorded")


@pytest.mark.parametrize("height_m", [0.9, 1.24, 2.1])
def test_a_film_denies_no_height(walk, height_m):
    camera = Camera(900.0, 1280, 720, "stated", np.array([2.0, -4.0, 1.0]), np.eye(3))
    seen = walk(6.0, metric=False)
    film = replace(seen, camera=camera, image_px=seen.keypoints_m[..., :2])
    (trial,) = prepare(film, height_m=height_m)
    assert trial.is_filmed
    assert Code.HEIGHT_DENIED not in {finding.code for finding in assess(trial).findings}


def of_speeds(quality):
    codes = (Code.BELT_SPEED_DENIED, Code.TRAVEL_DENIED, Code.FEET_SLIDE)
    return [f for f in quality.findings if f.code in codes]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("monocular", [False, True])
def test_a_true_belt_speed_is_believed(pattern, monocular):
    spec = draw_walker(11, pattern)
    recording = trial_from_walk(synthetic_walk(spec, 5.0), monocular).recording
    (trial,) = prepare(on_belt(recording, spec.speed_mps))
    assert of_speeds(assess(trial, spec.speed_mps)) == []


@pytest.mark.parametrize(
    ("factor", "level"), [(1.35, "caution"), (2.0, "poor"), (0.7, "caution"), (0.5, "poor")]
)
def test_a_wrong_belt_speed_is_said(factor, level):
    spec = draw_walker(4, "normal")
    said = factor * spec.speed_mps
    recording = trial_from_walk(synthetic_walk(spec, 5.0), monocular=False).recording
    (trial,) = prepare(on_belt(recording, said))
    quality = assess(trial, said)
    assert quality.level == level
    (found,) = of_speeds(quality)
    assert (found.code, found.severity == "stop") == (Code.BELT_SPEED_DENIED, level == "poor")
    assert found.values == {"belt_mps": said, "stance_mps": quality.metrics["stance_mps"]}
    assert quality.metrics["stance_mps"] == pytest.approx(spec.speed_mps, rel=0.12)


@pytest.mark.parametrize(
    ("factor", "advice"),
    [
        (3.6, "the belt speed looks like km/h; in metres per second it would be {mps:.2f}."),
        (2.237, "the belt speed looks like miles per hour"),
        (1.5, "check the belt speed (in metres per second); where it is right, the frame rate"),
        (0.5, "check the belt speed (in metres per second)"),
    ],
)
def test_a_wrong_belt_speed_is_the_belts_fault_and_not_the_frame_rates(factor, advice):
    spec = draw_walker(4, "normal")
    said = factor * spec.speed_mps
    recording = trial_from_walk(synthetic_walk(spec, 5.0), monocular=False).recording
    (trial,) = prepare(on_belt(recording, said))
    findings = assess(trial, said).findings
    assert [f.code for f in findings if f.severity != "note"] == [Code.BELT_SPEED_DENIED]
    assert advice.format(mps=spec.speed_mps) in sentence(findings[0])


def test_an_odd_cadence_is_not_the_belts_fault() -> None:
    belt = Finding(Code.BELT_SPEED_DENIED)
    odd = {
        key: Finding(Code.IMPLAUSIBLE, values={"parameter": key})
        for key in ("cadence_spm", "velocity_mps", "stride_length_m")
    }
    explained = {key for key, finding in odd.items() if explained_by_belt(finding, [belt])}
    assert explained == {"velocity_mps", "stride_length_m"}
    assert not explained_by_belt(odd["velocity_mps"], [Finding(Code.TRAVEL_DENIED)])
    assert explained_by_belt(Finding(Code.LONG_STEPS), [belt])
    assert not explained_by_belt(Finding(Code.NO_FEET), [belt])


@pytest.mark.parametrize(("factor", "level"), [(1.0, "good"), (1.35, "caution"), (0.5, "poor")])
def test_travel_that_the_stance_feet_deny(factor, level):
    spec = draw_walker(4, "normal")
    recording = trial_from_walk(synthetic_walk(spec, 5.0), monocular=False).recording
    (trial,) = prepare(recording)
    other = replace(trial, pelvis_path_m=factor * trial.pelvis_path_m)
    quality = assess(other)
    assert quality.level == level
    travel_mps = [f.values["travel_mps"] for f in of_speeds(quality)]
    assert travel_mps == [pytest.approx(factor * spec.speed_mps, abs=0.05)] * (level != "good")
    assert all(
        {Basis.ANGLES, Basis.FOOTPRINTS} <= f.touches and Code.FEET_SLIDE is f.code
        for f in of_speeds(quality)
    )
    # Of a detector the travel is the better witness, so its legs do not overrule it.
    assert of_speeds(assess(replace(other, scale_is_metric=False))) == []


@pytest.mark.parametrize(("belt_mps", "level"), [(None, "good"), (1.1, "good"), (1.6, "poor")])
def test_belt_speeds_of_a_real_treadmill(data_dir, belt_mps, level):
    path = data_dir / "c3d_mixed" / "treadmill_events.c3d"
    recording = read_recording(path, belt_speed_mps=belt_mps)
    (trial,) = prepare(recording)
    quality = assess(trial, recording.belt_speed_mps)
    assert quality.level == level
    doubts = [f.values["belt_mps"] for f in quality.findings if f.severity != "note"]
    assert doubts == [belt_mps] * (level != "good")
    notes = [f.values for f in quality.findings if f.code is Code.BELT_ESTIMATED]
    estimated = {"belt_mps": pytest.approx(1.1, abs=0.02), "spread_percent": 2.0}
    assert notes == ([estimated] if belt_mps is None else [])
