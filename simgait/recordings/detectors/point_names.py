"""Names of single points in common spellings, and what they are called here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES

_JOINT_SPELLINGS: dict[str, str] = {
    spelling: joint
    for joint, spellings in {
        "Heel": "heel hee calcaneus calc",
        "Big Toe": "bigtoe btoe toe greattoe hallux toetip footindex",
        "Foot": "foot foo forefoot midfoot",
        "Ankle": "ankle ank anklejoint ajc anklejointcentre anklejointcenter",
        "Knee": "knee kne kneejoint kjc kneejointcentre kneejointcenter",
        "Hip": "hip hipjoint hjc hipjointcentre hipjointcenter",
        "Elbow": "elbow elb",
        "Shoulder": "shoulder sho",
        "Wrist": "wrist wri",
        "Hand": "hand han",
    }.items()
    for spelling in spellings.split()
}
_MIDLINE_SPELLINGS = {"head": "Head", "pelvis": "Pelvis", "pelv": "Pelvis", "sternum": "Sternum",
                      "thor": "Sternum"}  # fmt: skip


LONGEST_NAME = 100
"""Characters; what is longer is no point's name, and would take long to look at."""


def canonical_name(name: str) -> str | None:
    """Our name for a point's name in common spellings ("LAnkle", "left_ankle", "l_ank", ...).

    None for a point that is none of the 23.
    """
    text = str(name).strip()
    if text in KEYPOINT_INDEX or len(text) > LONGEST_NAME:
        return text if text in KEYPOINT_INDEX else None
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    if plain in _MIDLINE_SPELLINGS:
        return _MIDLINE_SPELLINGS[plain]
    suffix = re.fullmatch(r"(.+?)[^A-Za-z0-9]+([LR]|left|right)", text, re.IGNORECASE)
    if suffix:
        plain = suffix[2].lower()[0] + re.sub(r"[^a-z0-9]", "", suffix[1].lower())
    elif plain.endswith(("left", "right")) and not plain.startswith(("left", "right")):
        word = "left" if plain.endswith("left") else "right"
        plain = word[0] + plain[: -len(word)]
    for prefix, side in (("left", "Left"), ("right", "Right"), ("l", "Left"), ("r", "Right")):
        if plain.startswith(prefix) and plain[len(prefix) :] in _JOINT_SPELLINGS:
            return f"{side} {_JOINT_SPELLINGS[plain[len(prefix) :]]}"
    return None


def sided(name: str) -> str:
    """One of our names with its side as a letter in front: "LKnee" of "Left Knee"."""
    return name.replace("Left ", "L").replace("Right ", "R")


def columns_by_name(
    names: Sequence[str], width: int, where: str
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Our keypoint name -> column, in our order, of points named one by one; and notes.

    Raises:
        InputError: there are more or fewer names than columns, or one occurs twice.
    """
    if len(names) != width:
        raise InputError(
            f"{where}: {len(names)} keypoint names are given for {width} keypoints per frame; "
            "give one name for each."
        )
    found: dict[str, int] = {}
    unknown: list[str] = []
    for i, name in enumerate(names):
        ours = canonical_name(name)
        if ours is None:
            unknown.append(str(name))
        elif ours in found:
            raise InputError(
                f"{where}: the keypoint {ours!r} is named twice ({str(names[found[ours]])!r} and "
                f"{str(name)!r}); rename or remove one."
            )
        else:
            found[ours] = i
    duplicates = sorted({u for u in unknown if unknown.count(u) > 1})
    if duplicates:
        raise InputError(
            f"{where}: the keypoint name {duplicates[0]!r} occurs twice; rename or remove one."
        )
    notes = (f"keypoints not used: {', '.join(unknown)}.",) if unknown else ()
    return {name: found[name] for name in KEYPOINT_NAMES if name in found}, notes
