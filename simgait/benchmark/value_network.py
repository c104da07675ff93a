"""Whether a value network that computes in bfloat16 pays here: its gradient steps, timed alone.

Only that can become faster by it: physics, policy and optimiser compute as before. Weights are
drawn, observations are noise: what they are does not change how long they take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, Literal

import jax
import jax.numpy as jnp

from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.timings import timings_s
from simgait.learning.config import PPOConfig
from simgait.tracking.config import TrackingConfig
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import FixedStatistics
from simgait.tracking.policy_config import NetworkConfig

Dtype = Literal["float32", "bfloat16"]
DTYPES: tuple[Dtype, ...] = ("float32", "bfloat16")
SAMPLES = PPOConfig().steps_of_iteration // PPOConfig().minibatches
"""Of a minibatch: the default recipe's and the paper's, 1024."""
RATE = "samples/s"
SIZES = {"default": NetworkConfig().value_layers, "the paper's": (1024,) * 8}
"""Name of a value network -> its hidden widths."""


def value_rows(repeats: int, tell: Callable[[str], None]) -> Iterator[Row]:
    """Samples per second through value and gradient, each network in both types, and the ratio.

    Args:
        repeats: gradient steps, the median of which counts.
        tell: gets a sentence before each.
    """
    where = jax.default_backend().upper()
    for name, layers in SIZES.items():
        tell(f"{name} value network ...")
        work = {dtype: gradient_step(layers, dtype) for dtype in DTYPES}
        taken_s: dict[Dtype, list[float]] = {dtype: [] for dtype in DTYPES}
        for _ in range(repeats):
            # In turns: a machine that is busy now and then is so for both.
            for dtype in DTYPES:
                taken_s[dtype] += timings_s(work[dtype], 1)
        rates = {dtype: SAMPLES / median(taken_s[dtype]) for dtype in DTYPES}
        for dtype, rate in rates.items():
            shown = f"{name} value network, {len(layers)} x {layers[0]}, {dtype} ({where})"
            yield Row(shown, rate, RATE, repeats)
        ratio = rates["bfloat16"] / rates["float32"]
        yield Row(f"{name} value network, bfloat16 by float32", ratio, "ratio", repeats)


def gradient_step(layers: tuple[int, ...], dtype: Dtype) -> Callable[[], None]:
    """A minibatch through the value and its gradient, compiled; each call is one.

    Args:
        layers: hidden widths.
        dtype: what they are computed in.
    """
    config = NetworkConfig(policy_layers=(8,), value_layers=layers, value_dtype=dtype)
    networks = make_networks(TrackingConfig(), config)
    key = jax.random.key(0)
    observations = jax.random.normal(key, (SAMPLES, networks.observation_size))
    params = networks.init(key)
    size = networks.observation_size
    statistics = FixedStatistics(jnp.zeros(size), jnp.ones(size))

    @jax.jit
    def gradient(params: Any) -> Any:
        def loss(params: Any) -> Any:
            return jnp.square(networks.value(params, statistics, observations) - 1.0).mean()

        return jax.grad(loss)(params)["value"]

    def work() -> None:
        jax.block_until_ready(gradient(params))

    work()
    return work
