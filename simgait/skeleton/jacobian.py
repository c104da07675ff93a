"""How points of the body move with its coordinates: the geometric Jacobian of the skeleton.

A point downstream of a hinge moves along axis × lever (Siciliano et al. 2009, Robotics: Modelling,
Planning and Control, section 3.1). One pass over the skeleton gives all columns, where automatic
differentiation needs a pass for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import forward_kinematics

# Joint centres by how many of a leg's five angles (three of the hip, knee, ankle) move them; a
# point of the foot is moved by all five.
_ANGLES_ABOVE = {"Hip": 0, "Knee": 3, "Ankle": 4}


def _moved(names: Sequence[str]) -> np.ndarray:
    """(N, 13): 1 where a point lies downstream of an angle."""
    moved = np.zeros((len(names), 13))
    moved[:, :3] = 1.0
    for row, name in enumerate(names):
        side, _, part = name.partition(" ")
        if side in ("Left", "Right"):
            first = 3 if side == "Left" else 8
            moved[row, first : first + _ANGLES_ABOVE.get(part, 5)] = 1.0
    return moved


def points_and_jacobian(
    pose: Float[Array, " 16"], dims: Dimensions, names: Sequence[str]
) -> tuple[Float[Array, "N 3"], Float[Array, "N 3 16"]]:
    """Points of the body (m) and their derivative by the coordinates (m/m, m/rad).

    Args:
        pose: skeleton coordinates.
        dims: the person's.
        names: keys of `skeleton.forward_kinematics`.
    """
    points = forward_kinematics(pose, dims)
    tilt, obliquity, rotation = pose[3], pose[4], pose[5]
    up = jnp.array([0.0, 0.0, 1.0])
    turned = jnp.stack([jnp.cos(rotation), jnp.sin(rotation), jnp.zeros(())])
    # Columns of Rz(rotation) Rx(obliquity): the axes before tilt, which turns about the second.
    leftward = jnp.cross(up, turned)
    second = jnp.cos(obliquity) * leftward + jnp.sin(obliquity) * up
    third = jnp.cross(turned, second)
    forward = jnp.cos(tilt) * turned - jnp.sin(tilt) * third
    upward = jnp.cross(forward, second)
    axes, pivots = [second, turned, up], [pose[:3]] * 3
    for side, sign, first in (("Left", 1.0, 6), ("Right", -1.0, 11)):
        flexion, adduction = pose[first], -sign * pose[first + 1]
        twist = -sign * pose[first + 2]
        ahead = jnp.cos(flexion) * forward + jnp.sin(flexion) * upward
        above = jnp.cross(ahead, second)
        along = jnp.cos(adduction) * above - jnp.sin(adduction) * second
        hinge = jnp.cross(along, ahead)
        # The knee's axis after the thigh has turned about its own.
        knee_axis = jnp.cos(twist) * hinge - jnp.sin(twist) * ahead
        hip, knee, ankle = (points[f"{side} {name}"] for name in ("Hip", "Knee", "Ankle"))
        axes += [-second, -sign * ahead, -sign * along, knee_axis, -knee_axis]
        pivots += [hip, hip, hip, knee, ankle]
    place = jnp.stack([points[name] for name in names])
    axis, pivot = jnp.stack(axes), jnp.stack(pivots)
    turning = jnp.cross(axis, place[:, None] - pivot) * _moved(names)[..., None]
    moving = jnp.broadcast_to(jnp.eye(3), (len(names), 3, 3))
    return place, jnp.concatenate([moving, jnp.swapaxes(turning, 1, 2)], axis=-1)
