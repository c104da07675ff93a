"""A trained policy as the teacher of another one (Schmitt et al. 2018, arXiv:1803.03835).

The student pays for how far its actions are from the teacher's where it is itself, at first, and
ever less: so it may have other networks, and become better than who taught it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int
from pydantic import BaseModel, ConfigDict, Field, model_validator

from simgait.tracking.networks import make_networks
from simgait.tracking.policies import Policy

COLUMN = "teacher_kl"
"""Of a training's log: how far the student is from its teacher."""


class TeacherConfig(BaseModel):
    """A trained policy, given with --teacher, that the policy follows at first."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    weight: float = Field(
        0.0,
        ge=0,
        le=1000,
        description="in PPO's loss, at the first step, of the divergence of its actions from the "
        "teacher's, 1 say; 0: nobody is followed",
    )
    share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="of the training, over which that weight falls to 0 in a straight line",
    )

    @model_validator(mode="after")
    def _share_is_used(self) -> TeacherConfig:
        if not self.weight and self.share != type(self).model_fields["share"].default:
            raise ValueError("share needs weight > 0, say 1; at 0 nobody is followed")
        return self

    def weight_after(self, steps: Int[Array, ""], steps_in_all: int) -> Float[Array, ""]:
        """The weight after so many environment steps of a training of `steps_in_all`."""
        gone = steps.astype(jnp.float32) / (self.share * steps_in_all)
        return self.weight * jnp.maximum(1.0 - gone, 0.0)


@dataclass(frozen=True)
class Teacher:
    """What a trained policy would do: the Gaussian that it draws its actions from.

    Attributes:
        mean: of observations (N, O), as the environment gives them; (N, A).
        log_sd: logarithm of its standard deviations.
    """

    mean: Callable[[Float[Array, "N O"]], Float[Array, "N A"]]
    log_sd: Float[np.ndarray, " A"]


def teacher_of(policy: Policy) -> Teacher:
    """A policy's action network, with the statistics that the policy itself normalises by."""
    networks = make_networks(policy.config.tracking, policy.config.networks)
    # Of NumPy, so that they are bound to no device: constants of the program of every process.
    params, statistics = jax.tree.map(np.asarray, (policy.params, policy.statistics))
    log_sd = np.asarray(networks.log_sd(params))
    return Teacher(lambda seen: networks.mean(params, statistics, seen), log_sd)
