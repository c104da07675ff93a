"""What the length of a path rests on, and what is refused that is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.findings import Code
from simgait.footage import Camera
from simgait.recordings.detectors.measured import (
    ANY_DETECTOR,
    THROUGH_A_LENS,
    THROUGH_AN_ASSUMED_LENS,
)
from simgait.synthetic.recording import trial_from_walk
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from simgait.trials.travel_scale import detector_factor, detector_spread
from simgait.types import Recording
from tests.let_walk import let_walk


@pytest.fixture(scope="module")
def seen() -> tuple[Recording, float]:
    """A walk as one camera saw it, and the way that was walked in it (m)."""
    walked = let_walk(5, "normal", 6.0)
    way_m = float(np.ptp(walked.pose[:, 0]))
    return trial_from_walk(walked, view="ahead").recording, way_m


def speed(trial) -> float:
    return float(np.polyfit(trial.time_s, trial.believed_path_m[:, 0], 1)[0])


def test_a_distance_walked_sets_the_speed_whatever_the_detector_reads(seen):
    recording, way_m = seen
    found = []
    for reads in (0.8, 1.0, 1.25):
        hips = [recording.keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
        mid_hip = recording.keypoints_m[:, hips].mean(axis=1)
        further = (reads - 1.0) * (mid_hip - mid_hip[0]) * [1.0, 1.0, 0.0]
        other = replace(
            recording, keypoints_m=recording.keypoints_m + further[:, None], distance_m=way_m
        )
        (trial,) = prepare(other)
        assert trial.path_basis == "distance_said" and trial.path_binds
        assert trial.travel_spread == 0.0
        found.append(speed(trial))
    assert found == pytest.approx([way_m / 6.0] * 3, rel=0.02)


def test_a_distance_that_the_points_cannot_have_binds_and_is_doubted(seen):
    recording, way_m = seen
    for share, denied in ((0.7, True), (0.95, False), (1.1, False), (1.35, True)):
        (trial,) = prepare(replace(recording, distance_m=share * way_m))
        assert speed(trial) == pytest.approx(share * way_m / 6.0, rel=0.02)
        said = [f for f in assess(trial).findings if f.code is Code.DISTANCE_DENIED]
        assert bool(said) is denied
        for finding in said:
            assert finding.values["percent"] == pytest.approx(100 * (share - 1.0), abs=9.0)


def test_a_factor_that_is_said_wins_over_what_is_known_of_detectors(seen):
    recording, _ = seen
    (known,), (said,) = prepare(recording), prepare(replace(recording, travel_factor=0.9))
    assert said.path_basis == "factor_said" and said.travel_factor == 0.9
    assert speed(said) / speed(known) == pytest.approx(0.9 / known.travel_factor)
    # The recorded path stays what it is.
    np.testing.assert_array_equal(said.pelvis_path_m, known.pelvis_path_m)


def test_a_detectors_path_from_ahead_is_divided_by_what_detectors_read_and_this_is_said(seen):
    recording, _ = seen
    (trial,) = prepare(recording)
    assert trial.path_basis == "detector"
    assert trial.travel_factor == pytest.approx(1.0 / ANY_DETECTOR.travel_reads, rel=1e-3)
    assert trial.travel_spread == ANY_DETECTOR.travel_spread
    assert any("multiplied by 0.952" in note for note in trial.notes)


def test_a_way_across_the_picture_is_as_long_as_the_person_is_tall():
    walked = let_walk(5, "normal", 3.0)
    (trial,) = prepare(trial_from_walk(walked, view="sagittal").recording)
    assert trial.travel_factor == pytest.approx(1.0 / ANY_DETECTOR.across_reads, rel=0.005)


@pytest.mark.parametrize("share", [1.0, 0.95])
def test_the_factor_goes_from_depth_to_across_and_joints_that_were_moved_count_in_depth(share):
    in_depth = share / ANY_DETECTOR.travel_reads
    assert detector_factor(ANY_DETECTOR, share, 1.0) == pytest.approx(in_depth)
    assert detector_factor(ANY_DETECTOR, share, float("nan")) == pytest.approx(in_depth)
    assert detector_factor(ANY_DETECTOR, share, 0.0) == 1.0 / ANY_DETECTOR.across_reads
    found = [detector_factor(ANY_DETECTOR, share, along) for along in np.linspace(1.0, 0.0, 9)]
    assert (np.diff(found) > 0.0).all()
    assert detector_factor(THROUGH_A_LENS, 1.0, 0.6) == pytest.approx(1.0)


def test_a_lens_that_was_assumed_is_doubted_in_depth_alone():
    lens = THROUGH_AN_ASSUMED_LENS
    assert detector_spread(lens, 1.0) == detector_spread(lens, float("nan")) == lens.travel_spread
    assert detector_spread(lens, 0.0) == lens.across_spread == THROUGH_A_LENS.across_spread
    found = [detector_spread(lens, along) for along in np.linspace(1.0, 0.0, 9)]
    assert (np.diff(found) < 0.0).all()
    # A size that is 5 % wrong and a lens that is 10.9 % wrong, drawn for many obliquely seen ways.
    rng = np.random.default_rng(0)
    size, depth = 0.05 * rng.standard_normal(20_000), 0.109 * rng.standard_normal(20_000)
    along, across = np.cos(0.7), np.sin(0.7)
    drawn = np.log(np.hypot(along * np.exp(size + depth), across * np.exp(size)))
    assert detector_spread(lens, along) == pytest.approx(drawn.std(), rel=0.05)


@pytest.mark.parametrize("source", ["stated", "tag", "assumed"])
def test_a_path_seen_through_a_lens_is_as_long_as_it_is_and_the_lens_is_doubted(seen, source):
    hips = [seen[0].keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
    mid_hip = np.nanmean(seen[0].keypoints_m[:, hips], axis=1)
    way = mid_hip[-1] - mid_hip[0]
    beside = np.array([-way[1], way[0], 0.0]) / np.linalg.norm(way)
    doubt = {}
    for view, place in (("end", mid_hip[-1] + 3.0 * way), ("side", mid_hip.mean(0) + 5 * beside)):
        camera = Camera(1500.0, 1920, 1080, source, place, np.eye(3))
        image = seen[0].keypoints_m[..., :2]
        (trial,) = prepare(replace(seen[0], error_model="", camera=camera, image_px=image))
        assert trial.path_basis == "detector" and trial.travel_factor == pytest.approx(1.0)
        doubt[view] = trial.travel_spread
    # Which lens it is does not matter of ways across the picture.
    assert doubt["end"] == pytest.approx(0.12 if source == "assumed" else 0.05, rel=0.01)
    assert doubt["side"] == pytest.approx(0.05, rel=0.05)
    assert not any("multiplied" in note for note in trial.notes)


@pytest.mark.parametrize("source", ["stated", "assumed"])
def test_another_detectors_points_stay_its_own_though_their_camera_is_known(seen, source):
    camera = Camera(1500.0, 1920, 1080, source, np.array([-9.0, 0.0, 1.0]), np.eye(3))
    known = replace(seen[0], camera=camera)
    (trial,) = prepare(known)
    assert not trial.is_filmed
    assert trial.travel_factor == pytest.approx(1.0 / ANY_DETECTOR.travel_reads, rel=0.01)
    # An assumed lens adds its own doubt to the detector's.
    spread = 0.07 if source == "stated" else np.hypot(0.07, np.sqrt(0.12**2 - 0.05**2))
    assert trial.travel_spread == pytest.approx(spread, rel=0.02)


def test_a_path_shorter_than_the_legs_walk_does_not_bind(seen):
    recording, _ = seen
    hips = [recording.keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
    mid_hip = recording.keypoints_m[:, hips].mean(axis=1)
    back = 0.55 * (mid_hip - mid_hip[0]) * [1.0, 1.0, 0.0]
    (trial,) = prepare(replace(recording, keypoints_m=recording.keypoints_m - back[:, None]))
    assert trial.path_basis == "denied" and not trial.path_binds


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scale_is_metric": True, "distance_m": 6.0}, "the positions are measured"),
        ({"scale_is_metric": True, "travel_factor": 0.9}, "the positions are measured"),
        ({"pelvis_travels": False, "distance_m": 6.0}, "hold no path"),
        ({"distance_m": 6.0, "travel_factor": 0.9}, "leave one out"),
        ({"distance_m": 60.0}, "60 m are given for a way that measures"),
    ],
)
def test_what_cannot_be_laid_on_a_path_is_refused(seen, changes, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        prepare(replace(seen[0], **changes))
    assert "no straight walking bout" not in str(refused.value)


def test_a_distance_needs_one_straight_walk(seen):
    recording, way_m = seen
    points = recording.keypoints_m
    hips = [recording.keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
    middle = np.nanmean(points[:, hips].mean(axis=1), axis=0)
    # Walks back by the same way, turned about the vertical.
    back = (points - middle) * [-1.0, -1.0, 1.0] + middle
    both = replace(
        recording,
        keypoints_m=np.concatenate([points, back + (points[-1] - back[0])[None, hips].mean(1)]),
        confidence=np.concatenate([recording.confidence] * 2),
        time_s=np.concatenate([recording.time_s, recording.time_s + recording.time_s[-1] + 1 / 30]),
        pose=None, events=(), distance_m=way_m,
    )  # fmt: skip
    with pytest.raises(InputError, match="does not walk straight"):
        prepare(both)
