"""A track that jumps to another person and back loses those frames and no others."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.synthetic.detectors.monocular_v1 import VIEWS
from simgait.synthetic.recording import trial_from_walk
from simgait.trials.cleaning import clean
from simgait.trials.preparation import prepare
from simgait.trials.track_jumps import jump_notes, largest_step_m, other_persons_frames
from tests.let_walk import let_walk

TIME_S = np.arange(300) / 30.0


def straight(speed_mps=1.2, noise_m=0.0):
    path = np.stack([speed_mps * TIME_S, 0 * TIME_S, 0 * TIME_S], axis=-1)
    return path + noise_m * np.random.default_rng(0).standard_normal(path.shape)


@pytest.mark.parametrize("away_m", [0.8, 1.0, 5.0, 800.0])
def test_a_detour_is_taken_out(away_m):
    middle = straight(noise_m=0.03)
    middle[140:155, 1] += away_m
    middle[200:202, 1] -= away_m
    other = other_persons_frames(middle, TIME_S)
    assert np.flatnonzero(other).tolist() == [*range(140, 155), 200, 201]
    (note,) = jump_notes(other, middle, TIME_S)
    assert f"by {np.linalg.norm(middle[140] - middle[139]):.1f} m at 4.7 s" in note
    assert "(and 1 time more)" in note and "17 frames" in note


def test_of_two_people_the_longer_stays():
    middle = straight()
    middle[:100] += [0.0, 3.0, 0.0]
    other = other_persons_frames(middle, TIME_S)
    assert other[:100].all() and not other[100:].any()
    assert "at 3.3 s" in jump_notes(other, middle, TIME_S)[0]


def test_walks_gaps_and_noise_are_no_jumps():
    middle = straight(2.2, noise_m=0.05)
    assert not other_persons_frames(middle, TIME_S).any()
    middle[100:160] = np.nan
    assert not other_persons_frames(middle, TIME_S).any()
    assert not other_persons_frames(np.full((300, 3), np.nan), TIME_S).any()
    scattered = 3.0 * np.random.default_rng(1).standard_normal((300, 3))
    assert not other_persons_frames(scattered, TIME_S).any()


@pytest.mark.parametrize("view", VIEWS)
def test_no_frame_of_a_detectors_walk_is_another_persons(view):
    made = let_walk(31, "normal", 6.0)
    seen = trial_from_walk(made, view=view, distance="far").recording
    cleaned = clean(seen, fps_hz=30.0, max_gap_s=0.2, cutoff_hz=12.0, max_joint_angle_deg=136.0)
    assert cleaned.jumps == ()


@pytest.mark.parametrize("fps_hz", [30.0, 120.0])
@pytest.mark.parametrize("jump_m", [0.3, 0.4])
@pytest.mark.parametrize("axis", [0, 1])
def test_measured_points_jump_where_nobody_is_so_fast(walk, with_keypoints, fps_hz, jump_m, axis):
    recording = walk(6.0, fps_hz=fps_hz)
    points = np.array(recording.keypoints_m)
    points[round(4.0 * fps_hz) :, :, axis] += jump_m
    (trial,) = prepare(with_keypoints(recording, points))
    assert any(f"The track jumps by {jump_m:.1f} m at 4.0 s" in note for note in trial.notes)
    assert trial.time_s[-1] < 4.0


@pytest.mark.parametrize("noise_m", [0.0, 0.02, 0.05])
def test_measured_points_that_tremble_do_not_jump(noise_m):
    middle = straight(2.2, noise_m=noise_m)
    assert not other_persons_frames(middle, TIME_S, largest_step_m(middle)).any()
    assert largest_step_m(np.full((5, 3), np.nan)) > 0.0


def test_a_jump_that_costs_the_walk_is_named(walk, with_keypoints):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    points[60:90] += [0.0, 1.5, 0.0]
    with pytest.raises(InputError, match=r"track jumps by 1\.5 m at 2\.0 s"):
        prepare(with_keypoints(recording, points))


def test_frames_that_were_cut_out_are_another_cause_of_a_jump():
    middle = straight()
    middle[200:, 0] += 0.8
    other = other_persons_frames(middle, TIME_S)
    assert other.any()
    assert (
        "as if to another person, or frames are missing there:"
        in jump_notes(other, middle, TIME_S)[0]
    )
    aside = straight()
    aside[200:, 1] += 0.8
    faster = straight()
    faster[200:] += faster[200:] - faster[200] + [0.8, 0.0, 0.0]
    for moved in (aside, faster):
        (note,) = jump_notes(other_persons_frames(moved, TIME_S), moved, TIME_S)
        assert "as if to another person: " in note
