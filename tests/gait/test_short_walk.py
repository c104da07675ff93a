"""A walk too short for a gait cycle still has what one step tells."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.findings import Code
from simgait.gait.analyse import analyse_markers
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.types import GaitEvent


def cut(walker, walk, start_s: float, stop_s: float):
    """The walk's markers and events between two times, and their gait."""
    time_s, points = walker.markers(walk)
    inside = (time_s >= start_s) & (time_s <= stop_s)
    events = [e for e in walk.events() if start_s <= e.time_s <= stop_s]
    return analyse_markers(time_s[inside], points[inside], events)


def test_one_step_gives_speed_cadence_and_step_length(walker) -> None:
    walk = walker.Walk(right_step_m=0.5, left_step_m=0.6)
    landed = walk.first_contact_s + walk.stride_s
    found = cut(walker, walk, landed - 0.05, landed + walk.right_step_s + 0.4)
    assert not found.cycles
    values = found.parameters
    assert values["step_length_m"]["right"].mean == pytest.approx(0.5, abs=3e-3)
    for key, truth in (
        ("velocity_mps", 0.5 / walk.right_step_s),
        ("cadence_spm", 60.0 / walk.right_step_s),
    ):
        both = values[key]["both"]
        assert both.mean == pytest.approx(truth, abs=6e-3 * truth)
        assert both.values == pytest.approx((truth,), abs=6e-3 * truth)
        assert both.n == 1
        assert values[key]["left"].n == values[key]["right"].n == 0
    assert np.isnan(values["stance_percent"]["both"].mean)


def test_two_steps_without_a_cycle_are_both_listed(walker) -> None:
    walk = walker.Walk(stride_s=1.2, right_step_s=0.5, right_step_m=0.5, left_step_m=0.6)
    landed = walk.first_contact_s + walk.stride_s
    # From a right landing to the next left one and a right one whose foot print is not seen.
    found = cut(walker, walk, landed - 0.05, landed + walk.right_step_s + 0.3)
    cadence = found.parameters["cadence_spm"]["both"]
    assert cadence.n == len(cadence.values) == 1
    whole = cut(walker, walk, landed - 0.05, landed + walk.stride_s + 0.4)
    assert {c.side for c in whole.cycles} == {"left"}
    assert whole.parameters["velocity_mps"]["both"].values == pytest.approx((1.1 / 1.2,), abs=5e-3)


def test_a_foot_that_lands_once_and_is_not_seen_to_leave_has_a_print(walker) -> None:
    walk = walker.Walk()
    landed = walk.first_contact_s + walk.stride_s
    found = cut(walker, walk, landed - 0.05, landed + walk.right_step_s + 0.25)
    assert found.parameters["step_length_m"]["right"].n == 1


def test_a_step_whose_footprint_is_not_seen_still_counts_for_the_cadence_of_both(walker) -> None:
    """A headline must not rest on the one step whose length is known: 0.5 s of a cycle of 1.2 s."""
    walk = walker.Walk(stride_s=1.2, right_step_s=0.5, right_step_m=0.5, left_step_m=0.6)
    landed = walk.first_contact_s + walk.stride_s
    found = cut(walker, walk, landed - 0.05, landed + walk.stride_s + 0.05).parameters
    assert found["step_length_m"]["both"].values == pytest.approx((0.5,), abs=3e-3)
    cadence = found["cadence_spm"]["both"]
    assert cadence.mean == pytest.approx(100.0, abs=0.1)
    assert (cadence.low, cadence.high) == pytest.approx((100.0, 100.0), abs=0.1)
    assert found["step_time_s"]["both"].mean == pytest.approx(0.6, abs=1e-3)
    # The speed of a cycle of which one footprint is missing is not known at all.
    assert np.isnan(found["velocity_mps"]["both"].mean)


def test_steps_that_the_pelvis_did_not_go_are_not_told(walker) -> None:
    """A landing that is missed, and one that is late, make one step of 0.2 s: 2.3 times as fast."""
    walk = walker.Walk(stride_s=1.1, right_step_s=0.55, right_step_m=0.6, left_step_m=0.6)
    landed = walk.first_contact_s + walk.stride_s
    time_s, points = walker.markers(walk)
    inside = (time_s >= landed - 0.05) & (time_s <= landed + walk.right_step_s + 0.4)

    def found(right_s: float):
        events = [
            GaitEvent(landed + walk.right_step_s - right_s, "left", "initial_contact"),
            GaitEvent(landed + walk.right_step_s, "right", "initial_contact"),
        ]
        return analyse_markers(time_s[inside], points[inside], events)

    sound, stumbling = found(walk.right_step_s), found(0.2)
    assert sound.parameters["velocity_mps"]["both"].mean == pytest.approx(1.2 / 1.1, abs=0.01)
    assert not {f.code for f in sound.findings} & {Code.STEPS_DENIED}
    (denied,) = [f for f in stumbling.findings if f.code == Code.STEPS_DENIED]
    assert denied.values["pelvis_mps"] == pytest.approx(1.2 / 1.1, rel=0.1)
    assert denied.values["steps_mps"] > 1.5 * denied.values["pelvis_mps"]
    assert not stumbling.cycles and not stumbling.steps
    for key in ("velocity_mps", "cadence_spm", "step_length_m", "step_time_s"):
        assert all(one.n == 0 and np.isnan(one.mean) for one in stumbling.parameters[key].values())


@pytest.mark.parametrize(("way", "is_denied"), [(1.0, False), (1.2, False), (1.3, True)])
def test_steps_too_short_for_the_pelvis_are_not_told(walker, way, is_denied) -> None:
    """The hips go 1.2 or 1.3 times as far as the feet, over steps of which many are seen."""
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    hips = [KEYPOINT_INDEX[f"{side} Hip"] for side in ("Left", "Right")]
    points[:, hips, 0] *= way
    found = analyse_markers(time_s, points, walk.events())
    assert (Code.STEPS_DENIED in {f.code for f in found.findings}) == is_denied
    assert (found.parameters["velocity_mps"]["both"].n == 0) == is_denied


def test_the_long_step_of_a_limp_alone_is_told(walker) -> None:
    """Two steps, one twice as long: of the second the footprint is not seen, and 1.33 is no lie."""
    walk = walker.Walk(stride_s=1.2, right_step_s=0.6, right_step_m=0.8, left_step_m=0.4)
    landed = walk.first_contact_s + walk.stride_s
    found = cut(walker, walk, landed - 0.05, landed + walk.stride_s + 0.05)
    assert found.parameters["step_length_m"]["both"].values == pytest.approx((0.8,), abs=5e-3)
    assert Code.STEPS_DENIED not in {finding.code for finding in found.findings}


def test_a_missing_landing_within_a_cycle_takes_its_distances_too(walker) -> None:
    """The opposite landing is not seen, and the next one comes late: 0.2 s before it."""
    walk = walker.Walk(stride_s=1.1, right_step_s=0.55, right_step_m=0.6, left_step_m=0.6)
    time_s, points = walker.markers(walk)
    landed = walk.first_contact_s + walk.stride_s
    inside = (time_s >= landed - 0.05) & (time_s <= landed + walk.stride_s + 0.75)
    events = [
        GaitEvent(landed, "left", "initial_contact"),
        GaitEvent(landed + walk.stride_s, "left", "initial_contact"),
        GaitEvent(landed + walk.stride_s + 0.2, "right", "initial_contact"),
    ]
    found = analyse_markers(time_s[inside], points[inside], events)
    assert found.cycles and not found.steps
    assert Code.STEPS_DENIED in {finding.code for finding in found.findings}
    for key in ("velocity_mps", "stride_length_m", "step_length_m"):
        numbers = found.parameters[key].values()
        assert all(one.n == 0 and np.isnan(one.mean) for one in numbers), key
    assert found.parameters["stride_time_s"]["left"].mean == pytest.approx(1.1, abs=0.01)


def without(walk, feet: str, skipped: int) -> list[GaitEvent]:
    """The walk's events but for landings from the fourth on, and the foot offs between them."""
    landings = sorted(e.time_s for e in walk.events() if e.kind == "initial_contact")
    until_s = landings[2 + skipped] + 0.01
    return [
        e for e in walk.events() if not (landings[2] + 0.01 < e.time_s < until_s and e.side in feet)
    ]


def test_three_steps_are_not_told_as_one(walker) -> None:
    """A landing of either foot is missed; their step goes as fast as the pelvis."""
    walk = walker.Walk(stride_s=1.1, right_step_s=0.55, right_step_m=0.6, left_step_m=0.6)
    time_s, points = walker.markers(walk)
    found = analyse_markers(time_s, points, without(walk, "left right", 2))
    (hidden,) = [f for f in found.findings if f.code == Code.STEP_HIDES_CONTACTS]
    lasted_s = np.diff([hidden.values[end] for end in ("start_s", "end_s")])
    assert lasted_s == pytest.approx(1.65, abs=0.01)
    assert [step.time_s for step in found.steps] == pytest.approx([0.55] * len(found.steps))
    assert len(found.steps) == len(analyse_markers(time_s, points, walk.events()).steps) - 3
    for key, value in (("step_length_m", 0.6), ("stride_length_m", 1.2), ("cadence_spm", 109.1)):
        for one in found.parameters[key].values():
            assert one.values == pytest.approx([value] * one.n, rel=0.01), key
            assert one.n


def test_one_foot_that_is_not_seen_to_land_leaves_the_other_steps(walker) -> None:
    """Two landings of one foot follow on each other: there is no step between them."""
    walk = walker.Walk(stride_s=1.1, right_step_s=0.55, right_step_m=0.6, left_step_m=0.6)
    time_s, points = walker.markers(walk)
    found = analyse_markers(time_s, points, without(walk, "left right", 1))
    assert Code.STEP_HIDES_CONTACTS not in {f.code for f in found.findings}
    assert found.parameters["step_length_m"]["both"].values == pytest.approx(
        [0.6] * len(found.steps), rel=0.01
    )


@pytest.mark.parametrize("right_step_m", [-0.05, 0.02, 0.3])
def test_who_brings_a_foot_up_to_the_other_keeps_every_step(walker, right_step_m: float) -> None:
    walk = walker.Walk(stride_s=1.4, right_step_s=0.5, right_step_m=right_step_m, left_step_m=0.4)
    time_s, points = walker.markers(walk)
    found = analyse_markers(time_s, points, walk.events())
    assert Code.STEP_HIDES_CONTACTS not in {f.code for f in found.findings}
    assert found.parameters["step_length_m"]["right"].mean == pytest.approx(right_step_m, abs=0.01)


def test_no_step_gives_no_number(walker) -> None:
    walk = walker.Walk()
    landed = walk.first_contact_s + walk.stride_s
    found = cut(walker, walk, landed - 0.05, landed + walk.right_step_s - 0.05)
    assert found.parameters["velocity_mps"]["both"].n == 0
    assert np.isnan(found.parameters["velocity_mps"]["both"].mean)
