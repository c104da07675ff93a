"""Curves over the gait cycle: clinical joint angles and vertical foot force on 101 points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from simgait.gait.forces import low_pass_force
from simgait.gait_result import Cycle
from simgait.series.resampling import local_cubic
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.sides import SIDES, Side
from simgait.skeleton.signs import clinical_angles
from simgait.skeleton.skeleton import Skeleton

CURVE_POINTS = 101
"""0 to 100 % of the cycle, as gait laboratories report curves."""


def side_curve_columns(
    side: Side, skeleton: Skeleton = TRIMMED_HUMANOID
) -> dict[str, tuple[int, int]]:
    """Curve name of one side -> (column among the body's angles, clinical sign)."""
    return {
        f"{name}_deg": (column - ANGLES.start, sign)
        for name, (column, sign) in clinical_angles(skeleton, side).items()
    }


def normalise(
    time_s: Float[np.ndarray, " T"],
    values: Float[np.ndarray, "T ..."],
    cycle: Cycle,
    points: int = CURVE_POINTS,
) -> Float[np.ndarray, "P ..."]:
    """Values at equal steps from the cycle's start to its end; NaN where missing."""
    return local_cubic(values, time_s, np.linspace(cycle.start_s, cycle.end_s, points))


def angle_curves(
    time_s: Float[np.ndarray, " T"],
    angles_rad: Float[np.ndarray, "T A"],
    cycles: Sequence[Cycle],
    points: int = CURVE_POINTS,
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> dict[str, Float[np.ndarray, "_ P"]]:
    """Clinical angles (deg) over the cycles of the same side; pelvis once per side.

    `angles_rad` has the columns `skeleton.angle_names` with the skeleton's signs. Besides the
    per-side names, "pelvis_tilt_deg" holds the cycles of both sides (left first).
    """
    curves: dict[str, np.ndarray] = {}
    for side in SIDES:
        own = [c for c in cycles if c.side == side]
        rows = [np.degrees(normalise(time_s, angles_rad, c, points)) for c in own]
        block = np.stack(rows) if rows else np.empty((0, points, angles_rad.shape[1]))
        for name, (column, sign) in side_curve_columns(side, skeleton).items():
            curves[name] = sign * block[:, :, column]
    curves["pelvis_tilt_deg"] = np.concatenate(
        [curves["left_pelvis_tilt_deg"], curves["right_pelvis_tilt_deg"]]
    )
    return curves


def vertical_force_curves(
    time_s: Float[np.ndarray, " S"],
    foot_force_n: Float[np.ndarray, "S 2 3"],
    body_weight_n: float,
    cycles: Sequence[Cycle],
) -> dict[str, Float[np.ndarray, "_ 101"]]:
    """Vertical force of each foot over its own cycles, % of body weight, low-passed at 6 Hz."""
    loads = 100.0 * low_pass_force(time_s, foot_force_n[..., 2]) / body_weight_n
    result: dict[str, np.ndarray] = {}
    for column, side in enumerate(SIDES):
        rows = [
            np.clip(normalise(time_s, loads[:, column], cycle), 0.0, None)
            for cycle in cycles
            if cycle.side == side
        ]
        result[side] = np.stack(rows) if rows else np.empty((0, CURVE_POINTS))
    return result
