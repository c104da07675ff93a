"""A truth that comes with a trial is heard where it matters, and leaves the verdict as it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.gait.analyse import analyse_rollout
from simgait.gait.recorded import true_angles_rad
from simgait.gait_result import GaitResult, Statistic
from simgait.report.trial.page import trial_page
from simgait.report.trial.truth_check import truth_findings
from simgait.report.trial.verdict import judge
from simgait.report.words import Level, truth_sentence
from simgait.skeleton.default import ANGLE_NAMES
from simgait.types import Rollout, Trial, TrialTruth
from tests.present import present


@pytest.fixture(scope="module")
def made(walk: Callable[..., Any]) -> tuple[Any, ...]:
    trial, rollout = walk(8.0)
    return trial, rollout, analyse_rollout(rollout)


def truth_disagreement(
    result: GaitResult, truth: GaitResult | None, trial: Trial, rollout: Rollout, level: Level
) -> str:
    return truth_sentence(truth_findings(result, truth, trial, rollout), level)


def with_speed(result: GaitResult, by_mps: float) -> GaitResult:
    own = result.parameters["velocity_mps"]["both"]
    moved = Statistic(own.mean + by_mps, own.sd, own.n)
    parameters = result.parameters | {"velocity_mps": {"both": moved}}
    return dataclasses.replace(result, parameters=parameters)


def with_angles(made: tuple[Any, ...], **by_deg: float) -> tuple[Trial, Rollout]:
    """The trial with a laboratory's angles: the body's own, moved by degrees."""
    trial, rollout, _ = made
    angles = rollout.pose[:, 3:].copy()
    for name, off_deg in by_deg.items():
        angles[:, ANGLE_NAMES.index(name)] += np.radians(off_deg)
    n = trial.n_frames
    truth = TrialTruth(np.full((n, 16), np.nan), angles, np.full((n, 2), np.nan), ())
    return dataclasses.replace(trial, truth=truth), rollout


def angles_of(trial: Trial) -> np.ndarray:
    """The laboratory's angles, to be changed in place."""
    return present(present(trial.truth).reference_angles_rad)


def test_the_truth_itself_and_no_truth_have_nothing_to_say(made: tuple[Any, ...]) -> None:
    trial, rollout, result = made
    for truth in (None, result, with_speed(result, 0.09)):
        assert truth_disagreement(result, truth, trial, rollout, "use_all") == ""
    near = with_angles(made, left_hip_flexion=4.9)
    assert truth_disagreement(result, result, *near, "use_all") == ""


@pytest.mark.parametrize(("by_mps", "words"), [(0.12, "too low"), (-0.12, "too high")])
def test_a_speed_that_is_substantially_off_is_said(
    made: tuple[Any, ...], by_mps: float, words: str
) -> None:
    trial, rollout, result = made
    truth = with_speed(result, by_mps)
    assert truth_disagreement(result, truth, trial, rollout, "use_some") == (
        "The truth that came with this trial differs: the walking speed is 0.12 m/s "
        f"{words} (limit 0.10 m/s)."
    )


def test_angles_that_may_mislead_are_named_worst_first(made: tuple[Any, ...]) -> None:
    *_, result = made
    trial, rollout = with_angles(
        made, left_hip_flexion=-7, right_knee_flexion=12, right_hip_rotation=6, pelvis_tilt=5.5
    )
    knee = ANGLE_NAMES.index("right_knee_flexion")
    # 8 degrees to and fro over 12 degrees of offset.
    swing = np.radians(8.0) * np.sign(np.arange(trial.n_frames) % 2 - 0.5)
    angles_of(trial)[:, knee] += swing
    assert truth_disagreement(result, result, trial, rollout, "use_all") == (
        "Nothing seen in the walk itself told it, but the truth that came with this trial differs: "
        "right knee flexion 14° (8° without a constant offset), "
        "left hip flexion 7° (0° without a constant offset), "
        "right hip rotation 6° (0° without a constant offset) "
        "and 1 more off on average (limit 5°)."
    )


def test_what_the_truth_does_not_know_is_not_held_against_the_result(made: tuple[Any, ...]) -> None:
    *_, result = made
    trial, rollout = with_angles(made, left_knee_flexion=9)
    knee = angles_of(trial)[:, ANGLE_NAMES.index("left_knee_flexion")]
    knee[20:] = np.nan
    assert "left knee flexion 9°" in truth_disagreement(result, None, trial, rollout, "use_all")
    knee[:] = np.nan
    assert truth_disagreement(result, None, trial, rollout, "use_all") == ""
    unknown = with_speed(result, np.nan)
    assert truth_disagreement(result, unknown, trial, rollout, "use_all") == ""
    bare = dataclasses.replace(result, parameters={})
    assert truth_disagreement(result, bare, trial, rollout, "use_all") == ""


def test_frames_after_a_fall_are_not_compared(made: tuple[Any, ...]) -> None:
    *_, result = made
    trial, rollout = with_angles(made)
    angles_of(trial)[60:] += 1.0
    alive = np.arange(trial.n_frames) < 60
    fallen = dataclasses.replace(rollout, alive=alive)
    assert truth_disagreement(result, None, trial, fallen, "use_none") == ""
    assert truth_disagreement(result, None, trial, rollout, "use_none") != ""


def test_the_true_pose_stands_in_where_the_laboratory_gave_no_angles(made: tuple[Any, ...]) -> None:
    trial, _ = with_angles(made)
    known = present(trial.truth)
    pose = np.pad(np.ones((trial.n_frames, 13)), ((0, 0), (3, 0)))
    for angles in (None, np.full((trial.n_frames, 13), np.nan)):
        truth = dataclasses.replace(known, pose=pose, reference_angles_rad=angles)
        np.testing.assert_array_equal(true_angles_rad(truth), pose[:, 3:])
    assert true_angles_rad(known) is known.reference_angles_rad
    unknown = dataclasses.replace(known, pose=np.nan * pose, reference_angles_rad=None)
    assert true_angles_rad(unknown) is None


def test_the_page_says_it_and_the_verdict_stays(made: tuple[Any, ...], tmp_path: Path) -> None:
    trial, rollout, result = made
    assert judge(trial, rollout, result, None).level == "use_all"
    pages = [
        trial_page(trial, rollout, result, judge(trial, rollout, result, None), {}, truth)
        for truth in (None, result, with_speed(result, -0.3))
    ]
    assert ["truth that came with this trial" in page for page in pages] == [False, False, True]
    assert "the walking speed is 0.30 m/s too high" in pages[2]
    assert all('<section class="verdict use_all"' in page for page in pages)
