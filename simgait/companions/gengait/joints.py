"""Which points are tokens, which joints are judged by them, and what is withheld for a joint.

A point is where something is, a joint is what bends: the points of a leg below a joint move with
it, so that a joint is judged by its angles, and the points below it are withheld together.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from jaxtyping import Bool, Float, Int

from simgait.skeleton.keypoints import KEYPOINT_INDEX, mirrored_columns
from simgait.skeleton.mirror import vector
from simgait.skeleton.sides import SIDES, Side

LEG = ("Hip", "Knee", "Ankle", "Heel", "Big Toe")
POINTS: tuple[str, ...] = (
    *(f"{side} {name}" for side in ("Left", "Right") for name in LEG), "Pelvis", "Sternum",
)  # fmt: skip
"""Arms and head are none: in the synthetic walkers the arms follow the thighs, and would tell."""
N_POINTS = len(POINTS)
POINT_INDEX = {name: i for i, name in enumerate(POINTS)}
POINT_COLUMNS = np.array([KEYPOINT_INDEX[name] for name in POINTS])
POINT_ORDER: Int[np.ndarray, " 12"] = np.array(mirrored_columns(POINTS))
POINT_SIGN = vector().sign

ANGLES: tuple[str, ...] = (
    "pelvis_obliquity", "pelvis_rotation",
    *(
        f"{side}_{name}"
        for side in SIDES
        for name in ("thigh_flexion", "thigh_abduction", "knee_flexion", "ankle_dorsiflexion")
    ),
)  # fmt: skip
"""Of the thigh against the vertical of the heading frame: nobody's pelvis is needed for it."""
JOINTS: tuple[str, ...] = ("pelvis", *(f"{s}_{n}" for s in SIDES for n in ("hip", "knee", "ankle")))
JOINT_ANGLES: dict[str, tuple[str, ...]] = {
    "pelvis": ("pelvis_obliquity", "pelvis_rotation"),
    **{
        f"{side}_{joint}": tuple(f"{side}_{angle}" for angle in angles)
        for side in SIDES
        for joint, angles in (
            ("hip", ("thigh_flexion", "thigh_abduction")),
            ("knee", ("knee_flexion",)),
            ("ankle", ("ankle_dorsiflexion",)),
        )
    },
}
ANGLE_INDEX = {name: i for i, name in enumerate(ANGLES)}
_BELOW = {"hip": LEG[1:], "knee": LEG[2:], "ankle": LEG[3:]}


def side_of(joint: str) -> str:
    """The side of a joint, `both` of the pelvis."""
    return joint.split("_", 1)[0] if "_" in joint else "both"


def withheld_for(joints: Iterable[str]) -> Bool[np.ndarray, " 12"]:
    """Points that are withheld where these joints are wrong.

    Those that a joint moves; of the pelvis the hips and the sternum, seen from mid-hip.
    """
    hidden = np.zeros(N_POINTS, bool)
    for joint in joints:
        if joint == "pelvis":
            names = ["Left Hip", "Right Hip", "Sternum"]
        else:
            side, part = joint.split("_")
            names = [f"{side.capitalize()} {name}" for name in _BELOW[part]]
        hidden[[POINT_INDEX[name] for name in names]] = True
    return hidden


TILES: tuple[tuple[str, ...], ...] = (
    ("pelvis",),
    *((f"{side}_{part}",) for part in ("hip", "knee", "ankle") for side in SIDES),
    *(tuple(f"{side}_{part}" for side in SIDES) for part in ("hip", "knee", "ankle")),
)
"""Of the first pass: what moves with one joint, of one leg and of both (both may be wrong)."""
TILE_POINTS: Bool[np.ndarray, "10 12"] = np.stack([withheld_for(tile) for tile in TILES])


def angles_rad(points: Float[np.ndarray, "*n 12 3"]) -> Float[np.ndarray, "*n 10"]:
    """`ANGLES` of points in the heading frame, in any unit of length; NaN where one is missing.

    Sagittal angles lie in the plane of progression, clinical signs; abduction is away from the
    middle. The ankle's zero is heel and toe level under an upright shank.
    """

    def along(first: str, last: str) -> np.ndarray:
        gap = points[..., POINT_INDEX[last], :] - points[..., POINT_INDEX[first], :]
        return np.moveaxis(np.asarray(gap, float), -1, 0)

    dx, dy, dz = along("Right Hip", "Left Hip")
    found = [np.arctan2(dz, dy), np.arctan2(-dx, dy)]
    for side, outward in zip(SIDES, (1.0, -1.0), strict=True):
        name: Side = side
        own = name.capitalize()
        tx, ty, tz = along(f"{own} Hip", f"{own} Knee")
        sx, _, sz = along(f"{own} Knee", f"{own} Ankle")
        fx, _, fz = along(f"{own} Heel", f"{own} Big Toe")
        thigh, shank = np.arctan2(tx, -tz), np.arctan2(sx, -sz)
        pitch = np.arctan2(fz, fx)
        found += [thigh, np.arctan2(outward * ty, -tz), thigh - shank, pitch - shank]
    return np.stack(found, axis=-1)


def mirrored(points: Float[np.ndarray, "*n 12 3"]) -> Float[np.ndarray, "*n 12 3"]:
    """The same points in a mirror."""
    return points[..., POINT_ORDER, :] * POINT_SIGN
