"""One rendered person: the mesh at his size, the joints within it, and the lengths between them.

The joints define the person's `Dimensions`, so that a walker with these dimensions moves the mesh's
own joints: what the picture shows is the walker's truth, without any fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from simgait.skeleton.dimensions import Dimensions
from simgait.synthetic.people.segments import SIDES, SPINE, columns
from simgait.synthetic.people.shapes import Mesh, Shape

HIPS_INWARD = 0.85
"""MakeHuman's hips lie too far apart: of their distance from the middle. Hip joint centres are
.10 of the height apart (Winter 2009) then."""
KNEE_DEPTH = 0.45
"""Of the knee's section from back to front; MakeHuman's knees lie at its front."""
KNEE_SLICE = 0.007
"""Of the height, above and below the knee: the section."""


@dataclass(frozen=True)
class Person:
    """A mesh at rest in metres; x forward, y left, z up from the soles.

    Attributes:
        vertices: (V, 3), clothes included.
        normals: (V, 3) unit, outward.
        joints: places (3,) of joints at rest, by "hip.L" and the like, and of the spine's bones.
        heel, toe: vertices at the back and front end of each foot, left and right.
    """

    mesh: Mesh
    vertices: Float[np.ndarray, "V 3"]
    normals: Float[np.ndarray, "V 3"]
    joints: Mapping[str, Float[np.ndarray, " 3"]]
    heel: tuple[int, int]
    toe: tuple[int, int]
    height_m: float
    mass_kg: float

    @property
    def dimensions(self) -> Dimensions:
        """Lengths between the joints; the mesh is symmetric."""
        hip, knee, ankle = (self.joints[f"{name}.L"] for name in ("hip", "knee", "ankle"))
        foot = self.vertices[self.toe[0]] - self.vertices[self.heel[0]]
        return Dimensions(
            height_m=self.height_m,
            mass_kg=self.mass_kg,
            hip_width_m=2.0 * float(hip[1]),
            thigh_m=float(np.linalg.norm(hip - knee)),
            shank_m=float(np.linalg.norm(knee - ankle)),
            ankle_height_m=float(ankle[2]),
            foot_length_m=float(foot[0]),
        )


def make_person(mesh: Mesh, shape: Shape, height_m: float, cloth_m: float = 0.0) -> Person:
    """A body at a height.

    Args:
        mesh: what all bodies share.
        shape: the body.
        height_m: of the person.
        cloth_m: thickness of the clothes over trunk, thighs, shanks and upper arms.
    """
    bare = shape.vertices * height_m
    normals = vertex_normals(bare, mesh.faces)
    clothed = mesh.weights[:, columns("pelvis", *SPINE[:4], "thigh", "shank", "upper_arm")]
    thickness = cloth_m * np.clip(1.5 * clothed.sum(axis=1) - 0.4, 0.0, 1.0)
    feet = mesh.weights[:, columns("foot", "toes")].sum(axis=1) > 0.5
    ends = [np.flatnonzero(feet & (sign * bare[:, 1] > 0)) for sign in (1.0, -1.0)]
    heel = tuple(int(foot[np.argmin(bare[foot, 0] + 0.3 * bare[foot, 2])]) for foot in ends)
    toe = tuple(int(foot[np.argmax(bare[foot, 0])]) for foot in ends)
    return Person(
        mesh,
        bare + thickness[:, None] * normals,
        normals,
        _joints(mesh, bare, shape.heads * height_m, height_m),
        (heel[0], heel[1]),
        (toe[0], toe[1]),
        height_m,
        shape.mass_kg * height_m**3,
    )


def vertex_normals(
    vertices: Float[np.ndarray, "V 3"], faces: Int[np.ndarray, "F 3"]
) -> Float[np.ndarray, "V 3"]:
    """Unit normals: the mean of the triangles around a vertex, weighted by their areas."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(vertices)
    for i in range(3):
        np.add.at(total, faces[:, i], across)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def _joints(
    mesh: Mesh,
    vertices: Float[np.ndarray, "V 3"],
    heads: Float[np.ndarray, "B 3"],
    height_m: float,
) -> dict[str, Float[np.ndarray, " 3"]]:
    """Bone heads by our names; hips and knees where anatomy has them."""
    place = dict(zip(mesh.bones, heads, strict=True))
    joints = {name: place[name] for name in SPINE}
    joints |= {"neck": place["neck01"], "head": place["head"]}
    joints["eyes"] = 0.5 * (place["eye.L"] + place["eye.R"])
    for side in SIDES:
        joints[f"hip.{side}"] = place[f"upperleg01.{side}"] * [1.0, HIPS_INWARD, 1.0]
        knee = place[f"lowerleg01.{side}"]
        leg = mesh.weights[:, columns("thigh", "shank")].sum(axis=1) > 0.5
        near = np.abs(vertices[:, 2] - knee[2]) < KNEE_SLICE * height_m
        section = vertices[leg & near & (vertices[:, 1] * knee[1] > 0)]
        low, high = section.min(axis=0), section.max(axis=0)
        joints[f"knee.{side}"] = np.array([
            (1.0 - KNEE_DEPTH) * low[0] + KNEE_DEPTH * high[0], 0.5 * (low[1] + high[1]), knee[2],
        ])  # fmt: skip
        for ours, theirs in (
            ("ankle", "foot"), ("collar", "clavicle"), ("shoulder", "upperarm01"),
            ("elbow", "lowerarm01"), ("wrist", "wrist"),
        ):  # fmt: skip
            joints[f"{ours}.{side}"] = place[f"{theirs}.{side}"]
        joints[f"toes.{side}"] = 0.5 * (place[f"toe1-1.{side}"] + place[f"toe2-1.{side}"])
    return joints
