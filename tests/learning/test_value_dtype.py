"""A value network that computes in bfloat16: what stays float32, and that PPO learns alike."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.benchmark import value_network
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.ppo import PPO
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import FixedStatistics
from simgait.tracking.policy_config import NetworkConfig
from tests.learning.toy_world import HORIZON, N_ENVS, NO_CLIPS, toy_world

ITERATIONS, MEAN_OF = 100, 10


def config_of(dtype: str) -> TrainingConfig:
    """PPO in the toy world."""
    return TrainingConfig(
        networks=NetworkConfig(
            policy_layers=(16,), value_layers=(32, 32), symmetric=False, value_dtype=dtype
        ),
        ppo=PPOConfig(
            n_envs=N_ENVS, unroll=HORIZON, epochs=4, minibatches=2, reward_scale=1.0, discount=0.9,
            learning_rate=3e-3, total_steps=ITERATIONS * N_ENVS * HORIZON, entropy=0.0,
        ),
    )  # fmt: skip


def curve_of(dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Reward of a step and value loss over the iterations; everything is finite."""
    with toy_world():
        ppo = PPO(config_of(dtype))
        run = ppo.start(NO_CLIPS, jax.random.key(0))
        rewards, losses = [], []
        for _ in range(ITERATIONS):
            run, metrics = ppo.iterate(run, NO_CLIPS)
            rewards.append(float(metrics["reward"]))
            losses.append(float(metrics["value_loss"]))
    kept = run.params, run.statistics.mean, run.optimiser
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(kept))
    assert all(leaf.dtype == jnp.float32 for leaf in jax.tree.leaves(run.params))
    return np.array(rewards), np.array(losses)


@pytest.mark.slow
def test_it_learns_in_bfloat16_as_in_float32() -> None:
    found = {dtype: curve_of(dtype) for dtype in value_network.DTYPES}
    ends = {}
    for dtype, (rewards, losses) in found.items():
        assert np.isfinite(rewards).all() and np.isfinite(losses).all()
        first, ends[dtype] = rewards[:MEAN_OF].mean(), rewards[-MEAN_OF:].mean()
        assert ends[dtype] > 0.7 * first, f"{dtype}: {first:.4f} at first, {ends[dtype]:.4f}"
        assert losses[-MEAN_OF:].mean() < losses[:MEAN_OF].mean()
    assert ends["bfloat16"] == pytest.approx(ends["float32"], rel=0.25)


@pytest.mark.slow
def test_weights_and_values_are_float32_and_near_those_of_float32() -> None:
    tracking = config_of("float32").tracking
    whole, half = (
        make_networks(tracking, config_of(dtype).networks) for dtype in value_network.DTYPES
    )
    size = whole.observation_size
    statistics = FixedStatistics(jnp.zeros(size), jnp.ones(size))
    params = whole.init(jax.random.key(1))
    seen = jax.random.normal(jax.random.key(2), (256, size))
    fine, coarse = (one.value(params, statistics, seen) for one in (whole, half))
    assert coarse.dtype == jnp.float32
    assert jax.tree.map(jnp.shape, half.init(jax.random.key(1))) == jax.tree.map(jnp.shape, params)
    assert 0.0 < float(jnp.abs(fine - coarse).max()) < 0.05 * float(jnp.std(fine))
    both = [one.mean(params, statistics, seen) for one in (whole, half)]
    assert (both[0] == both[1]).all(), "the policy is none of its business"


@pytest.mark.slow
def test_both_types_are_timed_and_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_network, "SIZES", {"tiny": (8, 8)})
    monkeypatch.setattr(value_network, "SAMPLES", 16)
    told: list[str] = []
    rows = list(value_network.value_rows(2, told.append))
    assert len(told) == 1 and [row.unit for row in rows] == ["samples/s", "samples/s", "ratio"]
    assert rows[2].value == pytest.approx(rows[1].value / rows[0].value)
    assert all(row.value > 0.0 for row in rows)
