from __future__ import annotations

import math
from dataclasses import replace

import pytest

from simgait.certainty.propagation import propagated
from simgait.parameters.catalogue import parameter
from simgait.parameters.column import Display
from simgait.parameters.parameter import Parameter
from simgait.parameters.units import SECOND

MEANS = {
    "stride_time_s": 1.0, "stance_percent": 60.0, "single_support_percent": 40.0,
    "double_support_percent": 20.0, "stride_length_m": 1.2, "step_length_m": 0.6,
    "step_width_m": 0.1, "step_time_s": 0.5,
}  # fmt: skip
HALVES = {
    "stride_time_s": 0.03, "stance_percent": 4.0, "single_support_percent": 3.0,
    "double_support_percent": 6.0, "stride_length_m": 0.12, "step_length_m": 0.06,
    "step_width_m": 0.02, "step_time_s": 0.01,
}  # fmt: skip
SWING_TIME = Parameter(
    quantity="swing_time",
    unit=SECOND,
    label="Swing time",
    definition="Time from foot off to the next contact.",
    of_cycle=lambda cycle: cycle.stride_s - cycle.stance_s,
    display=Display(SECOND, decimals=3),
)


def test_independent_facts_add_as_squares() -> None:
    assert propagated(SWING_TIME, "left", MEANS, HALVES) == pytest.approx(math.hypot(0.03, 0.04))


def test_a_known_parameter_comes_out_as_its_facts_say() -> None:
    width = propagated(parameter("step_width_m"), "both", MEANS, HALVES)
    assert width == pytest.approx(0.02)
    speed = propagated(parameter("velocity_mps"), "both", MEANS, HALVES)
    assert speed == pytest.approx(math.hypot(0.12, 0.024), rel=0.01)


def test_a_fact_of_unknown_width_counts_only_where_it_is_used() -> None:
    unknown = HALVES | {"stride_length_m": math.nan}
    assert propagated(SWING_TIME, "left", MEANS, unknown) == pytest.approx(0.05)
    speed = replace(SWING_TIME, of_cycle=lambda cycle: cycle.stride_length_m / cycle.stride_s)
    assert math.isnan(propagated(speed, "left", MEANS, unknown))
