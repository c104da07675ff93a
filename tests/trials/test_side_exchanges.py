"""Exchanged left and right: every swapped frame found, no clean frame touched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.point_exchanges import swap_notes
from simgait.recordings.read import read_recording
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.detectors.monocular_v1 import VIEWS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.walk import PATTERNS, draw_walker, walk
from simgait.trials.preparation import prepare
from simgait.trials.side_exchanges import (
    exchange,
    exchange_legs,
    swapped_frames,
    swapped_legs,
    untold_gaps,
)
from simgait.types import Recording

LEGS = [KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]


def frames(count: int, *spans: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(count, dtype=bool)
    for start, stop in spans:
        mask[start:stop] = True
    return mask


def all_points(recording: Recording) -> np.ndarray:
    points = np.full((len(recording.time_s), len(KEYPOINT_NAMES), 3), np.nan)
    points[:, [KEYPOINT_INDEX[name] for name in recording.keypoint_names]] = recording.keypoints_m
    return points


@pytest.fixture(scope="module", params=PATTERNS)
def walks(request) -> list[Recording]:
    """Exact, and as a detector sees it from every side."""
    done = walk(draw_walker(21, request.param), 5.0)
    exact = trial_from_walk(done, monocular=False).recording
    return [exact, *(trial_from_walk(done, view=view, seed=5).recording for view in VIEWS)]


def test_clean_walkers_are_left_alone(walks):
    for recording in walks:
        assert not swapped_frames(recording.keypoints_m, recording.time_s).any()
        assert not swapped_legs(recording.keypoints_m, recording.time_s).any()


def test_swapped_stretches_are_found_to_the_frame(walks):
    for recording in walks:
        points, time_s = recording.keypoints_m, recording.time_s
        seen = np.isfinite(points[:, LEGS]).all(axis=(1, 2))
        for spans in ([(60, 66)], [(0, 9)], [(140, 151)], [(20, 21), (70, 90), (100, 102)]):
            swapped = frames(len(time_s), *spans)
            found = swapped_frames(exchange(points, swapped), time_s)
            np.testing.assert_array_equal(found[seen], swapped[seen])


@pytest.mark.parametrize("first", [74, 75, 76])
def test_of_two_halves_the_one_that_faces_backward_is_swapped(walks, first):
    for recording in walks:
        swapped = frames(len(recording.time_s), (first, 151))
        found = swapped_frames(exchange(recording.keypoints_m, swapped), recording.time_s)
        seen = np.isfinite(recording.keypoints_m[:, LEGS]).all(axis=(1, 2))
        np.testing.assert_array_equal(found[seen], swapped[seen])


def test_legs_exchanged_under_hips_that_stay_are_found(walks):
    for recording in walks:
        points, time_s = recording.keypoints_m, recording.time_s
        for spans in ([(0, 75)], [(60, 80)], [(100, 151)]):
            swapped = frames(len(time_s), *spans)
            broken = exchange_legs(points, swapped)
            assert not swapped_frames(broken, time_s).any()
            found = swapped_legs(broken, time_s)
            # Where the legs pass each other the jump may be seen some frames late.
            assert (found != swapped).sum() <= 10


@pytest.mark.parametrize("missing_s", [0.2, 0.3, 0.5])
def test_missing_frames_that_no_time_stamp_tells_exchange_no_legs(walks, missing_s):
    for recording in walks:
        points, time_s = recording.keypoints_m, recording.time_s
        for first in (60, 66, 72, 78):
            kept = np.r_[:first, first + round(30 * missing_s) : len(time_s)]
            assert not swapped_legs(points[kept], time_s[: len(kept)]).any()


def test_legs_exchanged_before_missing_frames_are_found(walks):
    for recording in walks:
        points, time_s = recording.keypoints_m, recording.time_s
        swapped = frames(len(time_s), (20, 40))
        kept = np.r_[:80, 92 : len(time_s)]
        found = swapped_legs(exchange_legs(points, swapped)[kept], time_s[: len(kept)])
        assert (found != swapped[kept]).sum() <= 10


def test_a_pelvis_that_jumps_along_tells_missing_frames(walks):
    for recording in walks:
        kept = np.r_[:60, 75 : len(recording.time_s)]
        points = recording.keypoints_m[kept]
        points[58:62, KEYPOINT_INDEX["Left Hip"]] = np.nan
        gaps = untold_gaps(points, recording.time_s[: len(kept)])
        assert {58, 59, 60, 61, 62} <= set(gaps)


@pytest.mark.parametrize("fps_hz", [10.0, 24.0, 120.0])
def test_at_any_frame_rate(walk, fps_hz):
    recording = walk(6.0, fps_hz=fps_hz, heading_rad=lambda t: 1.2 * t)  # a turning walk
    swapped = (recording.time_s > 2.0) & (recording.time_s < 3.1)
    points = all_points(recording)
    found = swapped_frames(exchange(points, swapped), recording.time_s)
    np.testing.assert_array_equal(found, swapped)
    assert not swapped_frames(points, recording.time_s).any()


def test_gaps_are_bridged_by_the_frames_at_their_ends(walk):
    recording = walk(5.0)
    points, time_s = all_points(recording), recording.time_s
    swapped = frames(len(time_s), (60, 80))
    broken = exchange(points, swapped)
    broken[55:65] = np.nan
    broken[70:75, [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Knee"]]] = np.nan
    found = swapped_frames(broken, time_s)
    np.testing.assert_array_equal(found, frames(len(time_s), (65, 80)))


def test_who_turns_round_out_of_sight_is_not_exchanged(walk):
    recording = walk(8.0, heading_rad=lambda t: np.pi * (t > 4.0))
    points = all_points(recording)
    points[105:135] = np.nan
    assert not swapped_frames(points, recording.time_s).any()


def test_one_point_far_off_exchanges_nothing(walk):
    recording = walk(5.0)
    points = all_points(recording)
    points[50, KEYPOINT_INDEX["Left Hip"]] += [0.0, -0.6, 0.0]
    points[90:93, KEYPOINT_INDEX["Right Ankle"]] += [0.5, 0.7, 0.0]
    assert not swapped_frames(points, recording.time_s).any()


def test_exchange_moves_points_and_keeps_the_middle():
    names = np.arange(len(KEYPOINT_NAMES))[None].repeat(3, axis=0)
    changed = exchange(names, np.array([False, True, False]))
    assert KEYPOINT_NAMES[changed[1, KEYPOINT_INDEX["Left Big Toe"]]] == "Right Big Toe"
    assert KEYPOINT_NAMES[changed[1, KEYPOINT_INDEX["Head"]]] == "Head"
    np.testing.assert_array_equal(changed[[0, 2]], names[[0, 2]])


def test_preparation_gives_back_the_walk_and_says_so(walk):
    recording = walk(5.0)
    partner = [
        recording.keypoint_names.index(
            name.replace("Left", "?").replace("Right", "Left").replace("?", "Right")
        )
        for name in recording.keypoint_names
    ]
    sure = 0.5 + 0.4 * np.array([name.startswith("Left") for name in recording.keypoint_names])
    recording = replace(recording, confidence=np.broadcast_to(sure, recording.confidence.shape))
    swapped = frames(len(recording.time_s), (60, 66))
    points, confidence = recording.keypoints_m.copy(), recording.confidence.copy()
    points[swapped], confidence[swapped] = (
        points[swapped][:, partner], confidence[swapped][:, partner],
    )  # fmt: skip
    (trial,) = prepare(replace(recording, keypoints_m=points, confidence=confidence))
    (whole,) = prepare(recording)
    np.testing.assert_array_equal(trial.keypoints_m, whole.keypoints_m)
    np.testing.assert_array_equal(trial.confidence, whole.confidence)
    assert trial.notes == (
        "Left and right had changed places in 6 frames of the file and were exchanged back: "
        "2.00 to 2.17 s.",
        *whole.notes,
    )


def test_preparation_gives_legs_back_and_says_so(walk):
    recording = walk(6.0, metric=False)
    swapped = recording.time_s > 3.0
    points = exchange_legs(all_points(recording), swapped)
    columns = [KEYPOINT_INDEX[name] for name in recording.keypoint_names]
    (trial,) = prepare(replace(recording, keypoints_m=points[:, columns]))
    (whole,) = prepare(recording)
    np.testing.assert_array_equal(trial.keypoints_m, whole.keypoints_m)
    assert trial.notes[0].startswith(
        f"The left and right leg below the hips had changed places in {swapped.sum()} frames"
    )


def test_many_stretches_make_a_short_note():
    swapped = frames(100, (5, 6), (10, 12), (20, 25), (40, 41), (60, 61))
    (note,) = swap_notes(swapped, np.arange(100) / 10.0)
    assert "in 10 frames" in note and "4.00" not in note
    assert note.endswith("0.50 to 0.50 s, 1.00 to 1.10 s, 2.00 to 2.40 s and 2 more stretches.")
    assert swap_notes(frames(100), np.arange(100) / 10.0) == ()


@pytest.mark.parametrize("every", [15, pytest.param(1, marks=pytest.mark.slow)])
def test_real_recordings_are_left_alone(data_dir, every):
    folders = ("cmu_asfamc", "mcgill_c3d", "c3d_mixed")
    files = [p for f in folders for p in sorted((data_dir / f).rglob("*.[ac][m3][cd]"))]
    read = 0
    for path in files[::every]:
        try:
            recording = read_recording(path)
        except InputError:
            continue
        read += 1
        points = all_points(recording)
        assert not swapped_frames(points, recording.time_s).any(), path.name
        assert not swapped_legs(points, recording.time_s).any(), path.name
    assert read > 100 / every
