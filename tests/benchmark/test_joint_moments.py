"""Moments against a laboratory's that is known to differ by a constant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simgait.benchmark.joint_moments import joint_stances, row
from simgait.report.trial.plate_stances import PlateStance
from simgait.skeleton.coordinates import JOINTS
from simgait.skeleton.default import JOINT_NAMES
from simgait.skeleton.dimensions import GRAVITY_MPS2
from tests.stand_ins import rollout

MASS_KG = 700.0 / GRAVITY_MPS2
NOTHING = np.zeros(101)


def stance(contact_s: float) -> PlateStance:
    return PlateStance("left", NOTHING, NOTHING, NOTHING, 0.6, 0, contact_s)


def test_a_laboratory_that_says_a_tenth_more() -> None:
    still = rollout(np.ones(90, bool))
    column = JOINT_NAMES.index("left_ankle_dorsiflexion")
    middle_s = still.time_s - 0.5 / 30
    moment_nm, pose = np.zeros_like(still.joint_moment_nm), still.pose.copy()
    moment_nm[:, column] = -MASS_KG * np.sin(2 * np.pi * middle_s)  # 1 N·m/kg of plantarflexion
    pose[:, JOINTS.start + column] = 0.5 * still.time_s
    body = replace(still, joint_moment_nm=moment_nm, pose=pose)
    time_s = np.arange(300) / 100.0
    true = np.sin(2 * np.pi * time_s)
    laboratory = {
        "LAnkleMoment": np.stack([1000 * (true + 0.1), 0 * true, 0 * true], axis=-1),
        "LAnklePower": np.stack([0 * true, 0 * true, -0.5 * true], axis=-1),
        "RAnkleMoment": np.full((300, 3), np.nan),
    }
    early, late = stance(0.1), stance(1.0)
    (one,) = joint_stances(body, [early, late], laboratory, time_s)
    np.testing.assert_allclose(one.moment - one.true_moment, -0.1, atol=0.01)
    np.testing.assert_allclose(one.power, one.true_power, atol=0.01)
    # The same of somebody who presses twice as much.
    two = replace(one, moment=2 * one.moment + 0.1, true_moment=2 * one.true_moment,
                  power=2 * one.power, true_power=2 * one.true_power)  # fmt: skip
    joint, count, rmse, correlation, peak, *_ = row("ankle", [one, two])
    assert (joint, count, rmse, correlation) == ("ankle", "2", "0.10", "1.00")
    assert peak == "-0.10 ± 0.00"
