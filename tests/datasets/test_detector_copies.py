"""Marker recordings through detector families: what is kept, what is not, on a video's clock."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.datasets.detector_copies import as_seen_by, at_video_rate
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.detectors.named import DETECTORS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import prepare
from simgait.types import Recording
from tests.present import present


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_copy_is_a_detectors_and_keeps_what_is_true(
    marker_recording: Recording, detector: str
) -> None:
    seen = as_seen_by(detector, marker_recording, 1.7, 5, view="ahead")
    assert seen.error_model == detector
    assert seen.keypoint_names == KEYPOINT_NAMES
    assert not seen.scale_is_metric
    assert len(seen.time_s) == len(marker_recording.time_s) - 3
    missing = np.isnan(seen.keypoints_m).all(axis=(0, 2))
    assert {"Left Hand", "Right Hand"} <= set(np.array(KEYPOINT_NAMES)[missing])
    assert np.isnan(seen.keypoints_m[7:9, KEYPOINT_NAMES.index("Left Heel")]).all()
    assert (seen.confidence[np.isnan(seen.keypoints_m).any(-1)] == 0.0).all()
    again = as_seen_by(detector, marker_recording, 1.7, 5, view="ahead")
    assert np.array_equal(again.keypoints_m, seen.keypoints_m, equal_nan=True)


def test_a_copy_is_tracked_with_its_truth_in_step() -> None:
    spec = draw_walker(walker_seed("train", 51), "normal")
    exact = trial_from_walk(walk(spec, 4.0, 120.0), monocular=False).recording
    seen = as_seen_by("metrabs-87-v1", exact, spec.height_m, 5, view="ahead")
    assert seen.fps_hz == pytest.approx(30.0)
    (trial,) = prepare(seen, SHORT_WALKS)
    truth = present(trial.truth)
    speed = (truth.pose[-1, 0] - truth.pose[0, 0]) / trial.time_s[-1]
    assert speed == pytest.approx(spec.speed_mps, rel=0.05)
    way = trial.pelvis_path_m[:, 0]
    assert (way[-1] - way[0]) / trial.time_s[-1] == pytest.approx(speed, rel=0.25)
    # The knees of truth and copy bend at the same time.
    left = truth.pose[:, 9]
    hip, knee, ankle = (
        trial.keypoints_m[:, KEYPOINT_NAMES.index(f"Left {name}")]
        for name in ("Hip", "Knee", "Ankle")
    )
    leg = np.linalg.norm(hip - ankle, axis=-1)
    bend = 1.0 - leg / (np.linalg.norm(hip - knee, axis=-1) + np.linalg.norm(knee - ankle, axis=-1))
    lags = range(-4, 5)
    fit = [np.corrcoef(np.roll(left, lag)[8:-8], bend[8:-8])[0, 1] for lag in lags]
    assert abs(lags[int(np.argmax(fit))]) <= 1


def test_video_rate_keeps_gaps_and_the_pose() -> None:
    exact = trial_from_walk(walk(draw_walker(51), 3.0, 100.0), monocular=False).recording
    points = exact.keypoints_m.copy()
    points[100:140, 4] = np.nan
    slow = at_video_rate(replace(exact, keypoints_m=points))
    assert slow.fps_hz == pytest.approx(30.0)
    gone = np.isnan(slow.keypoints_m[:, 4]).any(-1)
    assert gone[31:41].all() and not gone[:29].any()
    pose = present(slow.pose)
    at = np.searchsorted(exact.time_s, slow.time_s[30])
    assert np.allclose(pose[30], present(exact.pose)[at], atol=0.03)
    assert at_video_rate(slow) is slow


def test_what_is_never_whole_is_refused(marker_recording: Recording) -> None:
    points = marker_recording.keypoints_m.copy()
    points[::2, KEYPOINT_NAMES.index("Left Ankle")] = np.nan
    points[1::2, KEYPOINT_NAMES.index("Right Ankle")] = np.nan
    with pytest.raises(InputError, match="no frame shows all markers"):
        as_seen_by("wide-v1", replace(marker_recording, keypoints_m=points), 1.7, 5)
