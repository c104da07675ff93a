"""The residual wrench on the pelvis: its bounds, and the spring and damper along the reference."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.body.state import (
    QPOS_POSITION,
    QPOS_QUATERNION,
    QVEL_ANGULAR,
    QVEL_LINEAR,
    pose_to_qpos,
    pose_velocity_to_qvel,
    quaternion_to_matrix,
)
from simgait.skeleton.dimensions import GRAVITY_MPS2, Dimensions
from simgait.tracking.config import ControlConfig


@dataclass(frozen=True)
class RootError:
    """Reference minus pelvis. Lengths in legs, speeds in √(g·leg), turns in rad, pelvis axes."""

    offset: Float[Array, " 3"]
    slip: Float[Array, " 3"]
    turn: Float[Array, " 3"]
    spin: Float[Array, " 3"]


def root_error(
    reference_pose: Float[Array, " D"],
    reference_velocity: Float[Array, " D"],
    qpos: Float[Array, " Q"],
    qvel: Float[Array, " D"],
    leg_m: Float[Array, ""],
) -> RootError:
    """How the pelvis stands and moves beside the reference's."""
    wanted = pose_to_qpos(reference_pose)
    wanted_rate = pose_velocity_to_qvel(reference_pose, reference_velocity)
    here = quaternion_to_matrix(qpos[QPOS_QUATERNION])
    there = quaternion_to_matrix(wanted[QPOS_QUATERNION])
    # Half the skew part of the rotation between them: the sine of its angle, along its axis.
    between = here.T @ there
    skew = between - between.T
    return RootError(
        offset=(wanted[QPOS_POSITION] - qpos[QPOS_POSITION]) / leg_m,
        slip=(wanted_rate[QVEL_LINEAR] - qvel[QVEL_LINEAR]) / jnp.sqrt(GRAVITY_MPS2 * leg_m),
        turn=0.5 * jnp.stack([skew[2, 1], skew[0, 2], skew[1, 0]]),
        spin=between @ wanted_rate[QVEL_ANGULAR] - qvel[QVEL_ANGULAR],
    )


def root_feedback(control: ControlConfig, error: RootError) -> Float[Array, " 6"]:
    """Spring and damper between pelvis and reference: force (BW), moment (BW × leg).

    Force in world axes, moment in pelvis axes, as the residual's motors act.
    """
    spring, damper, turn_spring, turn_damper = control.residual_feedback
    force = spring * error.offset + damper * error.slip
    return jnp.concatenate([force, turn_spring * error.turn + turn_damper * error.spin])


def residual_units(dims: Dimensions) -> Float[Array, " 6"]:
    """Body weight (N), and body weight × leg length (N·m), for force and moment."""
    weight = dims.mass_kg * GRAVITY_MPS2
    return jnp.concatenate([jnp.full(3, weight), jnp.full(3, weight * dims.leg_m)])


def residual_bounds(control: ControlConfig, dims: Dimensions) -> Float[Array, " 6"]:
    """Largest residual force (N) and moment (N·m) per axis."""
    share = jnp.array([control.residual_force_bw] * 3 + [control.residual_moment_bw_leg] * 3)
    # A bound of zero is no residual at all; what is priced is divided by it.
    return jnp.maximum(share, 1e-6) * residual_units(dims)
