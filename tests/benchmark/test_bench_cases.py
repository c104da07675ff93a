"""simgait-bench-v1 and its harness, with trackers that are made up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

from simgait.baselines.tracker import Refusal, Tracker, WalkEstimate
from simgait.benchmark import bench_cases as bench
from simgait.benchmark.bench_report import bench_report
from simgait.benchmark.cases import Excluded, synthetic_case
from simgait.benchmark.columns import numbers_of
from simgait.benchmark.intervals import intervals_of
from simgait.benchmark.score_walks import run_bench
from simgait.datasets.splits import SplitError
from simgait.datasets.synthetic_trials import synthetic_trial
from simgait.errors import InputError
from simgait.gait.analyse import analyse_markers
from simgait.report.agreement.files import write_agreement_report
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import body_keypoints
from simgait.synthetic.walkers.specification import Pattern, draw_walker, walker_seed
from simgait.types import Trial
from tests.bench_walks import one_of_each_pattern
from tests.present import present


@pytest.fixture(scope="module")
def cases() -> tuple[Any, ...]:
    """One walker of each pattern in all seven conditions, cut to the first four patterns."""
    made = one_of_each_pattern()
    assert not made.excluded
    return made.cases[:28]


@cache
def exact_walk(subject_id: str, pattern: Pattern) -> tuple[np.ndarray, Dimensions]:
    """True poses of a walker of the benchmark, and the body."""
    seed = int(subject_id.split("-")[1])
    index = next(k for k in range(10_000, 10_900) if walker_seed("test", k) == seed)
    truth = synthetic_trial("test", index, "exact", bench.WALK_S, pattern).truth
    return present(truth).pose, draw_walker(seed, pattern).dimensions


def oracle(cases: Sequence[Any], name: str, faster: float = 1.0, skip: int = 0) -> Tracker:
    """A tracker that knows the truth of these cases, walks `faster` and refuses every n-th."""
    known = {(c.trial.trial_id, c.labels["condition"]): c for c in cases}
    order = list(known.values())

    def track(trials: Sequence[Trial]) -> list[WalkEstimate | Refusal]:
        answers: list[WalkEstimate | Refusal] = []
        for i, (trial, case) in enumerate(zip(trials, order, strict=True)):
            assert trial.truth is None
            if skip and i % skip == 0:
                answers.append(Refusal("refused for the test"))
                continue
            pose, dims = exact_walk(trial.subject_id, case.labels["pattern"])
            points = np.asarray(body_keypoints(pose * np.array([faster] + [1.0] * 15), dims))
            gait = analyse_markers(
                trial.time_s, points, case.events, case.angles_rad, BODY_KEYPOINTS
            )
            answers.append(WalkEstimate(case.angles_rad, points, BODY_KEYPOINTS, gait))
        return answers

    return Tracker(name, track, "knows the truth")


@pytest.mark.slow
def test_every_walker_is_seen_exactly_and_by_six_cameras(cases: tuple[Any, ...]) -> None:
    conditions = [c.labels["condition"] for c in cases[:7]]
    assert conditions[0] == "exact" and len(set(conditions)) == 7
    assert {c.labels["view"] for c in cases[1:7]} == {"ahead", "behind"}
    assert {c.labels["distance"] for c in cases[1:7]} == {"near", "middle", "far"}
    assert len({c.trial.subject_id for c in cases[:7]}) == 1
    assert len({c.labels["pattern"] for c in cases}) == 4
    # The same walk whatever camera looks on; the pelvis counts from the heading it seems to have.
    assert all(np.allclose(c.angles_rad[:, 3:], cases[0].angles_rad[:, 3:]) for c in cases[1:7])


def test_people_who_may_be_trained_on_are_refused(cases: tuple[Any, ...]) -> None:
    bench.refuse_known_people(cases)
    known = synthetic_case(3, "exact", 4.0, split="validation")
    with pytest.raises(SplitError, match=f"{known.trial.subject_id} is not a test subject"):
        bench.refuse_known_people([*cases, known])


def test_the_truth_scores_zero_and_a_faster_walk_its_share(cases: tuple[Any, ...]) -> None:
    result = run_bench([oracle(cases, "truth"), oracle(cases, "fast", 1.1)], cases)
    assert result.trackers == ("truth", "fast")
    true, fast = (numbers_of(result.of(name)) for name in result.trackers)
    assert true["failed_percent"] == 0.0
    for name in ("velocity_mps_rmse", "step_length_m_rmse", "hip_rmse_deg", "knee_debiased_deg"):
        assert true[name] == pytest.approx(0.0, abs=1e-6), name
    assert (
        true["initial_contact_mae_ms"] == pytest.approx(0.0, abs=1e-6)
        and true["initial_contact_missed"] == 0
    )
    assert (
        true["initial_contact_matched"] > 100
        and true["initial_contact_matched"] == fast["initial_contact_matched"]
    )
    speeds = np.array([c.gait.parameters["velocity_mps"]["both"].mean for c in cases])
    assert fast["velocity_mps_bias"] == pytest.approx(0.1 * speeds.mean(), rel=1e-3)
    assert fast["velocity_mps_rmse"] == pytest.approx(0.1 * np.sqrt(np.mean(speeds**2)), rel=1e-3)
    sigma = intervals_of(result.of("fast"))["velocity_mps_sigma"]
    assert sigma.low <= sigma.value <= sigma.high


def test_refusals_count_as_failures_and_never_as_errors(cases: tuple[Any, ...]) -> None:
    result = run_bench([oracle(cases, "shy", skip=4)], cases, [Excluded("a walk", "no hips")])
    numbers = numbers_of(result.of("shy"))
    assert numbers["failed_percent"] == pytest.approx(25.0)
    assert numbers["velocity_mps_rmse"] == pytest.approx(0.0, abs=1e-6)
    assert result.n_offered == len(cases) + 1


def test_a_tracker_that_loses_walks_is_an_error(cases: tuple[Any, ...]) -> None:
    lossy = Tracker("lossy", lambda trials: [], "loses walks")
    with pytest.raises(InputError, match=f"lossy: 0 answers for {len(cases)} trials"):
        run_bench([lossy], cases)


@pytest.mark.slow  # the command writes one in commands
def test_the_report_of_a_run_is_written_whole(cases: tuple[Any, ...], tmp_path) -> None:
    few = cases[::2]
    trackers = [oracle(few, "fast", 1.05, skip=9), oracle(few, "truth")]
    result = run_bench(trackers, few, [Excluded("a walk", "no hips")])
    report = bench_report(result, {"benchmark": bench.BENCH_VERSION})
    assert [m.name for m in report.measures][:2] == ["velocity_mps", "cadence_spm"]
    assert any("paper, final" in row.name for t in report.tables for row in t.rows)
    write_agreement_report(tmp_path / "out", report, n_resamples=100)
    html = (tmp_path / "out" / "agreement.html").read_text(encoding="utf-8")
    assert bench.BENCH_VERSION in html and "no hips" in html
