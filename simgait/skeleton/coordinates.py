"""Coordinates of a body: what each number of a pose is called, means, and may be.

Every body has a pelvis that moves freely: its position (of mid-hip), then its three angles come
first in a pose, then the angles of the joints. The slices below hold for every body.

A body's own coordinates carry clinical (Plug-in Gait) signs on both sides, so no sign flips between
the model and a report except those of the pelvis, which one body has for two sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from simgait.skeleton.sides import SIDES, Side

Kind = Literal["position", "angle"]


@dataclass(frozen=True)
class Coordinate:
    """One number of a pose.

    Attributes:
        name: unique in the body; a position's ends with its unit.
        kind: position of the pelvis (m) or angle (rad).
        axis: it moves along or turns about x, y, z (0, 1, 2) of the segment before it.
        direction: +1 along or about that axis, -1 against it.
        positive: what a positive value is, in words.
        clinical: side -> the clinical angle of that side is this sign times the coordinate; empty
            for positions.
        opensim: its name in Rajagopal et al. 2016 (IEEE Trans Biomed Eng 63:2068-2079).
        opensim_sign: OpenSim's coordinate is this sign times ours (pelvis angles: to first order,
            see `signs`).
        side: of a limb's joint; None for what lies in the middle.
        lower, upper: what the fit allows (m, rad).
        usual: its mean over a normal gait cycle (m, rad), where keypoints are silent.
        prior_m_per_rad: how many metres of keypoint error one radian (or metre) away from `usual`
            is worth to the fit.
        shown_by: keypoints of which one must be seen for a recording to determine it; empty where
            any recording does.
    """

    name: str
    kind: Kind
    axis: int
    direction: int
    positive: str
    clinical: tuple[tuple[Side, int], ...]
    opensim: str
    opensim_sign: int
    side: Side | None = None
    lower: float = -np.inf
    upper: float = np.inf
    usual: float = 0.0
    prior_m_per_rad: float = 0.01
    shown_by: tuple[str, ...] = ()

    @property
    def unit(self) -> Literal["m", "rad"]:
        """Unit of the coordinate."""
        return "m" if self.kind == "position" else "rad"

    @property
    def unsided(self) -> str:
        """The name without its side: "hip_flexion" of "left_hip_flexion"."""
        return self.name.removeprefix(f"{self.side}_")

    def clinical_name(self, side: Side) -> str:
        """Name of the clinical angle of one side: pelvis angles are told for both."""
        return self.name if self.side else f"{side}_{self.name}"


def _position(axis: int, name: str, positive: str, opensim: str, sign: int) -> Coordinate:
    return Coordinate(name, "position", axis, 1, positive, (), opensim, sign, prior_m_per_rad=0.1)


def _both(left: int, right: int) -> tuple[tuple[Side, int], ...]:
    return tuple(zip(SIDES, (left, right), strict=True))


PELVIS_COORDINATES: tuple[Coordinate, ...] = (
    _position(0, "pelvis_x_m", "forward", "pelvis_tx", 1),
    _position(1, "pelvis_y_m", "to the left", "pelvis_tz", -1),
    _position(2, "pelvis_z_m", "up", "pelvis_ty", 1),
    Coordinate(
        "pelvis_tilt", "angle", 1, 1, "anterior", _both(1, 1), "pelvis_tilt", -1,
        usual=float(np.deg2rad(10.0)), prior_m_per_rad=0.02, shown_by=("Pelvis", "Sternum"),
    ),
    Coordinate(
        "pelvis_obliquity", "angle", 0, 1, "left side up", _both(1, -1), "pelvis_list", 1
    ),
    Coordinate(
        "pelvis_rotation", "angle", 2, 1, "turned to the left (right side forward)", _both(-1, 1),
        "pelvis_rotation", 1,
    ),
)  # fmt: skip
"""Mid-hip and the pelvis angles of every body, which turn as `rotations.pelvis_turns` says."""

_N_POSITIONS = sum(coordinate.kind == "position" for coordinate in PELVIS_COORDINATES)

POSITION = slice(0, _N_POSITIONS)
"""Mid-hip in a pose: x, y, z (m)."""
HORIZONTAL = slice(0, 2)
"""Mid-hip on the floor plane: x, y (m)."""
HEIGHT = 2
"""Height of mid-hip (m)."""
PELVIS_ANGLES = slice(_N_POSITIONS, len(PELVIS_COORDINATES))
"""Tilt, obliquity and rotation (rad)."""
ANGLES = slice(_N_POSITIONS, None)
"""All angles (rad): the pelvis's, then the joints'."""
JOINTS = slice(len(PELVIS_COORDINATES), None)
"""The joints' angles (rad)."""
