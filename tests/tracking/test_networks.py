"""Policies that treat left and right alike."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.tracking.actions import action_size, mirror_of_action
from simgait.tracking.config import ControlConfig, ObservationConfig, TrackingConfig
from simgait.tracking.networks import every_second_with_both_beside, make_networks
from simgait.tracking.observations import mirror_of_observation, place_of
from simgait.tracking.policies import FixedStatistics
from simgait.tracking.policy_config import NetworkConfig, PolicyConfig

AHEAD = TrackingConfig(observation=ObservationConfig(future_frames=16))


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


def encoded(**changed: Any) -> NetworkConfig:
    return NetworkConfig(policy_layers=(16,), value_layers=(16,), encoder_layers=(6, 5), **changed)


@pytest.mark.parametrize("n_frames", [4, 5])
def test_every_second_frame_has_its_neighbours_beside_it(n_frames: int) -> None:
    frames = jnp.asarray(np.random.default_rng(0).normal(size=(2, n_frames, 3)), jnp.float32)
    kernel = jnp.asarray(np.random.default_rng(1).normal(size=(3, 3, 4)), jnp.float32)
    found = every_second_with_both_beside(frames) @ kernel.reshape(9, 4)
    expected = jax.lax.conv_general_dilated(
        frames, kernel, (2,), [(1, 1)], dimension_numbers=("NWC", "WIO", "NWC")
    )
    assert np.allclose(found, expected, atol=1e-5)


def test_an_encoder_halves_the_frames_twice_and_passes_all_else_by() -> None:
    networks = make_networks(AHEAD, encoded())
    params = networks.init(jax.random.key(0))
    place = place_of("keypoints", AHEAD)
    assert place.stop - place.start == 17 * 14 * 4
    rest = networks.observation_size - (place.stop - place.start)
    for name in ("policy", "value"):
        layers = params[name]["params"]
        assert layers["before"]["Dense_0"]["kernel"].shape == (3 * 14 * 4, 6)
        assert layers["before"]["Dense_1"]["kernel"].shape == (3 * 6, 5)
        assert layers["Dense_0"]["kernel"].shape == (rest + 5 * 5, 16)


def test_what_an_encoder_makes_of_a_frame_reaches_the_action() -> None:
    networks = make_networks(AHEAD, encoded(symmetric=False))
    params = jax.tree.map(lambda x: 3.0 * x, networks.init(jax.random.key(0)))
    size = networks.observation_size
    statistics = FixedStatistics(jnp.zeros(size), jnp.ones(size))
    action = jax.jit(lambda obs: networks.mean(params, statistics, obs))
    sight = jnp.asarray(np.random.default_rng(0).normal(size=size), jnp.float32)
    place = place_of("keypoints", AHEAD)
    last_point = sight.at[place.start + 17 * 14 * 3 - 1].add(2.0)
    assert np.abs(action(last_point) - action(sight)).max() > 1e-4
    assert np.abs(action(sight.at[-1].add(2.0)) - action(sight)).max() > 1e-4
    together = networks.mean(params, statistics, jnp.stack([sight, last_point]))
    assert np.allclose(together, [action(sight), action(last_point)], atol=1e-5)


def test_an_encoded_policy_is_symmetric_too() -> None:
    seen, done = mirror_of_observation(AHEAD), mirror_of_action(AHEAD)
    networks = make_networks(AHEAD, encoded())
    params = jax.tree.map(lambda x: 3.0 * x, networks.init(jax.random.key(0)))
    sight = jnp.asarray(np.random.default_rng(0).normal(size=(2, len(seen.order))), jnp.float32)
    statistics = FixedStatistics(jnp.zeros(sight.shape[1]), jnp.ones(sight.shape[1]))
    here, there = (networks.mean(params, statistics, x) for x in (sight, seen(sight)))
    assert np.allclose(there, done(here), atol=1e-5) and np.abs(here).max() > 1e-3


def test_without_an_encoder_weights_are_named_as_in_released_policies() -> None:
    networks = make_networks(TrackingConfig(), NetworkConfig(policy_layers=(4,)))
    assert set(networks.init(jax.random.key(0))["policy"]["params"]) == {"Dense_0", "Dense_1"}


def test_an_encoder_without_frames_to_halve_is_refused() -> None:
    two = NetworkConfig(encoder_layers=(8, 8))
    assert PolicyConfig(networks=two).networks == two  # five frames, three, two
    few = TrackingConfig(observation=ObservationConfig(future_frames=3))
    with pytest.raises(ValueError, match="the policy sees 4: set .*future_frames to 4 or more"):
        PolicyConfig(tracking=few, networks=two)


def test_layers_that_fill_a_computers_memory_are_refused() -> None:
    with pytest.raises(ValueError, match="less than or equal to 8192"):
        NetworkConfig(encoder_layers=(1_000_000_000,))
