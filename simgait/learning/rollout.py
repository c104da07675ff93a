"""Many environments side by side, for every algorithm: one step of all, and what follows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
from brax.envs.base import State
from jax.sharding import Mesh
from jaxtyping import Array, Float, PRNGKeyArray

from simgait.learning.curriculum import tracking_with
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
        now: settings that follow a schedule, as they are now (`curriculum.values_at`).
        odds: (at most one) of each clip for a new episode; all alike where there are none.
    """

    tracking: TrackingConfig
    clips: ClipBank
    mesh: Mesh | None
    offset: tuple[Float[Array, " 3"], ...] = ()
    now: Mapping[str, Float[Array, ""]] = field(default_factory=dict)
    odds: tuple[Float[Array, " C"], ...] = ()

    def seen(self, env: State, key: PRNGKeyArray) -> State:
        """The environments as a policy sees them: with the recipe's noise, where it has any."""
        sd = self.now.get("observation_noise", self.tracking.observation.noise)
        if "observation_noise" not in self.now and not sd:
            return env
        noise = jax.random.normal(jax.random.fold_in(key, 1), env.obs.shape)
        return env.replace(obs=env.obs + sd * noise)

    def step(self, env: State, action: Float[Array, "N A"]) -> State:
        """All of them one control step on; those that end are not begun anew yet."""

        def each(given: tuple[ClipBank, tuple[Any, ...], Any], env: State, action: Array) -> State:
            clips, offset, now = given
            tracking = tracking_with(self.tracking, now)
            return jax.vmap(lambda s, a: environment.step(tracking, clips, s, a, *offset))(
                env, action
            )

        given = self.clips, self.offset, dict(self.now)
        return shared_out(each, self.mesh, 1)(given, env, action)

    def begun_anew(self, moved: State, key: PRNGKeyArray) -> State:
        """The same after a step, with a new episode where one has ended."""

        def each(given: tuple[ClipBank, tuple[Any, ...]], keys: Any, ended: State) -> State:
            clips, odds = given
            return jax.vmap(lambda k, s: episodes.reset_after(self.tracking, clips, k, s, *odds))(
                keys, ended
            )

        keys = jax.random.split(key, moved.done.shape[0])
        fresh = shared_out(each, self.mesh, 1)((self.clips, self.odds), keys, moved)
        return jax.tree.map(
            lambda new, old: jnp.where(
                moved.done.reshape(-1, *[1] * (new.ndim - 1)).astype(bool), new, old
            ),
            fresh.replace(metrics=moved.metrics, reward=moved.reward, done=moved.done),
            moved,
        )
