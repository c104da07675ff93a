"""Proximal policy optimisation, top to bottom in one file (Schulman et al. 2017, arXiv:1707.06347).

Our own loop, because Brax's does not run on the current JAX and loses the optimiser on resume.
One call of `iterate` is one compiled program: roll out, estimate advantages, several passes of
minibatch updates. What the training loop makes of it stands in `algorithms`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from brax.envs.base import State
from brax.training.acme import running_statistics
from jax.sharding import Mesh
from jaxtyping import Array, Float, PRNGKeyArray

from simgait.learning.config import TrainingConfig
from simgait.learning.curriculum import values_at
from simgait.learning.optimisers import make_optimiser, measures
from simgait.learning.practice import clip_odds, endings, practised
from simgait.learning.rollout import Environments
from simgait.learning.run_state import RunState, first_state
from simgait.learning.sharding import BY_ENVIRONMENT, BY_SAMPLE, SAME, held
from simgait.learning.teacher import COLUMN as TEACHER_COLUMN
from simgait.learning.teacher import Teacher
from simgait.tracking.angle_offsets import OFFSET, SAGITTAL_ERROR, offset_loss, offsets_deg
from simgait.tracking.clips import ClipBank
from simgait.tracking.networks import Networks, make_networks


@dataclass(frozen=True)
class Transition:
    """One step of every environment."""

    obs: Array
    action: Array
    mean: Array
    log_prob: Array
    value: Array
    reward: Array
    done: Array
    sagittal_error: Any
    ended: Any


jax.tree_util.register_dataclass(
    Transition,
    data_fields=[
        "obs",
        "action",
        "mean",
        "log_prob",
        "value",
        "reward",
        "done",
        "sagittal_error",
        "ended",
    ],
    meta_fields=[],
)


def log_probability(
    action: Float[Array, "*N A"], mean: Float[Array, "*N A"], log_sd: Float[Array, " A"]
) -> Float[Array, "*N"]:
    """Log density of a diagonal Gaussian."""
    standard = (action - mean) / jnp.exp(log_sd)
    return jnp.sum(-0.5 * jnp.square(standard) - log_sd - 0.5 * jnp.log(2 * jnp.pi), axis=-1)


def entropy(log_sd: Float[Array, " A"]) -> Float[Array, ""]:
    """Entropy of a diagonal Gaussian."""
    return jnp.sum(log_sd + 0.5 * jnp.log(2 * jnp.pi * jnp.e))


def divergence(
    mean: Float[Array, "N A"],
    log_sd: Float[Array, " A"],
    other_mean: Float[Array, "N A"],
    other_log_sd: Float[Array, " A"],
) -> Float[Array, " N"]:
    """Kullback-Leibler divergence of other diagonal Gaussians from these."""
    moved = jnp.square(jnp.exp(log_sd)) + jnp.square(mean - other_mean)
    each = other_log_sd - log_sd + 0.5 * moved / jnp.square(jnp.exp(other_log_sd)) - 0.5
    return jnp.sum(each, axis=-1)


def advantages(
    reward: Float[Array, "T N"],
    done: Float[Array, "T N"],
    value: Float[Array, "T N"],
    last_value: Float[Array, " N"],
    discount: float,
    gae_lambda: float,
) -> Float[Array, "T N"]:
    """Generalised advantage estimates (Schulman et al. 2016, arXiv:1506.02438, eq. 16).

    `done` cuts the estimate; a truncated step's reward already holds its bootstrapped value.
    """

    def backward(carry: tuple[Array, Array], x: tuple[Array, Array, Array]) -> Any:
        following, next_value = carry
        r, d, v = x
        delta = r + discount * (1.0 - d) * next_value - v
        estimate = delta + discount * gae_lambda * (1.0 - d) * following
        return (estimate, v), estimate

    start = (jnp.zeros_like(last_value), last_value)
    _, estimates = jax.lax.scan(backward, start, (reward, done, value), reverse=True)
    return estimates


class PPO:
    """A training run's compiled programs: `start` and `iterate`."""

    def __init__(
        self, config: TrainingConfig, mesh: Mesh | None = None, teacher: Teacher | None = None
    ) -> None:
        """Builds networks and optimiser; compiles on first use.

        Args:
            config: of the run.
            mesh: see `learning.sharding`.
            teacher: who is followed at first; None for nobody.
        """
        self.config, self.mesh, self.teacher = config, mesh, teacher
        self.networks: Networks = make_networks(config.tracking, config.networks)
        self.optimiser = make_optimiser(config.ppo)
        self.start = jax.jit(self._start)
        self.iterate = jax.jit(self._iterate, donate_argnums=(0,))

    def _start(self, clips: ClipBank, key: PRNGKeyArray) -> RunState:
        return first_state(self.config, self.networks, self.optimiser.init, clips, key)

    def _iterate(self, run: RunState, clips: ClipBank) -> tuple[RunState, dict[str, Array]]:
        config = self.config.ppo
        roll_key, shuffle_key, key = jax.random.split(run.key, 3)
        env, batch, metrics = self._roll_out(run, clips, roll_key)
        last_value = self.networks.value(run.params, run.statistics, env.obs)
        estimate = advantages(
            batch.reward, batch.done, batch.value, last_value, config.discount, config.gae_lambda
        )
        returns = estimate + batch.value
        # Statistics of this batch serve from the next one on: old and new log-probabilities must
        # see the same normalisation.
        flat = jax.tree.map(lambda x: x.reshape(-1, *x.shape[2:]), (batch, estimate, returns))
        taught = None if self.teacher is None else self.teacher.mean(flat[0].obs)
        params, optimiser, losses = self._update(run, (*flat, taught), shuffle_key)
        statistics = running_statistics.update(run.statistics, flat[0].obs)
        size = config.steps_of_iteration
        rates = practised(run.rates, batch.ended)
        whole = params, optimiser, statistics, key, run.steps + size, rates
        params, optimiser, statistics, key, steps, rates = held(whole, self.mesh, SAME)
        env = held(env, self.mesh, BY_ENVIRONMENT)
        run = RunState(params, optimiser, statistics, env, key, steps, rates)
        return run, metrics | losses | measures(config, optimiser) | offsets_deg(params)

    def _roll_out(
        self, run: RunState, clips: ClipBank, key: PRNGKeyArray
    ) -> tuple[State, Transition, dict[str, Array]]:
        config = self.config.ppo
        log_sd = self.networks.log_sd(run.params)
        offset = (run.params[OFFSET],) if OFFSET in run.params else ()
        now = values_at(self.config.curriculum, run.steps)
        drawn_by = clip_odds(self.config.sampling, run.rates)
        around = Environments(self.config.tracking, clips, self.mesh, offset, now, drawn_by)

        def one_step(env: State, key: PRNGKeyArray) -> tuple[State, Any]:
            action_key, reset_key = jax.random.split(key)
            env = around.seen(env, key)
            mean = self.networks.mean(run.params, run.statistics, env.obs)
            action = mean + jnp.exp(log_sd) * jax.random.normal(action_key, mean.shape)
            moved = around.step(env, action)
            value = self.networks.value(run.params, run.statistics, env.obs)
            # A clip's end is not the walk's end. What the walk is worth beyond it is said of the
            # state that was acted in: no step is ever taken from a clip's last frame, so nothing
            # would correct its value, and what learns from it runs away (docs/history/training.md).
            reward = config.reward_scale * moved.reward
            reward += config.discount * value * moved.info["truncated"]
            likely = log_probability(action, mean, log_sd)
            error = moved.info.get(SAGITTAL_ERROR)
            ended = {} if run.rates is None else endings(moved)
            seen = Transition(
                env.obs, action, mean, likely, value, reward, moved.done, error, ended
            )
            following = around.begun_anew(moved, reset_key)
            return following, (seen, moved.metrics | {"reward": moved.reward})

        keys = jax.random.split(key, config.unroll)
        env, (batch, metrics) = jax.lax.scan(one_step, run.env, keys)
        return env, batch, jax.tree.map(jnp.mean, metrics)

    def _update(self, run: RunState, flat: Any, key: PRNGKeyArray) -> tuple[Any, Any, Any]:
        config = self.config.ppo
        size = config.steps_of_iteration
        statistics, acted_log_sd = run.statistics, self.networks.log_sd(run.params)

        def loss(params: Any, part: Any) -> tuple[Array, dict[str, Array]]:
            seen, estimate, returns, taught = part
            mean = self.networks.mean(params, statistics, seen.obs)
            log_sd = self.networks.log_sd(params)
            ratio = jnp.exp(log_probability(seen.action, mean, log_sd) - seen.log_prob)
            estimate = (estimate - estimate.mean()) / (estimate.std() + 1e-6)
            clipped = jnp.clip(ratio, 1.0 - config.clip, 1.0 + config.clip)
            policy = -jnp.minimum(ratio * estimate, clipped * estimate).mean()
            value = jnp.square(self.networks.value(params, statistics, seen.obs) - returns).mean()
            bonus = entropy(log_sd)
            total = policy + config.value_weight * value - config.entropy * bonus
            if OFFSET in params:
                total += offset_loss(params[OFFSET], seen.sagittal_error)
            kl = divergence(seen.mean, acted_log_sd, mean, log_sd).mean()
            parts = {"policy_loss": policy, "value_loss": value, "entropy": bonus, "kl": kl}
            if self.teacher is not None:
                spread = jnp.asarray(self.teacher.log_sd)
                apart = divergence(taught, spread, mean, log_sd).mean()
                weight = self.config.teacher.weight_after(run.steps, config.steps_in_all)
                total, parts = total + weight * apart, parts | {TEACHER_COLUMN: apart}
            return total, parts

        def minibatch(carry: tuple[Any, Any], part: Any) -> Any:
            params, optimiser = carry
            gradient, parts = jax.grad(loss, has_aux=True)(params, part)
            change, optimiser = self.optimiser.update(gradient, optimiser, params, kl=parts["kl"])
            return (optax.apply_updates(params, change), optimiser), parts

        def epoch(carry: tuple[Any, Any], key: PRNGKeyArray) -> Any:
            order = jax.random.permutation(key, size)
            parts = jax.tree.map(
                lambda x: x[order].reshape(config.minibatches, -1, *x.shape[1:]), flat
            )
            parts = held(parts, self.mesh, BY_SAMPLE)
            return jax.lax.scan(minibatch, carry, parts)

        keys = jax.random.split(key, config.epochs)
        carry, losses = jax.lax.scan(epoch, (run.params, run.optimiser), keys)
        return (*carry, jax.tree.map(jnp.mean, losses))
