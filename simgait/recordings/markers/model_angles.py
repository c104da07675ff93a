"""Joint angles that a laboratory's own Plug-in Gait model wrote beside its markers, side by side.

Each side has all its angles in a table of its own, the pelvis's too, which Plug-in Gait gives for
either side with that side's signs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from simgait.skeleton.sides import SIDES, Side

PLUG_IN_GAIT = {
    "pelvis_tilt": ("PelvisAngles", 0),
    "pelvis_obliquity": ("PelvisAngles", 1),
    "pelvis_rotation": ("PelvisAngles", 2),
    "hip_flexion": ("HipAngles", 0),
    "hip_adduction": ("HipAngles", 1),
    "hip_rotation": ("HipAngles", 2),
    "knee_flexion": ("KneeAngles", 0),
    "ankle_dorsiflexion": ("AnkleAngles", 0),
    "foot_progression": ("FootProgressAngles", 2),
}
"""Angle -> the model's output without its side's letter, and which of its components it is."""


def model_angles(
    points: Mapping[str, Float[np.ndarray, "T 3"]],
) -> dict[Side, dict[str, Float[np.ndarray, " T"]]]:
    """Side -> angle -> its course in the file's unit, of those that the file holds anything of.

    Args:
        points: label without prefix -> what the file holds of it.
    """
    found: dict[Side, dict[str, Float[np.ndarray, " T"]]] = {side: {} for side in SIDES}
    for side in SIDES:
        for name, (output, component) in PLUG_IN_GAIT.items():
            values = points.get(f"{side[0].upper()}{output}")
            if values is not None and np.isfinite(values[:, component]).any():
                found[side][name] = values[:, component]
    return found
