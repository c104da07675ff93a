"""What the analysis of a walk says is doubtful about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_markers, analyse_rollout
from simgait.gait_result import GaitResult


def codes(result: GaitResult) -> list[Code]:
    return [finding.code for finding in result.findings]


def test_a_fall_cuts_the_trial_and_is_told(walker) -> None:
    rollout = walker.rollout(walker.Walk())
    alive = rollout.time_s < 3.5
    result = analyse_rollout(replace(rollout, alive=alive))
    assert max(e.time_s for e in result.events) < 3.5
    (fall,) = [f for f in result.findings if f.code is Code.FELL]
    assert fall.severity == "stop" and fall.values["time_s"] == pytest.approx(3.5)


@pytest.mark.parametrize(("place", "lacking"), [(0, 1), (2, 2)])
def test_cycles_without_an_event_are_counted(walker, place: int, lacking: int) -> None:
    walk = walker.Walk()
    offs = [e for e in walk.events() if e.kind == "foot_off"]
    given = [e for e in walk.events() if e != offs[place]]
    result = walker.analysed(walk, given)
    counts = {"lacking": lacking, "cycles": len(result.cycles)}
    assert Finding(Code.EVENTS_MISSING, "note", counts) in result.findings


def test_one_flight_is_told_with_its_count_and_the_rest_keep_double_support(walker) -> None:
    walk = walker.Walk()
    events = walk.events()
    early = [e for e in events if e.kind == "foot_off" and e.side == "left"][2]
    landing = min(
        e.time_s
        for e in events
        if e.kind == "initial_contact" and e.side == "right" and e.time_s > early.time_s - 0.3
    )
    flight = [replace(e, time_s=landing - 0.02) if e is early else e for e in events]
    result = walker.analysed(walk, flight)
    n = len(result.cycles)
    assert Finding(Code.FLIGHT, values={"airborne": 1, "cycles": n}) in result.findings
    assert 0 < result.parameters["double_support_percent"]["both"].n < n


def test_a_side_with_one_cycle_is_told(walker) -> None:
    result = analyse_rollout(walker.rollout(walker.Walk(duration_s=1.8)))
    (few,) = [f for f in result.findings if f.code is Code.FEW_CYCLES]
    sides, counts = few.values["sides"], few.values["counts"]
    assert isinstance(sides, tuple) and isinstance(counts, tuple)
    assert dict(zip(sides, counts, strict=True))["left"] == 1


def test_kinematic_events_stand_in_only_when_said(walker) -> None:
    result = walker.analysed(walker.Walk(), None)
    assert result.events == result.kinematic_events
    assert Code.EVENTS_NOT_GIVEN in codes(result)
    assert "Zeni" in result.definitions["events"]


def test_event_disagreement_is_reported(walker) -> None:
    walk = walker.Walk()
    shifted = [replace(e, time_s=e.time_s + 0.12) for e in walk.events()]
    result = walker.analysed(walk, shifted)
    assert result.event_disagreement_ms > 60.0
    (apart,) = [f for f in result.findings if f.code is Code.EVENTS_DISAGREE]
    assert apart.values["ms"] == result.event_disagreement_ms


def test_backward_walk_is_told(walker) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    result = analyse_markers(time_s, points[::-1].copy(), None)
    assert Code.BACKWARDS in codes(result)
