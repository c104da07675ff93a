"""A rendered person on the legs of somebody who was measured: the mesh follows at rest.

Thighs and shanks are stretched along their bones, the hips moved apart, feet stay as they are, and
all above the hips is scaled so that the person is as tall as before. What the mesh then is, moves
as the measured person did, without feet that slide.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.synthetic.people.person import Person, vertex_normals
from simgait.synthetic.people.segments import SEGMENTS, SIDES

Moved = tuple[Float[np.ndarray, "3 3"], Float[np.ndarray, " 3"]]
"""A matrix and a shift after it."""
_LEG_JOINTS = {"hip": "thigh", "knee": "shank", "ankle": "foot", "toes": "foot"}
"""Joint -> the segment of its side that it moves with."""


def on_legs(person: Person, thigh_m: float, shank_m: float, hip_width_m: float) -> Person:
    """The person with other legs; height, feet and their height stay.

    Args:
        person: at rest.
        thigh_m: from hip to knee.
        shank_m: from knee to ankle.
        hip_width_m: between the hip joints.
    """
    maps = _maps(person, thigh_m, shank_m, hip_width_m)
    by_segment = [maps.get(name, maps["pelvis"]) for name in SEGMENTS]
    turns, shifts = (np.stack(part) for part in zip(*by_segment, strict=True))
    each = np.einsum("sij,vj->svi", turns, person.vertices) + shifts[:, None]
    vertices = np.einsum("vs,svi->vi", person.mesh.weights, each)
    joints = {}
    for name, place in person.joints.items():
        joint, _, side = name.partition(".")
        turn, shift = maps[f"{_LEG_JOINTS[joint]}.{side}" if joint in _LEG_JOINTS else "pelvis"]
        joints[name] = turn @ place + shift
    normals = vertex_normals(vertices, person.mesh.faces)
    return replace(person, vertices=vertices, normals=normals, joints=joints)


def _maps(person: Person, thigh_m: float, shank_m: float, hip_width_m: float) -> dict[str, Moved]:
    """How segments of the legs move, and by "pelvis" how all others do."""
    maps: dict[str, Moved] = {}
    outward = 0.5 * hip_width_m - float(person.joints["hip.L"][1])
    hips = []
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        hip, knee, ankle = (person.joints[f"{name}.{side}"] for name in ("hip", "knee", "ankle"))
        # Bones keep their slant, so that the whole leg moves out with the hip, less what they
        # lean as they grow.
        lean = sum(
            (length / np.linalg.norm(a - b) - 1.0) * (a - b)[1]
            for a, b, length in ((hip, knee, thigh_m), (knee, ankle, shank_m))
        )
        foot = np.array([0.0, sign * outward - lean, 0.0])
        shank, new_knee = _stretched(ankle, knee, shank_m, ankle + foot)
        thigh, new_hip = _stretched(knee, hip, thigh_m, new_knee)
        for name in ("foot", "toes"):
            maps[f"{name}.{side}"] = (np.eye(3), foot)
        maps[f"shank.{side}"], maps[f"thigh.{side}"] = shank, thigh
        hips.append((hip, new_hip))
    middle, new_middle = np.mean(hips, axis=0)
    larger = (person.height_m - new_middle[2]) / (person.height_m - middle[2])
    maps["pelvis"] = (larger * np.eye(3), new_middle - larger * middle)
    return maps


def _stretched(
    below: Float[np.ndarray, " 3"],
    above: Float[np.ndarray, " 3"],
    length_m: float,
    to: Float[np.ndarray, " 3"],
) -> tuple[Moved, Float[np.ndarray, " 3"]]:
    """A bone as long as said, its lower end moved; and where its upper end is then."""
    bone = above - below
    now_m = float(np.linalg.norm(bone))
    along = bone / now_m
    turn = np.eye(3) + (length_m / now_m - 1.0) * np.outer(along, along)
    return (turn, to - turn @ below), to + length_m * along
