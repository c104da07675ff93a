"""SHAC on the walking body: soft soles, and the gradient against finite differences."""

from __future__ import annotations

import numpy as np

from simgait.learning.config import SHACConfig, TrainingConfig
from simgait.learning.shac import softened
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import RewardConfig, TrackingConfig
from simgait.tracking.policy_config import NetworkConfig

N_ENVS, STEPS = 8, 3
CONFIG = TrainingConfig(
    algorithm="shac",
    tracking=TrackingConfig(reward=RewardConfig(contact=0.0)),
    networks=NetworkConfig(policy_layers=(16,), value_layers=(16,)),
    shac=SHACConfig(n_envs=N_ENVS, unroll=STEPS),
)


def test_soles_are_soft_for_the_gradient_alone(clips: ClipBank) -> None:
    config = CONFIG.shac
    soft = softened(clips, config).bodies.base.geom_solimp
    hard = clips.bodies.base.geom_solimp
    assert np.allclose(soft[:, 0], config.contact_onset) and np.allclose(hard[:, 0], 0.9)
    assert np.allclose(soft[:, 2], config.contact_rise_m)
    assert np.array_equal(soft[:, [1, 3, 4]], hard[:, [1, 3, 4]])
