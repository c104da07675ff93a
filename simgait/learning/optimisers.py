"""How gradients become steps: the optimiser of a recipe, and its learning rate over a training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array

from simgait.learning.config import PPOConfig
from simgait.pytrees import register_parts

EPS = 1e-5
"""Baselines' PPO: Adam's usual 1e-8 takes large steps where gradients are nearly nothing."""
LOWEST_RATE, HIGHEST_RATE = 1e-5, 1e-2
"""Between which `kl_adaptive` moves (as in Rudin et al. 2022, arXiv:2109.11978)."""
KL_COLUMNS = ("kl", "learning_rate")
"""Of a training's log, where the rate follows the divergence."""
RATE_FACTOR = 1.5
"""By which it then changes at a time, likewise; beyond twice and below half of the target."""


@dataclass(frozen=True)
class AdaptiveRateState:
    """How many updates there were, and the learning rate that their divergence led to."""

    count: Array
    rate: Array


register_parts(AdaptiveRateState)


def updates_in_all(config: PPOConfig) -> int:
    """Gradient steps of a whole training."""
    return config.iterations * config.epochs * config.minibatches


def updates_of_warm_up(config: PPOConfig) -> int:
    """Gradient steps over which the learning rate rises from zero: at most a tenth of all."""
    most = config.iterations // 10
    return min(config.warm_up, most) * config.epochs * config.minibatches


def learning_rate(config: PPOConfig) -> optax.Schedule:
    """The learning rate after so many gradient steps; before what `kl_adaptive` makes of it."""
    warm_up, peak = updates_of_warm_up(config), config.learning_rate
    left = updates_in_all(config) - warm_up
    falling = optax.linear_schedule(peak, 0.1 * peak, left)
    after = falling if config.schedule == "linear" else optax.constant_schedule(peak)
    return optax.join_schedules([optax.linear_schedule(0.0, peak, warm_up), after], [warm_up])


def adapted_rate(config: PPOConfig) -> optax.GradientTransformationExtraArgs:
    """Multiplies by a learning rate that follows how far the policy has moved.

    Its update takes `kl`, the mean divergence of the policy that is from the one that acted
    (Schulman et al. 2017, section 4, moved to the learning rate by Rudin et al. 2022): beyond twice
    `target_kl` the rate becomes smaller, below half of it larger. During the warm-up it only rises.
    """
    warm_up = updates_of_warm_up(config)

    def init(_params: Any) -> AdaptiveRateState:
        rate = jnp.asarray(config.learning_rate, jnp.float32)
        return AdaptiveRateState(jnp.zeros((), jnp.int32), rate)

    def update(
        updates: Any, state: AdaptiveRateState, _params: Any = None, *, kl: Array, **_: Any
    ) -> tuple[Any, AdaptiveRateState]:
        far, near = kl > 2.0 * config.target_kl, kl < 0.5 * config.target_kl
        factor = jnp.where(far, 1.0 / RATE_FACTOR, jnp.where(near, RATE_FACTOR, 1.0))
        moved = jnp.clip(state.rate * factor, LOWEST_RATE, HIGHEST_RATE)
        rate = jnp.where(state.count < warm_up, state.rate, moved)
        risen = jnp.minimum(state.count / max(warm_up, 1), 1.0) if warm_up else 1.0
        scaled = optax.tree_utils.tree_scale(rate * risen, updates)
        return scaled, AdaptiveRateState(state.count + 1, rate)

    return optax.GradientTransformationExtraArgs(init, update)


def _rule(config: PPOConfig, rate: float | optax.Schedule) -> optax.GradientTransformation:
    if config.optimiser == "adam":
        return optax.adam(rate, eps=EPS)
    if config.optimiser == "adamw":
        return optax.adamw(rate, eps=EPS, weight_decay=config.weight_decay)
    if config.optimiser == "rmsprop":
        # Tieleman & Hinton 2012: a decay of 0.9, as Optax has it.
        return optax.rmsprop(rate, eps=EPS)
    # Matrices by Muon (Jordan et al. 2024), all else by AdamW. Steps of matrices are scaled to the
    # size of AdamW's (Liu et al. 2025, arXiv:2502.16982), so that both take one learning rate.
    return optax.contrib.muon(
        rate, weight_decay=config.weight_decay, adam_weight_decay=config.weight_decay,
        consistent_rms=0.2,
    )  # fmt: skip


def make_optimiser(config: PPOConfig) -> optax.GradientTransformationExtraArgs:
    """The optimiser of a recipe; its update takes `kl` beside the gradient, see `adapted_rate`."""
    clip = optax.clip_by_global_norm(config.max_gradient_norm)
    if config.schedule == "kl_adaptive":
        steps = optax.chain(clip, _rule(config, 1.0), adapted_rate(config))
    else:
        steps = optax.chain(clip, _rule(config, learning_rate(config)))
    return optax.with_extra_args_support(steps)


def at_iteration(config: PPOConfig, state: Any, done: int) -> Any:
    """An optimiser's state, its schedule where the recipe has it after so many iterations."""
    return with_counts(state, done * config.epochs * config.minibatches)


def with_counts(state: Any, count: int) -> Any:
    """An optimiser's state after so many gradient steps, as far as its schedule knows."""

    # Every count an array of its own: an iteration takes over the memory of each of them.
    def one(path: Any, leaf: Array) -> Array:
        counts = jax.tree_util.keystr(path[-1:]) == ".count"
        return jnp.asarray(count, jnp.int32) if counts else jnp.array(leaf)

    return jax.tree_util.tree_map_with_path(one, state)


def measures(config: PPOConfig, state: Any) -> dict[str, Array]:
    """What of an optimiser's state a training's log shows."""
    if config.schedule != "kl_adaptive":
        return {}
    return {"learning_rate": state[-1].rate}
