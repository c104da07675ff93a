"""The largest errors of a run, and the trial reports they link to."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.baselines.tracker import Refusal, Tracker, WalkEstimate
from simgait.benchmark.bench_cases import PATTERNS
from simgait.benchmark.cases import Case
from simgait.benchmark.policy_tracker import TrackedWalk
from simgait.benchmark.score_walks import run_bench
from simgait.benchmark.worst_walks import (
    MARK,
    TRIALS,
    WorstWalk,
    refuse_foreign_trials,
    tracked_walks,
    trial_pages,
    true_gait,
    walk_key,
    worst_walks,
)
from simgait.compare.evidence import MeasurePairs
from simgait.errors import InputError
from simgait.gait.analyse import analyse_rollout
from simgait.learning.config import TrainingConfig
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS
from simgait.skeleton.kinematics import body_keypoints
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.types import FittedTrial, Rollout, TrackedTrial, Trial
from tests import stand_ins
from tests.bench_walks import one_of_each_pattern

POLICY = stand_ins.policy(TrainingConfig(name="stand-in"), {"steps": 7})
SUBSTEPS = 8


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    """Two people, exact and through the first camera."""
    made = one_of_each_pattern().cases
    return (*made[:2], *made[7:9])


def rollout_of(case: Case) -> Rollout:
    """A body that walks the true walk, each foot carrying its share of the weight."""
    trial, truth = case.trial, case.trial.truth
    assert truth is not None
    assert case.walker is not None
    pattern = next(name for name in PATTERNS if name == case.labels["pattern"])
    dims = draw_walker(walker_seed("test", case.walker), pattern).dimensions
    n = trial.n_frames
    substep_time_s = (np.arange(n * SUBSTEPS) + 1) / (30.0 * SUBSTEPS)
    weight_n = float(dims.mass_kg) * 9.81
    force = np.zeros((n * SUBSTEPS, 2, 3))
    for foot, side in enumerate(("left", "right")):
        for event in (e for e in truth.events if e.side == side):
            after = substep_time_s >= event.time_s
            force[after, foot, 2] = 0.6 * weight_n if event.kind == "initial_contact" else 0.0
    return Rollout(
        trial_id=trial.trial_id, time_s=trial.time_s, pose=truth.pose,
        pose_velocity=np.gradient(truth.pose, 1 / 30.0, axis=0),
        keypoints_m=np.asarray(body_keypoints(truth.pose, dims), float),
        substep_time_s=substep_time_s, foot_force_n=force, joint_moment_nm=np.zeros((n, 10)),
        centre_of_mass_m=truth.pose[:, :3],
        residual_force_n=np.zeros((n, 3)), residual_moment_nm=np.zeros((n, 3)),
        target_keypoints_m=trial.keypoints_m + truth.pose[:, None, :3], reference_pose=truth.pose,
        alive=np.ones(n, bool), dimensions=dims, body_weight_n=weight_n,
    )  # fmt: skip


def tracked(case: Case) -> TrackedWalk:
    rollout = rollout_of(case)
    n = case.trial.n_frames
    fitted = FittedTrial(
        trial=case.trial, dims=rollout.dimensions, skeleton=rollout.skeleton, pose=rollout.pose,
        pose_velocity=rollout.pose_velocity, fit_error_m=np.full(n, 0.01),
        travel_is_measured=np.ones(n, bool), witness_mps=rollout.pose_velocity[:, :2],
        contact_probability=np.full((n, 2), 0.5),
    )  # fmt: skip
    return TrackedWalk(
        angles_rad=rollout.pose[:, 3:],
        keypoints_m=rollout.keypoints_m,
        keypoint_names=BODY_KEYPOINTS,
        gait=analyse_rollout(rollout),
        rollout=rollout,
        tracked=TrackedTrial(fitted, rollout),
        policy=POLICY,
    )


def pairs(name: str, errors: dict[str, list[float]]) -> MeasurePairs:
    """Person -> errors of that person's walks."""
    people = [person for person, values in errors.items() for _ in values]
    found = np.array([value for values in errors.values() for value in values])
    ids = tuple(f"{person} walk {k}" for k, person in enumerate(people))
    return MeasurePairs(name, name, "m", ids, tuple(people), np.zeros(len(found)), found)


def test_one_persons_cameras_do_not_fill_the_list() -> None:
    speed = pairs("speed", {"a": [0.9, -1.0, 0.8, 0.7], "b": [0.1, np.nan], "c": [-0.2], "d": [0]})
    worst = worst_walks([speed])
    assert [(w.key[0], w.error) for w in worst] == [("a", -1.0), ("c", -0.2), ("b", 0.1)]
    assert worst[0].key == ("a", "a walk 1") and worst[0].name == "a walk 1"


def test_every_measures_largest_error_comes_before_any_second_largest() -> None:
    people = "abcdefgh"
    measures = [
        pairs(f"m{k}", {p: [float((k - i) % len(people))] for i, p in enumerate(people)})
        for k in range(4)
    ]
    worst = worst_walks(measures, per_measure=3, most=4)
    assert {w.measure for w in worst} == {"m0", "m1", "m2", "m3"}
    assert len({w.key for w in worst}) == 4
    firsts = [next(w for w in worst if w.measure == m.name) for m in measures]
    assert [w.error for w in firsts] == [7.0] * 4


def test_only_walks_of_a_policy_have_trials(cases: tuple[Case, ...]) -> None:
    def policy(trials: Sequence[Trial]) -> list[WalkEstimate | Refusal]:
        return [Refusal("too short"), *(tracked(case) for case in cases[1:])]

    def bodiless(trials: Sequence[Trial]) -> list[WalkEstimate | Refusal]:
        return [
            WalkEstimate(w.angles_rad, w.keypoints_m, w.keypoint_names, w.gait)
            for w in map(tracked, cases)
        ]

    rules = Tracker("rules", bodiless, "has no body")
    first = run_bench([Tracker("policy", policy, "tracks"), rules], cases)
    worst = [WorstWalk(walk_key(r), "velocity_mps", 1.0, 2.0) for r in first.of("policy")]
    assert list(tracked_walks(first, worst)) == [w.key for w in worst[1:]]
    assert list(tracked_walks(first, worst[2:3])) == [worst[2].key]
    second = run_bench([rules, Tracker("policy", policy, "tracks")], cases)
    assert tracked_walks(second, worst) == {}


def test_a_page_shows_the_truth_that_was_scored_against(
    cases: tuple[Case, ...], tmp_path: Path
) -> None:
    case = cases[1]
    key = (case.trial.subject_id, "../walk 1, ahead, near")
    with trial_pages(tmp_path, {key: (case, tracked(case))}) as pages:
        assert not (tmp_path / TRIALS).exists()
    assert re.fullmatch(rf"{TRIALS}/[A-Za-z0-9._-]+/report\.html", pages[key])
    page = tmp_path / pages[key]
    html = page.read_text(encoding="utf-8")
    true = case.gait.parameters["step_length_m"]["left"].mean
    assert "Truth" in html and f"{100 * true:.1f}" in html
    record = (page.parent / "provenance.json").read_text(encoding="utf-8")
    assert json.loads(record)["benchmark"]["condition"] == "ahead, near"
    assert json.loads(record)["policy"] == {"name": "stand-in", "sha256": "ab" * 32, "steps": 7}
    assert str(tmp_path) not in record and str(tmp_path) not in html
    with (page.parent / "parameters.csv").open(encoding="utf-8") as file:
        assert len(list(csv.reader(file))) > 10


def test_the_truths_curves_are_the_true_angles(cases: tuple[Case, ...]) -> None:
    case = cases[0]
    column = ANGLE_NAMES.index("left_knee_flexion")
    cycles = [c for c in case.gait.cycles if c.side == "left"]
    curves = true_gait(case).curves_deg["left_knee_flexion_deg"]
    starts = np.interp([c.start_s for c in cycles], case.trial.time_s, case.angles_rad[:, column])
    assert curves.shape == (len(cycles), 101)
    np.testing.assert_allclose(curves[:, 0], np.degrees(starts), atol=0.5)


def test_a_second_run_leaves_no_stale_pages(cases: tuple[Case, ...], tmp_path: Path) -> None:
    walks = {(c.trial.subject_id, f"walk {k}"): (c, tracked(c)) for k, c in enumerate(cases[:2])}
    first, second = ({key: walks[key]} for key in walks)
    with trial_pages(tmp_path, first):
        pass
    with trial_pages(tmp_path, second) as pages:
        assert (tmp_path / TRIALS / "walk_0").is_dir()
    assert sorted(p.name for p in (tmp_path / TRIALS).iterdir()) == sorted([MARK, "walk_1"])
    assert list(pages.values()) == [f"{TRIALS}/walk_1/report.html"]
    with trial_pages(tmp_path, {}) as pages:
        assert pages == {}
    assert list(tmp_path.iterdir()) == []


def test_a_failed_report_keeps_the_earlier_pages(cases: tuple[Case, ...], tmp_path: Path) -> None:
    walk = (cases[0], tracked(cases[0]))
    with trial_pages(tmp_path, {("a", "old"): walk}):
        pass
    with pytest.raises(InputError, match="no measure"), trial_pages(tmp_path, {("a", "new"): walk}):
        raise InputError("no measure")
    assert [p.name for p in tmp_path.iterdir()] == [TRIALS]
    assert (tmp_path / TRIALS / "old" / "report.html").is_file()
    assert not (tmp_path / TRIALS / "new").exists()


@pytest.mark.slow
def test_walks_of_one_name_get_pages_of_their_own(cases: tuple[Case, ...], tmp_path: Path) -> None:
    people = [replace(c, trial=replace(c.trial, trial_id="walk01")) for c in (cases[0], cases[2])]
    walks = {(c.trial.subject_id, "walk01, exact"): (c, tracked(c)) for c in people}
    with trial_pages(tmp_path, walks) as pages:
        assert len(set(pages.values())) == len(walks) == 2
    assert all((tmp_path / page).is_file() for page in pages.values())


def test_somebodys_own_trials_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / TRIALS).mkdir()
    (tmp_path / TRIALS / "summary.csv").write_text("mine")
    with pytest.raises(InputError, match="not written by the benchmark"):
        refuse_foreign_trials(tmp_path)
    with pytest.raises(InputError, match="not written"), trial_pages(tmp_path, {}):
        pass
    assert (tmp_path / TRIALS / "summary.csv").read_text() == "mine"
    refuse_foreign_trials(tmp_path / "new")
