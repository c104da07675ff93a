"""The network: a masked autoencoder over joint x time tokens, re-implemented from its description.

A token is one point in one frame: its position and velocity, or [MASK] where it is hidden, with a
sinusoidal position (He et al. 2022 and Vaswani et al. 2017; here of its phase in the gait cycle)
and learned embeddings of point and frame. Eight encoder layers see all tokens; their memory goes to
the decoder without those that were hidden, and two decoder layers say every token's position.
"""

from __future__ import annotations

from typing import Any

import flax.linen as nn
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from simgait.companions.gengait.config import NetworkConfig
from simgait.companions.gengait.cycles import SAMPLES, WINDOW
from simgait.companions.gengait.joints import N_POINTS

N_FEATURES = 8
"""Of a token: position, velocity, walking speed, and whether that is known."""


def phase_positions(width: int) -> Float[np.ndarray, "28 W"]:
    """Sines and cosines of the phase at whole frequencies, so that a cycle ends where it begins."""
    turns = 2.0 * np.pi * np.arange(SAMPLES)[:, None] / SAMPLES * (1 + np.arange(width // 2))
    return np.concatenate([np.sin(turns), np.cos(turns)], axis=1).astype(np.float32)


class _Block(nn.Module):
    """Pre-norm attention (to a memory where one is given) and MLP (Xiong et al. 2020)."""

    config: NetworkConfig

    @nn.compact
    def __call__(
        self, x: Float[Array, "B N W"], memory: Any = None, seen: Any = None
    ) -> Float[Array, "B N W"]:
        """(B, N, W)."""
        config = self.config
        attend = nn.MultiHeadDotProductAttention(num_heads=config.heads)
        y = nn.LayerNorm()(x)
        x = x + (attend(y) if memory is None else attend(y, memory, mask=seen))
        y = nn.gelu(nn.Dense(config.feedforward)(nn.LayerNorm()(x)))
        return x + nn.Dense(config.width)(y)


class MaskedAutoencoder(nn.Module):
    """Standardised tokens of windows in, standardised positions of all of them out."""

    config: NetworkConfig

    @nn.compact
    def __call__(
        self,
        features: Float[Array, "B 7 12 8"],
        visible: Bool[Array, "B 7 12"],
        phase: Int[Array, "B 7"],
    ) -> Float[Array, "B 7 12 3"]:
        """Forward pass; features of tokens that are not visible are not read."""
        width, count = self.config.width, features.shape[0]
        normal = nn.initializers.normal(0.02)
        place = (
            self.param("point", normal, (N_POINTS, width))
            + self.param("frame", normal, (WINDOW, 1, width))
            + jnp.asarray(phase_positions(width))[phase][:, :, None]
        )
        mask = self.param("mask", normal, (width,))
        own = nn.Dense(width)(features)
        tokens = jnp.where(visible[..., None], own, mask) + place
        x = tokens.reshape(count, -1, width)
        for _ in range(self.config.encoder_layers):
            x = _Block(self.config)(x)
        memory = nn.LayerNorm()(x)
        seen = visible.reshape(count, 1, 1, -1)
        x = (mask + place).reshape(count, -1, width)
        for _ in range(self.config.decoder_layers):
            x = _Block(self.config)(x)
            x = _Block(self.config)(x, memory, seen)
        said = nn.Dense(3)(nn.LayerNorm()(x))
        return jnp.asarray(said.reshape(count, WINDOW, N_POINTS, 3))
