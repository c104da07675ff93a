"""Marker recordings as a detector would have seen them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.datasets.monocular_copies import as_monocular
from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import prepare
from simgait.types import Recording
from tests.present import present


@pytest.mark.parametrize("legs_only", [False, True])
def test_as_monocular_keeps_shape_and_forgets_nothing_it_should_know(
    marker_recording: Recording, legs_only: bool
) -> None:
    seen = as_monocular(marker_recording, 5, legs_only=legs_only)
    # The first frames lacked a knee; the rest is kept, and starts at time 0 again.
    frames = len(marker_recording.time_s) - 3
    assert seen.keypoints_m.shape == (frames, 23, 3)
    assert seen.confidence.shape == (frames, 23)
    assert seen.keypoint_names == KEYPOINT_NAMES
    assert seen.time_s[0] == 0.0
    assert np.allclose(np.diff(seen.time_s), np.diff(marker_recording.time_s[3:]))
    assert not seen.scale_is_metric
    assert seen.error_model == "monocular-v1"
    missing = np.isnan(seen.keypoints_m).all(axis=(0, 2))
    names = np.array(KEYPOINT_NAMES)
    assert {"Left Hand", "Right Hand"} <= set(names[missing])
    assert not set(names[missing]) & set(REQUIRED_KEYPOINTS)
    # What was a hole in the markers is a hole for the detector too, not a made-up point.
    assert np.isnan(seen.keypoints_m[7:9, KEYPOINT_NAMES.index("Left Heel")]).all()
    assert (seen.confidence[np.isnan(seen.keypoints_m).all(-1)] == 0.0).all()


def test_a_copy_stands_on_the_floor_of_its_markers() -> None:
    """A laboratory's floor lies anywhere, and a detector's legs are too short to find it."""
    exact = trial_from_walk(walk(draw_walker(walker_seed("train", 51)), 4.0), monocular=False)
    lab = np.array([0.0, 0.0, 0.03])
    recording = replace(
        exact.recording,
        source_format="c3d",
        keypoints_m=exact.recording.keypoints_m + lab,
        pose=exact.recording.pose + np.pad(lab, (0, 13)),
        floor_z_m=None,
    )
    (markers,) = prepare(recording)
    seen = as_monocular(recording, 5, legs_only=False)
    (copy,) = prepare(seen, height_m=recording.height_m)
    assert (copy.source_format, copy.error_model) == ("c3d", "monocular-v1")
    height_m = [np.median(present(trial.truth).pose[:, 2]) for trial in (markers, copy)]
    assert height_m[1] == pytest.approx(height_m[0], abs=0.003)


def test_as_monocular_errs_as_detectors_do_and_repeats_itself(marker_recording: Recording) -> None:
    seen = as_monocular(marker_recording, 5, legs_only=False)
    columns = [KEYPOINT_NAMES.index(name) for name in REQUIRED_KEYPOINTS]
    true = marker_recording.keypoints_m[3:, columns]
    error = np.linalg.norm(seen.keypoints_m[:, columns] - true, axis=-1)
    assert 0.005 < np.nanmedian(error) < 1.0
    again = as_monocular(marker_recording, 5, legs_only=False)
    assert np.array_equal(again.keypoints_m, seen.keypoints_m, equal_nan=True)
    other = as_monocular(marker_recording, 6, legs_only=False)
    assert not np.allclose(other.keypoints_m, seen.keypoints_m, equal_nan=True)
    # The heading survives: the walk still goes along its slanted line.
    hips = [KEYPOINT_NAMES.index(name) for name in ("Left Hip", "Right Hip")]
    for keypoints in (marker_recording.keypoints_m[3:], seen.keypoints_m):
        mid = np.nanmean(keypoints[:, hips], axis=1)
        mid = mid[np.isfinite(mid).all(-1)]
        travel = mid[-1] - mid[0]
        assert np.rad2deg(np.arctan2(travel[1], travel[0])) == pytest.approx(50.0, abs=8.0)
    assert prepare(seen)[0].keypoints_m.shape[1] == 23


def test_as_monocular_refuses_what_is_never_whole(marker_recording: Recording) -> None:
    keypoints = marker_recording.keypoints_m.copy()
    keypoints[::2, KEYPOINT_NAMES.index("Left Ankle")] = np.nan
    keypoints[1::2, KEYPOINT_NAMES.index("Right Ankle")] = np.nan
    holed = Recording(**(vars(marker_recording) | {"keypoints_m": keypoints}))
    with pytest.raises(InputError, match="no frame shows all markers"):
        as_monocular(holed, 5, legs_only=False)
