"""Settings that do not fit together are refused in one sentence."""

from __future__ import annotations

import pytest

from simgait.body.config import BodyConfig
from simgait.clock import CONTROL_RATE_HZ
from simgait.tracking.config import ControlConfig, RewardConfig, TrackingConfig
from simgait.trials.preparation import PreparationConfig


def test_trials_are_prepared_at_the_control_rate() -> None:
    assert PreparationConfig().fps_hz == CONTROL_RATE_HZ


def test_physics_steps_fill_a_control_step() -> None:
    TrackingConfig(
        body=BodyConfig(timestep_s=1 / (16 * CONTROL_RATE_HZ)), control=ControlConfig(substeps=16)
    )
    with pytest.raises(ValueError, match="8 substeps of 0.005 s are 0.04 s.*1/30 s: set body.time"):
        TrackingConfig(body=BodyConfig(timestep_s=0.005))
    with pytest.raises(ValueError, match="16 substeps of 0.00416667 s"):
        TrackingConfig(control=ControlConfig(substeps=16))


def test_a_config_of_before_the_sharpness_was_a_setting_reads_as_it_was_meant() -> None:
    assert RewardConfig.model_validate({"joint_angle": 0.25}) == RewardConfig()
    assert RewardConfig().sharpness.model_dump() == {
        "joint_angle": (8.0, 60.0),
        "joint_velocity": (0.02, 0.02),
        "limb_position": (40.0, 300.0),
        "pelvis_path": (4.0, 30.0, 100.0),
        "pelvis_orientation": (15.0, 150.0),
        "pelvis_velocity": (40.0, 40.0),
        "contact": (4.0, 4.0),
        "paper_exp": (5.0, 2.5, 0.17),
    }


def test_extra_terms_cannot_be_added_to_the_papers_rewards() -> None:
    with pytest.raises(ValueError, match="need kind = 'sum_of_exponentials'"):
        RewardConfig.model_validate({"kind": "paper_mse", "extra": [{"name": "upright"}]})
