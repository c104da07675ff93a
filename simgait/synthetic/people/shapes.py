"""Shapes of people: one mesh with a skeleton, in the sizes and builds that are shipped.

`bodies.npz` holds MakeHuman's base mesh (CC0) as `scripts/make_bodies.py` shapes and reduces it,
children to the old, thin to obese: vertices and bone heads of each body; faces, weights and bones
once. Shapes between two of them are weighted means, as MakeHuman's own are.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import csr_array

from simgait.synthetic.people.segments import SEGMENTS, segment_of

FILE = Path(__file__).with_name("bodies.npz")
HEIGHTS_M = {
    "man": (1.60, 1.95), "man_strong": (1.65, 1.95), "man_thin": (1.60, 1.92),
    "man_heavy": (1.60, 1.95), "obese": (1.55, 1.90), "tall": (1.80, 2.02),
    "woman": (1.48, 1.80), "woman_thin": (1.50, 1.80), "woman_heavy": (1.50, 1.82),
    "woman_obese": (1.48, 1.78), "old_woman": (1.42, 1.70), "old_man": (1.52, 1.82),
    "small_child": (0.85, 1.02), "child": (1.00, 1.22), "child_heavy": (1.05, 1.28),
    "child_thin": (1.08, 1.32), "older_child": (1.28, 1.50), "youth": (1.45, 1.70),
}  # fmt: skip
"""Bodies, and the heights they are scaled to. A child's proportions are no adult's."""
CHILDREN = ("small_child", "child", "child_heavy", "child_thin", "older_child")


@dataclass(frozen=True)
class Mesh:
    """What all bodies share: V vertices, F triangles, S segments, B bones.

    Attributes:
        faces: (F, 3) vertices of each triangle, anticlockwise as seen from outside.
        weights: (V, S) by which vertices follow `segments.SEGMENTS`; rows sum to 1.
        eye: (V,) 1 on the eyeballs, else 0.
        bones: names.
    """

    faces: Int[np.ndarray, "F 3"]
    weights: Float[np.ndarray, "V S"]
    eye: Float[np.ndarray, " V"]
    bones: tuple[str, ...]

    @functools.cached_property
    def follows(self) -> csr_array:
        """The weights, of which nine in ten are 0, so that a product takes one thread and no more.

        A small product on all of BLAS's threads keeps them awake: of rendering it took a third.
        """
        return csr_array(self.weights.astype(np.float32))


@dataclass(frozen=True)
class Shape:
    """One body at rest: x forward, y left, z up from the soles, 1 m tall.

    Attributes:
        vertices: (V, 3).
        heads: (B, 3) where bones begin.
        mass_kg: of this body if it were 1 m tall.
    """

    vertices: Float[np.ndarray, "V 3"]
    heads: Float[np.ndarray, "B 3"]
    mass_kg: float


@functools.cache
def load_mesh() -> Mesh:
    """The mesh that all bodies share."""
    with np.load(FILE) as file:
        bones = tuple(str(name) for name in file["bones"])
        faces, which, how_much = file["faces"], file["bone_of_weight"], file["weight"]
    n = len(which)
    by_bone = np.zeros((n, len(bones)))
    np.add.at(by_bone, (np.arange(n)[:, None], which), how_much)
    joined = np.zeros((len(bones), len(SEGMENTS)))
    for i, bone in enumerate(bones):
        joined[i, SEGMENTS.index(segment_of(bone))] = 1.0
    eye = by_bone[:, [bones.index("eye.L"), bones.index("eye.R")]].sum(axis=1)
    return Mesh(faces.astype(int), by_bone @ joined, eye, bones)


@functools.cache
def load_shapes() -> Mapping[str, Shape]:
    """The bodies that are shipped, by name."""
    with np.load(FILE) as file:
        parts = (file["names"], file["vertices"], file["heads"], file["mass_kg"])
    return {
        str(name): _at_rest(vertices, heads, float(mass_kg))
        for name, vertices, heads, mass_kg in zip(*parts, strict=True)
    }


def mixed(one: Shape, other: Shape, share: float) -> Shape:
    """A body between two: `share` (0 to 1) of the other."""
    return Shape(*(
        (1.0 - share) * getattr(one, part) + share * getattr(other, part)
        for part in ("vertices", "heads", "mass_kg")
    ))  # fmt: skip


def _at_rest(
    vertices: Float[np.ndarray, "V 3"], heads: Float[np.ndarray, "B 3"], mass_kg: float
) -> Shape:
    """From MakeHuman's axes (x to the left of the body, y backwards) to ours, 1 m tall."""
    sole, top = float(vertices[:, 2].min()), float(vertices[:, 2].max())
    height = top - sole

    def turned(points: Float[np.ndarray, "N 3"]) -> Float[np.ndarray, "N 3"]:
        ours = np.stack([-points[:, 1], points[:, 0], points[:, 2] - sole], axis=-1)
        return np.asarray(ours / height, float)

    return Shape(turned(vertices), turned(heads), mass_kg / height**3)
