"""What is practised: how often episodes of each clip fail, and which clips are drawn therefore."""

from __future__ import annotations

from typing import Any, Literal

import jax.numpy as jnp
from brax.envs.base import State
from jaxtyping import Array, Float
from pydantic import BaseModel, ConfigDict, Field, model_validator

MEMORY = 10.0
"""Episodes of a clip after which one counts 1/e as much: chosen, so that a clip that was learned
is no longer drawn for it after some tens, and one unlucky fall changes little."""
UNKNOWN = 0.5
"""Failure rate of a clip that nobody has walked yet."""


class SamplingConfig(BaseModel):
    """Which clips new episodes are in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["uniform", "failure"] = Field(
        "uniform", description="every clip as often as the next, or the more often it fails"
    )
    floor: float = Field(
        0.0, ge=0, le=1, description="of failure, 0.2 say: share of episodes that is uniform still"
    )

    @model_validator(mode="after")
    def _floor_is_used(self) -> SamplingConfig:
        if self.floor and self.by != "failure":
            raise ValueError("floor needs by = 'failure'; uniform has nothing else")
        if self.by == "failure" and not self.floor:
            raise ValueError("by = 'failure' needs floor > 0, say 0.2: else clips are forgotten")
        return self


def first_rates(n_clips: int) -> Float[Array, " C"]:
    """Running failure rates before the first episode."""
    return jnp.full(n_clips, UNKNOWN, jnp.float32)


def clip_odds(
    config: SamplingConfig, rates: Float[Array, " C"] | None
) -> tuple[Float[Array, " C"], ...]:
    """Probability of each clip for a new episode: in part uniform, else by its failure rate.

    None at all where there are no rates.
    """
    if rates is None:
        return ()
    count = rates.shape[0]
    total = jnp.sum(rates)
    by_rate = jnp.where(total > 0, rates / jnp.where(total > 0, total, 1.0), 1.0 / count)
    return (config.floor / count + (1.0 - config.floor) * by_rate,)


def endings(moved: State) -> dict[str, Any]:
    """After a step: the clip of each environment, whether its episode ended, and in a failure."""
    failed = jnp.maximum(moved.metrics["fell"], moved.metrics["strayed"])
    return {"clip": moved.info["clip"], "ended": moved.done, "failed": moved.done * failed}


def practised(rates: Any, ended: dict[str, Array]) -> Any:
    """Running failure rates after some steps' endings: `endings` of each, (T, N); None stays."""
    if rates is None:
        return None
    clip = ended["clip"].ravel()
    count, failed = (
        jnp.zeros_like(rates).at[clip].add(ended[name].ravel()) for name in ("ended", "failed")
    )
    new = failed / jnp.maximum(count, 1.0)
    return rates + (1.0 - jnp.exp(-count / MEMORY)) * (new - rates)
