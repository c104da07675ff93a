"""What one answer scores: falls, keypoints that only one side knows, the reported means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.agreement import jerk_mps3
from simgait.baselines.tracker import Refusal, WalkEstimate
from simgait.benchmark.cases import Case, synthetic_case
from simgait.benchmark.foot_and_leg_points import legs_m
from simgait.benchmark.walk_record import LATE_FRAMES, WalkRecord, record_walk
from simgait.gait.analyse import analyse_markers
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.kinematics import body_keypoints
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from tests import stand_ins

INDEX = 3
NO_HEELS = tuple(name for name in BODY_KEYPOINTS if "Heel" not in name)


@pytest.fixture(scope="module")
def case() -> Case:
    """Eight seconds of a walker whose truth is known."""
    return synthetic_case(INDEX, "exact")


def true_points_m(case: Case) -> np.ndarray:
    assert case.trial.truth is not None
    dimensions = draw_walker(walker_seed("test", INDEX)).dimensions
    return np.asarray(body_keypoints(case.trial.truth.pose, dimensions))


def answer(case: Case, n: int | None = None) -> WalkEstimate:
    """The truth as an answer, its gait read from the first n frames."""
    points = true_points_m(case)
    events = [e for e in case.events if n is None or e.time_s <= case.trial.time_s[n - 1]]
    gait = analyse_markers(
        case.trial.time_s[:n], points[:n], events, case.angles_rad[:n], BODY_KEYPOINTS
    )
    return WalkEstimate(case.angles_rad, points, BODY_KEYPOINTS, gait)


def fallen(case: Case, at: int) -> WalkEstimate:
    """True up to the frame `at`; then a body that lies somewhere with its angles all wrong."""
    upright = answer(case, at)
    angles, points = case.angles_rad.copy(), upright.keypoints_m.copy()
    angles[at:] += 1.0
    points[at:] = np.random.default_rng(0).standard_normal(points[at:].shape)
    alive = np.arange(case.trial.n_frames) < at
    return replace(
        upright,
        angles_rad=angles,
        keypoints_m=points,
        rollout=stand_ins.rollout(alive),
    )


def test_frames_after_a_fall_do_not_count(case: Case) -> None:
    at = case.trial.n_frames // 2
    record = record_walk(case, "x", fallen(case, at))
    assert record.failure == "fell"
    knee, late = record.angles["left_knee_flexion"], record.late_angles["left_knee_flexion"]
    assert (knee.n, late.n) == (at, at - LATE_FRAMES)
    assert knee.rmse_deg == late.rmse_deg == 0.0
    half = true_points_m(case)[:at]
    assert record.jerk_mps3 == jerk_mps3(case.trial.time_s[:at], legs_m(half, BODY_KEYPOINTS))
    assert record.sliding_mps < 0.1 and record.penetration_m < 0.01
    assert record.error("velocity_mps") == pytest.approx(
        0.0, abs=0.05 * record.means("velocity_mps")[0]
    )
    assert max(abs(e) for e in record.events["initial_contact"].errors_ms) < 1e-6


def test_a_range_is_of_each_cycle_and_has_no_offset(case: Case) -> None:
    truth = answer(case)
    curves = {name: 1.1 * cycles + 7.0 for name, cycles in truth.gait.curves_deg.items()}
    gait = replace(truth.gait, curves_deg=curves)
    record = record_walk(case, "x", replace(truth, gait=gait))
    true, found = record.ranges_deg["left_ankle_dorsiflexion_deg"]
    assert found == pytest.approx(1.1 * true, rel=0.02)
    # Cycles reach their ends at other times, so that their mean goes less far.
    assert true > np.ptp(record.curves_deg["left_ankle_dorsiflexion_deg"][0]) > 0.8 * true


def test_the_same_walk_without_its_fall_counts_whole(case: Case) -> None:
    at = case.trial.n_frames // 2
    upright = replace(fallen(case, at), rollout=None)
    record = record_walk(case, "x", upright)
    assert record.failure == "" and record.angles["left_knee_flexion"].n == case.trial.n_frames
    assert record.angles["left_knee_flexion"].rmse_deg > 20.0
    assert record.jerk_mps3 > 1000.0


def test_contacts_that_a_fallen_body_no_longer_made_are_missed(case: Case) -> None:
    at = case.trial.n_frames // 2
    record = record_walk(case, "x", fallen(case, at))
    fall_s, last_s = case.trial.time_s[at - 1], case.trial.time_s[-1]
    after = [
        e for e in case.events
        if e.kind == "initial_contact" and fall_s < e.time_s <= last_s - 0.1
    ]  # fmt: skip
    assert after and record.events["initial_contact"].n_missed == len(after)


def test_a_refusal_is_a_failure_without_errors(case: Case) -> None:
    record = record_walk(case, "x", Refusal("no hips"))
    assert record.failure == "no hips"
    assert np.isnan(record.error("velocity_mps")) and not record.angles


def without_heels(case: Case) -> Case:
    """The same walk of somebody without heel markers."""
    columns = [BODY_KEYPOINTS.index(name) for name in NO_HEELS]
    points = true_points_m(case)[:, columns]
    gait = analyse_markers(case.trial.time_s, points, case.events, keypoint_names=NO_HEELS)
    return replace(case, gait=gait, keypoint_names=NO_HEELS)


def differ(one: WalkRecord, other: WalkRecord, name: str) -> bool:
    return abs(one.means(name)[1] - other.means(name)[1]) > 1e-4


def test_an_estimate_is_read_from_the_keypoints_of_its_truth(case: Case) -> None:
    poor = without_heels(case)
    assert abs(poor.gait.parameters["step_width_m"]["both"].mean
               - case.gait.parameters["step_width_m"]["both"].mean) > 1e-3  # fmt: skip
    record = record_walk(poor, "x", answer(case))
    for name in ("step_length_m", "step_width_m", "velocity_mps"):
        assert record.error(name) == pytest.approx(0.0, abs=1e-3), name
    assert record.error("step_width_m") == pytest.approx(0.0, abs=1e-9)


def test_knees_that_its_truth_lacks_do_not_change_how_feet_are_read(case: Case) -> None:
    no_knees = tuple(name for name in BODY_KEYPOINTS if "Knee" not in name)
    own = answer(case)
    wide = {s: replace(v, mean=0.5) for s, v in own.gait.parameters["step_width_m"].items()}
    gait = replace(own.gait, parameters={**own.gait.parameters, "step_width_m": wide})
    poor = replace(case, keypoint_names=no_knees)
    assert record_walk(poor, "x", replace(own, gait=gait)).means("step_width_m")[1] == 0.5


def test_an_estimate_that_knows_fewer_keypoints_keeps_its_own_reading(case: Case) -> None:
    poor = without_heels(case)
    columns = [BODY_KEYPOINTS.index(name) for name in NO_HEELS]
    few = replace(
        answer(case),
        keypoints_m=true_points_m(case)[:, columns],
        keypoint_names=NO_HEELS,
        gait=poor.gait,
    )
    record = record_walk(case, "x", few)
    own = poor.gait.parameters["step_width_m"]["both"].mean
    assert record.means("step_width_m")[1] == own != record.means("step_width_m")[0]


def test_only_a_tracker_without_a_body_keeps_its_own_velocity(case: Case) -> None:
    poor, own = without_heels(case), answer(case)
    fast = {s: replace(v, mean=9.0) for s, v in own.gait.parameters["velocity_mps"].items()}
    gait = replace(own.gait, parameters={**own.gait.parameters, "velocity_mps": fast})
    told = replace(own, gait=gait)
    assert record_walk(poor, "x", told).means("velocity_mps")[1] == 9.0
    upright = stand_ins.rollout(np.ones(case.trial.n_frames, bool))
    body = record_walk(poor, "x", replace(told, rollout=upright))
    assert body.error("velocity_mps") == pytest.approx(0.0, abs=1e-9)


def test_the_pelvis_of_the_true_walk_goes_with_its_feet(case: Case) -> None:
    assert abs(record_walk(case, "x", answer(case)).pelvis_lead_percent) < 1.0


def test_stance_of_each_leg_is_kept_for_its_curves(case: Case) -> None:
    record = record_walk(case, "x", answer(case))
    for side in ("left", "right"):
        true, found = record.means("stance_percent", side)
        assert true == found == case.gait.parameters["stance_percent"][side].mean
        assert 40.0 < true < 80.0
