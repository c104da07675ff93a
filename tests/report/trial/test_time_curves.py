from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from markupsafe import Markup

from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_rollout
from simgait.gait_result import GaitResult
from simgait.report.trial.time_curves import joint_angles_over_time
from simgait.report.trial.verdict import judge
from simgait.skeleton.signs import clinical_angles_deg
from simgait.types import Rollout, Trial


def drawn(trial: Trial, rollout: Rollout, result: GaitResult) -> list[Markup]:
    return joint_angles_over_time(trial, rollout, result, judge(trial, rollout, result, None))


def without_cycles(result: GaitResult, *sides: str) -> GaitResult:
    """The result without the cycles of some sides, and their curves."""
    return dataclasses.replace(
        result,
        cycles=tuple(cycle for cycle in result.cycles if cycle.side not in sides),
        curves_deg={
            key: rows[:0] if key.startswith(sides) else rows
            for key, rows in result.curves_deg.items()
        },
    )


def test_what_is_not_to_be_used_is_drawn_as_such(walk: Callable[..., Any]) -> None:
    trial, rollout = walk(6.0)
    result = without_cycles(analyse_rollout(rollout), "right")
    verdict = judge(trial, rollout, result, None)
    doubt = (Finding(Code.NO_FEET),)
    numbers = tuple(
        dataclasses.replace(n, doubts=doubt) if n.key == "ankle_dorsiflexion_deg" else n
        for n in verdict.numbers
    )
    denied = dataclasses.replace(verdict, numbers=numbers)
    panels = joint_angles_over_time(trial, rollout, result, denied)
    (ankle,) = [panel for panel in panels if "Ankle dorsiflexion" in panel]
    # Of the right side, which has no cycle, what the left one says.
    assert "left: do not use" in ankle and "right: do not use" in ankle
    assert "not to be used: left and right" in ankle
    (knee,) = [panel for panel in panels if "Knee flexion" in panel]
    assert "do not use" not in knee and knee.count('stroke-width="2.2"') == 2


@pytest.mark.parametrize("is_measured", [False, True])
def test_one_camera_tells_no_hip_rotation_without_an_interval(
    walk: Callable[..., Any], is_measured: bool
) -> None:
    trial, rollout = walk(6.0)
    trial = dataclasses.replace(trial, scale_is_metric=is_measured)
    result = without_cycles(analyse_rollout(rollout), "left", "right")
    verdict = dataclasses.replace(judge(trial, rollout, result, None), findings=())
    panels = joint_angles_over_time(trial, rollout, result, verdict)
    (rotation,) = [panel for panel in panels if "Hip rotation" in panel]
    assert ("do not use" in rotation) is not is_measured
    assert sum("do not use" in panel for panel in panels) == int(not is_measured)


def test_a_walk_with_cycles_of_both_sides_needs_no_angles_over_time(
    walk: Callable[..., Any],
) -> None:
    trial, rollout = walk(6.0)
    assert drawn(trial, rollout, analyse_rollout(rollout)) == []


def test_a_short_walk_is_drawn_over_its_time(walk: Callable[..., Any]) -> None:
    trial, rollout = walk(6.0)
    result = dataclasses.replace(analyse_rollout(rollout), cycles=())
    panels = drawn(trial, rollout, result)
    (knee,) = [p for p in panels if "Knee flexion" in p]
    assert "left and right over time (s)" in knee
    left, _ = re.findall(r'd="([^"]+)"[^>]*stroke-width="2.2"', knee)
    drawn_y = np.array([float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", left)])
    ticks = {float(v): float(y) - 3.5 for y, v in re.findall(r'y="([\d.]+)"[^>]*>(-?\d+)</', knee)}
    deg = (drawn_y - ticks[0]) / (ticks[40] - ticks[0]) * 40
    expected = clinical_angles_deg(rollout.pose, rollout.skeleton)["left_knee_flexion"]
    assert np.abs(deg - expected).max() < 0.5
    contacts = sum(e.kind == "initial_contact" for e in result.events)
    assert knee.count('stroke-dasharray="1 3"') == contacts > 2


def test_frames_after_a_fall_are_not_drawn(walk: Callable[..., Any]) -> None:
    trial, rollout = walk(6.0)
    alive = np.arange(len(rollout.alive)) < 40
    fallen = dataclasses.replace(rollout, alive=alive)
    panel = drawn(trial, fallen, analyse_rollout(fallen))[0]
    left = re.findall(r'd="([^"]+)"', panel)[0]
    assert left.count("L") + left.count("M") == 40
