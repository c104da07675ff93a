"""DensePose's 24 parts of a body's surface, with a chart on each: which part, and where on it.

The parts are numbered as by Güler, Neverova and Kokkinos (2018), "DensePose". Their charts are of
SMPL's mesh, which may not be shipped; these are charts of our own on MakeHuman's. V goes along a
part: trunk and head upward, limbs and hands from the trunk outward, feet from heel to toes. U goes
across it: from the person's right to the left, of arms and hands from back to front, of the head's
halves from the face to the back. Each runs from 0 to 1 over the part at rest.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from simgait.synthetic.people.person import Person
from simgait.synthetic.people.segments import SEGMENTS, SPINE
from simgait.synthetic.people.shapes import Mesh

TORSO_BACK, TORSO_FRONT, HAND, FOOT, HEAD = 1, 2, {"R": 3, "L": 4}, {"L": 5, "R": 6}, 23
LIMBS = {
    "thigh": {"R": (7, 9), "L": (8, 10)}, "shank": {"R": (11, 13), "L": (12, 14)},
    "upper_arm": {"L": (15, 17), "R": (16, 18)}, "forearm": {"L": (19, 21), "R": (20, 22)},
}  # fmt: skip
"""Two halves of each limb: of legs behind and in front, of arms inside (towards the trunk) and
outside. DensePose's list says only that they are pairs; its pictures show them so. The head's
are right (23) and left (24)."""
N_PARTS = 24
_ENDS = {
    "thigh": ("hip", "knee"), "shank": ("knee", "ankle"), "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
}  # fmt: skip
_TORSO = ("pelvis", *SPINE, "neck")


def parts_of_faces(person: Person) -> Int[np.ndarray, " F"]:
    """The part, 1 to 24, of each of F triangles."""
    mesh = person.mesh
    of_segment = mesh.weights[mesh.faces].sum(axis=1).argmax(axis=1)
    middle = person.vertices[mesh.faces].mean(axis=1)
    parts = np.zeros(len(middle), int)
    for i, name in enumerate(SEGMENTS):
        mine = of_segment == i
        segment, _, side = name.partition(".")
        at = middle[mine]
        if segment in LIMBS:
            first, second = LIMBS[segment][side]
            across = _across(person, segment, side, at)
            # Legs: behind comes first. Arms: inside does, towards which `across` counts.
            is_second = across > 0.0 if segment in ("thigh", "shank") else across <= 0.0
            parts[mine] = np.where(is_second, second, first)
        elif segment == "head":
            parts[mine] = np.where(at[:, 1] < 0.0, HEAD, HEAD + 1)
        elif segment == "hand":
            parts[mine] = HAND[side]
        elif segment in ("foot", "toes"):
            parts[mine] = FOOT[side]
        else:
            parts[mine] = np.where(at[:, 0] > _mid_depth(person), TORSO_FRONT, TORSO_BACK)
    return parts


def charts(person: Person) -> Float[np.ndarray, "F 3 3"]:
    """Part, U and V (0 to 1) of the three corners of each triangle."""
    parts, corners = parts_of_faces(person), person.vertices[person.mesh.faces]
    out = np.empty((len(parts), 3, 3))
    out[..., 0] = parts[:, None]
    for part in range(1, N_PARTS + 1):
        mine = parts == part
        if mine.any():
            u, v = _directions(person, part)
            for column, along in ((1, u), (2, v)):
                places = corners[mine] @ along
                low, high = places.min(), places.max()
                out[mine, :, column] = (places - low) / max(high - low, 1e-9)
    return out


def limb_of(part: int) -> tuple[str, str] | None:
    """Segment and side ("L", "R") of a part of a limb; None of all others."""
    for segment, sides in LIMBS.items():
        for side, pair in sides.items():
            if part in pair:
                return segment, side
    return None


def _directions(
    person: Person, part: int
) -> tuple[Float[np.ndarray, " 3"], Float[np.ndarray, " 3"]]:
    """Along which U and V of a part grow, at rest."""
    left, up, ahead = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0]), np.array([1.0, 0, 0])
    limb = limb_of(part)
    if limb is not None:
        segment, side = limb
        along = _bone(person, segment, side)
        return (left if segment in ("thigh", "shank") else ahead), along
    for side in "LR":
        if part == HAND[side]:
            return ahead, _bone(person, "forearm", side)
    if part in FOOT.values():
        return left, ahead
    if part >= HEAD:
        # Each half from the face to the back.
        return -ahead, up
    return left, up


def _bone(person: Person, segment: str, side: str) -> Float[np.ndarray, " 3"]:
    """Unit vector from the upper to the lower joint of a limb's segment, at rest."""
    upper, lower = (person.joints[f"{joint}.{side}"] for joint in _ENDS[segment])
    return np.asarray((lower - upper) / np.linalg.norm(lower - upper))


def _across(
    person: Person, segment: str, side: str, at: Float[np.ndarray, "n 3"]
) -> Float[np.ndarray, " n"]:
    """How far places lie in front of a leg's bone, or inward of an arm's."""
    bone = _bone(person, segment, side)
    upper = person.joints[f"{_ENDS[segment][0]}.{side}"]
    if segment in ("thigh", "shank"):
        towards = np.array([1.0, 0.0, 0.0])
    else:
        # Down and inward of an arm that is held out; square to it in any case.
        towards = np.array([0.0, -1.0 if side == "L" else 1.0, -1.0])
    towards = towards - (towards @ bone) * bone
    return np.asarray((at - upper) @ towards)


def _mid_depth(person: Person) -> float:
    """How far ahead the trunk's middle between front and back is."""
    mesh: Mesh = person.mesh
    trunk = mesh.weights[:, [SEGMENTS.index(name) for name in _TORSO]].sum(axis=1) > 0.5
    depth = person.vertices[trunk, 0]
    return 0.5 * float(depth.min() + depth.max())
