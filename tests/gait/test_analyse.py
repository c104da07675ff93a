"""Whole analyses of an analytic walker, and the ways in which tools of this field go wrong."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simgait.errors import InputError
from simgait.findings import Code
from simgait.gait import analyse
from simgait.gait.analyse import analyse_markers, analyse_rollout
from simgait.gait.spatiotemporal import statistic
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import SPATIOTEMPORAL, parameter
from simgait.skeleton.default import POSE_INDEX
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES

NAMES = tuple(one.key for one in SPATIOTEMPORAL)
ASYMMETRIC = dict(
    right_step_s=0.5, left_step_m=0.45, right_step_m=0.65, left_stance=0.66, right_stance=0.60
)


def mean(result: GaitResult, name: str, side: str) -> float:
    return result.parameters[name][side].mean


def step_length_x_cadence(result: GaitResult) -> float:
    return mean(result, "step_length_m", "both") * mean(result, "cadence_spm", "both") / 60.0


def codes(result: GaitResult) -> list[Code]:
    return [finding.code for finding in result.findings]


def truth_of(walk) -> dict[str, dict[str, float]]:
    """The walker's parameters from its footholds and timing, by definition."""
    stance = {"left": walk.left_stance, "right": walk.right_stance}
    step_s = {"right": walk.right_step_s, "left": walk.stride_s - walk.right_step_s}
    length = {"left": walk.left_step_m, "right": walk.right_step_m}
    # Both feet on the floor: what the two stances take together beyond one stride.
    double = 100.0 * (walk.left_stance + walk.right_stance - 1.0)
    other = {"left": "right", "right": "left"}
    return {
        side: {
            "velocity_mps": walk.velocity_mps,
            "cadence_spm": 120.0 / walk.stride_s,
            "step_length_m": length[side],
            "step_width_m": walk.width_m,
            "stride_length_m": walk.stride_m,
            "stride_time_s": walk.stride_s,
            "step_time_s": step_s[side],
            "stance_percent": 100.0 * stance[side],
            "swing_percent": 100.0 * (1.0 - stance[side]),
            "single_support_percent": 100.0 * (1.0 - stance[other[side]]),
            "double_support_percent": double,
        }
        for side in ("left", "right")
    }


@pytest.mark.parametrize("changes", [{}, ASYMMETRIC], ids=["symmetric", "asymmetric"])
def test_markers_with_true_events_give_the_truth(walker, changes: dict[str, Any]) -> None:
    walk = walker.Walk(**changes)
    result = walker.analysed(walk, walk.events())
    for side, values in truth_of(walk).items():
        for name in NAMES:
            assert mean(result, name, side) == pytest.approx(values[name], rel=2e-3, abs=2e-3), name
    assert step_length_x_cadence(result) == pytest.approx(
        mean(result, "velocity_mps", "both"), rel=1e-3
    )
    assert np.isnan(result.residual_force_percent_bw)


def test_velocity_is_the_feet_s_and_a_pelvis_that_runs_ahead_is_said(walker) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)[:2]
    steady = analyse_markers(time_s, points, walk.events())
    surging = points.copy()
    hips = [KEYPOINT_NAMES.index(f"{side} Hip") for side in ("Left", "Right")]
    surging[:, hips, 0] += 0.03 * time_s[:, None]
    result = analyse_markers(time_s, surging, walk.events())
    speed = mean(steady, "velocity_mps", "both")
    assert mean(result, "velocity_mps", "both") == pytest.approx(speed, rel=1e-3)
    assert steady.pelvis_lead_percent == pytest.approx(0.0, abs=0.2)
    assert result.pelvis_lead_percent == pytest.approx(100 * 0.03 / speed, abs=0.3)
    assert step_length_x_cadence(result) == pytest.approx(
        mean(result, "velocity_mps", "both"), rel=1e-3
    )


def test_velocity_is_step_length_times_cadence_in_a_walk_that_speeds_up(walker) -> None:
    """Distance over time and steps over time, of the same steps; cycles alone say otherwise."""
    walk = walker.Walk()
    time_s, points = walker.markers(walk)[:2]
    hurried = time_s[0] + (time_s - time_s[0]) * (1.0 - 0.04 * (time_s - time_s[0]))
    events = tuple(
        replace(e, time_s=float(np.interp(e.time_s, time_s, hurried))) for e in walk.events()
    )
    even = np.arange(hurried[0], hurried[-1], 1.0 / 60.0)
    moved = np.stack(
        [np.interp(even, hurried, column) for column in points.reshape(len(points), -1).T], axis=-1
    ).reshape(-1, *points.shape[1:])
    result = analyse_markers(even, moved, events)
    cycles = result.parameters["velocity_mps"]["both"].values
    assert abs(np.mean(cycles) / mean(result, "velocity_mps", "both") - 1.0) > 1e-4
    assert step_length_x_cadence(result) == pytest.approx(
        mean(result, "velocity_mps", "both"), rel=1e-11
    )


@pytest.mark.parametrize("changes", [{}, ASYMMETRIC], ids=["symmetric", "asymmetric"])
def test_rollout_gives_the_truth(walker, changes: dict[str, Any]) -> None:
    walk = walker.Walk(**changes)
    result = analyse_rollout(walker.rollout(walk))
    tolerance = {"m": 0.005, "s": 0.003, "percent": 0.3, "mps": 0.01, "spm": 0.3}
    for side, values in truth_of(walk).items():
        for name in NAMES:
            assert mean(result, name, side) == pytest.approx(
                values[name], abs=tolerance[parameter(name).unit.suffix]
            ), name
    assert step_length_x_cadence(result) == pytest.approx(
        mean(result, "velocity_mps", "both"), rel=0.01
    )
    assert result.residual_force_percent_bw == 0.0
    assert result.findings == ()


def test_cadence_counts_steps_not_strides(walker) -> None:
    result = analyse_rollout(walker.rollout(walker.Walk(stride_s=1.0, right_step_s=0.5)))
    assert mean(result, "cadence_spm", "both") == pytest.approx(120.0, abs=0.5)


def test_cadence_of_a_limp_is_not_the_mean_of_its_step_rates(walker) -> None:
    walk = walker.Walk(stride_s=1.2, right_step_s=0.4, left_stance=0.55, right_stance=0.7)
    result = walker.analysed(walk, walk.events())
    assert mean(result, "cadence_spm", "both") == pytest.approx(100.0, abs=0.1)


def test_each_side_comes_from_its_own_markers(walker) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    before = analyse_markers(time_s, points, walk.events())
    points[:, KEYPOINT_INDEX["Right Heel"], 0] += 0.1
    after = analyse_markers(time_s, points, walk.events())
    gain = {s: mean(after, "step_length_m", s) - mean(before, "step_length_m", s)
            for s in ("left", "right")}  # fmt: skip
    assert gain["right"] == pytest.approx(0.1, abs=1e-3)
    assert gain["left"] == pytest.approx(-0.1, abs=1e-3)


def test_missing_foot_off_gives_nan_phases_but_keeps_the_stride(walker) -> None:
    walk = walker.Walk()
    events = [e for e in walk.events() if not (e.kind == "foot_off" and e.side == "left")]
    result = walker.analysed(walk, events)
    assert result.parameters["stance_percent"]["left"].n == 0
    assert np.isnan(mean(result, "stance_percent", "left"))
    assert np.isnan(mean(result, "double_support_percent", "left"))
    assert result.parameters["stride_time_s"]["left"].n == 5
    assert mean(result, "stance_percent", "right") == pytest.approx(62.0, abs=0.1)
    assert Code.EVENTS_MISSING in codes(result)


def test_every_cycle_of_both_legs_is_reported(walker) -> None:
    result = analyse_rollout(walker.rollout(walker.Walk()))
    n = {s: result.parameters["stride_time_s"][s].n for s in ("left", "right", "both")}
    assert n == {"left": 5, "right": 4, "both": 9}
    assert len(result.parameters["stride_time_s"]["both"].values) == 9
    assert result.curves_deg["left_knee_flexion_deg"].shape == (5, 101)
    assert result.vertical_force_percent_bw["right"].shape == (4, 101)


def test_step_length_lies_along_the_progression_not_heel_to_heel(walker) -> None:
    walk = walker.Walk(width_m=0.4)
    result = walker.analysed(walk, walk.events())
    assert mean(result, "step_length_m", "both") == pytest.approx(0.6, abs=2e-3)
    assert mean(result, "step_width_m", "both") == pytest.approx(0.4, abs=2e-3)


def test_step_length_can_be_negative(walker) -> None:
    walk = walker.Walk(left_step_m=0.5, right_step_m=-0.06)
    result = analyse_rollout(walker.rollout(walk))
    assert mean(result, "step_length_m", "right") == pytest.approx(-0.06, abs=3e-3)
    assert mean(result, "step_length_m", "left") == pytest.approx(0.5, abs=3e-3)


def test_crossing_feet_have_a_negative_width(walker) -> None:
    walk = walker.Walk(width_m=-0.05)
    result = walker.analysed(walk, walk.events())
    assert mean(result, "step_width_m", "both") == pytest.approx(-0.05, abs=2e-3)


def test_double_support_is_each_sides_own(walker) -> None:
    """One long left stance in the middle: it stretches the cycles in which it lies only."""
    walk = walker.Walk()
    late = [
        replace(e, time_s=e.time_s + 0.08)
        if e.kind == "foot_off" and e.side == "left" and 2.9 < e.time_s < 3.3
        else e
        for e in walk.events()
    ]
    result = walker.analysed(walk, late)
    left = result.parameters["double_support_percent"]["left"].values
    right = result.parameters["double_support_percent"]["right"].values
    stretched = 24.0 + 100.0 * 0.08 / 1.1
    assert sorted(np.round(left, 1)) == pytest.approx([24.0] * 4 + [stretched], abs=0.1)
    assert sorted(np.round(right, 1)) == pytest.approx([24.0] * 3 + [stretched], abs=0.1)
    assert left.index(max(left)) == 2 and right.index(max(right)) == 2


@pytest.mark.parametrize("stride_s", [0.5, 3.0])
def test_fast_children_and_slow_patients_keep_their_cycles(walker, stride_s: float) -> None:
    walk = walker.Walk(
        stride_s=stride_s, right_step_s=stride_s / 2, left_step_m=0.2, right_step_m=0.2,
        leg_m=0.5, duration_s=8 * stride_s,
    )  # fmt: skip
    result = analyse_rollout(walker.rollout(walk))
    assert result.parameters["stride_time_s"]["both"].n >= 12
    assert mean(result, "stride_time_s", "both") == pytest.approx(stride_s, abs=0.005)


def test_treadmill_has_no_velocity_until_the_belt_is_given(walker) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    points[..., 0] -= walk.velocity_mps * time_s[:, None]
    result = analyse_markers(time_s, points, walk.events())
    assert np.isnan(mean(result, "velocity_mps", "both"))
    assert mean(result, "cadence_spm", "both") == pytest.approx(120 / 1.1, abs=0.1)
    assert Code.NO_TRAVEL in codes(result)
    belt = analyse_markers(time_s, points, walk.events(), belt_speed_mps=walk.velocity_mps)
    assert mean(belt, "velocity_mps", "both") == pytest.approx(walk.velocity_mps, abs=1e-3)
    assert mean(belt, "stride_length_m", "both") == pytest.approx(walk.stride_m, abs=2e-3)


def test_a_fall_at_once_gives_a_result_without_cycles(walker) -> None:
    rollout = walker.rollout(walker.Walk())
    result = analyse_rollout(replace(rollout, alive=np.zeros(len(rollout.time_s), dtype=bool)))
    assert result.cycles == ()
    assert np.isnan(mean(result, "velocity_mps", "both"))


def test_residual_is_the_norms_rms_in_percent_of_weight(walker) -> None:
    rollout = walker.rollout(walker.Walk())
    force = np.zeros((len(rollout.time_s), 3))
    force[::2] = [60.0, 0.0, 80.0]
    result = analyse_rollout(replace(rollout, residual_force_n=force))
    share = (np.arange(len(force)) % 2 == 0).mean()
    assert result.residual_force_percent_bw == pytest.approx(100 / 6 * np.sqrt(share), rel=1e-6)
    (helped,) = [f for f in result.findings if f.code is Code.HELPER_FORCES]
    assert helped.values["percent_bw"] == result.residual_force_percent_bw
    assert Code.HELPER_MOMENT not in codes(result)


def test_a_helper_that_turns_the_pelvis_is_named_as_one_that_pushes_it(walker) -> None:
    rollout = walker.rollout(walker.Walk())
    size_nm = rollout.body_weight_n * float(rollout.dimensions.height_m)
    for share, said in ((0.05, False), (0.08, True)):
        moment = np.tile([0.0, share * size_nm, 0.0], (len(rollout.time_s), 1))
        result = analyse_rollout(replace(rollout, residual_moment_nm=moment))
        found = [f for f in result.findings if f.code is Code.HELPER_MOMENT]
        assert bool(found) == said
        assert all(f.values["percent_bw_height"] == pytest.approx(8.0) for f in found)


def test_sd_has_n_minus_one_and_needs_two_values() -> None:
    assert statistic([1.0, 3.0, float("nan")]).sd == pytest.approx(np.sqrt(2.0))
    assert statistic([1.0, 3.0, float("nan")]).n == 2
    assert np.isnan(statistic([1.0]).sd) and np.isnan(statistic([]).mean)


def test_names_must_fit_the_array(walker) -> None:
    time_s, points = walker.markers(walker.Walk())
    with pytest.raises(InputError, match="names"):
        analyse_markers(time_s, points[:, :20], None)


@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_a_curve_starts_and_ends_at_the_contacts(walker, fraction: float) -> None:
    walk = walker.Walk()
    rollout = walker.rollout(walk)
    pose = np.zeros((len(rollout.time_s), 16))
    pose[:, POSE_INDEX["left_knee_flexion"]] = 0.1 * rollout.time_s
    result = analyse_rollout(replace(rollout, pose=pose))
    first = next(c for c in result.cycles if c.side == "left")
    at = first.start_s if fraction == 0.0 else first.end_s
    curve = result.curves_deg["left_knee_flexion_deg"][0]
    assert curve[int(100 * fraction)] == pytest.approx(np.degrees(0.1 * at), abs=1e-6)


def test_pelvis_signs_per_side(walker) -> None:
    rollout = walker.rollout(walker.Walk())
    pose = np.zeros((len(rollout.time_s), 16))
    pose[:, POSE_INDEX["pelvis_tilt"]] = np.radians(10.0)
    pose[:, POSE_INDEX["pelvis_obliquity"]] = np.radians(5.0)  # left side up
    pose[:, POSE_INDEX["pelvis_rotation"]] = np.radians(7.0)  # turned left: right side forward
    curves = analyse_rollout(replace(rollout, pose=pose)).curves_deg
    expected = {
        "left_pelvis_tilt_deg": 10.0, "right_pelvis_tilt_deg": 10.0, "pelvis_tilt_deg": 10.0,
        "left_pelvis_obliquity_deg": 5.0, "right_pelvis_obliquity_deg": -5.0,
        "left_pelvis_rotation_deg": -7.0, "right_pelvis_rotation_deg": 7.0,
    }  # fmt: skip
    for name, value in expected.items():
        assert np.allclose(curves[name], value), name
    assert curves["pelvis_tilt_deg"].shape == (9, 101)


def test_force_curve_is_in_percent_of_body_weight(walker) -> None:
    result = analyse_rollout(walker.rollout(walker.Walk()))
    for rows in result.vertical_force_percent_bw.values():
        # A box of load, of which the low pass leaves its overshoot of 4 %.
        assert np.allclose(rows[:, 10:55], 100.0, atol=4.5)
        assert rows[:, 10:55].mean() == pytest.approx(100.0, abs=1.0)
        assert np.allclose(rows[:, 68:94], 0.0, atol=4.5)


@settings(max_examples=15, deadline=None)
@given(
    yaw=st.floats(-np.pi, np.pi),
    shift=st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.floats(-1, 1)),
)
def test_place_and_heading_do_not_matter(walker, yaw: float, shift: tuple[Any, ...]) -> None:
    walk = walker.Walk(**ASYMMETRIC)
    time_s, points = walker.markers(walk)
    here = analyse_markers(time_s, points, None)
    there = analyse_markers(time_s, walker.rotate(points, yaw, shift), None)
    for name in NAMES:
        for side in ("left", "right"):
            assert mean(there, name, side) == pytest.approx(mean(here, name, side), abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(
    left=st.floats(0.2, 0.8), right=st.floats(0.2, 0.8), share=st.floats(0.42, 0.58),
    stride_s=st.floats(0.8, 2.0),
)  # fmt: skip
def test_a_mirror_swaps_the_sides(walker, left, right, share, stride_s) -> None:
    walk = walker.Walk(
        left_step_m=left, right_step_m=right, stride_s=stride_s, right_step_s=share * stride_s,
        duration_s=5 * stride_s,
    )  # fmt: skip
    time_s, points = walker.markers(walk)
    swap = {"Left": "Right", "Right": "Left"}
    columns = [
        KEYPOINT_INDEX[" ".join([swap.get(n.split()[0], n.split()[0]), *n.split()[1:]])]
        for n in KEYPOINT_NAMES
    ]
    mirrored = points[:, columns] * np.array([1.0, -1.0, 1.0])
    other = {"left": "right", "right": "left"}
    events = [replace(e, side=other[e.side]) for e in walk.events()]
    here = analyse_markers(time_s, points, walk.events())
    there = analyse_markers(time_s, mirrored, events)
    for name in NAMES:
        for side in ("left", "right"):
            assert mean(there, name, other[side]) == pytest.approx(mean(here, name, side), abs=1e-9)


def test_events_of_measured_feet_bind_and_say_so(walker: SimpleNamespace) -> None:
    walk = walker.Walk()
    late = replace(walker.rollout(walk), measured_events=walk.events())
    late = replace(late, foot_force_n=np.roll(late.foot_force_n, 20, axis=0))
    result = analyse_rollout(late)
    assert result.events == tuple(e for e in walk.events() if e.time_s <= late.time_s[-1])
    assert "measured heel" in result.definitions["events"]
    for side, stance in (("left", walk.left_stance), ("right", walk.right_stance)):
        found = result.parameters["stance_percent"][side].mean
        assert found == pytest.approx(100.0 * stance, abs=1e-6)
    fallen = replace(late, alive=late.time_s < 3.0)
    assert max(event.time_s for event in analyse_rollout(fallen).events) < 3.0


@pytest.mark.parametrize(("apart_m", "wider_m"), [(0.02, 0.04), (0.08, 0.0)])
def test_steps_are_those_of_the_feet_it_follows_while_it_stands_by_them(
    walker: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, apart_m: float, wider_m: float
) -> None:
    walk = walker.Walk()
    own = replace(walker.rollout(walk), measured_events=walk.events())
    outward = np.zeros_like(own.keypoints_m)
    for sign, side in ((1.0, "Left"), (-1.0, "Right")):
        columns = [i for i, name in enumerate(own.skeleton.keypoints) if name.startswith(side)]
        outward[:, columns, 1] = sign * apart_m
    monkeypatch.setattr(analyse, "body_keypoints", lambda *_: own.keypoints_m)
    alone = analyse_rollout(own)
    monkeypatch.setattr(analyse, "body_keypoints", lambda *_: own.keypoints_m + outward)
    beside = analyse_rollout(own)
    found_m = mean(beside, "step_width_m", "both") - mean(alone, "step_width_m", "both")
    assert found_m == pytest.approx(wider_m, abs=1e-9)
    assert beside.events == alone.events
    unmeasured = analyse_rollout(replace(own, measured_events=()))
    assert mean(unmeasured, "step_width_m", "both") == pytest.approx(
        mean(alone, "step_width_m", "both"), abs=1e-3
    )
