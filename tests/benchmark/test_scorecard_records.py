"""The scorecard's numbers against walks whose error is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.baselines.tracker import Answer, Refusal, Tracker
from simgait.benchmark.cases import Case, CaseSet, Excluded, synthetic_case
from simgait.benchmark.columns import COLUMNS
from simgait.benchmark.policy_tracker import estimate_of, reference_of
from simgait.benchmark.pooling import over_events
from simgait.benchmark.score_walks import ScoredSet, score_set
from simgait.benchmark.scorecard_rows import (
    ANGLE_BIAS,
    ANGLES,
    EVENT_BARS,
    FALLS,
    RESIDUAL,
    TRAVEL,
    event_rows,
    falls_rows,
    rows_of,
)
from simgait.benchmark.walk_record import WalkRecord, record_walk
from simgait.errors import InputError
from simgait.skeleton.default import POSE_INDEX
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.types import Rollout
from tests.shapes import unchecked

INDEX = 3
RAMP_S = 0.004


def loads(case: Case, time_s: np.ndarray, drop: int | None = None) -> np.ndarray:
    """(S, 2) load / body weight that begins and ends at the true events; `drop` leaves a foot's
    n-th loading of the left foot out.
    """
    load = np.zeros((len(time_s), 2))
    for column, side in enumerate(SIDES):
        own = sorted((e for e in case.events if e.side == side), key=lambda e: e.time_s)
        first_off = own[0].kind == "foot_off"
        starts = ([-1.0] if first_off else []) + [
            e.time_s for e in own if e.kind == "initial_contact"
        ]
        ends = [e.time_s for e in own if e.kind == "foot_off"]
        ends += [99.0] * (len(starts) - len(ends))
        for number, (on, off) in enumerate(zip(starts, ends, strict=True)):
            if column == 0 and number == drop:
                continue
            rise = np.clip((time_s - on) / RAMP_S, 0, 1) * np.clip((off - time_s) / RAMP_S, 0, 1)
            load[:, column] += rise
    return load


def perfect(case: Case, dims: Dimensions, drop: int | None = None, late_s: float = 0.0) -> Rollout:
    """The true walk as a rollout."""
    assert case.trial.truth is not None
    pose = case.trial.truth.pose
    n = len(pose)
    steps_s = np.arange(1, 8 * (n - 1) + 1) / 240.0
    force = np.zeros((len(steps_s), 2, 3))
    force[..., 2] = 500.0 * loads(case, steps_s - late_s, drop)
    return Rollout(
        trial_id=case.trial.trial_id,
        time_s=case.trial.time_s,
        pose=pose,
        pose_velocity=np.gradient(pose, 1 / 30, axis=0),
        keypoints_m=np.asarray(body_keypoints(pose, dims)),
        substep_time_s=steps_s,
        foot_force_n=force,
        joint_moment_nm=np.zeros((n, 10)),
        centre_of_mass_m=pose[:, :3],
        residual_force_n=np.tile([30.0, 0.0, 40.0], (n, 1)),
        residual_moment_nm=np.zeros((n, 3)),
        target_keypoints_m=case.trial.keypoints_m + pose[:, None, :3],
        reference_pose=pose,
        alive=np.ones(n, dtype=bool),
        dimensions=dims,
        body_weight_n=500.0,
    )


@pytest.fixture(scope="module")
def case() -> Case:
    return synthetic_case(INDEX, "monocular", 6.0)


@pytest.fixture(scope="module")
def dims() -> Dimensions:
    return draw_walker(walker_seed("test", INDEX)).dimensions


@pytest.fixture(scope="module")
def rollout(case: Case, dims: Dimensions) -> Rollout:
    return perfect(case, dims)


def score_rollout(case: Case, rollout: Rollout) -> WalkRecord:
    return record_walk(case, "x", estimate_of(rollout))


def rmse_deg(walks: list[WalkRecord], joint: str) -> float:
    return COLUMNS[f"{joint}_rmse_deg"].value(walks)


def shifted(rollout: Rollout, name: str, error_rad: np.ndarray | float) -> Rollout:
    pose = rollout.pose.copy()
    pose[:, POSE_INDEX[name]] += error_rad
    return replace(rollout, pose=pose)


def test_a_perfect_tracker_has_no_errors(case, rollout):
    walk = score_rollout(case, rollout)
    assert not walk.fell
    assert walk.n_frames == case.trial.n_frames
    for joint in ("hip", "knee", "ankle"):
        assert rmse_deg([walk], joint) == pytest.approx(0.0, abs=1e-9)
    assert walk.error("velocity_mps") == pytest.approx(0.0, abs=5e-3)
    assert all(abs(walk.error("step_length_m", side)) < 2e-3 for side in SIDES)
    for events in walk.events.values():
        assert np.abs(events.errors_ms).max() < 5.0
        assert events.n_missed == events.n_extra == 0
        assert len(events.errors_ms) >= 6


def test_a_perfect_reference_has_no_errors_of_angle_and_travel(case, rollout):
    walk = record_walk(case, "x", reference_of(case, replace(rollout, pose=rollout.pose + 1.0)))
    assert rmse_deg([walk], "knee") == pytest.approx(0.0, abs=1e-9)
    assert walk.error("velocity_mps") == pytest.approx(0.0, abs=0.02)
    assert np.isnan(walk.residual_force_bw)
    assert not walk.fell


def test_angle_errors_pool_frames_and_legs(case, rollout):
    one_leg = shifted(rollout, "left_hip_flexion", np.deg2rad(4.0))
    walk = score_rollout(case, one_leg)
    assert rmse_deg([walk], "hip") == pytest.approx(4.0 / np.sqrt(2.0))
    assert COLUMNS["hip_debiased_deg"].value([walk]) == pytest.approx(0.0, abs=1e-6)
    assert ANGLE_BIAS["hip"].of_walks([walk]) == pytest.approx(2.0)
    assert rmse_deg([walk], "knee") == pytest.approx(0.0, abs=1e-9)
    none = score_rollout(case, rollout)
    pooled = rmse_deg([walk, none], "hip")
    assert pooled == pytest.approx(4.0 / 2.0)


def test_errors_of_the_first_frame_count(case, rollout):
    error = np.zeros(case.trial.n_frames)
    error[0] = np.deg2rad(10.0)
    walk = score_rollout(case, shifted(rollout, "right_knee_flexion", error))
    expected = 10.0 / np.sqrt(2 * case.trial.n_frames)
    assert rmse_deg([walk], "knee") == pytest.approx(expected)


def test_velocity_and_step_length_see_a_walk_that_is_too_long(case, rollout):
    points = rollout.keypoints_m * np.array([1.1, 1.0, 1.0])
    walk = score_rollout(case, replace(rollout, keypoints_m=points))
    true = case.gait.parameters
    expected = 0.1 * true["velocity_mps"]["both"].mean
    assert walk.error("velocity_mps") == pytest.approx(expected, abs=5e-3)
    for side in SIDES:
        expected = 0.1 * true["step_length_m"][side].mean
        assert walk.error("step_length_m", side) == pytest.approx(expected, abs=5e-3)


def test_late_contacts_are_late(case, dims):
    walk = score_rollout(case, perfect(case, dims, late_s=0.05))
    for kind in walk.events:
        bias_ms = over_events(kind, absolute=False)
        assert bias_ms.of_walks([walk, walk]) == pytest.approx(50.0, abs=4.0)
        assert bias_ms.sums(walk)[1] == len(walk.events[kind].errors_ms)
    rows = {r.name: r for r in event_rows(ScoredSet("x", (walk,)), EVENT_BARS)}
    assert rows["IC bias, x"].bar == rows["FO bias, x"].bar == 5.0
    assert rows["IC bias, x"].met is rows["FO bias, x"].met is False


def test_a_contact_that_is_not_made_is_missed(case, dims):
    walk = score_rollout(case, perfect(case, dims, drop=2))
    assert walk.events["initial_contact"].n_missed == 1
    assert walk.events["foot_off"].n_missed == 1
    rows = {r.name: r for r in event_rows(ScoredSet("x", (walk,)), EVENT_BARS)}
    assert rows["IC missed, x"].met is False
    assert rows["IC missed, x"].n == 1 + rows["IC MAE, x"].n


def test_events_near_the_ends_are_counted_apart(case, rollout):
    times = (0.05, -0.2, float(case.trial.time_s[-1]) - 0.05)
    extra = tuple(replace(case.events[0], time_s=t) for t in times)
    kind = case.events[0].kind
    plain = score_rollout(case, rollout).events[kind]
    more = score_rollout(replace(case, events=(*case.events, *extra)), rollout).events[kind]
    assert more.n_edge == plain.n_edge + 3
    assert more.n_missed == plain.n_missed == 0


def test_a_fall_ends_a_walk_and_counts(case, rollout):
    alive = np.ones(case.trial.n_frames, dtype=bool)
    alive[60:] = False
    late = np.zeros(case.trial.n_frames)
    late[60:] = 1.0
    fallen = replace(shifted(rollout, "left_knee_flexion", late), alive=alive)
    walk = score_rollout(case, fallen)
    assert walk.fell
    assert walk.n_frames == 60
    assert rmse_deg([walk], "knee") == pytest.approx(0.0, abs=1e-9)
    assert FALLS.value([walk, score_rollout(case, rollout)]) == 50.0
    assert [row.met for row in falls_rows(ScoredSet("x", (walk,)), 0.5)] == [False, False]


def test_a_second_attempt_does_not_hide_the_first_fall(case, rollout):
    result = ScoredSet("x", (score_rollout(case, replace(rollout, attempts=2)),))
    kept, first = falls_rows(result, 0.5)
    assert (kept.value, kept.met) == (0.0, True)
    assert (first.value, first.met) == (100.0, False)
    assert result.upright().walks != ()


def test_a_body_that_falls_at_once_has_no_travel(case, rollout):
    alive = np.zeros(case.trial.n_frames, dtype=bool)
    alive[0] = True
    result = ScoredSet("x", (score_rollout(case, replace(rollout, alive=alive)),))
    rows = {r.name: r for r in rows_of(result, TRAVEL, {"velocity_bias": 0.03})}
    assert rows["velocity bias, x"].n == 0
    assert rows["velocity bias, x"].met is False


def test_residual_is_the_norm_over_body_weight(case, rollout):
    walk = score_rollout(case, rollout)
    assert RESIDUAL.value([walk]) == pytest.approx(100.0 * 50.0 / 500.0)


def test_truth_without_angles_is_not_scored(case, rollout):
    unknown = replace(case, angles_rad=np.full_like(case.angles_rad, np.nan))
    rows = rows_of(
        ScoredSet("x", (score_rollout(unknown, rollout),)), ANGLES, {"hip_rmse_deg": 5.0}
    )
    assert rows[0].n == 0
    assert rows[0].as_json()["value"] is None
    assert rows[0].met is False


def test_refused_walks_are_counted(case, rollout):
    def estimate(trials) -> list[Answer]:
        return [estimate_of(rollout), Refusal("legs too long")]

    offered = CaseSet(
        "x", (case, case), (Excluded("third", "no walk"), Excluded("fourth", "broken"))
    )
    (result,) = score_set(Tracker("x", estimate, "refuses"), offered)
    assert len(result.walks) == 1 and result.excluded[-1].reason == "legs too long"
    assert result.excluded_percent == pytest.approx(75.0)


def test_an_estimate_of_another_length_is_refused(case, rollout):
    with pytest.raises(InputError, match="its own walk"), unchecked():
        record_walk(case, "x", replace(estimate_of(rollout), angles_rad=rollout.pose[:-1, 3:]))


def test_fewer_keypoints_are_read_alike_on_both_sides(case, rollout):
    names = tuple(n for n in case.keypoint_names if not n.endswith("Heel"))
    points = rollout.keypoints_m.copy()
    points[:, case.keypoint_names.index("Left Heel"), 0] += 0.1
    misplaced = replace(rollout, keypoints_m=points)
    with_heels = score_rollout(case, misplaced)
    assert with_heels.error("step_length_m", "left") == pytest.approx(0.1, abs=5e-3)
    # Without heels in the truth, ankles stand for them in both.
    walk = score_rollout(replace(case, keypoint_names=names), misplaced)
    assert all(abs(walk.error("step_length_m", side)) < 0.01 for side in SIDES)
    assert walk.error("velocity_mps") == pytest.approx(0.0, abs=5e-3)
