"""From a body's coordinates to clinical (Plug-in Gait) angles and to OpenSim's.

The signs themselves stand with the coordinates (`coordinates.Coordinate`). Clinical angles are per
side. OpenSim's are those of Rajagopal et al. 2016 (IEEE Trans Biomed Eng 63:2068-2079): ground axes
x forward, y up, z right; pelvis Rz(tilt) Rx(list) Ry(rotation); hip Rz(flexion) Rx(adduction)
Ry(rotation), mirrored on the left; knee flexion positive, which is the opposite of gait2392. The
two pelvis conventions turn about the same axes in opposite order, so its three angles go through
the matrix and their `opensim_sign` is the sign for small angles.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.skeleton.coordinates import (
    JOINTS,
    PELVIS_ANGLES,
    PELVIS_COORDINATES,
    POSITION,
    Coordinate,
)
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.rotations import pelvis_rotation_matrix
from simgait.skeleton.sides import SIDES, Side
from simgait.skeleton.skeleton import Skeleton

# Hip joint centre in the pelvis of Rajagopal2015.osim (m): its origin is midway between the ASIS.
RAJAGOPAL_RIGHT_HIP_M = (-0.056276, -0.078490, 0.077260)

# Rows are OpenSim's axes (forward, up, right) in heading-frame axes (forward, left, up).
HEADING_TO_OPENSIM: Float[np.ndarray, "3 3"] = np.array(
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]
)


def clinical_angles(skeleton: Skeleton, side: Side) -> dict[str, tuple[int, int]]:
    """Name of each clinical angle of one side -> its column in a pose and its sign there."""
    return {
        coordinate.clinical_name(side): (column, sign)
        for column, coordinate in enumerate(skeleton.coordinates)
        for own, sign in coordinate.clinical
        if own == side
    }


def clinical_names(skeleton: Skeleton = TRIMMED_HUMANOID) -> tuple[str, ...]:
    """left_pelvis_tilt ... left_ankle_dorsiflexion, right_pelvis_tilt ... ."""
    return tuple(name for side in SIDES for name in clinical_angles(skeleton, side))


def clinical_angles_deg(
    pose: Float[np.ndarray, "T D"], skeleton: Skeleton = TRIMMED_HUMANOID
) -> dict[str, Float[np.ndarray, " T"]]:
    """Plug-in Gait angles (deg) per side, keyed by `clinical_names`. NaN stays NaN."""
    return {
        name: sign * np.degrees(pose[:, column])
        for side in SIDES
        for name, (column, sign) in clinical_angles(skeleton, side).items()
    }


def _opensim_order(skeleton: Skeleton) -> list[Coordinate]:
    """Pelvis angles, pelvis position, right joints, left joints, as OpenSim's models have them."""
    joints = skeleton.coordinates[JOINTS]
    parts: list[Coordinate] = [*PELVIS_COORDINATES[PELVIS_ANGLES]]
    parts += sorted(PELVIS_COORDINATES[POSITION], key=lambda c: c.opensim)
    for side in (None, *reversed(SIDES)):
        parts += [joint for joint in joints if joint.side == side]
    return parts


def opensim_names(skeleton: Skeleton = TRIMMED_HUMANOID) -> tuple[str, ...]:
    """Columns of a .mot file, in order: pelvis, right leg, left leg."""
    return tuple(coordinate.opensim for coordinate in _opensim_order(skeleton))


def opensim_coordinates(
    pose: Float[np.ndarray, "T D"], dims: Dimensions, skeleton: Skeleton = TRIMMED_HUMANOID
) -> dict[str, Float[np.ndarray, " T"]]:
    """Rajagopal 2016 coordinates, keyed by `opensim_names`: degrees, and metres for tx, ty, tz.

    The translations are those of OpenSim's pelvis origin (midway between the ASIS), which lies
    off mid-hip by the model's own offset, scaled with the person's hip width.
    """
    pose = np.asarray(pose, float)
    tilt, obliquity, rotation = pose[:, PELVIS_ANGLES].T
    matrix = pelvis_rotation_matrix(tilt, obliquity, rotation)
    pelvis = HEADING_TO_OPENSIM @ matrix @ HEADING_TO_OPENSIM.T
    forward, up, right = RAJAGOPAL_RIGHT_HIP_M
    scale = float(dims.hip_width_m) / (2.0 * right)
    mid_hip = scale * np.array([forward, up, 0.0])
    origin = pose[:, POSITION] @ HEADING_TO_OPENSIM.T - pelvis @ mid_hip
    values = {
        "pelvis_tilt": np.degrees(np.arctan2(-pelvis[:, 0, 1], pelvis[:, 1, 1])),
        "pelvis_list": np.degrees(np.arcsin(np.clip(pelvis[:, 2, 1], -1.0, 1.0))),
        "pelvis_rotation": np.degrees(np.arctan2(-pelvis[:, 2, 0], pelvis[:, 2, 2])),
        "pelvis_tx": origin[:, 0],
        "pelvis_ty": origin[:, 1],
        "pelvis_tz": origin[:, 2],
    }
    for column, joint in enumerate(skeleton.coordinates):
        if joint.opensim not in values:
            values[joint.opensim] = joint.opensim_sign * np.degrees(pose[:, column])
    return {name: values[name] for name in opensim_names(skeleton)}
