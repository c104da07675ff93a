"""Training of the masked autoencoder on normal windows, resumable exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int

from simgait.companions.gengait.config import GenGaitConfig, NetworkConfig, OptimiserConfig
from simgait.companions.gengait.cycles import WINDOW, NormalisedWalk
from simgait.companions.gengait.joints import N_POINTS
from simgait.companions.gengait.masks import draw_masks
from simgait.companions.gengait.network import N_FEATURES, MaskedAutoencoder
from simgait.companions.gengait.tokens import (
    Standard,
    Windows,
    features,
    mirrored_windows,
    windows,
)

VISIBLE_WEIGHT = 0.1
"""Of the error of visible tokens beside that of hidden ones: the whole skeleton is said."""
LARGEST_GRADIENT = 1.0
TOLD_EVERY = 50
"""Steps between two reports and checkpoints."""


@dataclass(frozen=True)
class TrainingState:
    """Everything a training is: parameters, optimiser, and steps done."""

    params: Any
    optimiser: Any
    step: Int[Array, ""]


jax.tree_util.register_dataclass(
    TrainingState, data_fields=["params", "optimiser", "step"], meta_fields=[]
)


@dataclass(frozen=True)
class LearnedFrom:
    """Windows to learn from, those of recorded people last.

    Attributes:
        chosen: all windows.
        synthetic: how many of them, the first ones, are of synthetic walkers.
    """

    chosen: Windows
    synthetic: int

    @classmethod
    def of(
        cls, synthetic: Sequence[NormalisedWalk], recorded: Sequence[NormalisedWalk]
    ) -> LearnedFrom:
        """Windows of walks."""
        count = len(windows(synthetic, 1).walk)
        return cls(windows([*synthetic, *recorded], 1), count)

    def draw(
        self, batch: int, real_share: float, rng: np.random.Generator
    ) -> Int[np.ndarray, " B"]:
        """Rows of a batch."""
        every = len(self.chosen.walk)
        rows = rng.integers(self.synthetic, size=batch)
        if self.synthetic < every:
            real = rng.random(batch) < real_share
            rows = np.where(real, rng.integers(self.synthetic, every, size=batch), rows)
        return rows


def fresh_params(config: NetworkConfig, seed: int) -> Any:
    """Parameters before anything was learned."""
    blank = jnp.zeros((1, WINDOW, N_POINTS, N_FEATURES))
    visible = jnp.ones((1, WINDOW, N_POINTS), bool)
    phase = jnp.zeros((1, WINDOW), jnp.int32)
    found: Any = MaskedAutoencoder(config).init(jax.random.key(seed), blank, visible, phase)
    return found["params"]


def optimiser_of(choice: OptimiserConfig) -> optax.GradientTransformation:
    """AdamW under a cosine schedule with a short warm-up."""
    warm = max(1, min(100, choice.steps // 10))
    schedule = optax.warmup_cosine_decay_schedule(
        0.0, choice.learning_rate, warm, max(choice.steps, warm + 1), 0.02 * choice.learning_rate
    )
    return optax.chain(
        optax.clip_by_global_norm(LARGEST_GRADIENT),
        optax.adamw(schedule, b2=0.98, weight_decay=choice.weight_decay),
    )


@dataclass(frozen=True)
class Batch:
    """Windows of a step: what the network reads, and what it should say."""

    features: Any
    visible: Any
    phase: Any
    target: Any
    known: Any


jax.tree_util.register_dataclass(
    Batch, data_fields=["features", "visible", "phase", "target", "known"], meta_fields=[]
)


def batch_of(learned: LearnedFrom, standard: Standard, config: GenGaitConfig, step: int) -> Batch:
    """The windows of a step, drawn by the step alone, so that a stopped training goes on alike."""
    choice = config.optimiser
    rng = np.random.default_rng([choice.seed, step])
    rows = learned.draw(choice.batch, config.data.real_share, rng)
    picked = _rows(learned.chosen, rows)
    mirror = rng.random(len(rows)) < 0.5
    other = mirrored_windows(picked)
    picked = Windows(*(
        np.where(mirror.reshape(-1, *([1] * (a.ndim - 1))), b, a)
        for a, b in zip(vars(picked).values(), vars(other).values(), strict=True)
    ))  # fmt: skip
    silent = rng.random(len(rows)) < choice.without_speed
    told = Windows(**{
        **vars(picked), "relative_speed": np.where(silent, np.nan, picked.relative_speed)
    })  # fmt: skip
    read, there = features(told, standard)
    target = read[..., :3].copy()
    noise = rng.normal(0.0, choice.noise, target.shape) / standard.sd
    read[..., :3] += noise
    hidden = draw_masks(config.masks, step / choice.steps, len(rows), rng)
    return Batch(
        read, there & ~hidden, picked.phase.astype(np.int32), target, there.astype(np.float32)
    )


def _rows(chosen: Windows, rows: Int[np.ndarray, " B"]) -> Windows:
    return Windows(*(value[rows] for value in vars(chosen).values()))


def loss_of(config: NetworkConfig, params: Any, batch: Batch) -> Float[Array, ""]:
    """Mean squared error of tokens (standardised), the hidden ones' above all."""
    said = MaskedAutoencoder(config).apply(
        {"params": params}, batch.features, batch.visible, batch.phase
    )
    error = jnp.square(jnp.asarray(said) - batch.target).mean(axis=-1) * batch.known
    weight = jnp.where(batch.visible, VISIBLE_WEIGHT, 1.0) * batch.known
    return jnp.sum(error * weight) / jnp.maximum(jnp.sum(weight), 1.0)


def train(
    learned: LearnedFrom,
    standard: Standard,
    config: GenGaitConfig,
    *,
    resume: Callable[[TrainingState], TrainingState] = lambda fresh: fresh,
    turn: Callable[[TrainingState, float], bool] = lambda state, loss: True,
) -> TrainingState:
    """Trains; the same windows, settings and machine give the same weights.

    Args:
        learned: windows to learn from.
        standard: of them.
        config: the recipe.
        resume: gets a fresh state, gives the one to go on from.
        turn: called every `TOLD_EVERY` steps with the mean loss since; False ends it there.

    Raises:
        FloatingPointError: a loss was no number.
    """
    optimiser = optimiser_of(config.optimiser)
    params = fresh_params(config.network, config.optimiser.seed)
    state = resume(TrainingState(params, optimiser.init(params), jnp.zeros((), jnp.int32)))

    @jax.jit
    def update(params: Any, moments: Any, batch: Batch) -> tuple[Any, Any, Array]:
        value, gradient = jax.value_and_grad(lambda p: loss_of(config.network, p, batch))(params)
        change, moments = optimiser.update(gradient, moments, params)
        return optax.apply_updates(params, change), moments, value

    losses: list[Array] = []
    params, moments = state.params, state.optimiser
    for step in range(int(state.step), config.optimiser.steps):
        batch = batch_of(learned, standard, config, step)
        params, moments, value = update(params, moments, batch)
        losses.append(value)
        state = TrainingState(params, moments, jnp.asarray(step + 1, jnp.int32))
        if (step + 1) % TOLD_EVERY == 0 or step + 1 == config.optimiser.steps:
            mean = float(np.mean([float(one) for one in losses]))
            if not np.isfinite(mean):
                raise FloatingPointError(f"the loss is {mean} at step {step + 1}")
            losses = []
            if not turn(state, mean):
                break
    return state
