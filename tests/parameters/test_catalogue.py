"""Each parameter is said once, and says nothing that it cannot keep."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.parameters.catalogue import (
    SPATIOTEMPORAL,
    definitions,
    find_parameter,
    parameter,
    parameters,
    register,
    registered,
)
from simgait.parameters.column import CHANGE_OF_UNIT, SPEED_CHANGE_MPS, Display
from simgait.parameters.curves import CURVES
from simgait.parameters.facts import CycleFacts, MeanStep, PersonScores, StepFacts, StrideScores
from simgait.parameters.normative_curves import NORMATIVE_COORDINATES
from simgait.parameters.scores import SCORES
from simgait.parameters.summary_table import BOOKKEEPING, summary_columns
from simgait.parameters.units import CENTIMETRE, CENTIMETRES_PER_SECOND, UNITS

NAN = float("nan")
CYCLE = CycleFacts(
    stride_s=1.25, stance_s=0.8, initial_double_support_s=0.2, single_support_s=0.4,
    terminal_double_support_s=0.2, stride_length_m=1.5,
)  # fmt: skip


def of_cycle(key: str, cycle: CycleFacts = CYCLE) -> float:
    function = parameter(key).of_cycle
    assert function is not None
    return function(cycle)


def test_formulas_are_those_of_the_definitions() -> None:
    expected = {
        "velocity_mps": 1.2, "cadence_spm": 96.0, "stride_length_m": 1.5, "stride_time_s": 1.25,
        "stance_percent": 64.0, "swing_percent": 36.0, "single_support_percent": 32.0,
        "double_support_percent": 32.0,
    }  # fmt: skip
    assert {k: of_cycle(k) for k in expected} == pytest.approx(expected)
    of_steps = [one for one in SPATIOTEMPORAL if one.key not in expected]
    step = StepFacts(length_m=0.6, width_m=0.1, time_s=0.5)
    assert [one.of_step(step) for one in of_steps if one.of_step] == [0.6, 0.1, 0.5]


def test_scores_of_both_sides_are_those_of_the_papers() -> None:
    left, right = StrideScores(80.0, 9.0), StrideScores(90.0, 6.0)
    person = PersonScores(left, right, overall_gps_deg=7.7)
    gdi, gps = (parameter(key) for key in ("gdi_points", "gps_deg"))
    assert gdi.of_scores and gps.of_scores and gdi.of_person and gps.of_person
    assert (gdi.of_scores(left), gps.of_scores(left)) == (80.0, 9.0)
    assert (gdi.of_person(person), gps.of_person(person)) == (85.0, 7.7)


def test_the_mean_step_ties_velocity_to_length_and_cadence() -> None:
    step = MeanStep(length_m=0.63, time_s=0.52)
    speed, cadence, length = (
        parameter(key).of_mean_step for key in ("velocity_mps", "cadence_spm", "step_length_m")
    )
    assert speed and cadence and length
    assert speed(step) == pytest.approx(length(step) * cadence(step) / 60.0)


def test_flight_has_no_double_support() -> None:
    assert np.isnan(
        of_cycle("double_support_percent", replace(CYCLE, terminal_double_support_s=-0.01))
    )


def test_keys_units_and_columns_fit_each_other() -> None:
    every = (*SPATIOTEMPORAL, *SCORES)
    assert [one.key for one in parameters()] == list(dict.fromkeys(p.key for p in every))
    for one in parameters():
        assert one.key == f"{one.quantity}_{one.unit.suffix}" and one.unit.suffix in UNITS
        assert one.display.unit.suffix in UNITS
    columns = summary_columns()
    assert len(columns) == len(set(columns)) and set(columns) >= BOOKKEEPING
    assert columns[16:20] == ("velocity_mps", "velocity_mps_lo", "velocity_mps_hi", "cadence_spm")


def test_every_number_has_a_difference_that_matters() -> None:
    assert parameter("velocity_mps").tolerance == 0.10
    assert parameter("step_length_m").tolerance == 0.05
    assert parameter("stance_percent").tolerance == 2.0
    assert all(np.isfinite(one.tolerance) and one.tolerance > 0.0 for one in parameters())


def test_every_word_is_defined_before_it_is_used() -> None:
    order = list(definitions())
    assert set(order) >= {one.key for one in parameters()}
    for one in parameters():
        for term in one.terms:
            assert order.index(term.key) < order.index(one.key)


def test_a_stored_value_is_shown_in_the_unit_of_its_display() -> None:
    assert parameter("step_length_m").display.text(0.6543) == "65.4"
    assert Display(CENTIMETRE, 0, 100.0).text(-0.123) == "\u221212"
    assert parameter("velocity_mps").display.text(NAN) == "–"


def test_thresholds_do_not_depend_on_the_unit() -> None:
    assert CHANGE_OF_UNIT[CENTIMETRES_PER_SECOND] == tuple(100 * v for v in SPEED_CHANGE_MPS)


def test_plausible_is_what_lies_within_or_was_not_measured() -> None:
    speed = parameter("velocity_mps").plausible
    assert speed is not None
    assert [speed.holds(v) for v in (0.07, 0.08, 2.22, 2.23, NAN)] == [
        False, True, True, False, True,
    ]  # fmt: skip


def test_every_parameter_has_a_plausible_range_that_holds_its_norm() -> None:
    for one in SPATIOTEMPORAL:
        assert one.plausible is not None and one.norm is not None, one.key
        assert one.plausible.source and one.plausible.low < one.plausible.high
        for deviations in (-3.0, 3.0):
            assert one.plausible.holds(one.norm.mean + deviations * one.norm.sd), one.key


def test_every_curve_has_a_normative_band() -> None:
    assert {curve.coordinate for curve in CURVES} == set(NORMATIVE_COORDINATES)
    assert CURVES[6].of_side("left") == "left_knee_flexion_deg"


def test_a_parameter_that_is_unknown_or_there_already_is_refused() -> None:
    assert find_parameter("gait_beauty") is None
    with pytest.raises(InputError, match="no gait parameter gait_beauty"):
        parameter("gait_beauty")
    with pytest.raises(InputError, match="already"):
        register(parameter("stance_percent"))


def test_a_parameter_leaves_with_its_block() -> None:
    made_up = replace(parameter("swing_percent"), quantity="made_up")
    with registered(made_up):
        assert parameters()[-1] is made_up
    assert find_parameter(made_up.key) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"of_cycle": None}, "of_cycle and of_step"),
        ({"of_step": lambda step: step.time_s}, "of_cycle and of_step"),
        ({"pools": ("left", "right"), "summary": ("both",)}, "only its pools"),
        ({"of_both": "Mean of all."}, "of_mean_step and of_both"),
        ({"of_cycle": None, "of_scores": lambda s: s.gps_deg}, "of_scores and of_person"),
        ({"tile": ("both",), "summary": ()}, "only what its summary has"),
    ],
)
def test_a_parameter_that_contradicts_itself_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        replace(parameter("swing_percent"), quantity="made_up", **change)


def test_half_an_interval_is_never_nothing() -> None:
    assert Display(CENTIMETRE, 0, 100.0).width(0.123) == "12"
    assert Display(CENTIMETRE, 0, 100.0).width(0.004) == "<1"
    assert Display(CENTIMETRE, 2, 1.0).width(0.0) == "<0.01"
    assert Display(CENTIMETRE, 0).width(float("nan")) == Display(CENTIMETRE, 0).text(float("nan"))
