"""Feet in the air are led to the reference's, and feet on the floor carry the pelvis to its.

Degrees of error in a leg and centimetres of error of the pelvis make centimetres at the foot, and
where a foot comes down it stays. Without this a foot came down 2.6 cm (SD, along progression; 2.4
across) from where the reference puts it, so that step length left against right was wrong by 5 cm
(SD over 84 real walks) and step width followed half of what people differ by; most of it came from
feet that drifted between the reference's contact and their own. With it they are 0.7 cm away.

Beside their motors' PD the joints of a leg therefore feel the torques of a spring (Jacobian
transpose; Siciliano et al. 2009, Robotics: Modelling, Planning and Control, section 8.6): while the
foot is in the air between it and the reference's foot, and while it bears load between the pelvis
and the reference's pelvis, against the floor (virtual model control; Pratt et al. 2001,
International Journal of Robotics Research 20:129-143). They are the joints' own torques, within
the motors' limits: nothing pulls from outside.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.skeleton.coordinates import JOINTS, POSITION
from simgait.skeleton.dimensions import GRAVITY_MPS2, Dimensions
from simgait.skeleton.jacobian import points_and_jacobian
from simgait.skeleton.skeleton import Skeleton

LARGEST_ERROR_M = 0.06
"""Beyond this a spring pulls no harder: a body that lost its way must not be torn."""
LOADED_BW = 0.05
"""A foot that bears this much stands, and is not led any more."""
CARRYING_BW = 0.3
"""Below this load of both feet together they push the pelvis less, in proportion."""


def foot_places(
    pose: Float[Array, " D"], dims: Dimensions, skeleton: Skeleton
) -> tuple[Float[Array, "2 3"], Float[Array, "2 3 D"]]:
    """Middle of the contact spheres of the left and the right foot (m), and its Jacobian."""
    place, jacobian = points_and_jacobian(pose, dims, skeleton.sphere_names, skeleton)
    n = skeleton.spheres_per_foot
    return (
        place.reshape(2, n, 3).mean(axis=1),
        jacobian.reshape(2, n, 3, -1).mean(axis=1),
    )


def guiding_torque_nm(
    pose: Float[Array, " D"],
    wanted_pelvis_m: Float[Array, " 3"],
    wanted_feet_m: Float[Array, "2 3"],
    load_n: Float[Array, " 2"],
    springs_bw_per_leg: Float[Array, " 2"],
    dims: Dimensions,
    skeleton: Skeleton,
) -> Float[Array, " J"]:
    """Torques at the joints that lead the feet in the air and, by those on the floor, the pelvis.

    Args:
        pose: of the simulated body.
        wanted_pelvis_m: where the reference has its pelvis.
        wanted_feet_m: where it has its feet, as `foot_places` says.
        load_n: vertical force on each foot.
        springs_bw_per_leg: stiffness at a foot in the air and at the pelvis, body weights per leg
            length.
        dims: the person's.
        skeleton: the body.
    """
    feet_m, jacobian = foot_places(pose, dims, skeleton)
    weight_n = dims.mass_kg * GRAVITY_MPS2
    free = 1.0 - jnp.clip(load_n / (LOADED_BW * weight_n), 0.0, 1.0)
    carrying = load_n / jnp.maximum(load_n.sum(), CARRYING_BW * weight_n)
    foot_error_m = _bounded(wanted_feet_m - feet_m)
    pelvis_error_m = _bounded(wanted_pelvis_m - pose[POSITION])
    # A foot that pushes the floor one way moves the pelvis the other way.
    force_n = (weight_n / dims.leg_m) * (
        springs_bw_per_leg[0] * free[:, None] * foot_error_m
        - springs_bw_per_leg[1] * carrying[:, None] * pelvis_error_m
    )
    return jnp.einsum("fk,fkj->j", force_n, jacobian[..., JOINTS])


def _bounded(error_m: Float[Array, "... 3"]) -> Float[Array, "... 3"]:
    return jnp.clip(error_m, -LARGEST_ERROR_M, LARGEST_ERROR_M)
