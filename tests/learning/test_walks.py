"""Walks to learn from: nobody of the test set, everybody with truth, detectors' shapes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.datasets.splits import TEST_SUBJECTS
from simgait.errors import InputError
from simgait.learning import walks as module
from simgait.learning.walks import (
    MIXTURE,
    NOT_LEGS,
    as_monocular,
    draw_kind,
    learning_walks,
    real_recordings,
    synthetic_trial,
    synthetic_walks,
)
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import prepare
from simgait.types import FittedTrial, Recording


@pytest.fixture(scope="module")
def marker_recording() -> Recording:
    """Exact keypoints of a walker, along a slanted line, some of the 23 never seen."""
    made = walk(draw_walker(walker_seed("train", 50)), 4.0)
    absent = ("Left Hand", "Right Hand")
    recording = trial_from_walk(made, monocular=False, missing=absent).recording
    angle = np.deg2rad(50.0)
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]]
    )
    keypoints = recording.keypoints_m @ turn.T
    keypoints[10:12, KEYPOINT_NAMES.index("Left Heel")] = np.nan
    keypoints[:3, KEYPOINT_NAMES.index("Right Knee")] = np.nan  # not whole from the first frame
    return Recording(**(vars(recording) | {"keypoints_m": keypoints, "pose": None, "events": ()}))


def fake_collection(folder: Path, collection: str, suffix: str, subjects: list[str]) -> None:
    for subject in subjects:
        (folder / collection / subject).mkdir(parents=True)
        (folder / collection / subject / f"{subject}_01{suffix}").touch()


def test_training_never_sees_a_test_subject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marker_recording: Recording
) -> None:
    free = {"cmu_asfamc": ["02", "35"], "mcgill_c3d": ["HC030A", "HC036A"]}
    for collection, suffix in (("cmu_asfamc", ".amc"), ("mcgill_c3d", ".c3d")):
        everybody = sorted(TEST_SUBJECTS[collection]) + free[collection]
        fake_collection(tmp_path, collection, suffix, everybody)
    read: list[Path] = []

    def fake_read(path: Path) -> Recording:
        read.append(path)
        return marker_recording

    monkeypatch.setattr(module, "read_recording", fake_read)
    monkeypatch.setattr(module, "prepare", lambda *_: [])
    train = {recording.subject_id for recording in real_recordings(tmp_path, test=False)}
    # Not even opened.
    assert {path.parent.name for path in read} == set(free["cmu_asfamc"] + free["mcgill_c3d"])
    test = {recording.subject_id for recording in real_recordings(tmp_path, test=True)}
    assert train == {f"{c}-{s}" for c, subjects in free.items() for s in subjects}
    assert test == {f"{c}-{s}" for c, subjects in TEST_SUBJECTS.items() for s in subjects}
    assert not train & test


def test_recordings_without_a_walk_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marker_recording: Recording
) -> None:
    fake_collection(tmp_path, "cmu_asfamc", ".amc", ["02"])

    def refuse(*_: object) -> None:
        raise InputError("a static trial")

    monkeypatch.setattr(module, "read_recording", lambda _: marker_recording)
    monkeypatch.setattr(module, "prepare", refuse)
    assert not list(real_recordings(tmp_path, test=False))


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
    height_m = [np.median(trial.truth.pose[:, 2]) for trial in (markers, copy)]
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


def test_kinds_are_drawn_by_their_shares() -> None:
    rng = np.random.default_rng(0)
    drawn = [draw_kind(rng) for _ in range(4000)]
    assert sum(MIXTURE.values()) == pytest.approx(1.0)
    for kind, share in MIXTURE.items():
        assert drawn.count(kind) / 4000 == pytest.approx(share, abs=0.03)


def test_legs_only_shows_hips_knees_and_ankles() -> None:
    assert set(NOT_LEGS) | set(REQUIRED_KEYPOINTS) == set(KEYPOINT_NAMES)
    trial = synthetic_trial("validation", 3, "exact_legs", 4.0, "normal")
    seen = np.isfinite(trial.keypoints_m).all(-1).any(0)
    assert {n for n, s in zip(KEYPOINT_NAMES, seen, strict=True) if s} == set(REQUIRED_KEYPOINTS)


def test_synthetic_walks_have_truth_and_a_fit_and_repeat_themselves(
    walks: list[FittedTrial],
) -> None:
    assert 1 <= len(walks) <= 4
    for one in walks:
        assert one.trial.truth is not None
        assert np.isfinite(one.trial.truth.contact).any()
        assert one.pose.shape == (one.trial.n_frames, one.skeleton.n_coordinates)
        assert np.isfinite(one.pose).all()
    again = synthetic_walks("train", 30, 4, seed=0)
    for one, two in zip(walks, again, strict=True):
        assert one.trial.trial_id == two.trial.trial_id
        assert np.array_equal(one.pose, two.pose)


def test_walks_that_no_body_fits_are_left_out(walks: list[FittedTrial]) -> None:
    trial = walks[0].trial
    giant = type(trial)(**(vars(trial) | {"keypoints_m": 3.0 * trial.keypoints_m}))
    kept = learning_walks([giant, trial])
    assert len(kept) == 1
    assert kept[0].trial is trial


@pytest.mark.slow
def test_real_training_subjects_are_not_the_test_subjects(data_dir: Path) -> None:
    train = {recording.subject_id for recording in real_recordings(data_dir, test=False)}
    test = {recording.subject_id for recording in real_recordings(data_dir, test=True)}
    assert train and test
    assert not train & test
