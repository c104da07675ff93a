"""What the network sees and says, column by column, and both in a mirror."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.keypoints import KEYPOINT_NAMES, mirrored_columns
from simgait.skeleton.mirror import Layout, Mirror, vector
from simgait.skeleton.sides import Side
from simgait.types import EventKind

PHASES: tuple[tuple[Side, EventKind], ...] = (
    ("left", "initial_contact"),
    ("right", "initial_contact"),
    ("left", "foot_off"),
    ("right", "foot_off"),
)
"""The four events whose phases are predicted; the first one carries the smoother's clock."""


class Output(NamedTuple):
    """A column of what the network says; `sign` is -1 where it points sideways (to the left)."""

    name: str
    sign: int = 1

    @staticmethod
    def mirror(outputs: Sequence[Output]) -> Mirror:
        """Of columns side by side: left and right trade places, sideways changes sign."""
        order = np.array(mirrored_columns([output.name for output in outputs]))
        return Mirror(order, np.array([output.sign for output in outputs], np.float32))


_GROUPS: dict[str, tuple[Output, ...]] = {
    "phase": tuple(
        Output(f"{side}_{kind}_{part}") for side, kind in PHASES for part in ("sin", "cos")
    ),
    "velocity": (Output("pelvis_velocity_x"), Output("pelvis_velocity_y", -1)),
    "foot_velocity": (Output("left_foot_velocity_x"), Output("right_foot_velocity_x")),
    "angle": (
        Output("left_hip_flexion"), Output("left_knee_flexion"),
        Output("right_hip_flexion"), Output("right_knee_flexion"),
    ),
    "heel": (
        Output("left_heel_x"), Output("left_heel_y", -1),
        Output("right_heel_x"), Output("right_heel_y", -1),
    ),
}  # fmt: skip
_LAYOUT = Layout({name: Output.mirror(group) for name, group in _GROUPS.items()})
OUTPUTS = tuple(output.name for group in _GROUPS.values() for output in group)
N_OUTPUTS = len(OUTPUTS)
PHASE_COLUMNS = _LAYOUT["phase"]
VELOCITY_COLUMNS = _LAYOUT["velocity"]
FOOT_VELOCITY_COLUMNS = _LAYOUT["foot_velocity"]
ANGLE_COLUMNS = _LAYOUT["angle"]
HEEL_COLUMNS = _LAYOUT["heel"]
ANGLE_OUTPUTS = OUTPUTS[ANGLE_COLUMNS]

N_KEYPOINTS = len(KEYPOINT_NAMES)
N_FEATURES = 4 * N_KEYPOINTS + 1  # positions, masks, height
# Bring outputs to order one; part of the released weights.
ANGLE_SCALE_RAD = 0.3
SPEED_SCALE = 0.2  # of √(g × height); the foot swings faster
FOOT_SPEED_SCALE = 0.6
HEEL_SCALE = 0.1  # of height

KEYPOINT_ORDER = np.array(mirrored_columns(KEYPOINT_NAMES))
INPUT_SIGN = np.append(vector().sign, np.float32(1.0))  # x, y, z and the mask
OUTPUT_ORDER, OUTPUT_SIGN = _LAYOUT.mirror.order, _LAYOUT.mirror.sign


@dataclass(frozen=True)
class Unit:
    """Factors from the network's numbers to metres, m/s and radians, column by column."""

    factor: Float[np.ndarray, " 20"]

    @classmethod
    def of(cls, height_m: float) -> Unit:
        """Of one person: lengths scale with height, velocities with √(g × height)."""
        speed = np.sqrt(GRAVITY_MPS2 * height_m)
        factor = np.ones(N_OUTPUTS)
        factor[VELOCITY_COLUMNS] = SPEED_SCALE * speed
        factor[FOOT_VELOCITY_COLUMNS] = FOOT_SPEED_SCALE * speed
        factor[ANGLE_COLUMNS] = ANGLE_SCALE_RAD
        factor[HEEL_COLUMNS] = HEEL_SCALE * height_m
        return cls(factor)


def mirror_input(points: Float[np.ndarray, "... 23 4"]) -> Float[np.ndarray, "... 23 4"]:
    """The same walk in a mirror: left and right trade places, sideways changes sign."""
    return points[..., KEYPOINT_ORDER, :] * INPUT_SIGN
