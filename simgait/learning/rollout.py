"""Many environments side by side, for every algorithm: one step of all, and what follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from brax.envs.base import State
from jax.sharding import Mesh
from jaxtyping import Array, Float, Key, PRNGKeyArray

from simgait.learning.sharding import shared_out
from simgait.tracking import environment, episodes
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TrackingConfig


@dataclass(frozen=True)
class Environments:
    """The environments of a training, spread over its devices.

    Attributes:
        tracking: what kind they are.
        clips: the walks.
        mesh: the devices; None for one.
        offset: (at most one) the offsets that are learned beside the policy.
    """

    tracking: TrackingConfig
    clips: ClipBank
    mesh: Mesh | None
    offset: tuple[Float[Array, " 3"], ...] = ()

    def seen(self, env: State, key: PRNGKeyArray) -> State:
        """The environments as a policy sees them: with the recipe's noise, where it has any."""
        if not self.tracking.observation.noise:
            return env
        noise = jax.random.normal(jax.random.fold_in(key, 1), env.obs.shape)
        return env.replace(obs=env.obs + self.tracking.observation.noise * noise)

    def step(self, env: State, action: Float[Array, "N A"]) -> State:
        """All of them one control step on; those that end are not begun anew yet."""

        def each(given: tuple[ClipBank, tuple[Any, ...]], env: State, action: Array) -> State:
            clips, offset = given
            return jax.vmap(lambda s, a: environment.step(self.tracking, clips, s, a, *offset))(
                env, action
            )

        return shared_out(each, self.mesh, 1)((self.clips, self.offset), env, action)

    def begun_anew(self, moved: State, key: PRNGKeyArray) -> State:
        """The same after a step, with a new episode where one has ended."""

        def each(clips: ClipBank, keys: Key[Array, " N"], ended: State) -> State:
            return jax.vmap(lambda k, s: episodes.reset_after(self.tracking, clips, k, s))(
                keys, ended
            )

        keys = jax.random.split(key, moved.done.shape[0])
        fresh = shared_out(each, self.mesh, 1)(self.clips, keys, moved)
        return jax.tree.map(
            lambda new, old: jnp.where(
                moved.done.reshape(-1, *[1] * (new.ndim - 1)).astype(bool), new, old
            ),
            fresh.replace(metrics=moved.metrics, reward=moved.reward, done=moved.done),
            moved,
        )
