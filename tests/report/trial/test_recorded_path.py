"""A simulated body that goes where it was told to, away from the recorded path."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from simgait.findings import Code
from simgait.gait.analyse import analyse_rollout
from simgait.gait_result import GaitResult
from simgait.report.trial.verdict import judge
from simgait.report.words import sentence
from simgait.types import Rollout, Trial

Made = tuple[Trial, Rollout, GaitResult]


@pytest.fixture(scope="module")
def good(walk: Callable[..., Any]) -> Made:
    trial, rollout = walk(8.0)
    return trial, rollout, analyse_rollout(rollout)


@pytest.mark.parametrize(
    ("share", "binds", "level"),
    [
        (1.07, True, "use_all"), (1.15, True, "use_some"), (1.3, True, "use_none"),
        (1.15, False, "use_all"), (0.7, False, "use_some"), (2.0, False, "use_none"),
    ],
)  # fmt: skip
def test_a_goal_that_leaves_the_recording(
    good: Made, share: float, binds: bool, level: str
) -> None:
    # Body and goal agree with each other: only the recording tells.
    trial, rollout, result = good
    path_m = trial.pelvis_path_m * [share, 1.0, 1.0]
    other = dataclasses.replace(
        trial, pelvis_path_m=path_m, path_basis="belt_said" if binds else "denied"
    )
    verdict = judge(other, rollout, result, None)
    assert verdict.level == level
    found = [f.values for f in verdict.findings if f.code is Code.OFF_RECORDED_PATH]
    assert len(found) == (level != "use_all")
    for values in found:
        assert values["mps"] == pytest.approx(abs(share - 1.0) * 1.2, abs=0.01)
        assert values["path_mps"] == pytest.approx(share * 1.2, abs=0.01)


@pytest.mark.parametrize(
    ("filmed", "measured", "named"),
    [(False, False, True), (True, False, False), (False, True, False)],
)
def test_only_points_that_can_be_measured_are_told_to_say_so(
    good: Made, filmed: bool, measured: bool, named: bool
) -> None:
    trial, rollout, result = good
    other = dataclasses.replace(
        trial, pelvis_path_m=1.3 * trial.pelvis_path_m, path_basis="belt_said",
        is_filmed=filmed, scale_is_metric=measured,
    )  # fmt: skip
    (found,) = [
        one for one in judge(other, rollout, result, None).findings
        if one.code is Code.OFF_RECORDED_PATH
    ]  # fmt: skip
    assert ("--positions measured" in sentence(found)) == named
