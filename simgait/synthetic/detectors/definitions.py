"""Where a family puts the joints of a walking person: pure functions on exact points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.series.angles import unit
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.sides import SIDES
from simgait.synthetic.detectors.draws import drawn
from simgait.synthetic.detectors.family import Definitions, Offset

Points = Float[np.ndarray, "T 23 3"]
_UP = np.array([0.0, 0.0, 1.0])
_JOINTS = ("Hip", "Knee", "Ankle", "Heel", "Big Toe", "Foot")
RATIO_ROUNDS = 3
"""Moves of a bent knee along the leg change thigh and shank unevenly; three come within 1e-3."""


def column(side: str, joint: str) -> int:
    """Column of a joint of the left or right side."""
    return KEYPOINT_INDEX[f"{side.capitalize()} {joint}"]


HIPS = [column(side, "Hip") for side in SIDES]
LEG_COLUMNS = sorted(column(side, joint) for side in SIDES for joint in _JOINTS)


def walking_direction(points: Points) -> Float[np.ndarray, " 3"]:
    """Level unit vector from the first to the last mid-hip; on a treadmill, as the hips face.

    A pelvis that does not travel faces square to its hips.
    """
    hips = points[:, HIPS]
    left = np.nanmean(unit(hips[:, 0] - hips[:, 1]), axis=0)
    facing = np.cross(left, [0.0, 0.0, 1.0])
    travel = hips[-1].mean(axis=0) - hips[0].mean(axis=0)
    travel[2] = 0.0
    return np.asarray(unit(travel if np.linalg.norm(travel) > LEAST_TRAVEL_M else facing))


LEAST_TRAVEL_M = 0.3
"""About a child's step: less is sway on a treadmill, whose direction is not the walk's."""


def leg_m(points: Points) -> float:
    """Length of thigh and shank: median over time, mean of the sides."""
    return float(sum(np.mean([bone_m(points, s, *b) for s in SIDES]) for b in _BONES))


_BONES = (("Hip", "Knee"), ("Knee", "Ankle"))


def bone_m(points: Points, side: str, top: str, bottom: str) -> float:
    """Median distance between two joints of a side."""
    bone = points[:, column(side, top)] - points[:, column(side, bottom)]
    return float(np.nanmedian(np.linalg.norm(bone, axis=-1)))


@dataclass(frozen=True)
class DrawnDefinitions:
    """The definitions of one recording.

    Attributes:
        offsets_m: (side, joint) -> forward, outward, up (m).
        thigh_per_shank, hip_width_m: None leaves them as they are.
    """

    offsets_m: dict[tuple[str, str], Float[np.ndarray, " 3"]]
    thigh_per_shank: float | None
    hip_width_m: float | None
    pelvis_turns: float
    pelvis_tips: float


def draw_definitions(
    rng: np.random.Generator, of: Definitions, leg_length_m: float
) -> DrawnDefinitions:
    """The definitions of one recording, for a leg of this length."""
    offsets: dict[tuple[str, str], Float[np.ndarray, " 3"]] = {}
    for joint in _JOINTS:
        where = of.joints.get(joint, Offset())
        both = np.array([drawn(rng, d) for d in (where.forward, where.outward, where.up)])
        for side in SIDES:
            own = of.sides_apart_sd * np.clip(rng.normal(size=3), -2.5, 2.5)
            offsets[side, joint] = leg_length_m * (both + own)
    ratio, width = (
        None if d is None else drawn(rng, d) for d in (of.thigh_per_shank, of.hip_width_per_leg)
    )
    return DrawnDefinitions(
        offsets,
        ratio,
        None if width is None else width * leg_length_m,
        drawn(rng, of.pelvis_turns),
        drawn(rng, of.pelvis_tips),
    )


def redefined(points: Points, forward: Float[np.ndarray, " 3"], by: DrawnDefinitions) -> Points:
    """Exact points (m, z up) as the family defines them.

    Args:
        points: NaN where a walk does not show them.
        forward: level direction of walking.
        by: what was drawn.
    """
    moved = points.copy()
    left = unit(points[:, HIPS[0]] - points[:, HIPS[1]])
    for side, outward in zip(SIDES, (left, -left), strict=True):
        hip, knee, ankle, heel, toe, _ = (points[:, column(side, joint)] for joint in _JOINTS)
        along = {
            "Hip": np.broadcast_to(_UP, hip.shape),
            "Knee": unit(hip - ankle),
            "Ankle": unit(knee - ankle),
        }
        sole = unit(toe - heel)
        for joint in _JOINTS:
            up = along.get(joint)
            ahead = sole if up is None else unit(np.cross(left, up))
            axes = (ahead, outward, np.broadcast_to(_UP, hip.shape) if up is None else up)
            moved[:, column(side, joint)] += sum(
                amount * axis for amount, axis in zip(by.offsets_m[side, joint], axes, strict=True)
            )
    moved[:, HIPS] = _hips(moved[:, HIPS], forward, by)
    if by.thigh_per_shank is not None:
        _divide_leg(moved, by.thigh_per_shank)
    return moved


def _hips(
    hips: Float[np.ndarray, "T 2 3"], forward: Float[np.ndarray, " 3"], by: DrawnDefinitions
) -> Float[np.ndarray, "T 2 3"]:
    """Hips of a pelvis that turns and tips less, and of the family's width."""
    middle, half = hips.mean(axis=1), 0.5 * (hips[:, 0] - hips[:, 1])
    turned = (half @ forward)[:, None] * forward
    tipped = (half @ _UP)[:, None] * _UP
    half = half + (by.pelvis_turns - 1.0) * turned + (by.pelvis_tips - 1.0) * tipped
    if by.hip_width_m is not None:
        half *= 0.5 * by.hip_width_m / float(np.nanmedian(np.linalg.norm(half, axis=-1)))
    return np.stack([middle + half, middle - half], axis=1)


def _divide_leg(points: Points, thigh_per_shank: float) -> None:
    """Moves knees along their legs until thigh and shank have this ratio, in place."""
    for _ in range(RATIO_ROUNDS):
        thigh, shank = (np.mean([bone_m(points, s, *bone) for s in SIDES]) for bone in _BONES)
        down = (thigh_per_shank * shank - thigh) / (1.0 + thigh_per_shank)
        for side in SIDES:
            hip, ankle = points[:, column(side, "Hip")], points[:, column(side, "Ankle")]
            points[:, column(side, "Knee")] += down * unit(ankle - hip)
