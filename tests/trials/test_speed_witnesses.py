"""A path is known where the feet confirm it, and no single camera's path is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.findings import Code
from simgait.footage import Camera
from simgait.recordings.detectors.measured import ANY_DETECTOR, THROUGH_A_LENS
from simgait.synthetic.detectors.monocular_v1 import VIEWS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS, draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from simgait.trials.speed_witnesses import travel_witnesses
from simgait.trials.travel_scale import FEET_SPREAD
from tests.let_walk import let_walk


def witnesses(trial):
    return travel_witnesses(
        trial.keypoints_m, trial.pelvis_path_m, trial.pelvis_path_mask, trial.fps_hz
    )


@pytest.mark.parametrize("pattern", PATTERNS)
def test_exact_points_confirm_their_path_though_nobody_called_them_measured(pattern):
    made = trial_from_walk(let_walk(5, pattern, 5.0), monocular=False)
    (trial,) = prepare(replace(made.recording, scale_is_metric=False))
    assert trial.path_basis == "feet" and trial.path_binds
    # They may be smoothed, so that what was learned of detectors is laid over them.
    assert not trial.scale_is_metric
    assert trial.travel_factor == 1.0
    # Its size is that of the height, which is not known of this person's legs.
    assert trial.travel_spread == FEET_SPREAD
    named = {finding.code for finding in assess(trial).findings}
    assert Code.SIZE_ASSUMED in named and Code.TRAVEL_ASSUMED not in named


@pytest.mark.parametrize("view", VIEWS)
def test_a_cameras_path_is_not_confirmed_and_binds_with_what_is_known_of_the_detector(view):
    made = trial_from_walk(let_walk(5, "normal", 5.0), view=view)
    (trial,) = prepare(made.recording)
    assert trial.path_basis == "detector" and trial.path_binds
    reads = 1.0 / trial.travel_factor
    assert ANY_DETECTOR.across_reads < reads < ANY_DETECTOR.travel_reads


def test_what_was_fitted_to_a_cameras_rays_does_not_confirm_itself():
    # Exact points stand for a fit: nothing jitters in it, and feet stand, because it was made so.
    made = trial_from_walk(let_walk(5, "normal", 5.0), monocular=False)
    guessed = replace(made.recording, scale_is_metric=False)
    camera = Camera(900.0, 1280, 720, "stated", np.array([2.0, -4.0, 1.0]), np.eye(3))
    film = replace(guessed, camera=camera, image_px=guessed.keypoints_m[..., :2])
    (told,), (filmed,) = prepare(guessed), prepare(film)
    assert witnesses(filmed).agree and told.path_basis == "feet"
    assert filmed.path_basis == "detector"
    assert filmed.travel_spread == pytest.approx(THROUGH_A_LENS.travel_spread)


def test_a_path_that_runs_ahead_of_the_feet_is_not_confirmed(walk):
    (trial,) = prepare(walk(6.0))
    found = witnesses(trial)
    ahead = witnesses(replace(trial, pelvis_path_m=1.3 * trial.pelvis_path_m))
    assert ahead.travel_to_stance == pytest.approx(1.3 * found.travel_to_stance)
    assert not ahead.agree


def test_a_path_that_jitters_is_not_confirmed():
    made = trial_from_walk(let_walk(5, "normal", 5.0), monocular=False)
    (trial,) = prepare(made.recording)
    assert witnesses(trial).agree
    noise = 0.006 * np.random.default_rng(0).standard_normal(trial.pelvis_path_m.shape)
    shaken = witnesses(replace(trial, pelvis_path_m=trial.pelvis_path_m + noise))
    assert 3.0 < shaken.path_jitter_mm < 7.0 and not shaken.agree


def test_without_a_path_nothing_is_known(walk):
    (trial,) = prepare(walk(6.0))
    hidden = replace(trial, pelvis_path_mask=np.zeros(trial.n_frames, bool))
    found = witnesses(hidden)
    assert np.isnan(found.travel_mps) and np.isnan(found.travel_to_stance) and not found.agree
    assert not hidden.path_binds


@pytest.mark.parametrize("estimated", [False, True])
def test_a_belt_speed_binds_where_somebody_said_it(estimated):
    spec = draw_walker(11, "normal")
    recording = trial_from_walk(synthetic_walk(spec, 5.0)).recording
    on_belt = replace(
        recording, pelvis_travels=False, belt_speed_mps=spec.speed_mps, belt_is_estimated=estimated
    )
    (trial,) = prepare(on_belt)
    assert trial.path_basis == ("belt_estimated" if estimated else "belt_said")
    assert trial.path_binds == (not estimated) and trial.travel_factor == 1.0
