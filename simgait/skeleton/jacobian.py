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

from simgait.skeleton.coordinates import PELVIS_ANGLES
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import points_of, segment_frames, stacked
from simgait.skeleton.skeleton import PELVIS, Skeleton


def _moved(names: Sequence[str], skeleton: Skeleton) -> Float[np.ndarray, "N A"]:
    """1 where a point lies downstream of an angle, 0 elsewhere."""
    upstream: dict[str, set[str]] = {PELVIS: set(skeleton.pose_names[PELVIS_ANGLES])}
    carrier: dict[str, str] = {}
    for segment in skeleton.segments:
        if segment.parent is not None:
            own = {joint.coordinate.name for joint in segment.joints}
            upstream[segment.name] = upstream[segment.parent] | own
        # A point in a hinge's centre is downstream of it, but not moved by it: its lever is zero.
        carrier |= {site.keypoint: segment.name for site in segment.sites}
        carrier |= {sphere.name: segment.name for sphere in segment.spheres}
    rows = [[angle in upstream[carrier[name]] for angle in skeleton.angle_names] for name in names]
    return np.array(rows, float)


def points_and_jacobian(
    pose: Float[Array, " D"],
    dims: Dimensions,
    names: Sequence[str],
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> tuple[Float[Array, "N 3"], Float[Array, "N 3 D"]]:
    """Points of the body (m) and their derivative by the coordinates (m/m, m/rad).

    Args:
        pose: skeleton coordinates.
        dims: the person's.
        names: keys of `kinematics.forward_kinematics`.
        skeleton: the body.
    """
    frames = segment_frames(pose, dims, skeleton)
    place = stacked(points_of(frames, dims, skeleton), names)
    axes: list[Array] = []
    pivots: list[Array] = []
    for segment in skeleton.segments:
        frame = frames[segment.name]
        axes += frame.hinges
        pivots += [frame.origin] * len(frame.hinges)
    lever = place[:, None] - jnp.stack(pivots)
    turning = jnp.cross(jnp.stack(axes), lever) * _moved(names, skeleton)[..., None]
    moving = jnp.broadcast_to(jnp.eye(3), (len(names), 3, 3))
    return place, jnp.concatenate([moving, jnp.swapaxes(turning, 1, 2)], axis=-1)
