"""Policy and value networks, on Brax's building blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
from brax.training.acme import running_statistics
from jaxtyping import Array, Float, PRNGKeyArray

from simgait.tracking.actions import action_size, mirror_of_action
from simgait.tracking.angle_offsets import OFFSET, no_offset
from simgait.tracking.config import TrackingConfig
from simgait.tracking.observation_terms import keypoint_frames
from simgait.tracking.observations import mirror_of_observation, place_of
from simgait.tracking.policy_config import NetworkConfig

OBSERVATION_CLIP = 5.0
"""Standard deviations; OpenAI's baselines clip at 5 (HER) and 10 (PPO). Released policies were
trained with it."""


def every_second_with_both_beside(frames: Float[Array, "*B F C"]) -> Float[Array, "*B H three_C"]:
    """Frames 0, 2, 4 ..., each after the one before it and before the next; zeros beyond the ends.

    A layer on them is a convolution by three frames in steps of two. As a product of matrices it
    learned several times as fast on a CPU as XLA's convolution.
    """
    ends = [(0, 0)] * (frames.ndim - 2) + [(1, 1), (0, 0)]
    padded = jnp.pad(frames, ends)
    halved = (frames.shape[-2] + 1) // 2
    return jnp.concatenate([padded[..., i::2, :][..., :halved, :] for i in range(3)], axis=-1)


class Encoder(nn.Module):
    """Convolutions over the keypoint frames ahead; all else of an observation passes by.

    Each layer looks at three frames and halves their number, so that the layers after it get
    few numbers of many frames.
    """

    layers: tuple[int, ...]
    tracking: TrackingConfig

    @nn.compact
    def __call__(self, obs: Float[Array, "*B O"]) -> Float[Array, "*B E"]:
        """Forward pass."""
        place = place_of("keypoints", self.tracking)
        x = keypoint_frames(obs[..., place], self.tracking)
        for channels in self.layers:
            kernel = nn.initializers.orthogonal(1.4)
            x = nn.silu(nn.Dense(channels, kernel_init=kernel)(every_second_with_both_beside(x)))
        rest = (obs[..., : place.start], obs[..., place.stop :])
        return jnp.concatenate([*rest, x.reshape(*x.shape[:-2], -1)], axis=-1)


class MLP(nn.Module):
    """SiLU layers; the output layer starts near zero.

    Weights are float32. `dtype` is what hidden layers are computed in (None: as the weights); the
    output is float32 in any case, because returns differ by less than bfloat16's 8 bits tell.
    `before` is what the input goes through first.
    """

    layers: tuple[int, ...]
    outputs: int
    output_scale: float
    dtype: Any = None
    before: nn.Module | None = None

    @nn.compact
    def __call__(self, x: Float[Array, "... I"]) -> Float[Array, "... O"]:
        """Forward pass."""
        if self.before is not None:
            x = self.before(x)
        for width in self.layers:
            kernel = nn.initializers.orthogonal(1.4)
            x = nn.silu(nn.Dense(width, kernel_init=kernel, dtype=self.dtype)(x))
        kernel = nn.initializers.orthogonal(self.output_scale)
        if self.dtype is not None:
            x = x.astype(jnp.float32)
        return nn.Dense(self.outputs, kernel_init=kernel)(x)


@dataclass(frozen=True)
class Networks:
    """Pure functions of parameters: a Gaussian policy whose mean is squashed into [-1, 1].

    `mean(params, statistics, obs)`, `log_sd(params)`, `value(params, statistics, obs)`.
    """

    observation_size: int
    init: Callable[[PRNGKeyArray], Any]
    mean: Callable[[Any, Any, Array], Array]
    log_sd: Callable[[Any], Array]
    value: Callable[[Any, Any, Array], Array]


def normalise(statistics: Any, observation: Float[Array, "... O"]) -> Float[Array, "... O"]:
    """Standardised observation; clipped, so that near-constant features cannot explode."""
    return jnp.clip(
        running_statistics.normalize(observation, statistics), -OBSERVATION_CLIP, OBSERVATION_CLIP
    )


def make_networks(tracking: TrackingConfig, config: NetworkConfig) -> Networks:
    """Networks of a run in the environment that `tracking` describes.

    A symmetric policy answers a situation's mirror image with the mirror image of its action: its
    mean is half its answer to what it sees, half the mirrored answer to the mirrored sight.
    """
    n_actions = action_size(tracking)
    seen, done = mirror_of_observation(tracking), mirror_of_action(tracking)
    observation_size = len(seen.order)
    encoder = Encoder(config.encoder_layers, tracking) if config.encoder_layers else None
    policy = MLP(config.policy_layers, n_actions, 0.01, before=encoder)
    half = jnp.bfloat16 if config.value_dtype == "bfloat16" else None
    critic = MLP(config.value_layers, 1, 1.0, half, encoder)
    blank = jnp.zeros((1, observation_size))

    def init(key: PRNGKeyArray) -> dict[str, Any]:
        policy_key, value_key = jax.random.split(key)
        learned = {OFFSET: no_offset()} if tracking.reward.learned_offsets else {}
        return learned | {
            "policy": policy.init(policy_key, blank),
            "value": critic.init(value_key, blank),
            "log_sd": jnp.full(n_actions, jnp.log(config.initial_noise)),
        }

    def one_sided(params: Any, statistics: Any, obs: Array) -> Array:
        return jnp.tanh(jnp.asarray(policy.apply(params["policy"], normalise(statistics, obs))))

    def mean(params: Any, statistics: Any, obs: Array) -> Array:
        action = one_sided(params, statistics, obs)
        if not config.symmetric:
            return action
        return 0.5 * (action + done(one_sided(params, statistics, seen(obs))))

    def log_sd(params: Any) -> Array:
        return jnp.clip(params["log_sd"], -4.0, 0.0)

    def value(params: Any, statistics: Any, obs: Array) -> Array:
        return jnp.asarray(critic.apply(params["value"], normalise(statistics, obs)))[..., 0]

    return Networks(observation_size, init, mean, log_sd, value)
