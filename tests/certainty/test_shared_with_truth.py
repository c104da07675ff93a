"""What markers and the truth that is read off them have in common; no walk is tracked here."""

from __future__ import annotations

import math

import pytest

from simgait.certainty.shared_with_truth import (
    OF_A_STRIDE_M,
    OF_BOTH_FEET_M,
    shared_half_width,
)
from simgait.parameters.catalogue import parameter, parameters
from simgait.parameters.parameter import Pool

MEANS = {
    "velocity_mps": 1.2,
    "cadence_spm": 120.0,
    "step_length_m": 0.6,
    "step_width_m": 0.1,
    "stride_length_m": 1.2,
    "stride_time_s": 1.0,
    "step_time_s": 0.5,
    "stance_percent": 60.0,
    "swing_percent": 40.0,
    "single_support_percent": 40.0,
    "double_support_percent": 20.0,
}
CONTACT_S = 0.02


def shared(key: str, pool: Pool, n: int = 4, contact_s: float = CONTACT_S) -> float:
    counts = {one.key: n for one in parameters()}
    means = {one.key: MEANS.get(one.key, math.nan) for one in parameters()}
    return shared_half_width(parameter(key), pool, means, counts, contact_s)


def test_times_are_moved_by_their_contacts() -> None:
    two_ends_s = math.sqrt(2.0) * CONTACT_S
    # Four strides of one side: the first contact and the last.
    assert shared("stride_time_s", "left") == pytest.approx(two_ends_s / 4)
    # Four steps of one side have eight contacts.
    assert shared("step_time_s", "left") == pytest.approx(two_ends_s / 2)
    # Four steps, left and right in turn, have two ends.
    assert shared("step_time_s", "both") == pytest.approx(two_ends_s / 4)
    assert shared("cadence_spm", "both") == pytest.approx(120.0 * two_ends_s / 4 / 0.5, rel=1e-3)
    assert shared("stance_percent", "left") > 100.0 * two_ends_s / 2


def test_more_strides_are_surer_and_worse_contacts_are_not() -> None:
    for key in ("velocity_mps", "cadence_spm", "stance_percent", "double_support_percent"):
        assert 0.0 < shared(key, "both", 16) < shared(key, "both", 4)
        assert shared(key, "both", contact_s=0.04) > shared(key, "both")


def test_a_marker_beside_its_bone_moves_single_steps_and_no_stride() -> None:
    assert shared("step_length_m", "left") == pytest.approx(OF_BOTH_FEET_M)
    assert shared("step_width_m", "both") == pytest.approx(OF_BOTH_FEET_M)
    assert shared("stride_length_m", "right", contact_s=0.0) <= OF_A_STRIDE_M


def test_a_heel_that_creeps_moves_strides_less_the_more_there_are() -> None:
    assert shared("stride_length_m", "right", 1) == pytest.approx(OF_A_STRIDE_M)
    assert shared("stride_length_m", "both", 4) == pytest.approx(OF_A_STRIDE_M / 2.0)
    # Two steps are a stride, each half as long: so is what they are off by.
    assert shared("step_length_m", "both", 2) == pytest.approx(OF_A_STRIDE_M / 2.0)
    assert shared("stride_length_m", "left", contact_s=0.0) == shared("stride_length_m", "left")


def test_nothing_is_added_where_nothing_is_known_or_to_scores() -> None:
    assert shared("cadence_spm", "both", contact_s=math.nan) == 0.0
    assert shared("gdi_points", "both") == 0.0
