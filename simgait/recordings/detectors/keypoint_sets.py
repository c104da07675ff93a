"""Keypoint sets by name and how their points map to simgait's 23.

A set's own point is used only where it means the same place as ours. Left out on purpose: mid-hip
points called pelvis or hip (our Pelvis lies between ASIS and PSIS, a hand's breadth higher), neck
and thorax (our Sternum lies lower, inside the chest), head tops and noses, small toes.

Sources of the orders: MOVI-87, H36M-17 and MPI-INF-3DHP-17 as MeTRAbs gives them (isarandi/metrabs,
isarandi/posepile; H36M-17 starts with the pelvis, as in VideoPose3D); COCO-17 (cocodataset.org);
Halpe-26 (Fang et al. 2022, AlphaPose).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES, LEFT_RIGHT_JOINTS


@dataclass(frozen=True)
class KeypointSet:
    """A detector's keypoints: how many there are, and at which index those that we know lie."""

    name: str
    width: int
    index: dict[str, int]


def _set(name: str, points: str) -> KeypointSet:
    """From short names in order; '-' is a point that we do not use, 'lhip' our 'Left Hip'."""
    words = points.split()
    short = {
        "hee": "Heel", "toe": "Big Toe", "foo": "Foot", "ank": "Ankle", "kne": "Knee", "hip": "Hip",
        "elb": "Elbow", "sho": "Shoulder", "wri": "Wrist", "han": "Hand",
    }  # fmt: skip
    sides = {"l": "Left", "r": "Right"}
    index = {
        ("Head" if word == "head" else f"{sides[word[0]]} {short[word[1:]]}"): i
        for i, word in enumerate(words)
        if word != "-"
    }
    return KeypointSet(name, len(words), index)


def _movi_87() -> KeypointSet:
    index = {"Head": 67, "Pelvis": 69, "Sternum": 70}
    for side, heel, toe, first in (("Left", 21, 23, 71), ("Right", 52, 54, 79)):
        index |= {f"{side} Heel": heel, f"{side} Big Toe": toe}
        joints = ("Ankle", "Elbow", "Hip", "Hand", "Knee", "Shoulder", "Wrist", "Foot")
        index |= {f"{side} {joint}": first + i for i, joint in enumerate(joints)}
    return KeypointSet("movi-87", 87, index)


KEYPOINT_SETS: dict[str, KeypointSet] = {
    s.name: s
    for s in (
        _movi_87(),
        KeypointSet("movi-23", 23, dict(KEYPOINT_INDEX)),
        _set(
            "h36m-17",
            "- rhip rkne rank lhip lkne lank - - - - lsho lelb lwri rsho relb rwri",
        ),
        _set(
            "mpi-inf-3dhp-17",
            "- - rsho relb rwri lsho lelb lwri rhip rkne rank lhip lkne lank - - head",
        ),
        _set(
            "coco-17",
            "- - - - - lsho rsho lelb relb lwri rwri lhip rhip lkne rkne lank rank",
        ),
        _set(
            "halpe-26",
            "- - - - - lsho rsho lelb relb lwri rwri lhip rhip lkne rkne lank rank - - - "
            "ltoe rtoe - - lhee rhee",
        ),
    )
}
"""By name."""

_WIDTH_ALONE = {87: "movi-87", 23: "movi-23"}

_JOINT_SPELLINGS: dict[str, str] = {
    spelling: joint
    for joint, spellings in {
        "Heel": "heel hee calcaneus calc",
        "Big Toe": "bigtoe btoe toe greattoe hallux toetip footindex",
        "Foot": "foot foo forefoot midfoot",
        "Ankle": "ankle ank anklejoint",
        "Knee": "knee kne kneejoint",
        "Hip": "hip hipjoint",
        "Elbow": "elbow elb",
        "Shoulder": "shoulder sho",
        "Wrist": "wrist wri",
        "Hand": "hand han",
    }.items()
    for spelling in spellings.split()
}
_MIDLINE_SPELLINGS = {"head": "Head", "pelvis": "Pelvis", "pelv": "Pelvis", "sternum": "Sternum",
                      "thor": "Sternum"}  # fmt: skip


def canonical_name(name: str) -> str | None:
    """Our name for a point's name in common spellings ("LAnkle", "left_ankle", "l_ank", ...).

    None for a point that is none of the 23.
    """
    text = str(name).strip()
    if text in KEYPOINT_INDEX:
        return text
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


def keypoint_columns(
    width: int,
    where: str,
    *,
    names: Sequence[str] | None = None,
    keypoint_set: str | None = None,
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Our keypoint name -> column of an array `width` points wide, in our order, and notes.

    Chosen by the name list, else by the set's name, else by a width that only one set has.

    Raises:
        InputError: unknown set, a width that does not fit or is ambiguous, names that occur twice.
    """
    if names is not None:
        return _columns_by_name(width, where, names)
    if keypoint_set is None:
        if width not in _WIDTH_ALONE:
            raise InputError(
                f"{where}: {width} keypoints per frame do not say which keypoint set this is; name "
                f"it (one of {', '.join(KEYPOINT_SETS)}) or give a list of {width} names."
            )
        keypoint_set = _WIDTH_ALONE[width]
    key = re.sub(r"[_\s+]+", "-", keypoint_set.strip().lower()).replace("bml-", "")
    if key not in KEYPOINT_SETS:
        raise InputError(
            f"{where}: the keypoint set {keypoint_set!r} is not known; use one of "
            f"{', '.join(KEYPOINT_SETS)} or give a list of names."
        )
    chosen = KEYPOINT_SETS[key]
    if chosen.width != width:
        raise InputError(
            f"{where}: the array has {width} keypoints per frame but {chosen.name} has "
            f"{chosen.width}; name the right set or give a list of {width} names."
        )
    return {name: chosen.index[name] for name in KEYPOINT_NAMES if name in chosen.index}, ()


def _columns_by_name(
    width: int, where: str, names: Sequence[str]
) -> tuple[dict[str, int], tuple[str, ...]]:
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


assert set(LEFT_RIGHT_JOINTS) == set(_JOINT_SPELLINGS.values())
