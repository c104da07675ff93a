"""The BiLSTM: curves of all angles over the cycle in, the true ones out, all standardised."""

from __future__ import annotations

from functools import partial
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int

from simgait.companions.angle_refiner.config import OptimiserConfig
from simgait.companions.angle_refiner.curves import ANGLES, POINTS

CHUNK = 50
"""Steps of one call: a tenth of a second each."""
INPUTS = 2 * len(ANGLES)
"""Each angle, and whether it is known."""


class BiLstm(nn.Module):
    """An LSTM over the cycle in each direction, and one layer on what both hold."""

    hidden: int
    dropout: float = 0.0

    @nn.compact
    def __call__(
        self, x: Float[Array, "B 51 16"], training: bool = False
    ) -> Float[Array, "B 51 8"]:
        """Standardised true angles."""
        there: Any = nn.RNN(nn.OptimizedLSTMCell(self.hidden))(x)
        back: Any = nn.RNN(nn.OptimizedLSTMCell(self.hidden), reverse=True, keep_order=True)(x)
        both = jnp.concatenate([there, back], axis=-1)
        both = nn.Dropout(self.dropout, deterministic=not training)(both)
        return jnp.asarray(nn.Dense(len(ANGLES))(both))


def fresh_params(hidden: int, seed: int) -> Any:
    """Weights before anything was learned."""
    variables: Any = BiLstm(hidden).init(jax.random.key(seed), jnp.zeros((1, POINTS, INPUTS)))
    return variables["params"]


def train_lstm(
    inputs: Float[np.ndarray, "N 51 16"],
    targets: Float[np.ndarray, "N 51 8"],
    rows: Int[np.ndarray, " n"],
    choice: OptimiserConfig,
) -> Any:
    """Weights that were learned from some of the curves.

    Args:
        inputs: standardised, see `refiner.Standard`.
        targets: standardised true angles; NaN where unknown, which costs nothing.
        rows: that are learned from.
        choice: of the optimiser.

    Raises:
        FloatingPointError: the loss was no number.
    """
    known = np.isfinite(targets)
    data = (
        jnp.asarray(inputs, jnp.float32),
        jnp.asarray(np.where(known, targets, 0.0), jnp.float32),
        jnp.asarray(known, jnp.float32),
    )
    params = fresh_params(choice.hidden, choice.seed)
    moments = _optimiser(choice).init(params)
    order = _batches(rows, choice)
    keys = jax.random.split(jax.random.key(choice.seed), len(order))
    loss = jnp.zeros(())
    for first in range(0, len(order), CHUNK):
        part = slice(first, first + CHUNK)
        params, moments, loss = _steps(choice, params, moments, data, order[part], keys[part])
    if not np.isfinite(float(loss)):
        raise FloatingPointError(f"the loss of the BiLSTM is {float(loss)}")
    return params


def _batches(rows: Int[np.ndarray, " n"], choice: OptimiserConfig) -> Int[np.ndarray, "S B"]:
    """Rows of each step: all in turn, in a new order each time around."""
    rng = np.random.default_rng([choice.seed, 3])
    rounds = -(-choice.steps * choice.batch // len(rows))
    every = np.concatenate([rng.permutation(rows) for _ in range(rounds)])
    return np.asarray(every[: choice.steps * choice.batch].reshape(choice.steps, choice.batch))


def _optimiser(choice: OptimiserConfig) -> optax.GradientTransformation:
    return optax.adam(optax.cosine_decay_schedule(choice.learning_rate, choice.steps))


@partial(jax.jit, static_argnames="choice")
def _steps(
    choice: OptimiserConfig, params: Any, moments: Any, data: Any, order: Array, keys: Array
) -> tuple[Any, Any, Array]:
    """Some steps, one after the other; the last one's loss."""
    network, optimiser = BiLstm(choice.hidden, choice.dropout), _optimiser(choice)

    def step(state: tuple[Any, Any], now: tuple[Array, Array]) -> tuple[tuple[Any, Any], Array]:
        params, moments = state
        rows, key = now
        inputs, targets, known = (part[rows] for part in data)

        def loss(params: Any) -> Array:
            said = network.apply({"params": params}, inputs, True, rngs={"dropout": key})
            error = jnp.square(jnp.asarray(said) - targets) * known
            return error.sum() / jnp.maximum(known.sum(), 1.0)

        value, gradient = jax.value_and_grad(loss)(params)
        change, moments = optimiser.update(gradient, moments, params)
        return (optax.apply_updates(params, change), moments), value

    (params, moments), losses = jax.lax.scan(step, (params, moments), (order, keys))
    return params, moments, losses[-1]


@partial(jax.jit, static_argnames="hidden")
def apply_lstm(hidden: int, params: Any, inputs: Float[Array, "N 51 16"]) -> Float[Array, "N 51 8"]:
    """What learned weights say, standardised."""
    return jnp.asarray(BiLstm(hidden).apply({"params": params}, inputs))
