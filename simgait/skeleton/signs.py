"""The one table of signs: skeleton coordinates to clinical (Plug-in Gait) and OpenSim ones.

Clinical angles are per side. OpenSim's are those of Rajagopal et al. 2016 (IEEE Trans Biomed Eng
63:2068-2079): ground axes x forward, y up, z right; pelvis Rz(tilt) Rx(list) Ry(rotation); hip
Rz(flexion) Rx(adduction) Ry(rotation), mirrored on the left; knee flexion positive, which is the
opposite of gait2392. The two pelvis conventions turn about the same axes in opposite order, so
its three angles go through the matrix and the sign in the table is the sign for small angles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import POSE_INDEX, POSE_NAMES
from simgait.skeleton.sides import Side

# Hip joint centre in the pelvis of Rajagopal2015.osim (m): its origin is midway between the ASIS.
RAJAGOPAL_RIGHT_HIP_M = (-0.056276, -0.078490, 0.077260)


@dataclass(frozen=True)
class ClinicalSign:
    """One side's clinical angle = sign x skeleton coordinate."""

    side: Side
    name: str
    sign: int


@dataclass(frozen=True)
class CoordinateSign:
    """One skeleton coordinate in both conventions.

    Attributes:
        clinical: the Plug-in Gait angle of each side that it feeds; empty for positions.
        opensim: name of the coordinate in Rajagopal 2016.
        opensim_sign: OpenSim coordinate = sign x skeleton coordinate (pelvis angles: to first
            order, see the module's docstring).
        positive: the direction of the skeleton's own plus.
    """

    pose_name: str
    clinical: tuple[ClinicalSign, ...]
    opensim: str
    opensim_sign: int
    positive: str


def _both(name: str, left: int, right: int) -> tuple[ClinicalSign, ...]:
    return (
        ClinicalSign("left", f"left_{name}", left),
        ClinicalSign("right", f"right_{name}", right),
    )


def _leg(side: Side) -> tuple[CoordinateSign, ...]:
    rows = (
        ("hip_flexion", "hip_flexion", "flexion"),
        ("hip_adduction", "hip_adduction", "adduction"),
        ("hip_rotation", "hip_rotation", "internal rotation"),
        ("knee_flexion", "knee_angle", "flexion"),
        ("ankle_dorsiflexion", "ankle_angle", "dorsiflexion"),
    )
    return tuple(
        CoordinateSign(
            f"{side}_{name}",
            (ClinicalSign(side, f"{side}_{name}", 1),),
            f"{opensim}_{side[0]}",
            1,
            positive,
        )
        for name, opensim, positive in rows
    )


SIGNS: dict[str, CoordinateSign] = {
    row.pose_name: row
    for row in (
        CoordinateSign("pelvis_x_m", (), "pelvis_tx", 1, "forward"),
        CoordinateSign("pelvis_y_m", (), "pelvis_tz", -1, "to the left"),
        CoordinateSign("pelvis_z_m", (), "pelvis_ty", 1, "up"),
        CoordinateSign("pelvis_tilt", _both("pelvis_tilt", 1, 1), "pelvis_tilt", -1, "anterior"),
        CoordinateSign(
            "pelvis_obliquity", _both("pelvis_obliquity", 1, -1), "pelvis_list", 1, "left side up"
        ),
        CoordinateSign(
            "pelvis_rotation",
            _both("pelvis_rotation", -1, 1),
            "pelvis_rotation",
            1,
            "turned to the left (right side forward)",
        ),
        *_leg("left"),
        *_leg("right"),
    )
}
assert tuple(SIGNS) == POSE_NAMES

CLINICAL_NAMES: tuple[str, ...] = tuple(
    sign.name
    for side in ("left", "right")
    for row in SIGNS.values()
    for sign in row.clinical
    if sign.side == side
)
"""left_pelvis_tilt ... left_ankle_dorsiflexion, right_pelvis_tilt ... right_ankle_dorsiflexion."""

OPENSIM_NAMES: tuple[str, ...] = (
    "pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_ty", "pelvis_tz",
    "hip_flexion_r", "hip_adduction_r", "hip_rotation_r", "knee_angle_r", "ankle_angle_r",
    "hip_flexion_l", "hip_adduction_l", "hip_rotation_l", "knee_angle_l", "ankle_angle_l",
)  # fmt: skip
"""The order of the columns of a .mot file."""

# Rows are OpenSim's axes (forward, up, right) in heading-frame axes (forward, left, up).
HEADING_TO_OPENSIM: Float[np.ndarray, "3 3"] = np.array(
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]
)


def clinical_angles_deg(pose: Float[np.ndarray, "T 16"]) -> dict[str, Float[np.ndarray, " T"]]:
    """Plug-in Gait angles (deg) per side, keyed by `CLINICAL_NAMES`. NaN stays NaN."""
    return {
        sign.name: sign.sign * np.degrees(pose[:, POSE_INDEX[row.pose_name]])
        for side in ("left", "right")
        for row in SIGNS.values()
        for sign in row.clinical
        if sign.side == side
    }


def opensim_coordinates(
    pose: Float[np.ndarray, "T 16"], dims: Dimensions
) -> dict[str, Float[np.ndarray, " T"]]:
    """Rajagopal 2016 coordinates, keyed by `OPENSIM_NAMES`: degrees, and metres for tx, ty, tz.

    The translations are those of OpenSim's pelvis origin (midway between the ASIS), which lies
    off mid-hip by the model's own offset, scaled with the person's hip width.
    """
    pose = np.asarray(pose, float)
    pelvis = HEADING_TO_OPENSIM @ _pelvis_matrix(pose[:, 3:6]) @ HEADING_TO_OPENSIM.T
    forward, up, right = RAJAGOPAL_RIGHT_HIP_M
    scale = float(dims.hip_width_m) / (2.0 * right)
    mid_hip = scale * np.array([forward, up, 0.0])
    origin = pose[:, :3] @ HEADING_TO_OPENSIM.T - pelvis @ mid_hip
    values = {
        "pelvis_tilt": np.degrees(np.arctan2(-pelvis[:, 0, 1], pelvis[:, 1, 1])),
        "pelvis_list": np.degrees(np.arcsin(np.clip(pelvis[:, 2, 1], -1.0, 1.0))),
        "pelvis_rotation": np.degrees(np.arctan2(-pelvis[:, 2, 0], pelvis[:, 2, 2])),
        "pelvis_tx": origin[:, 0],
        "pelvis_ty": origin[:, 1],
        "pelvis_tz": origin[:, 2],
    }
    for name in POSE_NAMES[6:]:
        row = SIGNS[name]
        values[row.opensim] = row.opensim_sign * np.degrees(pose[:, POSE_INDEX[name]])
    return {name: values[name] for name in OPENSIM_NAMES}


def _pelvis_matrix(angles: Float[np.ndarray, "T 3"]) -> Float[np.ndarray, "T 3 3"]:
    # Written out in float64: skeleton's jax version is float32, and .mot wants more digits.
    (ct, co, cr), (st, so, sr) = np.cos(angles).T, np.sin(angles).T
    rows = [
        [cr * ct - sr * so * st, -sr * co, cr * st + sr * so * ct],
        [sr * ct + cr * so * st, cr * co, sr * st - cr * so * ct],
        [-co * st, so, co * ct],
    ]
    return np.moveaxis(np.array(rows), -1, 0)
