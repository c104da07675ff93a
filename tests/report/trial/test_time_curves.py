from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from simgait.gait.analyse import analyse_rollout
from simgait.report.trial.time_curves import joint_angles_over_time
from simgait.skeleton.signs import clinical_angles_deg


def test_a_walk_with_cycles_of_both_sides_needs_no_angles_over_time(
    walk: Callable[..., Any],
) -> None:
    _, rollout = walk(6.0)
    assert joint_angles_over_time(rollout, analyse_rollout(rollout)) == []


def test_a_short_walk_is_drawn_over_its_time(walk: Callable[..., Any]) -> None:
    _, rollout = walk(6.0)
    result = dataclasses.replace(analyse_rollout(rollout), cycles=())
    panels = joint_angles_over_time(rollout, result)
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
    _, rollout = walk(6.0)
    alive = np.arange(len(rollout.alive)) < 40
    fallen = dataclasses.replace(rollout, alive=alive)
    panel = joint_angles_over_time(fallen, analyse_rollout(fallen))[0]
    left = re.findall(r'd="([^"]+)"', panel)[0]
    assert left.count("L") + left.count("M") == 40
