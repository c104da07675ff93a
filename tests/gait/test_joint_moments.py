"""Moments and powers of made-up joints whose course is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simgait.gait.analyse import analyse_rollout
from simgait.gait.joint_moments import MOST_HELP, joint_kinetics
from simgait.skeleton.coordinates import JOINTS
from simgait.skeleton.default import JOINT_NAMES
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.types import Rollout

OMEGA = 2.0 * np.pi * 1.0
HELP = {"hip": (3.0, 0.5), "ankle": (9.0, 3.0)}


@pytest.fixture(scope="module")
def moved(walker: Any) -> Rollout:
    """Ankles that turn by 0.2 sin(ωt) rad with 70 cos(ωt) N·m along the turn, from 0 s on."""
    still: Rollout = walker.rollout(walker.Walk())
    pose, moment_nm = still.pose.copy(), still.joint_moment_nm.copy()
    for side in ("left", "right"):
        column = JOINT_NAMES.index(f"{side}_ankle_dorsiflexion")
        pose[:, JOINTS.start + column] = 0.2 * np.sin(OMEGA * still.time_s)
        middle_s = still.time_s - 0.5 / 30.0  # of the frame that ends there
        moment_nm[:, column] = 70.0 * np.cos(OMEGA * middle_s)
    moment_nm[0] = np.nan
    return replace(still, pose=pose, joint_moment_nm=moment_nm)


def test_power_is_moment_times_angular_velocity(moved: Rollout) -> None:
    cycles = analyse_rollout(moved).cycles
    mass_kg = moved.body_weight_n / GRAVITY_MPS2
    ankle = joint_kinetics(moved, len(moved.time_s), cycles, *HELP["ankle"])["ankle"]
    for side in ("left", "right"):
        own = [cycle for cycle in cycles if cycle.side == side]
        assert len(own) == len(ankle.moment_nm_per_kg[side]) > 1
        for row, cycle in enumerate(own[1:-1], 1):  # the filter has seen no end there
            at = np.linspace(cycle.start_s, cycle.end_s, 101)
            along = 70.0 * np.cos(OMEGA * at) / mass_kg
            # A moment along dorsiflexion is no plantarflexion: internal, plantarflexion +.
            np.testing.assert_allclose(ankle.moment_nm_per_kg[side][row], -along, atol=0.01)
            rate = 0.2 * OMEGA * np.cos(OMEGA * at)
            np.testing.assert_allclose(
                ankle.power_w_per_kg[side][row], along * rate, rtol=0.03, atol=0.02
            )


@pytest.mark.parametrize(
    ("force", "moment", "joints"),
    [(3.0, 0.5, {"hip", "knee", "ankle"}), (3.0, 0.7, {"ankle"}), (6.0, 0.5, {"ankle"}),
     (9.0, 3.0, {"ankle"}), (10.1, 0.5, set()), (np.nan, np.nan, set())],
)  # fmt: skip
def test_what_the_helper_does_is_no_joints_work(
    moved: Rollout, force: float, moment: float, joints: set[str]
) -> None:
    cycles = analyse_rollout(moved).cycles
    assert set(joint_kinetics(moved, len(moved.time_s), cycles, force, moment)) == joints
    assert joints <= set(MOST_HELP)


def test_without_a_cycle_of_a_side_there_is_no_row(moved: Rollout) -> None:
    left = [cycle for cycle in analyse_rollout(moved).cycles if cycle.side == "left"]
    hip = joint_kinetics(moved, len(moved.time_s), left, *HELP["hip"])["hip"]
    assert hip.moment_nm_per_kg["right"].shape == (0, 101)
