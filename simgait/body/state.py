"""Skeleton coordinates ↔ MuJoCo's qpos and qvel.

The root is a free joint: position, quaternion; linear velocity in the world, angular velocity in
the pelvis frame. The joints share order, sign and unit with the skeleton.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.skeleton.coordinates import JOINTS, PELVIS_ANGLES, POSITION
from simgait.skeleton.rotations import pelvis_angles, pelvis_rotation_matrix

# A free joint has three positions, four numbers of a quaternion, six velocities.
QPOS_POSITION, QPOS_QUATERNION, QPOS_JOINTS = slice(0, 3), slice(3, 7), slice(7, None)
QVEL_LINEAR, QVEL_ANGULAR, QVEL_JOINTS = slice(0, 3), slice(3, 6), slice(6, None)


def quaternion_to_matrix(quaternion: Float[Array, "... 4"]) -> Float[Array, "... 3 3"]:
    """Rotation matrix of a unit quaternion (w, x, y, z)."""
    w, x, y, z = (quaternion[..., i] for i in range(4))
    rows = [
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ]  # fmt: skip
    return jnp.stack(rows, axis=-1).reshape(*quaternion.shape[:-1], 3, 3)


def _axis_quaternion(axis: int, angle: Float[Array, "*N"]) -> Float[Array, "*N 4"]:
    parts = [jnp.zeros_like(angle)] * 3
    parts[axis] = jnp.sin(angle / 2)
    return jnp.stack([jnp.cos(angle / 2), *parts], axis=-1)


def _quaternion_product(a: Float[Array, "... 4"], b: Float[Array, "... 4"]) -> Array:
    aw, ax, ay, az = (a[..., i] for i in range(4))
    bw, bx, by, bz = (b[..., i] for i in range(4))
    return jnp.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        axis=-1,
    )


def pose_to_qpos(pose: Float[Array, "... D"]) -> Float[Array, "... D+1"]:
    """Skeleton coordinates (m, rad) to qpos."""
    tilt, obliquity, rotation = _pelvis(pose)
    quaternion = _quaternion_product(
        _quaternion_product(_axis_quaternion(2, rotation), _axis_quaternion(0, obliquity)),
        _axis_quaternion(1, tilt),
    )
    return jnp.concatenate([pose[..., POSITION], quaternion, pose[..., JOINTS]], axis=-1)


def _pelvis(pose: Float[Array, "... D"]) -> tuple[Array, Array, Array]:
    """Tilt, obliquity, rotation; or their rates."""
    angles = pose[..., PELVIS_ANGLES]
    return angles[..., 0], angles[..., 1], angles[..., 2]


def qpos_to_pose(qpos: Float[Array, "... Q"]) -> Float[Array, "... Q-1"]:
    """Qpos to skeleton coordinates; pelvis rotation in (-π, π]."""
    angles = pelvis_angles(quaternion_to_matrix(qpos[..., QPOS_QUATERNION]))
    return jnp.concatenate([qpos[..., QPOS_POSITION], angles, qpos[..., QPOS_JOINTS]], axis=-1)


def _vee(matrix: Float[Array, "... 3 3"]) -> Float[Array, "... 3"]:
    return jnp.stack([matrix[..., 2, 1], matrix[..., 0, 2], matrix[..., 1, 0]], axis=-1)


def pose_velocity_to_qvel(
    pose: Float[Array, "... D"], velocity: Float[Array, "... D"]
) -> Float[Array, "... D"]:
    """Rates of the skeleton coordinates (m/s, rad/s) to qvel."""
    matrix, rate = jax.jvp(pelvis_rotation_matrix, _pelvis(pose), _pelvis(velocity))
    angular = _vee(jnp.swapaxes(matrix, -1, -2) @ rate)
    return jnp.concatenate([velocity[..., POSITION], angular, velocity[..., JOINTS]], axis=-1)


def qvel_to_pose_velocity(
    pose: Float[Array, "... D"], qvel: Float[Array, "... D"]
) -> Float[Array, "... D"]:
    """Qvel to rates of the skeleton coordinates; singular at obliquity ±90° only."""
    tilt, obliquity, _ = _pelvis(pose)
    spin = qvel[..., QVEL_ANGULAR]
    wx, wy, wz = spin[..., 0], spin[..., 1], spin[..., 2]
    obliquity_rate = jnp.cos(tilt) * wx + jnp.sin(tilt) * wz
    rotation_rate = (-jnp.sin(tilt) * wx + jnp.cos(tilt) * wz) / jnp.cos(obliquity)
    tilt_rate = wy - jnp.sin(obliquity) * rotation_rate
    angles = jnp.stack([tilt_rate, obliquity_rate, rotation_rate], axis=-1)
    return jnp.concatenate([qvel[..., QVEL_LINEAR], angles, qvel[..., QVEL_JOINTS]], axis=-1)
