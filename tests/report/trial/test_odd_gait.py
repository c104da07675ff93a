"""Contacts that contradict each other: strides of two lengths, steps of another pace."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from simgait.findings import Code
from simgait.gait.analyse import analyse_rollout
from simgait.gait_result import Certainty, GaitResult
from simgait.report.trial.verdict import judge
from simgait.types import Rollout, Trial

Made = tuple[Trial, Rollout, GaitResult]
FORCE = "vertical_force_percent_bw"


@pytest.fixture(scope="module")
def good(walk: Callable[..., Any]) -> Made:
    trial, rollout = walk(8.0)
    return trial, rollout, analyse_rollout(rollout)


def test_a_stride_twice_as_long_as_the_others_takes_the_pace_of_a_detectors_walk(
    good: Made,
) -> None:
    """A film of 133 steps/min whose exchanged legs hid two of them was told as 100."""
    trial, rollout, result = good
    lefts = [cycle for cycle in result.cycles if cycle.side == "left"]
    doubled = dataclasses.replace(lefts[1], end_s=lefts[2].end_s)
    cycles = tuple(doubled if c is lefts[1] else c for c in result.cycles if c is not lefts[2])
    missed = dataclasses.replace(result, cycles=cycles)
    for metric, shown, lost in (
        (False, missed, True),
        (False, result, False),
        (True, missed, False),
    ):
        seen = dataclasses.replace(trial, scale_is_metric=metric)
        verdict = judge(seen, rollout, shown, None)
        assert (Code.LANDING_MISSED in {f.code for f in verdict.findings}) is lost
        gone = {n.key for n in verdict.numbers if n.level == "do_not_use"}
        assert ({"cadence_spm", "velocity_mps", "step_length_m"} <= gone) is lost


@pytest.mark.parametrize(("share", "known", "denied"), [
    (1.0, True, False), (1.04, True, False), (1.2, True, True), (0.8, True, True),
    (1.2, False, False), (1.04, "surely", False), (1.07, "surely", True),
])  # fmt: skip
def test_steps_and_strides_that_contradict_each_other_are_not_to_be_used(
    good: Made, share: float, known: bool | str, denied: bool
) -> None:
    """Legs a quarter of a cycle apart had 166 steps/min, and strides of 145."""
    trial, rollout, result = good
    strides = result.parameters["stride_time_s"]
    other = {p: dataclasses.replace(one, mean=share * one.mean) for p, one in strides.items()}
    half = {"cadence_spm": {"both": 4.0}, "stride_time_s": {"both": 0.04}}
    if known == "surely":
        half = {key: {"both": 0.0} for key in half}
    told = dataclasses.replace(
        result,
        parameters={**result.parameters, "stride_time_s": other},
        certainty=Certainty(half, {}, {}) if known else None,
    )
    verdict = judge(trial, rollout, told, None)
    assert (Code.CADENCE_DENIED in {f.code for f in verdict.findings}) is denied
    gone = {n.key for n in verdict.numbers if n.level == "do_not_use"}
    assert ({"cadence_spm", "stride_time_s", "step_length_m", "velocity_mps"} <= gone) is denied
    assert (FORCE in gone) is denied and "knee_flexion_deg" not in gone


def test_a_side_whose_first_contact_is_false_loses_its_own_pace(good: Made) -> None:
    trial, rollout, result = good
    rights = [e for e in result.events if (e.side, e.kind) == ("right", "initial_contact")]
    for place, side_is_lost in ((0, True), (3, False)):
        false = dataclasses.replace(rights[place], time_s=rights[place].time_s + 0.17)
        events = tuple(false if e is rights[place] else e for e in result.events)
        verdict = judge(trial, rollout, dataclasses.replace(result, events=events), None)
        codes = [f.code for f in verdict.findings]
        assert (Code.SIDE_RHYTHM_DENIED in codes) is side_is_lost
        assert Code.RHYTHM_DENIED not in codes
        gone = {n.name for n in verdict.numbers if n.level == "do_not_use"}
        assert ("right_cadence_spm" in gone) is side_is_lost
        assert not {"left_cadence_spm", "cadence_spm", "left_velocity_mps"} & gone
