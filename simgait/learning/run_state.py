"""What a training is between two iterations, whatever its algorithm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
from brax.envs.base import State
from brax.training.acme import running_statistics, specs
from jax.sharding import Mesh
from jaxtyping import Array, PRNGKeyArray

from simgait.learning.config import TrainingConfig
from simgait.learning.practice import first_rates
from simgait.learning.sharding import BY_ENVIRONMENT, SAME, placed
from simgait.pytrees import register_parts
from simgait.tracking import episodes
from simgait.tracking.clips import ClipBank
from simgait.tracking.networks import Networks


@dataclass(frozen=True)
class RunState:
    """Everything a run is: resume from this and it goes on as if it had never stopped.

    Attributes:
        params: of policy and value network.
        optimiser: all else that the algorithm remembers of its gradient steps.
        statistics: of the observations.
        env: the environments as they stand.
        key: of what is drawn next.
        steps: environment steps so far.
        rates: (C,) how often episodes of each clip fail (`practice`); None where nobody asks.
    """

    params: Any
    optimiser: Any
    statistics: Any
    env: State
    key: PRNGKeyArray
    steps: Array
    rates: Any = None


register_parts(RunState)


def strongly_typed(run: RunState) -> RunState:
    """The same run without weak types.

    A weak type (of a Python number) is gone after one iteration and in a file; were it here,
    an iteration would be compiled again for the second one and for a resumed run.
    """

    def one(leaf: Any) -> Array:
        array = jnp.asarray(leaf)
        if jnp.issubdtype(array.dtype, jax.dtypes.prng_key):
            return array
        return jax.lax.convert_element_type(array, array.dtype)

    return jax.tree.map(one, run)


def first_state(
    config: TrainingConfig,
    networks: Networks,
    fresh: Callable[[Any], Any],
    clips: ClipBank,
    key: PRNGKeyArray,
) -> RunState:
    """A run before its first iteration.

    Args:
        config: of the run.
        networks: of the run.
        fresh: what the algorithm remembers of weights that it has not moved yet.
        clips: to learn from.
        key: of all that is drawn.
    """
    params_key, env_key, key = jax.random.split(key, 3)
    params = networks.init(params_key)
    shape = specs.Array((networks.observation_size,), jnp.dtype("float32"))
    env = jax.vmap(lambda k: episodes.reset(config.tracking, clips, k))(
        jax.random.split(env_key, config.learner.n_envs)
    )
    statistics = running_statistics.init_state(shape)
    steps = jnp.zeros((), jnp.int32)
    rates = first_rates(clips.n_clips) if config.sampling.by == "failure" else None
    return strongly_typed(RunState(params, fresh(params), statistics, env, key, steps, rates))


def placed_run(run: RunState, mesh: Mesh | None) -> RunState:
    """A run on the devices that it is spread over: each has its share of the environments."""
    env = placed(run.env, mesh, BY_ENVIRONMENT)
    return replace(placed(run, mesh, SAME), env=env)
