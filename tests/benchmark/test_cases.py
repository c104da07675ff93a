"""The walks that the scorecard offers, and what it says about those it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.benchmark.cases import (
    marker_case,
    real_set,
    synthetic_case,
    synthetic_set,
    without_pelvis_path,
)
from simgait.benchmark.scorecard import SET_NAMES
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.gait.recorded import true_angles_rad
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.detectors.monocular_v1 import VIEWS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import prepare
from tests.bench_walks import walks_of_a_small_scorecard


@pytest.fixture(scope="module")
def exact_markers():
    """A synthetic walk as a recording of exact markers, and its trial."""
    made = trial_from_walk(walk(draw_walker(walker_seed("test", 5)), 5.0), monocular=False)
    return made.recording, prepare(made.recording, SHORT_WALKS)[0]


def test_kinds_of_keypoints_show_the_same_walk():
    exact, seen, legs = (
        synthetic_case(5, kind, 5.0) for kind in ("exact", "monocular", "monocular_legs")
    )
    assert exact.labels["pattern"] == draw_walker(walker_seed("test", 5)).pattern
    assert "view" not in exact.labels
    assert seen.labels["view"] in VIEWS
    assert any(f"camera {seen.labels['view']}, {seen.labels['distance']}" in n
               for n in seen.trial.notes)  # fmt: skip
    present = np.isfinite(legs.trial.keypoints_m).all(axis=-1).any(axis=0)
    assert {n for n, p in zip(KEYPOINT_NAMES, present, strict=True) if p} <= set(REQUIRED_KEYPOINTS)
    spec = draw_walker(walker_seed("test", 5))
    for case in (exact, seen, legs):
        velocity = case.gait.parameters["velocity_mps"]["both"].mean
        assert velocity == pytest.approx(spec.speed_mps, rel=0.1)


def test_a_set_without_the_pelvis_path_hides_it_and_nothing_else():
    seen = synthetic_set("seen", "monocular", 2, 5.0)
    hidden = without_pelvis_path(seen, "hidden")
    for before, after in zip(seen.cases, hidden.cases, strict=True):
        assert before.trial.pelvis_path_mask.any()
        assert not after.trial.pelvis_path_mask.any()
        assert np.isnan(after.trial.pelvis_path_m).all()
        np.testing.assert_array_equal(before.trial.keypoints_m, after.trial.keypoints_m)
        assert before.gait is after.gait


@pytest.mark.slow
def test_real_test_subjects_and_nobody_else(data_dir):
    every = next(one for one in walks_of_a_small_scorecard(data_dir) if one.name == SET_NAMES[4])
    cases = [case for case in every.cases if case.labels["source"] == "mcgill_c3d"]
    assert {c.labels["subject"] for c in cases} == {
        f"mcgill_c3d-{s}" for s in ("HC002D", "HC038A", "HC044A", "HC055A")
    }
    # One standing trial each, offered and refused with a reason.
    refused = [item for item in every.excluded if item.source == "mcgill_c3d"]
    assert len(refused) == 4 and all(item.reason for item in refused)
    for case in cases:
        assert case.held_out and case.walker is None
        assert case.events
        assert np.isfinite(case.angles_rad[:, 3]).mean() > 0.8
        assert 0.9 < case.gait.parameters["velocity_mps"]["both"].mean < 1.6
        first = case.events[0].time_s + case.trial.start_s
        assert first > 0.0


def test_nobody_is_held_out_unless_it_is_said(exact_markers):
    recording, trial = exact_markers
    assert not marker_case(recording, trial).held_out
    assert marker_case(recording, trial, held_out=True).held_out


def test_the_truth_of_angles_is_one_for_scores_and_trial_reports(exact_markers):
    recording, trial = exact_markers
    pose = trial.truth.pose
    lab = np.full((trial.n_frames, 13), 0.5)
    unknown = np.full((trial.n_frames, 13), np.nan)
    for reference, expected in ((lab, lab), (unknown, pose[:, 3:]), (None, pose[:, 3:])):
        seen = replace(trial, truth=replace(trial.truth, reference_angles_rad=reference))
        np.testing.assert_array_equal(marker_case(recording, seen).angles_rad, expected)
        np.testing.assert_array_equal(true_angles_rad(seen.truth), expected)
    for truth in (None, replace(trial.truth, pose=np.nan * pose, reference_angles_rad=unknown)):
        case = marker_case(recording, replace(trial, truth=truth))
        assert case.angles_rad.shape == (trial.n_frames, 13) and np.isnan(case.angles_rad).all()


def test_an_absent_folder_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="mcgill_c3d: not found in the data folder"):
        real_set("real", tmp_path, ("mcgill_c3d",))
