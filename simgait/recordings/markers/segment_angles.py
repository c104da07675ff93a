"""Segment frames and joint angles from points, in the skeleton's conventions (numpy, vectorised).

The inverse of `skeleton.kinematics` for one person's measured points; pelvis angles come from
`skeleton.rotations.pelvis_angles`.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def unit(vector: Float[np.ndarray, "... 3"]) -> Float[np.ndarray, "... 3"]:
    """Vector of length one; NaN where the length is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(vector / np.linalg.norm(vector, axis=-1, keepdims=True))


def frame_from_axis(
    up: Float[np.ndarray, "... 3"], left: Float[np.ndarray, "... 3"]
) -> Float[np.ndarray, "... 3 3"]:
    """Columns x, y, z: z along `up` exactly, y along `left` as near as square to z allows."""
    z = unit(up)
    x = unit(np.cross(left, z))
    return np.stack([x, np.cross(z, x), z], axis=-1)


def frame_from_left(
    left: Float[np.ndarray, "... 3"], forward: Float[np.ndarray, "... 3"]
) -> Float[np.ndarray, "... 3 3"]:
    """Columns x, y, z: y along `left` exactly, x along `forward` as near as square allows."""
    y = unit(left)
    z = unit(np.cross(forward, y))
    return np.stack([np.cross(y, z), y, z], axis=-1)


def hip_angles(
    pelvis: Float[np.ndarray, "... 3 3"], thigh: Float[np.ndarray, "... 3 3"], sign: float
) -> Float[np.ndarray, "... 3"]:
    """Flexion, adduction, internal rotation (rad); `sign` +1 left, -1 right."""
    m = np.swapaxes(pelvis, -1, -2) @ thigh
    flexion = -np.arctan2(m[..., 0, 2], m[..., 2, 2])
    adduction = sign * np.arcsin(np.clip(m[..., 1, 2], -1.0, 1.0))
    rotation = -sign * np.arctan2(m[..., 1, 0], m[..., 1, 1])
    return np.stack([flexion, adduction, rotation], axis=-1)
