"""Segments of a rendered body: which of the mesh's bones move together."""

from __future__ import annotations

from simgait.errors import InputError

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
"""From the pelvis up, by MakeHuman's names."""
SIDES = ("L", "R")
PAIRED = ("thigh", "shank", "foot", "toes", "collar", "upper_arm", "forearm", "hand")
SEGMENTS = (
    "pelvis", *SPINE, "neck", "head", *(f"{part}.{side}" for side in SIDES for part in PAIRED),
)  # fmt: skip
INDEX = {name: i for i, name in enumerate(SEGMENTS)}
_BONES = {
    "upperleg": "thigh", "lowerleg": "shank", "foot": "foot", "toe": "toes", "clavicle": "collar",
    "shoulder": "collar", "upperarm": "upper_arm", "lowerarm": "forearm", "wrist": "hand",
    "finger": "hand", "metacarpal": "hand",
}  # fmt: skip
"""First part of a bone's name, and the segment that it belongs to on its side."""


def segment_of(bone: str) -> str:
    """Name of the segment that a bone of MakeHuman's skeleton belongs to.

    Raises:
        InputError: the skeleton is another.
    """
    if bone in SPINE:
        return bone
    if bone == "root" or bone.startswith("pelvis"):
        return "pelvis"
    if bone.startswith("neck"):
        return "neck"
    if bone == "head" or bone.startswith("eye"):
        return "head"
    name, _, side = bone.partition(".")
    for start, part in _BONES.items():
        if name.startswith(start) and side in SIDES:
            return f"{part}.{side}"
    raise InputError(f"{bone}: is no bone of the default skeleton of MakeHuman.")


def columns(*parts: str) -> list[int]:
    """Places in `SEGMENTS` of parts, of both sides where there are two."""
    return [i for i, name in enumerate(SEGMENTS) if name.partition(".")[0] in parts]
