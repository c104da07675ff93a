from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.certainty.fitting import SDS_OF_HALF_WIDTH
from simgait.certainty.intervals import holding_the_belts_speed, with_intervals
from simgait.certainty.pelvic_zero import pelvic_zero_half_width_deg
from simgait.certainty.shared_with_truth import OF_BOTH_FEET_M
from simgait.certainty.terms import TERMS
from simgait.certainty.widths import Widths, curve_name, event_name, number_name
from simgait.gait.analyse import analyse_rollout
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import parameter, parameters, registered
from simgait.parameters.curves import CURVES
from simgait.skeleton.sides import SIDES
from simgait.types import EVENT_KINDS
from tests.certainty.conditions import GOOD
from tests.certainty.test_propagation import SWING_TIME
from tests.report.conftest import make_walk


def widths() -> Widths:
    """Every number of the catalogue has a half-width of 1 % of it and 0.01."""
    own = tuple(0.01 * (term.name in ("always", "size")) for term in TERMS)
    names = [number_name(one.key, pool) for one in parameters() for pool in one.pools]
    names += [curve_name(curve.key) for curve in CURVES]
    names += [event_name(kind) for kind in EVENT_KINDS]
    every = dict.fromkeys(names, own)
    return Widths("ab", {"markers": {}, "detector": every})


@pytest.fixture(scope="module")
def result() -> GaitResult:
    return analyse_rollout(make_walk(8.0)[1])


def test_every_number_curve_and_event_has_an_interval(result: GaitResult) -> None:
    found = with_intervals(result, GOOD, widths())
    for key, pools in found.parameters.items():
        if parameter(key).swing_of is not None or parameter(key).paces:
            continue  # the widest of several; see below
        for pool, statistic in pools.items():
            low, high = found.interval(key, pool)
            assert high - low == pytest.approx(2 * (0.01 * abs(statistic.mean) + 0.01))
            assert low < statistic.mean < high
    assert found.certainty is not None
    for curve in CURVES:
        half = np.hypot(0.01, pelvic_zero_half_width_deg(curve.key, GOOD))
        assert [found.certainty.half_width(curve.key, side) for side in SIDES] == [half, half]
    event = found.events[0]
    assert found.event_interval(event) == (event.time_s - 0.01, event.time_s + 0.01)


def test_estimates_do_not_move(result: GaitResult) -> None:
    found = with_intervals(result, GOOD, widths())
    assert replace(found, certainty=None) is not result
    assert found.parameters is result.parameters and found.events is result.events


def test_without_intervals_the_ends_are_not_known(result: GaitResult) -> None:
    assert np.isnan(result.interval("velocity_mps", "both")).all()
    assert np.isnan(result.event_interval(result.events[0])).all()


def test_a_source_without_formulas_has_no_intervals(result: GaitResult) -> None:
    found = with_intervals(result, replace(GOOD, measured=1.0), widths())
    assert np.isnan(found.interval("velocity_mps", "both")).all()


def test_a_new_parameter_has_an_interval_from_what_it_is_made_of() -> None:
    known = widths()
    with registered(SWING_TIME):
        result = analyse_rollout(make_walk(8.0)[1])
        found = with_intervals(result, GOOD, known)
    low, high = found.interval("swing_time_s", "left")
    stride_s, stance = (
        result.parameters[key]["left"].mean for key in ("stride_time_s", "stance_percent")
    )
    expected = np.hypot(0.01 + 0.01 * stride_s, 0.01 * stride_s * (0.01 + 0.01 * stance))
    assert high - low == pytest.approx(2 * expected)


def test_an_estimated_belt_widens_what_rests_on_it_alone(result: GaitResult) -> None:
    markers = replace(GOOD, measured=1.0, travel_spread=0.0)
    own = Widths("ab", {"markers": widths().coefficients["detector"], "detector": {}})
    said = with_intervals(result, markers, own)
    estimated = with_intervals(result, replace(markers, travel_spread=0.02), own)
    for key, pools in said.parameters.items():
        for pool, statistic in pools.items():
            half, wider = (0.5 * np.diff(x.interval(key, pool))[0] for x in (said, estimated))
            of_belt = SDS_OF_HALF_WIDTH * 0.02 * statistic.mean
            rests = key in ("velocity_mps", "step_length_m", "stride_length_m")
            assert wider == pytest.approx(np.hypot(half, of_belt) if rests else half)


def test_markers_have_what_their_truth_shares_with_them_beside_their_formulas(
    result: GaitResult,
) -> None:
    markers = replace(GOOD, measured=1.0, travel_spread=0.0)
    of_detectors = widths().coefficients["detector"]
    found = with_intervals(result, markers, Widths("ab", {"markers": of_detectors, "detector": {}}))
    step_m = result.parameters["step_length_m"]["left"].mean
    low, high = found.interval("step_length_m", "left")
    expected = np.hypot(0.01 + 0.01 * step_m, OF_BOTH_FEET_M)
    assert high - low == pytest.approx(2 * expected)


def test_numbers_of_one_swing_have_one_half_width(result: GaitResult) -> None:
    certainty = with_intervals(result, GOOD, widths()).certainty
    assert certainty is not None
    for swinging, standing in (("left", "right"), ("right", "left"), ("both", "both")):
        same = {
            certainty.half_width("stance_percent", swinging),
            certainty.half_width("swing_percent", swinging),
            certainty.half_width("single_support_percent", standing),
        }
        # Stance is the largest of the three numbers, and 1 % of it the widest.
        assert same == {0.01 * result.parameters["stance_percent"][swinging].mean + 0.01}


def test_numbers_of_one_pace_are_as_sure_as_each_other(result: GaitResult) -> None:
    certainty = with_intervals(result, GOOD, widths()).certainty
    assert certainty is not None
    times = {"left": "stride_time_s", "right": "stride_time_s", "both": "step_time_s"}
    for pool, key in times.items():
        time_s, cadence = (result.parameters[k][pool].mean for k in (key, "cadence_spm"))
        share = certainty.half_width(key, pool) / time_s
        # 0.01 s is more of a stride's second than 0.01 steps/min of a cadence.
        assert share == pytest.approx(0.01 + 0.01 / time_s)
        assert certainty.half_width("cadence_spm", pool) == pytest.approx(share * cadence)
    mean_s = result.parameters["stride_time_s"]["both"].mean
    assert certainty.half_width("stride_time_s", "both") == pytest.approx(0.01 + 0.01 * mean_s)


def test_film_is_told_less_surely_than_a_detectors_points(result: GaitResult) -> None:
    points = with_intervals(result, GOOD, widths()).certainty
    film = with_intervals(result, replace(GOOD, filmed=1.0), widths()).certainty
    assert points is not None and film is not None
    for key, pools in points.parameters.items():
        for pool, half in pools.items():
            assert film.half_width(key, pool) >= half
    assert film.half_width("step_width_m", "both") > 1.5 * points.half_width("step_width_m", "both")
    assert film.half_width("stance_percent", "left") > 1.1 * points.half_width(
        "stance_percent", "left"
    )
    assert film.half_width("velocity_mps", "both") == points.half_width("velocity_mps", "both")
    assert film.half_width("knee_flexion_deg", "left") > 1.5 * points.half_width(
        "knee_flexion_deg", "left"
    )


def test_an_interval_of_speed_holds_the_belts_that_was_stated(result: GaitResult) -> None:
    known = with_intervals(result, GOOD, widths())
    low, high = known.interval("velocity_mps", "both")
    for belt_mps in (low - 0.2, (low + high) / 2, high + 0.1):
        found = holding_the_belts_speed(known, belt_mps)
        for pool in ("left", "right", "both"):
            ends = found.interval("velocity_mps", pool)
            assert ends[0] <= belt_mps + 1e-12 and belt_mps - 1e-12 <= ends[1]
            was = known.interval("velocity_mps", pool)
            # Never narrower, and no wider than it takes.
            assert ends[0] <= was[0] and was[1] <= ends[1]
            assert was == ends or min(abs(end - belt_mps) for end in ends) < 1e-12
        assert found.interval("cadence_spm", "both") == known.interval("cadence_spm", "both")
    assert holding_the_belts_speed(result, 1.0) is result
