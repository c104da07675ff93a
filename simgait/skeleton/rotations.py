"""Rotations of segments: the one place that knows about sines and cosines.

A segment's attitude is kept as the directions of its axes (x forward, y left, z up) in the world.
Pelvis angles are rotation, then obliquity, then tilt (Baker 2001, J Biomech 34:235-241):
R = Rz(rotation) Rx(obliquity) Ry(tilt).

Works on numpy (float64 stays float64) and on jax.numpy alike.
"""

from __future__ import annotations

from typing import Any

from jaxtyping import Float

# x, y, z of a segment in the world: arrays (..., 3).
Axes = tuple[Any, Any, Any]


def turned(axes: Axes, about: int, angle: Float[Any, "*N"]) -> Axes:
    """The axes after a right-handed turn by `angle` (rad) about their own x, y or z (0, 1, 2)."""
    xp = angle.__array_namespace__()
    cosine, sine = xp.cos(angle)[..., None], xp.sin(angle)[..., None]
    second, third = (about + 1) % 3, (about + 2) % 3
    result = list(axes)
    result[second] = cosine * axes[second] + sine * axes[third]
    result[third] = cosine * axes[third] - sine * axes[second]
    return result[0], result[1], result[2]


def pelvis_turns(
    tilt: Float[Any, "*N"], obliquity: Float[Any, "*N"], rotation: Float[Any, "*N"]
) -> tuple[Axes, Axes]:
    """The pelvis's axes in the world, and the directions about which its three angles turn it.

    Returns:
        Columns of Rz(rotation) Rx(obliquity) Ry(tilt); unit vectors (..., 3) of tilt, obliquity,
        rotation.
    """
    xp = rotation.__array_namespace__()
    x, y, z = (xp.broadcast_to(row, (*rotation.shape, 3)) for row in xp.eye(3, dtype=tilt.dtype))
    rotated = turned((x, y, z), 2, rotation)
    tipped = turned(rotated, 0, obliquity)
    return turned(tipped, 1, tilt), (tipped[1], rotated[0], z)


def pelvis_rotation_matrix(
    tilt: Float[Any, "*N"], obliquity: Float[Any, "*N"], rotation: Float[Any, "*N"]
) -> Float[Any, "*N 3 3"]:
    """Pelvis to world: Rz(rotation) Rx(obliquity) Ry(tilt)."""
    xp = rotation.__array_namespace__()
    return xp.stack(pelvis_turns(tilt, obliquity, rotation)[0], axis=-1)


def pelvis_angles(matrix: Float[Any, "*N 3 3"]) -> Float[Any, "*N 3"]:
    """Tilt, obliquity, rotation (rad) of a pelvis matrix; undoes `pelvis_rotation_matrix`."""
    xp = matrix.__array_namespace__()
    obliquity = xp.arcsin(xp.clip(matrix[..., 2, 1], -1.0, 1.0))
    tilt = xp.arctan2(-matrix[..., 2, 0], matrix[..., 2, 2])
    rotation = xp.arctan2(-matrix[..., 0, 1], matrix[..., 1, 1])
    return xp.stack([tilt, obliquity, rotation], axis=-1)
