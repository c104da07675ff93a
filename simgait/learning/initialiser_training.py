"""The initialiser learns: gradients of the return through the simulated time steps.

The return's gradient by the network's few outputs (angles, and with `velocity` rates) is taken in
forward mode, exactly, and chained with the network's own backward pass. Forward mode keeps nothing
of the time steps in memory, and works with any number of solver iterations: beyond one, MJX's
solver is a `while_loop`, which JAX cannot differentiate in reverse. The policy stands still
meanwhile: it learns between such rows, and learns from the starts that the initialiser gives it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, Int

from simgait.learning.config import TrainingConfig
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TrackingConfig
from simgait.tracking.environment import step
from simgait.tracking.episodes import last_start, start_episode
from simgait.tracking.initialiser import (
    apply_initialiser,
    as_state,
    first_keypoints,
    init_initialiser,
)
from simgait.tracking.networks import make_networks

Act = Callable[[Float[Array, " O"]], Float[Array, " A"]]


@dataclass(frozen=True)
class InitialiserState:
    """Everything the initialiser's training is, for an exact resume."""

    params: Any
    optimiser: Any
    updates: Int[Array, ""]


jax.tree_util.register_dataclass(
    InitialiserState, data_fields=["params", "optimiser", "updates"], meta_fields=[]
)


def return_of_start(
    config: TrackingConfig,
    clips: ClipBank,
    act: Act,
    clip: Int[Array, ""],
    frame: Int[Array, ""],
    outputs: Float[Array, " O"],
    *,
    horizon: int,
    discount: float,
) -> Float[Array, ""]:
    """Discounted reward of `horizon` control steps from the state that `outputs` stand for.

    Reward after the episode's end does not count.
    """
    place_m = clips.reference_pose[clip, frame, HORIZONTAL]
    dims, skeleton = clips.bodies.dimensions(clip), clips.bodies.skeleton
    pose, velocity = as_state(outputs, dims, place_m, skeleton)
    unused = jax.random.PRNGKey(0)
    state = start_episode(config, clips, clip, frame, pose, velocity, jnp.zeros(2), unused)

    def advance(carry: Any, _: None) -> Any:
        state, weight = carry
        moved = step(config, clips, state, act(state.obs))
        reward = jnp.where(weight > 0, moved.reward, 0.0) * weight
        weight = jax.lax.stop_gradient(weight * discount * (1.0 - moved.done))
        return (moved, weight), reward

    _, rewards = jax.lax.scan(advance, (state, jnp.ones(())), None, length=horizon)
    return jnp.sum(rewards)


def return_and_gradient(
    function: Callable[[Float[Array, " O"]], Float[Array, ""]], outputs: Float[Array, " O"]
) -> tuple[Float[Array, ""], Float[Array, " O"]]:
    """A scalar function and its gradient in forward mode: as many tangents as inputs."""

    def twice(x: Array) -> tuple[Array, Array]:
        value = function(x)
        return value, value

    gradient, value = jax.jacfwd(twice, has_aux=True)(outputs)
    return value, gradient


def guarded(
    gradients: Float[Array, "N O"], max_norm: float
) -> tuple[Float[Array, "N O"], Float[Array, " N"]]:
    """Gradients fit to be averaged: not finite ones are zero, long ones are cut to `max_norm`.

    Returns:
        the gradients, and 1 where one was finite.
    """
    finite = jnp.all(jnp.isfinite(gradients), axis=-1, keepdims=True)
    gradients = jnp.where(finite, gradients, 0.0)
    norm = jnp.linalg.norm(gradients, axis=-1, keepdims=True)
    shorter = jnp.minimum(1.0, max_norm / jnp.maximum(norm, 1e-9))
    return gradients * shorter, finite[:, 0].astype(jnp.float32)


class InitialiserTraining:
    """An initialiser's compiled programs: `start`, `update`, and the `gradients` within."""

    def __init__(self, config: TrainingConfig) -> None:
        """Builds networks and optimiser; compiles on first use."""
        self.config = config
        self._networks = make_networks(config.tracking, config.networks)
        self._optimiser = optax.adam(config.initialiser.learning_rate)
        self._skeleton = config.tracking.body.skeleton
        self._draw = jax.jit(self._drawn)
        self.gradients = jax.jit(self._gradients)
        self._learn = jax.jit(self._learned)

    def start(self, params: Any = None) -> InitialiserState:
        """An untrained initialiser, or one that goes on from given parameters."""
        if params is None:
            key = jax.random.fold_in(jax.random.key(self.config.learner.seed), 1)
            params = init_initialiser(self.config.initialiser, key, self._skeleton)
        # Weak types are gone after an update, and would compile everything twice.
        params = jax.tree.map(lambda x: jax.lax.convert_element_type(x, x.dtype), params)
        return InitialiserState(params, self._optimiser.init(params), jnp.zeros((), jnp.int32))

    def update(
        self, state: InitialiserState, policy: Any, statistics: Any, clips: ClipBank
    ) -> tuple[InitialiserState, dict[str, float]]:
        """A row of updates under a policy that stands still, and the mean of what they report.

        `initialiser_return` is per start, `initialiser_gradient` the mean norm before the clip,
        `initialiser_refused` the share of starts whose gradient was not finite.
        """
        rows = []
        for _ in range(self.config.initialiser.updates):
            clip, frame, seen = self._draw(state.updates, clips)
            outputs = apply_initialiser(self.config.initialiser, state.params, seen, self._skeleton)
            found = self.gradients(policy, statistics, clips, clip, frame, outputs)
            state, row = self._learn(state, seen, *found)
            rows.append(row)
        mean = jax.tree.map(lambda *values: float(sum(values) / len(values)), *rows)
        return state, mean

    def _drawn(self, updates: Array, clips: ClipBank) -> tuple[Array, Array, Array]:
        """Clips, frames and what is seen there."""
        settings = self.config.initialiser
        # The draw hangs on the count of updates alone: a resumed run draws what it would have.
        root = jax.random.fold_in(jax.random.key(self.config.learner.seed), 2)
        keys = jax.random.split(jax.random.fold_in(root, updates))
        clip = jax.random.randint(keys[0], (settings.batch,), 0, clips.length.shape[0])
        frame = jax.random.randint(keys[1], (settings.batch,), 0, last_start(clips, clip))
        seen = jax.vmap(lambda c, f: first_keypoints(clips, c, f, settings))(clip, frame)
        return clip, frame, seen

    def _gradients(
        self,
        policy: Any,
        statistics: Any,
        clips: ClipBank,
        clip: Int[Array, " N"],
        frame: Int[Array, " N"],
        outputs: Float[Array, "N O"],
    ) -> tuple[Float[Array, " N"], Float[Array, "N O"]]:
        """Return of each start, and its gradient by the network's answer."""
        config = self.config

        def act(observation: Array) -> Array:
            return self._networks.mean(policy, statistics, observation)

        def one(clip: Array, frame: Array, outputs: Array) -> tuple[Array, Array]:
            function = partial(
                return_of_start,
                config.tracking,
                clips,
                act,
                clip,
                frame,
                horizon=config.initialiser.horizon,
                discount=config.learner.discount,
            )
            return return_and_gradient(function, outputs)

        result: tuple[Array, Array] = jax.vmap(one)(clip, frame, outputs)
        return result

    def _learned(
        self, state: InitialiserState, seen: Array, returns: Array, gradients: Array
    ) -> tuple[InitialiserState, dict[str, Array]]:
        settings = self.config.initialiser
        safe, finite = guarded(gradients, settings.max_gradient_norm)
        count = jnp.maximum(finite.sum(), 1.0)
        _, pull_back = jax.vjp(
            lambda p: apply_initialiser(settings, p, seen, self._skeleton), state.params
        )
        (gradient,) = pull_back(-safe / count)
        change, optimiser = self._optimiser.update(gradient, state.optimiser, state.params)
        norm = jnp.linalg.norm(jnp.where(finite[:, None] > 0, gradients, 0.0), axis=-1)
        report = {
            "initialiser_return": jnp.sum(jnp.where(finite > 0, returns, 0.0)) / count,
            "initialiser_gradient": norm.sum() / count,
            "initialiser_refused": jnp.mean(1.0 - finite),
        }
        params = optax.apply_updates(state.params, change)
        return InitialiserState(params, optimiser, state.updates + 1), report
