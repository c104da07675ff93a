"""The kinematic skeleton: its coordinates, its proportions and its forward kinematics.

Pure functions on arrays (numpy or jax.numpy), no physics: the synthetic walker, the fit and the
MuJoCo body all stand on this one definition. Coordinates carry clinical (Plug-in Gait) signs on
both sides, so no sign ever flips between the model and a report except as `skeleton.signs` says.

Pelvis orientation is rotation, then obliquity, then tilt (Baker 2001, J Biomech 34:235-241):
R = Rz(rotation) Rx(obliquity) Ry(tilt). Hip order is flexion, adduction, rotation, as in
Plug-in Gait (Davis et al. 1991, Hum Mov Sci 10:575-587).
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import BODY_KEYPOINTS

# numpy in, numpy out; jax in, jax out.
ArrayT = TypeVar("ArrayT", jax.Array, np.ndarray)

GRAVITY_MPS2 = 9.81

POSE_NAMES: tuple[str, ...] = (
    "pelvis_x_m", "pelvis_y_m", "pelvis_z_m",
    "pelvis_tilt", "pelvis_obliquity", "pelvis_rotation",
    "left_hip_flexion", "left_hip_adduction", "left_hip_rotation",
    "left_knee_flexion", "left_ankle_dorsiflexion",
    "right_hip_flexion", "right_hip_adduction", "right_hip_rotation",
    "right_knee_flexion", "right_ankle_dorsiflexion",
)  # fmt: skip
"""The 16 coordinates: mid-hip position (m), then angles (rad). Tilt + anterior, obliquity + left
side up, rotation + turned to the left (right side forward)."""

POSE_INDEX: dict[str, int] = {name: i for i, name in enumerate(POSE_NAMES)}
ANGLE_NAMES: tuple[str, ...] = POSE_NAMES[3:]
JOINT_NAMES: tuple[str, ...] = POSE_NAMES[6:]

# Contact spheres of each foot: name -> (forward and lateral position / foot length, radius / foot
# length). Lateral is outward. The hallux reaches further forward than the fifth metatarsal, so
# that the foot rolls off inwards as feet do.
CONTACT_SPHERES: dict[str, tuple[float, float, float]] = {
    "heel": (-0.15, 0.0, 0.09),
    "fifth_metatarsal": (0.38, 0.15, 0.07),
    "hallux": (0.55, -0.09, 0.07),
}
SPHERE_NAMES = tuple(
    f"{side} {name}_sphere" for side in ("Left", "Right") for name in CONTACT_SPHERES
)
SPHERE_RADII = np.array([radius for _, _, radius in CONTACT_SPHERES.values()] * 2)
"""Of `SPHERE_NAMES`, foot lengths."""
HEEL_BEHIND_ANKLE = 0.24  # of foot length
ADULT_LEG_M = 0.85
"""Leg for which lengths in a config are meant; they scale with the person's."""
# Keypoint sites on the foot: forward / foot length, height above the sole / ankle height.
FOOT_SITES: dict[str, tuple[float, float]] = {
    "Heel": (-0.24, 0.45),
    "Big Toe": (0.70, 0.25),
    "Foot": (0.46, 0.35),
}
# The Pelvis keypoint lies midway between the ASIS and PSIS midpoints: behind and above mid-hip
# in the Plug-in Gait pelvis frame (Harrington et al. 2007 regression run backwards), / height.
PELVIS_SITE = (-0.017, 0.049)
# Sternum keypoint above mid-hip / height (trunk length of an adult, Winter 2009, fig. 4.1).
STERNUM_SITE = (0.0, 0.235)


# Here rather than beside the class, so that what only names dimensions needs no JAX.
jax.tree_util.register_dataclass(
    Dimensions, data_fields=[field.name for field in fields(Dimensions)], meta_fields=[]
)


def mass_from_height_kg(height_m: Any) -> Any:
    """Median body mass for a height: body mass index 15.5 below 1.1 m rising to 22 at 1.7 m."""
    xp = jnp if isinstance(height_m, jax.Array) else np
    bmi = 15.5 + 6.5 * xp.clip((height_m - 1.1) / 0.6, 0.0, 1.0)
    return bmi * height_m**2


def dimensions_from_height(height_m: Any, mass_kg: Any | None = None) -> Dimensions:
    """Segment lengths as fractions of height (Drillis & Contini in Winter 2009, fig. 4.1)."""
    return Dimensions(
        height_m=height_m,
        mass_kg=mass_from_height_kg(height_m) if mass_kg is None else mass_kg,
        hip_width_m=0.100 * height_m,
        thigh_m=0.245 * height_m,
        shank_m=0.246 * height_m,
        ankle_height_m=0.039 * height_m,
        foot_length_m=0.152 * height_m,
    )


def _namespace(array: Any) -> Any:
    """jax.numpy for jax arrays, else numpy: eager numpy compiles nothing for each new shape."""
    return jnp if isinstance(array, jax.Array) else np


def _rotation(axis: int, angle: Float[ArrayT, "..."]) -> Float[ArrayT, "... 3 3"]:
    xp = _namespace(angle)
    c, s = xp.cos(angle), xp.sin(angle)
    zero, one = xp.zeros_like(c), xp.ones_like(c)
    rows = {
        0: (one, zero, zero, zero, c, -s, zero, s, c),
        1: (c, zero, s, zero, one, zero, -s, zero, c),
        2: (c, -s, zero, s, c, zero, zero, zero, one),
    }[axis]
    return xp.stack(rows, axis=-1).reshape(*angle.shape, 3, 3)


def pelvis_rotation_matrix(
    tilt: Float[ArrayT, "..."], obliquity: Float[ArrayT, "..."], rotation: Float[ArrayT, "..."]
) -> Float[ArrayT, "... 3 3"]:
    """Pelvis to world: Rz(rotation) Rx(obliquity) Ry(tilt)."""
    return _rotation(2, rotation) @ _rotation(0, obliquity) @ _rotation(1, tilt)


def pelvis_angles(matrix: Float[ArrayT, "... 3 3"]) -> Float[ArrayT, "... 3"]:
    """Tilt, obliquity, rotation of a pelvis matrix; the inverse of `pelvis_rotation_matrix`."""
    xp = _namespace(matrix)
    obliquity = xp.arcsin(xp.clip(matrix[..., 2, 1], -1.0, 1.0))
    tilt = xp.arctan2(-matrix[..., 2, 0], matrix[..., 2, 2])
    rotation = xp.arctan2(-matrix[..., 0, 1], matrix[..., 1, 1])
    return xp.stack([tilt, obliquity, rotation], axis=-1)


def forward_kinematics(
    pose: Float[ArrayT, "... 16"], dims: Dimensions
) -> dict[str, Float[ArrayT, "... 3"]]:
    """World positions (m) of joint centres, keypoint sites and contact-sphere centres.

    Keys: the names in `keypoints.BODY_KEYPOINTS`, and "Left heel_sphere", "Left hallux_sphere",
    "Left fifth_metatarsal_sphere" and the same for Right. Fields of `dims` broadcast against the
    leading axes of `pose`.
    """
    xp = _namespace(pose)

    def vector(x: Any, y: Any, z: Any) -> Any:
        parts = xp.broadcast_arrays(xp.asarray(x), xp.asarray(y), xp.asarray(z))
        return xp.stack(parts, axis=-1)

    def place(matrix: Any, local: Any) -> Any:
        return xp.einsum("...ij,...j->...i", matrix, local)

    mid_hip = pose[..., :3]
    pelvis = pelvis_rotation_matrix(pose[..., 3], pose[..., 4], pose[..., 5])
    h = dims.height_m
    points = {
        "Pelvis": mid_hip + place(pelvis, vector(PELVIS_SITE[0] * h, 0.0 * h, PELVIS_SITE[1] * h)),
        "Sternum": mid_hip
        + place(pelvis, vector(STERNUM_SITE[0] * h, 0.0 * h, STERNUM_SITE[1] * h)),
    }
    for side, sign, first in (("Left", 1.0, 6), ("Right", -1.0, 11)):
        flexion, adduction, rotation, knee_angle, ankle_angle = (
            pose[..., first + i] for i in range(5)
        )
        thigh = (
            pelvis
            @ _rotation(1, -flexion)
            @ _rotation(0, -sign * adduction)
            @ _rotation(2, -sign * rotation)
        )
        shank = thigh @ _rotation(1, knee_angle)
        foot = shank @ _rotation(1, -ankle_angle)
        hip = mid_hip + place(pelvis, vector(0.0 * h, sign * 0.5 * dims.hip_width_m, 0.0 * h))
        knee = hip + place(thigh, vector(0.0 * h, 0.0 * h, -dims.thigh_m))
        ankle = knee + place(shank, vector(0.0 * h, 0.0 * h, -dims.shank_m))
        points |= {f"{side} Hip": hip, f"{side} Knee": knee, f"{side} Ankle": ankle}
        length, ankle_height = dims.foot_length_m, dims.ankle_height_m
        for name, (forward, up) in FOOT_SITES.items():
            local = vector(forward * length, 0.0 * h, (up - 1.0) * ankle_height)
            points[f"{side} {name}"] = ankle + place(foot, local)
        for name, (forward, outward, radius) in CONTACT_SPHERES.items():
            local = vector(
                forward * length, sign * outward * length, radius * length - ankle_height
            )
            points[f"{side} {name}_sphere"] = ankle + place(foot, local)
    return points


def body_keypoints(pose: Float[ArrayT, "... 16"], dims: Dimensions) -> Float[ArrayT, "... 14 3"]:
    """World positions (m) of `keypoints.BODY_KEYPOINTS`, in that order."""
    points = forward_kinematics(pose, dims)
    return _namespace(pose).stack([points[name] for name in BODY_KEYPOINTS], axis=-2)


def sole_heights(pose: Float[ArrayT, "... 16"], dims: Dimensions) -> Float[ArrayT, "... 2 3"]:
    """Height (m) of the lowest point of each contact sphere: foot (left, right) × sphere."""
    points = forward_kinematics(pose, dims)
    feet = [
        [
            points[f"{side} {name}_sphere"][..., 2] - radius * dims.foot_length_m
            for name, (_, _, radius) in CONTACT_SPHERES.items()
        ]
        for side in ("Left", "Right")
    ]
    xp = _namespace(pose)
    return xp.stack([xp.stack(foot, axis=-1) for foot in feet], axis=-2)
