from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from simgait.findings import (
    EVERYTHING,
    NO_BASIS,
    TOUCHES,
    Basis,
    Code,
    Finding,
    Severity,
    Value,
)
from simgait.gait.analyse import analyse_rollout
from simgait.gait_result import Certainty, GaitResult, Statistic
from simgait.parameters.catalogue import parameter, parameters
from simgait.parameters.curves import CURVES
from simgait.report.number_names import numbers_in_words
from simgait.report.trial.levels import (
    JudgedNumber,
    judge_numbers,
    rough_scores,
    single_values,
    wide_intervals,
)
from simgait.report.words import sentence

FORCE = "vertical_force_percent_bw"


@pytest.fixture(scope="module")
def result(walk: Callable[..., Any]) -> GaitResult:
    return analyse_rollout(walk(8.0)[1])


def lost(result: GaitResult, *findings: Finding) -> set[str]:
    return {n.name for n in judge_numbers(result, findings) if n.level == "do_not_use"}


def test_every_code_says_what_it_touches() -> None:
    assert set(TOUCHES) == set(Code)


def test_every_number_rests_on_something_that_a_finding_can_doubt() -> None:
    doubted = frozenset().union(*TOUCHES.values())
    assert doubted == EVERYTHING
    assert all(one.rests_on for one in parameters()) and all(one.rests_on for one in CURVES)


@pytest.mark.parametrize(
    ("severity", "touched"),
    [("note", NO_BASIS), ("caution", TOUCHES[Code.OFF_PATH]), ("stop", EVERYTHING)],
)
def test_severity_says_how_much_a_finding_takes(
    severity: Severity, touched: frozenset[Basis]
) -> None:
    assert Finding(Code.OFF_PATH, severity).touches == touched


def test_without_findings_every_number_may_be_used_but_the_force(result: GaitResult) -> None:
    numbers = judge_numbers(result, ())
    forces = [n for n in numbers if n.key == FORCE]
    assert [n.level for n in forces] == ["rough", "rough"]
    assert {n.level for n in numbers if n.key != FORCE} == {"use"}
    parameters_found = sum(len(pools) for pools in result.parameters.values())
    assert len(numbers) == parameters_found + 2 * len(CURVES) + 2
    assert len({n.name for n in numbers}) == len(numbers)


def test_a_finding_takes_what_rests_on_what_it_doubts(result: GaitResult) -> None:
    feet = Finding(Code.FEET_INCOMPLETE, values={"points": ("Left Heel",)})
    assert lost(result, feet) == {"left_ankle_dorsiflexion_deg", "right_ankle_dorsiflexion_deg"}
    (number,) = [
        n for n in judge_numbers(result, [feet]) if n.name == "left_ankle_dorsiflexion_deg"
    ]
    assert number.doubts == (feet,)


@pytest.mark.parametrize("key", ["cadence_spm", "stride_length_m"])
def test_an_implausible_number_takes_all_that_rests_on_the_same(
    result: GaitResult, key: str
) -> None:
    odd = Finding(Code.IMPLAUSIBLE, values={"parameter": key, "value": 1.0}, where="both")
    gone = {n.key for n in judge_numbers(result, [odd]) if n.doubts}
    doubted = parameter(key).rests_on & {Basis.CLOCK, Basis.SCALE, Basis.TRAVEL}
    shared = {one.key for one in parameters() if one.rests_on & doubted}
    assert gone == shared and key in gone and "stance_percent" not in gone


@pytest.mark.parametrize("way_is_known", [0, 1])
def test_without_a_swing_what_is_left_is_rough_but_the_speed_on_a_known_way(
    result: GaitResult, way_is_known: int
) -> None:
    values: dict[str, Value] = {"percent_of_leg": 20.0, "way_is_known": way_is_known}
    numbers = judge_numbers(result, [Finding(Code.SWING_UNSEEN, values=values)])
    levels = {n.name: n.level for n in numbers if n.level != "do_not_use"}
    assert levels.pop("velocity_mps") == ("use" if way_is_known else "rough")
    rest = {level for name, level in levels.items() if not name.endswith("velocity_mps")}
    assert rest == {"rough"} and {"cadence_spm", "step_time_s"} <= set(levels)
    assert "left_step_time_s" not in levels


def test_a_mean_of_two_sides_is_rough_where_one_is_denied(result: GaitResult) -> None:
    values: dict[str, Value] = {"percent": 4.0, "limit_percent": 2.0}
    denied = Finding(Code.SIDE_RHYTHM_DENIED, values=values, where="left")
    levels = {n.name: n.level for n in judge_numbers(result, [denied])}
    assert levels["left_cadence_spm"] == "do_not_use" and levels["right_cadence_spm"] == "use"
    assert levels["cadence_spm"] == levels["stride_time_s"] == "rough"
    assert levels["step_length_m"] == "use"
    note = dataclasses.replace(denied, severity="note")
    assert {n.level for n in judge_numbers(result, [note]) if n.key != FORCE} == {"use"}


def test_step_time_of_both_sides_is_taken_by_what_takes_cadence(result: GaitResult) -> None:
    levels = {n.name: n.level for n in judge_numbers(result, [Finding(Code.CONTACTS_DOUBTFUL)])}
    assert levels["left_step_time_s"] == levels["right_step_time_s"] == "do_not_use"
    assert levels["step_time_s"] == levels["cadence_spm"] == "use"
    odd = Finding(Code.RHYTHM_DENIED, values={"percent": 4.0, "limit_percent": 2.0})
    assert {"step_time_s", "cadence_spm"} <= lost(result, odd)


def test_the_force_of_a_body_that_is_elsewhere_is_lost(result: GaitResult) -> None:
    values: dict[str, Value] = {"mm": 62.0, "limit_mm": 50.0}
    gone = lost(result, Finding(Code.OFF_RECORDING, values=values))
    assert {f"left_{FORCE}", f"right_{FORCE}"} <= gone


def test_one_value_is_nobodys_mean(result: GaitResult) -> None:
    assert list(single_values(result)) == []
    one = Statistic(1.2, np.nan, 1, (1.2,))
    few = dataclasses.replace(
        result,
        parameters={
            "velocity_mps": {"left": one, "both": dataclasses.replace(one, n=2)},
            "step_width_m": {"right": one},
        },
    )
    (finding,) = single_values(few)
    assert finding.values["numbers"] == ("left_velocity_mps", "right_step_width_m")
    levels = {n.name: n.level for n in judge_numbers(few, [finding])}
    assert (levels["left_velocity_mps"], levels["velocity_mps"]) == ("single", "use")
    doubted = judge_numbers(few, [finding, Finding(Code.OFF_PATH)])
    assert {n.level for n in doubted if n.key == "velocity_mps"} == {"do_not_use"}


def test_what_was_not_measured_has_no_level(result: GaitResult) -> None:
    none = {"velocity_mps": {"both": Statistic(np.nan, np.nan, 0)}}
    bare = dataclasses.replace(result, parameters=none, curves_deg={}, vertical_force_percent_bw={})
    assert judge_numbers(bare, ()) == ()


def test_numbers_in_words_are_grouped_by_side() -> None:
    words = numbers_in_words(
        [("Stance", "left"), ("Swing", "left"), ("Cadence", "left"), ("Cadence", "right"),
         ("Cadence", "both"), *((c.label, s) for c in CURVES for s in ("left", "right"))]
    )  # fmt: skip
    assert words == "stance, swing (left); cadence; joint angles (left and right)"


def with_half_width(result: GaitResult, half: float) -> GaitResult:
    """The same walk, each side's step length known to so much, all else exactly."""
    sure = {key: dict.fromkeys(pools, 0.0) for key, pools in result.parameters.items()}
    sure["step_length_m"] = {"left": half, "right": 0.0, "both": 0.0}
    curves = dict.fromkeys(result.curves_deg, 0.0) | {"left_knee_flexion_deg": 100.0 * half}
    return dataclasses.replace(result, certainty=Certainty(sure, curves, {}))


@pytest.mark.parametrize(
    ("half_m", "level", "code"),
    [
        (0.05, "use", None),
        (0.06, "rough", Code.INTERVAL_WIDE),
        (0.10, "rough", Code.INTERVAL_WIDE),
        (0.11, "do_not_use", Code.INTERVAL_TOO_WIDE),
    ],
)
def test_an_interval_beyond_what_matters_makes_a_number_rough(
    result: GaitResult, half_m: float, level: str, code: Code | None
) -> None:
    walk = with_half_width(result, half_m)
    found = list(wide_intervals(walk, ()))
    assert [finding.code for finding in found] == [code] * (code is not None)
    levels = {n.name: n.level for n in judge_numbers(walk, found)}
    named = ("left_step_length_m", "left_knee_flexion_deg")
    assert {levels.pop(name) for name in named} == {level}
    assert {own for name, own in levels.items() if not name.endswith(FORCE)} == {"use"}


def test_a_number_that_a_finding_takes_away_is_not_called_rough(result: GaitResult) -> None:
    walk = with_half_width(result, 0.06)
    turns = Finding(Code.TURNS, values={"turn_deg": 30.0})
    (finding,) = wide_intervals(walk, [turns])
    assert finding.values["numbers"] == ("left_knee_flexion_deg",)


@pytest.fixture(scope="module")
def scored(result: GaitResult) -> GaitResult:
    one = Statistic(90.0, 2.0, 6, (90.0,) * 6)
    scores = {key: {"left": one, "both": one} for key in ("gdi_points", "gps_deg")}
    return dataclasses.replace(result, parameters=result.parameters | scores)


def test_scores_are_no_better_than_their_angles(scored: GaitResult) -> None:
    assert list(rough_scores(scored, (), measured=True)) == []
    wide = Finding(
        Code.INTERVAL_TOO_WIDE,
        values={"numbers": ("right_hip_rotation_deg",), "half_widths": (10.0,)},
    )
    (finding,) = rough_scores(scored, [wide], measured=True)
    assert finding.values["numbers"] == ("gdi_points", "gps_deg")
    assert finding.values["angles"] == ("right_hip_rotation_deg",)
    levels = {n.name: n.level for n in judge_numbers(scored, [wide, finding])}
    assert levels["gdi_points"] == levels["gps_deg"] == "rough"
    assert levels["left_gdi_points"] == "use"


def test_scores_of_one_cameras_detector_are_rough(scored: GaitResult) -> None:
    (finding,) = rough_scores(scored, (), measured=False)
    levels = {n.name: n.level for n in judge_numbers(scored, [finding])}
    assert levels["gdi_points"] == levels["left_gps_deg"] == "rough"
    assert "single camera's detector" in sentence(finding)
    bent = Finding(Code.KNEES_STAY_BENT, values={"deg": 50.0, "limit_deg": 40.0})
    assert list(rough_scores(scored, [bent], measured=False)) == []


ZERO_DEG = 8.22
"""That nobody knows, of a hip."""


def with_zero(result: GaitResult, formula_deg: float) -> GaitResult:
    """The same walk, whose left hip is known to so much and to a zero."""
    sure = {key: dict.fromkeys(pools, 0.0) for key, pools in result.parameters.items()}
    hip = "left_hip_flexion_deg"
    curves = dict.fromkeys(result.curves_deg, 0.0) | {hip: float(np.hypot(formula_deg, ZERO_DEG))}
    return dataclasses.replace(result, certainty=Certainty(sure, curves, {}, {hip: ZERO_DEG}))


def judged_hip(walk: GaitResult, *findings: Finding) -> JudgedNumber:
    found = [*findings, *wide_intervals(walk, findings)]
    (hip,) = (n for n in judge_numbers(walk, found) if n.name == "left_hip_flexion_deg")
    return hip


@pytest.mark.parametrize(
    ("formula_deg", "level", "without"),
    [
        (3.0, "rough", "use"),
        (6.0, "do_not_use", "rough"),
        (9.9, "do_not_use", "rough"),
        (10.1, "do_not_use", "do_not_use"),
    ],
)
def test_a_zero_that_cancels_leaves_the_level_of_the_rest(
    result: GaitResult, formula_deg: float, level: str, without: str
) -> None:
    hip = judged_hip(with_zero(result, formula_deg))
    assert (hip.level, hip.without_zero.level) == (level, without)
    assert hip.without_zero.half_width == pytest.approx(formula_deg)


def test_what_else_takes_a_curve_away_takes_its_range_too(result: GaitResult) -> None:
    doubt = Finding(Code.FELL, "stop")
    hip = judged_hip(with_zero(result, 3.0), doubt)
    assert hip.level == hip.without_zero.level == "do_not_use"
    assert hip.without_zero.doubts == hip.doubts


def test_a_curve_without_a_zero_is_itself_without_it(result: GaitResult) -> None:
    numbers = judge_numbers(with_zero(result, 3.0), ())
    assert {n.name for n in numbers if n.without_zero is not n} == {"left_hip_flexion_deg"}


@pytest.mark.parametrize(
    ("formula_deg", "range_deg", "of_range"),
    [(3.0, 4.0, "use"), (9.0, 4.0, "use"), (3.0, 7.0, "rough"), (3.0, 11.0, "do_not_use")],
)
def test_a_range_has_the_level_of_its_own_interval(
    result: GaitResult, formula_deg: float, range_deg: float, of_range: str
) -> None:
    walk = with_zero(result, formula_deg)
    assert walk.certainty is not None
    known = dataclasses.replace(walk.certainty, ranges_deg={"left_hip_flexion_deg": range_deg})
    hip = judged_hip(dataclasses.replace(walk, certainty=known))
    assert (hip.of_range.level, hip.of_range.half_width) == (of_range, range_deg)
    fallen = judged_hip(dataclasses.replace(walk, certainty=known), Finding(Code.FELL, "stop"))
    assert fallen.of_range.level == "do_not_use"
