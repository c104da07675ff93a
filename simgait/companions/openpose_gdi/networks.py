"""The CNN of Kidzinski et al. 2020, and the LSTM and CNN-LSTM that others put in its place.

A window of columns goes in, the standardised `targets.TARGETS` come out. The paper trains one CNN
for each number; here one network says all four.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import flax.linen as nn
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.companions.openpose_gdi.columns import PUBLISHED
from simgait.companions.openpose_gdi.targets import TARGETS

Kind = Literal["cnn", "lstm", "cnn-lstm"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FILTERS, KERNEL, POOLS, DENSE, DROPOUT = 32, 8, (2, 2, 3), 10, 0.5
"""As published."""
HIDDEN = 48
"""Of the LSTMs, a choice: so that the CNN-LSTM has about as many weights as the CNN."""
BN_MOMENTUM = 0.9
"""Chosen: a mean over the last ten batches or so; Flax has 0.99, for longer trainings."""


class Block(nn.Module):
    """[Convolution over time, ReLU, batch norm] twice, then a pool."""

    pool: int

    @nn.compact
    def __call__(self, x: Float[Array, "B T C"], training: bool) -> Float[Array, "B S F"]:
        """(B, T / pool, 32)."""
        for _ in range(2):
            x = nn.relu(nn.Conv(FILTERS, (KERNEL,))(x))
            x = nn.BatchNorm(use_running_average=not training, momentum=BN_MOMENTUM)(x)
        pooled: Array = nn.max_pool(x, (self.pool,), strides=(self.pool,))  # type: ignore[no-untyped-call]
        return pooled


def _said_by_lstm(x: Float[Array, "B T C"]) -> Float[Array, "B H"]:
    """Mean of what an LSTM holds over time: a gait repeats, its last frame says no more."""
    states: Any = nn.RNN(nn.OptimizedLSTMCell(HIDDEN))(x)
    return jnp.mean(states, axis=1)


class Network(nn.Module):
    """One of `KINDS`."""

    kind: Kind

    @nn.compact
    def __call__(self, x: Float[Array, "B T C"], training: bool = False) -> Float[Array, "B 4"]:
        """Standardised targets."""
        if self.kind == "cnn":
            x = x[..., : len(PUBLISHED)]
            for pool in POOLS:
                x = Block(pool)(x, training)
            x = x.reshape(len(x), -1)
        elif self.kind == "lstm":
            # Every second frame: 12.5 Hz hold what walking moves in.
            x = _said_by_lstm(x[:, ::2])
        else:
            for pool in POOLS[:2]:
                x = Block(pool)(x, training)
            x = _said_by_lstm(x)
        x = nn.Dropout(DROPOUT, deterministic=not training)(x)
        x = nn.relu(nn.Dense(DENSE)(x)) if self.kind == "cnn" else x
        return jnp.asarray(nn.Dense(len(TARGETS))(x))


def parameters_of(variables: object) -> int:
    """How many numbers a network has learned."""
    return sum(int(leaf.size) for leaf in jax.tree.leaves(variables))
