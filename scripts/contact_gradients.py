"""Prints how far derivatives through soles of several softnesses agree with finite differences.

Gradient of the return of some control steps by all actions, against central differences along
random directions, environment by environment; the table of docs/history/training.md. Half an hour
on two cores, of which compiling takes most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from simgait.jax_setup import configure_jax
from simgait.learning.examples import synthetic_examples
from simgait.tracking import environment, episodes
from simgait.tracking.actions import action_size
from simgait.tracking.clips import ClipBank, build_clips
from simgait.tracking.config import RewardConfig, TrackingConfig

ENVIRONMENTS, STEPS, DIRECTIONS, PUSH, NOISE = 64, 8, 24, 0.03, 0.1
SOLES: tuple[dict[str, float], ...] = (
    {}, {"time_s": 0.1}, {"time_s": 0.02}, {"onset": 0.01, "rise_m": 0.005},
    {"onset": 0.01, "rise_m": 0.02}, {"onset": 0.01, "rise_m": 0.02, "time_s": 0.1},
)  # fmt: skip
# No derivative sees the share of a step in which feet stand: it is counted in physics steps.
TRACKING = TrackingConfig(reward=RewardConfig(contact=0.0))


def with_soles(clips: ClipBank, sole: dict[str, float]) -> ClipBank:
    """The walks with contacts of a time constant (s), and an impedance's onset and rise (m)."""
    base = clips.bodies.base
    spring, impedance = np.array(base.geom_solref), np.array(base.geom_solimp)
    spring[:, 0] = sole.get("time_s", spring[:, 0])
    impedance[:, 0] = sole.get("onset", impedance[:, 0])
    impedance[:, 2] = sole.get("rise_m", impedance[:, 2])
    soft = base.replace(geom_solref=jnp.asarray(spring), geom_solimp=jnp.asarray(impedance))
    return replace(clips, bodies=replace(clips.bodies, base=soft))


def returned(clips: ClipBank, actions: Any, state: Any) -> tuple[Any, Any]:
    """The return of some steps of one environment, and whether it stands by then."""

    def one(carry: Any, action: Any) -> Any:
        state, alive = carry
        moved = environment.step(TRACKING, clips, state, action)
        left = jax.lax.stop_gradient(alive * (1.0 - moved.done))
        return (moved, left), moved.reward * alive

    (_, alive), rewards = jax.lax.scan(jax.checkpoint(one), (state, jnp.ones(())), actions)
    return rewards.sum(), alive


def rows(clips: ClipBank) -> Iterator[str]:
    """A line for each kind of sole."""
    keys = jax.random.split(jax.random.key(0), ENVIRONMENTS)
    states = jax.jit(jax.vmap(lambda k: episodes.reset(TRACKING, clips, k)))(keys)
    shape = (ENVIRONMENTS, STEPS, action_size(TRACKING))
    actions = NOISE * jax.random.normal(jax.random.key(1), shape)
    each: Any = {"in_axes": (None, 0, 0)}
    forward = jax.jit(jax.vmap(returned, **each))
    backward = jax.jit(jax.vmap(jax.grad(returned, argnums=1, has_aux=True), **each))
    for sole in SOLES:
        soft = with_soles(clips, sole)
        gradient, alive = backward(soft, actions, states)
        gradient = np.asarray(gradient, float)
        slopes, differences = [], []
        rng = np.random.default_rng(0)
        for _ in range(DIRECTIONS):
            along = rng.normal(size=shape)
            up, down = (forward(soft, actions + s * along, states)[0] for s in (PUSH, -PUSH))
            differences.append((np.asarray(up, float) - np.asarray(down)) / (2 * PUSH))
            slopes.append((gradient * along).sum((1, 2)))
        found, expected = np.array(slopes), np.array(differences)
        fit = [np.corrcoef(found[:, i], expected[:, i])[0, 1] for i in range(ENVIRONMENTS)]
        norm = np.linalg.norm(gradient.reshape(ENVIRONMENTS, -1), axis=1)
        yield (
            f"{sole or 'as it is'}: correlation median {np.median(fit):.3f}, p10 "
            f"{np.percentile(fit, 10):.3f}, over all "
            f"{np.corrcoef(found.ravel(), expected.ravel())[0, 1]:.3f}; norm median "
            f"{np.median(norm):.2f}, largest {norm.max():.1f}; alive {np.mean(alive):.2f}"
        )


if __name__ == "__main__":
    configure_jax()
    walks = synthetic_examples("train", 30, 4, seed=0)
    for row in rows(build_clips(walks, TRACKING.body, frames=60)):
        print(row, flush=True)
