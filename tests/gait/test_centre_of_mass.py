from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgait.gait.analyse import analyse_rollout
from simgait.gait.centre_of_mass import mass_excursions
from simgait.gait_result import Cycle
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.kinematics import body_keypoints
from simgait.trials.trajectories import trajectories_of
from tests.pendulum import pendulum_pose

NAN = float("nan")


@pytest.mark.parametrize("heading_rad", [0.0, 0.6])
def test_up_and_down_and_across_the_way_of_the_walk(heading_rad: float) -> None:
    time_s = np.arange(90) / 30.0
    pose = pendulum_pose(time_s, heading_rad=heading_rad)
    keypoints_m = np.asarray(body_keypoints(pose, dimensions_from_height(1.7)))
    paths = trajectories_of(time_s, keypoints_m, BODY_KEYPOINTS)
    phase = 2.0 * np.pi * time_s / 1.1
    left = np.array([-np.sin(heading_rad), np.cos(heading_rad), 0.0])
    mass_m = pose[:, :3] * [1.0, 1.0, 0.0] + 0.03 * np.sin(phase)[:, None] * left
    mass_m[:, 2] = 0.95 + 0.02 * np.cos(2.0 * phase)
    cycles = [Cycle("left", 0.4, 1.5, NAN, NAN, NAN), Cycle("right", 0.95, 2.05, NAN, NAN, NAN)]
    found = mass_excursions(time_s, mass_m, cycles, paths)
    assert [one.side for one in found] == ["left", "right"]
    for one in found:
        assert one.vertical_m == pytest.approx(0.04, abs=0.001)
        assert one.sideways_m == pytest.approx(0.06, abs=0.002)


def test_a_walk_has_one_for_each_cycle(walker: Any) -> None:
    result = analyse_rollout(walker.rollout(walker.Walk()))
    assert len(result.cycles) > 2
    assert [one.side for one in result.mass_excursions] == [c.side for c in result.cycles]
