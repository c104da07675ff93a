"""A walk between the person's own and what the network says: as much of each joint as is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from simgait.companions.gengait.joints import POINT_INDEX, withheld_for
from simgait.skeleton.sides import SIDES

NORMAL_BADNESS = 0.5
"""Of a normal joint on the median, by which nothing is taken from a joint: chosen among .4, .5 and
.6 on 70 validation walkers (docs/history/companions.md)."""
BONES: tuple[tuple[str, str, str], ...] = (
    ("hip", "Hip", "Knee"), ("knee", "Knee", "Ankle"), ("ankle", "Ankle", "Heel"),
    ("ankle", "Ankle", "Big Toe"),
)  # fmt: skip
"""Joint that turns a bone of a leg, and the bone's ends, from the pelvis outwards."""


class Direction(NamedTuple):
    """Of bones: forward of straight down, leftwards (rad), and length; NaN unknown."""

    forward: Float[np.ndarray, " N"]
    sideways: Float[np.ndarray, " N"]
    length: Float[np.ndarray, " N"]

    @classmethod
    def of(cls, bone: Float[np.ndarray, "N 3"]) -> Direction:
        """Of bones as vectors."""
        length = np.linalg.norm(bone, axis=-1)
        lean = np.clip(bone[:, 1] / np.maximum(length, 1e-9), -1.0, 1.0)
        return cls(np.arctan2(bone[:, 0], -bone[:, 2]), np.arcsin(lean), length)


class Turn(NamedTuple):
    """By how much a bone is turned, forward and sideways (rad)."""

    forward: Float[np.ndarray, " N"] | float = 0.0
    sideways: Float[np.ndarray, " N"] | float = 0.0


def shares_put_right(badness: Float[np.ndarray, "*W 7"]) -> Float[np.ndarray, "*W 7"]:
    """How much of what the network says each of `joints.JOINTS` takes: 0 the person, 1 all of it.

    Of a joint's squared departure from what is expected, normal people's own ways make as much as
    `NORMAL_BADNESS` squared; that part is the person, the rest is wrong (empirical Bayes: James &
    Stein 1961). A pelvis is put right where it is called wrong, and then whole: with it, what shows
    the legs' turning is lost.
    """
    known = np.nan_to_num(np.asarray(badness, float))
    shares = 1.0 - np.square(NORMAL_BADNESS / np.maximum(known, NORMAL_BADNESS))
    shares[..., 0] = known[..., 0] > 1.0
    return shares


def blended(
    person: Float[np.ndarray, "N 12 3"],
    said: Float[np.ndarray, "N 12 3"],
    shares: Mapping[str, float],
) -> Float[np.ndarray, "N 12 3"]:
    """Each joint turned by its share of the way from the person's angle to the said one.

    Thigh, shank and foot stay as long as the person's are on the median. Where a bone of the person
    is not seen, the said one is taken as it is.

    Args:
        person: as recorded.
        said: by the network.
        shares: joint -> 0 to 1, of those that are put right at all.
    """
    out, hidden = np.array(person), withheld_for(shares)
    moved = withheld_for(joint for joint in shares if joint == "pelvis")
    out[:, moved] = said[:, moved]
    for side in SIDES:
        _turn_leg(out, person, said, hidden, side, shares)
    return out


def _turn_leg(
    out: Float[np.ndarray, "N 12 3"],
    person: Float[np.ndarray, "N 12 3"],
    said: Float[np.ndarray, "N 12 3"],
    hidden: Bool[np.ndarray, " 12"],
    side: str,
    shares: Mapping[str, float],
) -> None:
    """Writes the leg's points into `out`, bone by bone."""
    whole, taken = {"": Turn()}, {"": Turn()}
    above = {"hip": "", "knee": "hip", "ankle": "knee"}
    for joint, near, far in BONES:
        a, b = (POINT_INDEX[f"{side.capitalize()} {name}"] for name in (near, far))
        whole.setdefault(joint, Turn())
        taken.setdefault(joint, Turn())
        if not hidden[b]:
            continue
        own, told = (Direction.of(points[:, b] - points[:, a]) for points in (person, said))
        there = Turn(_wrapped(told.forward - own.forward), told.sideways - own.sideways)
        share, parent = shares.get(f"{side}_{joint}", 0.0), above[joint]
        # A joint's own change is its bone's less that of the bone above it.
        here = Turn(*(
            t + share * (w - v)
            for t, w, v in zip(taken[parent], there, whole[parent], strict=True)
        ))  # fmt: skip
        seen = np.isfinite(own.length)
        # What hangs from a bone that is not seen is turned by its own joint alone.
        whole[joint], taken[joint] = (
            Turn(*(np.where(seen, angle, 0.0) for angle in turn)) for turn in (there, here)
        )
        forward = np.where(seen, own.forward + here.forward, told.forward)
        sideways = np.where(seen, own.sideways + here.sideways, told.sideways)
        length = np.median(own.length[seen]) if seen.any() else told.length[:, None]
        out[:, b] = out[:, a] + length * _unit(forward, sideways)


def _unit(
    forward: Float[np.ndarray, " N"], sideways: Float[np.ndarray, " N"]
) -> Float[np.ndarray, "N 3"]:
    level = np.cos(sideways)
    return np.stack([level * np.sin(forward), np.sin(sideways), -level * np.cos(forward)], axis=-1)


def _wrapped(angle_rad: Float[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
    return np.asarray((angle_rad + np.pi) % (2.0 * np.pi) - np.pi)
