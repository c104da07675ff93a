"""Forward kinematics: where the points of a body are in a pose.

Pure functions on arrays (numpy or jax.numpy), no physics: the synthetic walker, the fit and the
MuJoCo body all stand on this one definition. Hip order is flexion, adduction, rotation, as in
Plug-in Gait (Davis et al. 1991, Hum Mov Sci 10:575-587).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jaxtyping import Float

from simgait.skeleton.coordinates import PELVIS_ANGLES, POSITION
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.lengths import Place
from simgait.skeleton.rotations import Axes, pelvis_turns, turned
from simgait.skeleton.sides import SIDES
from simgait.skeleton.skeleton import PELVIS, Skeleton


@dataclass(frozen=True)
class Frame:
    """One segment in the world.

    Attributes:
        origin: its proximal joint (..., 3), m.
        axes: its directions x, y, z.
        hinges: unit vectors (..., 3) about which its joints' angles turn it, the pelvis's own too.
    """

    origin: Any
    axes: Axes
    hinges: tuple[Any, ...]

    def place(self, at: Place, dims: Dimensions) -> Float[Any, "... 3"]:
        """World position (m) of a place in the segment."""
        world = self.origin
        for axis, length in zip(self.axes, at.components, strict=True):
            if length.terms:
                amount = length.of(dims)
                # Numbers stay numbers: only arrays of many people have an axis to add.
                world = world + (amount[..., None] if hasattr(amount, "ndim") else amount) * axis
        return world


def segment_frames(
    pose: Float[Any, "... D"], dims: Dimensions, skeleton: Skeleton = TRIMMED_HUMANOID
) -> dict[str, Frame]:
    """Each segment of the body in the world, by name.

    Fields of `dims` broadcast against the leading axes of `pose`.

    Raises:
        ValueError: the pose is one of another body.
    """
    if pose.shape[-1] != skeleton.n_coordinates:
        raise ValueError(
            f"A pose of {skeleton.name} has {skeleton.n_coordinates} coordinates, "
            f"not {pose.shape[-1]}."
        )
    pelvis_angles = pose[..., PELVIS_ANGLES]
    frames = {
        PELVIS: Frame(
            pose[..., POSITION],
            *pelvis_turns(pelvis_angles[..., 0], pelvis_angles[..., 1], pelvis_angles[..., 2]),
        )
    }
    for segment in skeleton.segments:
        if segment.parent is None:
            continue
        parent = frames[segment.parent]
        axes, hinges = parent.axes, []
        for joint in segment.joints:
            turn = joint.coordinate
            angle = turn.direction * pose[..., skeleton.pose_index[turn.name]]
            axes = turned(axes, turn.axis, angle)
            hinges.append(turn.direction * axes[turn.axis])
        frames[segment.name] = Frame(parent.place(segment.at, dims), axes, tuple(hinges))
    return frames


def points_of(
    frames: dict[str, Frame], dims: Dimensions, skeleton: Skeleton = TRIMMED_HUMANOID
) -> dict[str, Float[Any, "... 3"]]:
    """World positions (m) of keypoint sites and contact-sphere centres, by name."""
    points: dict[str, Any] = {}
    for segment in skeleton.segments:
        frame = frames[segment.name]
        points |= {site.keypoint: frame.place(site.at, dims) for site in segment.sites}
        points |= {sphere.name: frame.place(sphere.at, dims) for sphere in segment.spheres}
    return points


def forward_kinematics(
    pose: Float[Any, "... D"], dims: Dimensions, skeleton: Skeleton = TRIMMED_HUMANOID
) -> dict[str, Float[Any, "... 3"]]:
    """World positions (m) of the body's keypoints and contact-sphere centres, by name.

    Keys: `skeleton.keypoints` and `skeleton.sphere_names`. Fields of `dims` broadcast against the
    leading axes of `pose`.

    Raises:
        ValueError: the pose is one of another body.
    """
    return points_of(segment_frames(pose, dims, skeleton), dims, skeleton)


def stacked(points: dict[str, Float[Any, "... 3"]], names: Sequence[str]) -> Float[Any, "... N 3"]:
    """Some points one after the other."""
    xp = points[names[0]].__array_namespace__()
    return xp.stack([points[name] for name in names], axis=-2)


def body_keypoints(
    pose: Float[Any, "... D"], dims: Dimensions, skeleton: Skeleton = TRIMMED_HUMANOID
) -> Float[Any, "... K 3"]:
    """World positions (m) of `skeleton.keypoints`, in that order."""
    return stacked(forward_kinematics(pose, dims, skeleton), skeleton.keypoints)


def contact_points(
    pose: Float[Any, "... D"], dims: Dimensions, skeleton: Skeleton = TRIMMED_HUMANOID
) -> Float[Any, "... S 3"]:
    """World positions (m) of the centres of `skeleton.spheres`, left foot's first."""
    return stacked(forward_kinematics(pose, dims, skeleton), skeleton.sphere_names)


def sole_heights(
    pose: Float[Any, "... D"], dims: Dimensions, skeleton: Skeleton = TRIMMED_HUMANOID
) -> Float[Any, "... 2 N"]:
    """Height (m) of the lowest point of each contact sphere: foot (left, right) × its N spheres."""
    heights = contact_points(pose, dims, skeleton)[..., 2] - skeleton.sphere_radii_m(dims)
    return heights.reshape(*heights.shape[:-1], len(SIDES), skeleton.spheres_per_foot)
