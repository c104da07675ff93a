"""The network: a transformer encoder over the frames of a window.

Cotton et al. 2022 (arXiv 2203.09371) map 3D joint trajectories and a person's height onto gait
phase, sagittal kinematics and spatiotemporal trajectories. Here: pre-norm blocks (Xiong et al.
2020), sinusoidal positions within the window (Vaswani et al. 2017), masked keypoints, so that
detectors with fewer points can be used.
"""

from __future__ import annotations

import flax.linen as nn
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from simgait.companions.gait_transformer.columns import N_FEATURES, N_OUTPUTS
from simgait.companions.gait_transformer.config import NetworkConfig

FEATURE_CLIP = 6.0
"""Standard deviations: no person's points lie so far off, but a detector's wild ones do."""


def sinusoidal_positions(frames: int, width: int) -> Float[np.ndarray, "T W"]:
    """Sines and cosines of the frame number at wavelengths from 2π to 2π × 1000 frames."""
    rates = np.exp(-np.log(1000.0) * np.arange(0, width, 2) / width)
    angle = np.arange(frames)[:, None] * rates
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)[:, :width].astype(np.float32)


def features(
    points: Float[Array, "B T 23 4"],
    height_m: Float[Array, " B"],
    mean: Float[Array, "23 3"],
    sd: Float[Array, "23 3"],
) -> Float[Array, "B T F"]:
    """Standardised positions (0 where missing), masks, and the height in every frame."""
    mask = points[..., 3:]
    standard = jnp.clip((points[..., :3] - mean) / sd, -FEATURE_CLIP, FEATURE_CLIP) * mask
    flat = standard.reshape(*points.shape[:2], -1)
    tall = jnp.broadcast_to(((height_m - 1.6) / 0.3)[:, None, None], (*points.shape[:2], 1))
    return jnp.concatenate([flat, mask[..., 0], tall], axis=-1)


class GaitTransformer(nn.Module):
    """Features of a window to the outputs of `columns.OUTPUTS`, frame by frame."""

    config: NetworkConfig
    dropout: float = 0.0

    @nn.compact
    def __call__(
        self, x: Float[Array, "B T F"], valid: Float[Array, "B T"], training: bool = False
    ) -> Float[Array, "B T 20"]:
        """Forward pass; `valid` is 1 for real frames, 0 for padding, which nobody attends to."""
        if x.shape[-1] != N_FEATURES:
            raise ValueError(f"expected {N_FEATURES} features, got {x.shape[-1]}")
        config, still = self.config, not training
        seen = (valid > 0)[:, None, None, :]
        x = nn.Dense(config.width)(x) + sinusoidal_positions(x.shape[1], config.width)
        for _ in range(config.layers):
            y = nn.LayerNorm()(x)
            y = nn.MultiHeadDotProductAttention(num_heads=config.heads)(y, mask=seen)
            x = x + nn.Dropout(self.dropout, deterministic=still)(y)
            y = nn.gelu(nn.Dense(config.feedforward)(nn.LayerNorm()(x)))
            x = x + nn.Dropout(self.dropout, deterministic=still)(nn.Dense(config.width)(y))
        return nn.Dense(N_OUTPUTS)(nn.LayerNorm()(x))
