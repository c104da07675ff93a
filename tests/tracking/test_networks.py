"""Policies that treat left and right alike."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.tracking.actions import action_size, mirror_of_action
from simgait.tracking.config import ControlConfig, TrackingConfig
from simgait.tracking.networks import make_networks
from simgait.tracking.observations import mirror_of_observation
from simgait.tracking.policies import FixedStatistics
from simgait.tracking.policy_config import NetworkConfig


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["reference_pd", "pd_learned_gains"])
def test_a_symmetric_policy_answers_an_image_with_an_image(mode: str) -> None:
    tracking = TrackingConfig(control=ControlConfig(mode=mode))
    seen, done = mirror_of_observation(tracking), mirror_of_action(tracking)
    assert len(done.order) == action_size(tracking)
    sight = jnp.asarray(np.random.default_rng(0).normal(size=(3, len(seen.order))), jnp.float32)
    answers = {}
    for symmetric in (True, False):
        config = NetworkConfig(policy_layers=(16,), value_layers=(16,), symmetric=symmetric)
        networks = make_networks(tracking, config)
        params = networks.init(jax.random.key(0))
        params = jax.tree.map(lambda x: 3.0 * x, params)
        statistics = FixedStatistics(jnp.zeros(sight.shape[1]), jnp.ones(sight.shape[1]))
        answers[symmetric] = [networks.mean(params, statistics, x) for x in (sight, seen(sight))]
    here, there = answers[True]
    assert np.allclose(there, done(here), atol=1e-6)
    here, there = answers[False]
    assert np.abs(there - done(here)).max() > 1e-3
