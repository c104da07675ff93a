"""Skeleton coordinates ↔ MuJoCo's qpos and qvel.

The root is a free joint: position, quaternion; linear velocity in the world, angular velocity in
the pelvis frame. The joints share order, sign and unit with the skeleton.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.skeleton.kinematics import pelvis_angles, pelvis_rotation_matrix


def quaternion_to_matrix(quaternion: Float[Array, "... 4"]) -> Float[Array, "... 3 3"]:
    """Rotation matrix of a unit quaternion (w, x, y, z)."""
    w, x, y, z = (quaternion[..., i] for i in range(4))
    rows = [
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ]  # fmt: skip
    return jnp.stack(rows, axis=-1).reshape(*quaternion.shape[:-1], 3, 3)


def _axis_quaternion(axis: int, angle: Float[Array, ...]) -> Float[Array, "... 4"]:
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


def pose_to_qpos(pose: Float[Array, "... 16"]) -> Float[Array, "... 17"]:
    """Skeleton coordinates (m, rad) to qpos."""
    quaternion = _quaternion_product(
        _quaternion_product(_axis_quaternion(2, pose[..., 5]), _axis_quaternion(0, pose[..., 4])),
        _axis_quaternion(1, pose[..., 3]),
    )
    return jnp.concatenate([pose[..., :3], quaternion, pose[..., 6:]], axis=-1)


def qpos_to_pose(qpos: Float[Array, "... 17"]) -> Float[Array, "... 16"]:
    """Qpos to skeleton coordinates; pelvis rotation in (-π, π]."""
    angles = pelvis_angles(quaternion_to_matrix(qpos[..., 3:7]))
    return jnp.concatenate([qpos[..., :3], angles, qpos[..., 7:]], axis=-1)


def _vee(matrix: Float[Array, "... 3 3"]) -> Float[Array, "... 3"]:
    return jnp.stack([matrix[..., 2, 1], matrix[..., 0, 2], matrix[..., 1, 0]], axis=-1)


def pose_velocity_to_qvel(
    pose: Float[Array, "... 16"], velocity: Float[Array, "... 16"]
) -> Float[Array, "... 16"]:
    """Rates of the skeleton coordinates (m/s, rad/s) to qvel."""

    def rotation(angles: Array) -> Array:
        return pelvis_rotation_matrix(angles[..., 0], angles[..., 1], angles[..., 2])

    matrix, rate = jax.jvp(rotation, (pose[..., 3:6],), (velocity[..., 3:6],))
    angular = _vee(jnp.swapaxes(matrix, -1, -2) @ rate)
    return jnp.concatenate([velocity[..., :3], angular, velocity[..., 6:]], axis=-1)


def qvel_to_pose_velocity(
    pose: Float[Array, "... 16"], qvel: Float[Array, "... 16"]
) -> Float[Array, "... 16"]:
    """Qvel to rates of the skeleton coordinates; singular at obliquity ±90° only."""
    tilt, obliquity = pose[..., 3], pose[..., 4]
    wx, wy, wz = qvel[..., 3], qvel[..., 4], qvel[..., 5]
    obliquity_rate = jnp.cos(tilt) * wx + jnp.sin(tilt) * wz
    rotation_rate = (-jnp.sin(tilt) * wx + jnp.cos(tilt) * wz) / jnp.cos(obliquity)
    tilt_rate = wy - jnp.sin(obliquity) * rotation_rate
    angles = jnp.stack([tilt_rate, obliquity_rate, rotation_rate], axis=-1)
    return jnp.concatenate([qvel[..., :3], angles, qvel[..., 6:]], axis=-1)
