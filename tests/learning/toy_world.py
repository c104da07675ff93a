"""A world of one number, in place of the body: its best policy is known.

The number x moves by `REACH` times what the first action asks; each step costs x² and a price on
the action. Nothing falls; an episode ends after `LONGEST` steps as a clip does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from brax.envs.base import State

from simgait.learning import shac
from simgait.learning.config import SHACConfig, TrainingConfig
from simgait.tracking import environment, episodes
from simgait.tracking.clips import ClipBank
from simgait.tracking.episodes import METRICS
from simgait.tracking.networks import make_networks
from simgait.tracking.policy_config import NetworkConfig

REACH, PRICE, LONGEST, WIDEST = 0.2, 0.03, 10, 0.3
N_ENVS, HORIZON = 16, 4
CONFIG = TrainingConfig(
    algorithm="shac",
    networks=NetworkConfig(policy_layers=(16,), value_layers=(32,), symmetric=False),
    shac=SHACConfig(
        n_envs=N_ENVS, unroll=HORIZON, epochs=4, minibatches=2, reward_scale=1.0, discount=0.9,
        actor_learning_rate=2e-3, critic_learning_rate=2e-3, target_stays=0.2,
        total_steps=250 * N_ENVS * HORIZON,
    ),
)  # fmt: skip
NO_CLIPS = object.__new__(ClipBank)
"""The toy walks nothing."""
for _part in fields(ClipBank):
    object.__setattr__(NO_CLIPS, _part.name, None)
SIZE = make_networks(CONFIG.tracking, CONFIG.networks).observation_size


def state_of(x: Any, frame: Any) -> State:
    """The world at x."""
    nought = jnp.zeros(())
    obs = jnp.zeros(SIZE).at[0].set(x)
    info = {"clip": jnp.zeros((), jnp.int32), "frame": frame, "truncated": nought}
    return State(x, obs, nought, nought, dict.fromkeys(METRICS, nought), info)


def step(_tracking: Any, _clips: Any, state: State, action: Any) -> State:
    """x moves as the action asks."""
    x = state.pipeline_state + REACH * action[0]
    frame = state.info["frame"] + 1
    ended = (frame >= LONGEST).astype(jnp.float32)
    after = state_of(x, frame)
    return after.replace(
        reward=-(jnp.square(x) + PRICE * jnp.square(action[0])),
        done=ended,
        info=after.info | {"truncated": ended},
    )


def reset(_tracking: Any, _clips: Any, key: Any) -> State:
    """Anywhere, at any frame that a rollout's length is left from."""
    where, when = jax.random.split(key)
    x = jax.random.uniform(where, (), minval=-WIDEST, maxval=WIDEST)
    return state_of(x, jax.random.randint(when, (), 0, LONGEST - HORIZON))


def reset_after(tracking: Any, clips: Any, key: Any, _ended: State) -> State:
    """The next episode."""
    return reset(tracking, clips, key)


def best_gain(discount: float) -> float:
    """What the best policy answers x with: -gain · x (the scalar Riccati equation, iterated)."""
    worth = 1.0
    for _ in range(1000):
        ahead = 1.0 + discount * worth
        gain = ahead * REACH / (PRICE + ahead * REACH**2)
        worth = ahead * (1.0 - gain * REACH) ** 2 + PRICE * gain**2
    return float(gain)


@contextmanager
def toy_world() -> Iterator[None]:
    """Within it, the environment is the toy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "step", step)
        patch.setattr(episodes, "reset", reset)
        patch.setattr(episodes, "reset_after", reset_after)
        patch.setattr(shac, "softened", lambda clips, _config: clips)
        yield
