"""A body as a value: its segments, joints, keypoint sites and contact spheres, and what follows.

Nothing about a body is said twice: names, sizes, slices and the mirror image of a pose are derived
from the segments, which `skeleton.spec` reads from one file per body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.skeleton.coordinates import ANGLES, JOINTS, PELVIS_COORDINATES, Coordinate
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES, mirrored_columns
from simgait.skeleton.lengths import Length, Place
from simgait.skeleton.mirror import MOMENT, Mirror, vector
from simgait.skeleton.sides import SIDES, Side

PELVIS = "pelvis"


@dataclass(frozen=True)
class Joint:
    """A hinge: its angle is a coordinate. Strength is that of an adult of 70 kg and 1.75 m."""

    coordinate: Coordinate
    stiffness_nm_per_rad: float
    torque_limit_nm: float


@dataclass(frozen=True)
class Site:
    """Where a keypoint sits in a segment; `fit_weight` is how much the fit believes it (0..1)."""

    keypoint: str
    at: Place
    fit_weight: float


@dataclass(frozen=True)
class Sphere:
    """A contact sphere of a foot; `name` ends with "_sphere" and starts with Left or Right."""

    name: str
    at: Place
    radius: Length


@dataclass(frozen=True)
class Capsule:
    """What a segment looks like: the capsule `geom` of the XML. It weighs and touches nothing."""

    geom: str
    start: Place
    end: Place
    radius: Length


@dataclass(frozen=True)
class Inertia:
    """Mass (of the body's), centre of mass, radii of gyration about it (of the length `of`)."""

    mass: float
    com: Place
    gyration: tuple[float, float, float]
    of: str


@dataclass(frozen=True)
class Segment:
    """A rigid part of the body.

    Attributes:
        name: as the body of the XML is called ("left_thigh").
        parent: name of the segment that carries it; None for the pelvis.
        side: None in the middle of the body.
        at: its proximal joint in the parent.
        joints: hinges between parent and segment, in the order in which they turn.
        sites, spheres, capsules, inertia: what it carries.
    """

    name: str
    parent: str | None
    side: Side | None
    at: Place
    joints: tuple[Joint, ...]
    sites: tuple[Site, ...]
    spheres: tuple[Sphere, ...]
    capsules: tuple[Capsule, ...]
    inertia: Inertia


@dataclass(frozen=True)
class Skeleton:
    """A body.

    Attributes:
        name: of the body.
        xml: its MuJoCo model.
        segments: parents before their children, the pelvis first; a pose's joints in this order.
        carrying: the pelvis's inertia where it carries head, arms and trunk; None where these are
            segments of their own.
    """

    name: str
    xml: Path
    segments: tuple[Segment, ...]
    carrying: Inertia | None

    @property
    def heaviest_pelvis(self) -> Inertia:
        """Of the pelvis with all that it carries, so that the segments weigh a whole body."""
        return self.carrying or self.segment(PELVIS).inertia

    @cached_property
    def joints(self) -> tuple[Joint, ...]:
        """All hinges, in the order of a pose."""
        return tuple(joint for segment in self.segments for joint in segment.joints)

    @cached_property
    def coordinates(self) -> tuple[Coordinate, ...]:
        """What the D numbers of a pose are: pelvis position, pelvis angles, joint angles."""
        return (*PELVIS_COORDINATES, *(joint.coordinate for joint in self.joints))

    @cached_property
    def pose_names(self) -> tuple[str, ...]:
        """Names of the coordinates."""
        return tuple(coordinate.name for coordinate in self.coordinates)

    @cached_property
    def pose_index(self) -> dict[str, int]:
        """Column of each coordinate in a pose."""
        return {name: column for column, name in enumerate(self.pose_names)}

    @property
    def angle_names(self) -> tuple[str, ...]:
        """Names of the angles: a pose's columns without the position."""
        return self.pose_names[ANGLES]

    @property
    def joint_names(self) -> tuple[str, ...]:
        """Names of the joints' angles, in the order of the motors."""
        return self.pose_names[JOINTS]

    @cached_property
    def joint_kinds(self) -> tuple[str, ...]:
        """Names of the joints' angles without their sides, each once, in the spec file's order."""
        return tuple(dict.fromkeys(joint.coordinate.unsided for joint in self.joints))

    @cached_property
    def kind_of_joint(self) -> tuple[int, ...]:
        """For each joint its place among `joint_kinds`."""
        return tuple(self.joint_kinds.index(joint.coordinate.unsided) for joint in self.joints)

    @property
    def n_coordinates(self) -> int:
        """D, the length of a pose."""
        return len(self.coordinates)

    @property
    def n_joints(self) -> int:
        """Number of hinges, each with a motor."""
        return len(self.joints)

    def columns(self, names: Sequence[str]) -> list[int]:
        """Columns of some coordinates in a pose."""
        return [self.pose_index[name] for name in names]

    def told(self, pose: Float[np.ndarray, "... E"], by: Skeleton) -> Float[np.ndarray, "... D"]:
        """A pose told in the coordinates of the body `by`, in this body's; NaN where `by` has none.

        A body with more joints than the one that a recording's truth was told in knows of those
        that both have.
        """
        own = np.full((*pose.shape[:-1], self.n_coordinates), np.nan)
        for column, name in enumerate(self.pose_names):
            if name in by.pose_index:
                own[..., column] = pose[..., by.pose_index[name]]
        return own

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Keypoint sites, in the order of `keypoints.KEYPOINT_NAMES`."""
        unordered = {site.keypoint: site for segment in self.segments for site in segment.sites}
        return tuple(unordered[name] for name in KEYPOINT_NAMES if name in unordered)

    @cached_property
    def keypoints(self) -> tuple[str, ...]:
        """The keypoints that the body carries as sites (it may lack arms and head)."""
        return tuple(site.keypoint for site in self.sites)

    @cached_property
    def keypoint_columns(self) -> tuple[int, ...]:
        """Where these keypoints stand in `keypoints.KEYPOINT_NAMES`."""
        return tuple(KEYPOINT_INDEX[name] for name in self.keypoints)

    @cached_property
    def spheres(self) -> tuple[Sphere, ...]:
        """Contact spheres: as many of the left foot as of the right, left foot's first."""
        return tuple(
            sphere
            for side in SIDES
            for segment in self.segments
            if segment.side == side
            for sphere in segment.spheres
        )

    @cached_property
    def sphere_names(self) -> tuple[str, ...]:
        """Names of the contact spheres."""
        return tuple(sphere.name for sphere in self.spheres)

    @property
    def spheres_per_foot(self) -> int:
        """Contact spheres of each foot."""
        return len(self.spheres) // len(SIDES)

    def sphere_radii_m(self, dims: Dimensions) -> Float[Any, "*B S"]:
        """Radii (m) of the contact spheres along the last axis."""
        radii = [sphere.radius.of(dims) for sphere in self.spheres]
        xp = radii[0].__array_namespace__() if hasattr(radii[0], "__array_namespace__") else np
        return xp.stack(radii, axis=-1)

    @cached_property
    def mirror(self) -> Mirror:
        """The mirror image of a pose: left and right trade places.

        Sideways positions and angles that turn in the frontal or horizontal plane change sign, but
        for the limbs', which carry clinical signs on both sides.
        """
        signs = []
        for coordinate in self.coordinates:
            image = vector() if coordinate.kind == "position" else MOMENT
            signs.append(1.0 if coordinate.side else float(image.sign[coordinate.axis]))
        order = np.array(mirrored_columns(self.pose_names))
        return Mirror(order, np.array(signs, np.float32))

    def segment(self, name: str) -> Segment:
        """The segment of that name."""
        return next(segment for segment in self.segments if segment.name == name)

    def site(self, keypoint: str) -> Site:
        """The site of a keypoint."""
        return next(site for site in self.sites if site.keypoint == keypoint)
