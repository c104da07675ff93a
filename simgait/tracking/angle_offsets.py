"""Learned offsets of the sagittal joint angles (Smyrnakis, Karakostas & Cotton 2024).

The simulated joints and whoever measured the truth need not agree on where an angle is zero. One
constant per sagittal angle, the same on both sides, is learned beside the policy; the paper's
rewards then compare the body's angles less the offset. What is reported is the body's own angles.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.skeleton.sides import SIDES
from simgait.skeleton.skeleton import Skeleton

SAGITTAL = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
"""The angles that the paper compares."""
OFFSET_NAMES = tuple(f"offset_{name}_deg" for name in SAGITTAL)
"""As a training's log calls their offsets."""
OFFSET = "angle_offset_rad"
"""Name of the offsets among a policy's parameters."""
SAGITTAL_ERROR = "sagittal_error_rad"
"""Name, in an environment's state, of what the offsets are learned from."""


def no_offset() -> Float[Array, " 3"]:
    """Offsets (rad) of an untrained policy."""
    return jnp.zeros(len(SAGITTAL))


def sagittal_error(
    pose: Float[Array, " D"], target: Float[Array, " D"], skeleton: Skeleton
) -> Float[Array, "2 3"]:
    """The body's sagittal angles less the target's (rad), sides by angles in `SAGITTAL`'s order."""
    names = [f"{side}_{name}" for side in SIDES for name in SAGITTAL]
    columns = jnp.array(skeleton.columns(names))
    return (pose[columns] - target[columns]).reshape(len(SIDES), len(SAGITTAL))


def offset_loss(offset: Float[Array, " 3"], error: Float[Array, "*N 2 3"]) -> Float[Array, ""]:
    """Mean squared error (rad²) that offsets leave: its gradient is that of the paper's reward."""
    return jnp.mean(jnp.sum(jnp.square(error - offset), axis=(-1, -2)))


def offsets_deg(params: Any) -> dict[str, Array]:
    """Learned offsets (degrees) by the names of a training's log; empty where none are learned."""
    if OFFSET not in params:
        return {}
    return dict(zip(OFFSET_NAMES, jnp.rad2deg(params[OFFSET]), strict=True))
