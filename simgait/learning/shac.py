"""Short-horizon actor-critic, top to bottom in one file (Xu et al. 2022, arXiv:2204.07137).

The actor climbs the derivative of what a short rollout brings, through the simulated steps; what
comes after the rollout's end the critic says, so that no gradient has far to go. One call of
`iterate` is one compiled program: roll out and differentiate, move the actor once, fit the critic,
let the target critic follow. What the training loop makes of it stands in `algorithms`.

The rollout's derivative is taken by what is added to each action (a push, zero here) with the
policy in the loop, and chained with the policy's own derivative at what it saw; that is the chain
rule, so the result is the actor's gradient. On the way every environment's share can be looked at:
where it is not finite it is left out, where an impact made it huge it is cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import optax
from brax.envs.base import State
from brax.training.acme import running_statistics
from jax.sharding import Mesh
from jaxtyping import Array, Float, PRNGKeyArray

from simgait.learning.config import SHACConfig, TrainingConfig
from simgait.learning.optimisers import with_counts
from simgait.learning.ppo import advantages, entropy
from simgait.learning.rollout import Environments
from simgait.learning.run_state import RunState, first_state
from simgait.learning.sharding import BY_ENVIRONMENT, BY_SAMPLE, SAME, held
from simgait.pytrees import register_parts
from simgait.tracking.clips import ClipBank
from simgait.tracking.networks import Networks, make_networks

CRITIC = "value"
"""The critic among a policy's parameters; all others are the actor's."""
LAST_RATE = 0.005
"""Of the learning rates, at the end of a training: as in the paper's experiments, 2e-3 to 1e-5."""
GRADIENT_COLUMNS = ("gradient_norm", "gradients_cut", "gradients_dropped")
"""Of a training's log: median of the environments' norms; shares that were cut and left out."""


@dataclass(frozen=True)
class Remembered:
    """What is remembered of gradient steps, and the critic that follows slowly."""

    actor: Any
    critic: Any
    target: Any


register_parts(Remembered)


@dataclass(frozen=True)
class Seen:
    """One step of every environment."""

    obs: Array
    noise: Array
    reward: Array
    done: Array
    value: Array


register_parts(Seen)


def split_params(params: Any) -> tuple[dict[str, Any], Any]:
    """The actor's parameters and the critic's."""
    return {name: part for name, part in params.items() if name != CRITIC}, params[CRITIC]


def softened(clips: ClipBank, config: SHACConfig) -> ClipBank:
    """The same walks, their bodies' soles touching the floor softly.

    A contact's impedance rises from `contact_onset`, where soles and floor just meet, over
    `contact_rise_m` of depth (MuJoCo documentation, Computation, solver parameters); else it is
    there at once, and with it the damper's force: a jump that no derivative sees.
    """
    base = clips.bodies.base
    impedance = base.geom_solimp.at[:, 0].set(config.contact_onset)
    impedance = impedance.at[:, 2].set(config.contact_rise_m)
    bodies = replace(clips.bodies, base=base.replace(geom_solimp=impedance))
    return replace(clips, bodies=bodies)


def bounded(
    gradient: Float[Array, "T N A"], largest: float
) -> tuple[Float[Array, "T N A"], Float[Array, " N"], Float[Array, " N"]]:
    """Gradients that can be averaged over the environments.

    Args:
        gradient: by each environment's actions.
        largest: norm to which an environment's gradient is cut.

    Returns:
        the gradients, zero for an environment where a number of it was not finite; the norms that
        they had, zero there, too; and 1 where all was finite.
    """
    finite = jnp.all(jnp.isfinite(gradient), axis=(0, 2))
    safe = jnp.where(finite[:, None], gradient, 0.0)
    norm = jnp.sqrt(jnp.sum(jnp.square(safe), axis=(0, 2)))
    # The square of a finite number need not be one.
    finite &= jnp.isfinite(norm)
    safe, norm = jnp.where(finite[:, None], safe, 0.0), jnp.where(finite, norm, 0.0)
    safe = safe * jnp.minimum(1.0, largest / jnp.maximum(norm, 1e-9))[:, None]
    return safe, norm, finite.astype(jnp.float32)


def make_optimisers(
    config: SHACConfig,
) -> tuple[optax.GradientTransformation, optax.GradientTransformation]:
    """The actor's and the critic's: clipped Adam whose rate falls to nothing, as in the paper."""

    def one(rate: float, updates: int) -> optax.GradientTransformation:
        falling = optax.linear_schedule(rate, LAST_RATE * rate, updates)
        return optax.chain(
            optax.clip_by_global_norm(config.max_gradient_norm),
            optax.adam(falling, *config.momentum),
        )

    fits = config.epochs * config.minibatches
    return (
        one(config.actor_learning_rate, config.iterations),
        one(config.critic_learning_rate, config.iterations * fits),
    )


class SHAC:
    """A training run's compiled programs: `start` and `iterate`."""

    def __init__(self, config: TrainingConfig, mesh: Mesh | None = None) -> None:
        """Builds networks and optimisers; compiles on first use. `mesh`: see `sharding`."""
        self.config, self.mesh = config, mesh
        self.networks: Networks = make_networks(config.tracking, config.networks)
        self.actor_optimiser, self.critic_optimiser = make_optimisers(config.shac)
        self.start = jax.jit(self._start)
        self.iterate = jax.jit(self._iterate, donate_argnums=(0,))

    def fresh(self, params: Any) -> Remembered:
        """What is remembered of parameters that have not been moved yet."""
        actor, critic = split_params(params)
        # A copy: an iteration takes over the memory of both.
        target = jax.tree.map(jnp.array, critic)
        return Remembered(
            self.actor_optimiser.init(actor), self.critic_optimiser.init(critic), target
        )

    def at_iteration(self, remembered: Remembered, done: int) -> Remembered:
        """What is remembered, the learning rates where the recipe has them after iterations."""
        fits = done * self.config.shac.epochs * self.config.shac.minibatches
        return Remembered(
            with_counts(remembered.actor, done),
            with_counts(remembered.critic, fits),
            remembered.target,
        )

    def _start(self, clips: ClipBank, key: PRNGKeyArray) -> RunState:
        return first_state(self.config, self.networks, self.fresh, clips, key)

    def _iterate(self, run: RunState, clips: ClipBank) -> tuple[RunState, dict[str, Array]]:
        config = self.config.shac
        roll_key, shuffle_key, key = jax.random.split(run.key, 3)
        returns, gradient, (env, seen, metrics) = self.differentiated(run, clips, roll_key)
        actor, remembered, said = self._move_actor(run, seen, gradient)
        last_value = self._target_value(run, env.obs)
        goals = seen.value + advantages(
            seen.reward, seen.done, seen.value, last_value, config.discount, config.td_lambda
        )
        flat = jax.tree.map(lambda x: x.reshape(-1, *x.shape[2:]), (seen.obs, goals))
        critic, critic_optimiser, loss = self._fit_critic(run, flat, shuffle_key)
        target = optax.incremental_update(critic, run.optimiser.target, 1.0 - config.target_stays)
        statistics = running_statistics.update(run.statistics, flat[0])
        params = actor | {CRITIC: critic}
        optimiser = Remembered(remembered, critic_optimiser, target)
        whole = params, optimiser, statistics, key, run.steps + config.steps_of_iteration
        params, optimiser, statistics, key, steps = held(whole, self.mesh, SAME)
        env = held(env, self.mesh, BY_ENVIRONMENT)
        run = RunState(params, optimiser, statistics, env, key, steps)
        losses = {"policy_loss": -returns.mean() / config.unroll, "value_loss": loss}
        spread = {"entropy": entropy(self.networks.log_sd(params))}
        return run, metrics | said | losses | spread

    def differentiated(
        self, run: RunState, clips: ClipBank, key: PRNGKeyArray
    ) -> tuple[Float[Array, " N"], Float[Array, "T N A"], tuple[State, Seen, dict[str, Array]]]:
        """What each environment's rollout brings, and its gradient by the actions.

        Returns:
            returns and gradient, the policy in the loop; the rest as `roll_out` gives it.
        """
        config = self.config.shac
        size = len(run.params["log_sd"])
        pushes = jnp.zeros((config.unroll, config.n_envs, size))

        def summed(pushes: Array) -> tuple[Array, Any]:
            returns, more = self.roll_out(run, clips, key, pushes)
            return returns.sum(), (returns, more)

        # No environment knows of another: the sum's gradient holds each one's own.
        gradient, (returns, more) = jax.grad(summed, has_aux=True)(pushes)
        return returns, gradient, more

    def roll_out(
        self, run: RunState, clips: ClipBank, key: PRNGKeyArray, pushes: Float[Array, "T N A"]
    ) -> tuple[Float[Array, " N"], tuple[State, Seen, dict[str, Array]]]:
        """What each environment's rollout brings, its actions pushed, and what was seen.

        Equation 5 of the paper, without its mean: discounted rewards up to the horizon or the end
        of an episode, and the target critic's word on what comes then.
        """
        config = self.config.shac
        sd = jnp.exp(self.networks.log_sd(run.params))
        around = Environments(self.config.tracking, softened(clips, config), self.mesh)

        def one_step(carry: tuple[State, Array, Array], given: Any) -> Any:
            env, weight, gained = carry
            push, key = given
            action_key, reset_key = jax.random.split(key)
            env = around.seen(env, key)
            mean = self.networks.mean(run.params, run.statistics, env.obs)
            noise = jax.random.normal(action_key, mean.shape)
            moved = around.step(env, mean + sd * noise + push)
            value = self._target_value(run, env.obs)
            # A clip's end is not the walk's end, a fall is; why of the state acted in: see `ppo`.
            reward = config.reward_scale * moved.reward
            reward += config.discount * value * moved.info["truncated"]
            gained += weight * reward
            # An episode that begins within the rollout is a return of its own.
            weight = jnp.where(moved.done > 0.5, 1.0, config.discount * weight)
            following = around.begun_anew(moved, reset_key)
            seen = Seen(env.obs, noise, reward, moved.done, value)
            said = moved.metrics | {"reward": moved.reward}
            return (following, weight, gained), jax.lax.stop_gradient((seen, said))

        first = run.env, jnp.ones(config.n_envs), jnp.zeros(config.n_envs)
        keys = jax.random.split(key, config.unroll)
        # Kept are the states between control steps; what is within one is computed again on the
        # way back: memory for one control step's physics instead of all.
        (env, weight, gained), (seen, said) = jax.lax.scan(
            jax.checkpoint(one_step), first, (pushes, keys)
        )
        returns = gained + weight * self._target_value(run, env.obs)
        return returns, (env, seen, jax.tree.map(jnp.mean, said))

    def _target_value(self, run: RunState, obs: Float[Array, "N O"]) -> Float[Array, " N"]:
        return self.networks.value({CRITIC: run.optimiser.target}, run.statistics, obs)

    def _move_actor(
        self, run: RunState, seen: Seen, gradient: Float[Array, "T N A"]
    ) -> tuple[dict[str, Any], Any, dict[str, Array]]:
        """The actor after its step, its optimiser, and what is to be logged."""
        largest = self.config.shac.largest_gradient
        safe, norm, finite = bounded(gradient, largest)
        descent = self.descent(run, seen, safe / jnp.maximum(finite.mean(), 1e-9))
        actor, _ = split_params(run.params)
        change, optimiser = self.actor_optimiser.update(descent, run.optimiser.actor, actor)
        said = {
            "gradient_norm": jnp.median(norm),
            "gradients_cut": jnp.mean(norm > largest),
            "gradients_dropped": jnp.mean(1.0 - finite),
        }
        return optax.apply_updates(actor, change), optimiser, said

    def descent(self, run: RunState, seen: Seen, gradient: Float[Array, "T N A"]) -> dict[str, Any]:
        """The gradient of the actor's loss by its parameters, from the returns' by its actions."""

        def act(actor: Any) -> Array:
            mean = self.networks.mean(actor, run.statistics, seen.obs)
            return mean + jnp.exp(self.networks.log_sd(actor)) * seen.noise

        _, pull_back = jax.vjp(act, split_params(run.params)[0])
        (descent,) = pull_back(-gradient / self.config.shac.steps_of_iteration)
        found: dict[str, Any] = descent
        return found

    def _fit_critic(self, run: RunState, flat: Any, key: PRNGKeyArray) -> tuple[Any, Any, Array]:
        """The critic after its passes over the batch, its optimiser, and its mean loss."""
        config = self.config.shac

        def loss(critic: Any, part: tuple[Array, Array]) -> Array:
            obs, returns = part
            value = self.networks.value({CRITIC: critic}, run.statistics, obs)
            return jnp.square(value - returns).mean()

        def minibatch(carry: tuple[Any, Any], part: Any) -> Any:
            critic, optimiser = carry
            size, gradient = jax.value_and_grad(loss)(critic, part)
            change, optimiser = self.critic_optimiser.update(gradient, optimiser, critic)
            return (optax.apply_updates(critic, change), optimiser), size

        def epoch(carry: tuple[Any, Any], key: PRNGKeyArray) -> Any:
            order = jax.random.permutation(key, config.steps_of_iteration)
            parts = jax.tree.map(
                lambda x: x[order].reshape(config.minibatches, -1, *x.shape[1:]), flat
            )
            return jax.lax.scan(minibatch, carry, held(parts, self.mesh, BY_SAMPLE))

        keys = jax.random.split(key, config.epochs)
        first = run.params[CRITIC], run.optimiser.critic
        (critic, optimiser), losses = jax.lax.scan(epoch, first, keys)
        return critic, optimiser, losses.mean()
