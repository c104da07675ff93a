"""The nine angles that are scored, over the cycles of a walk.

Seven are joint angles as they are reported. Pelvic rotation and foot progression are counted from
the direction of progression of the cycle, as in Plug-in Gait, and are read from points: the pelvic
rotation that is reported is counted from where the hips face over the whole walk, so that its mean
is nothing to score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from simgait.gait.curves import normalise
from simgait.gait.scores import SCORE_POINTS, SCORED_ANGLES
from simgait.gait_result import Cycle
from simgait.skeleton.sides import SIDES, Side
from simgait.trials.trajectories import Trajectories, forward_of, progression

_FROM_PROGRESSION = ("pelvis_rotation", "foot_progression")
_INTERNAL: dict[Side, float] = {"left": -1.0, "right": 1.0}
"""Turned to the person's left is external of the left side, internal of the right."""


def scored_curves(
    paths: Trajectories,
    cycles: Sequence[Cycle],
    curves_deg: Mapping[str, Float[np.ndarray, "_ P"]],
) -> dict[Side, Float[np.ndarray, "_ 9 51"]]:
    """Side -> (n_cycles, 9, 51) angles in degrees and clinical signs; none without joint angles.

    Foot progression is NaN where a foot has no heel or no toe of its own.

    Args:
        paths: of the walk.
        cycles: of it.
        curves_deg: `gait.curves.angle_curves` of these cycles.
    """
    found: dict[Side, np.ndarray] = {}
    for side in SIDES:
        own = [cycle for cycle in cycles if cycle.side == side]
        if not own or f"{side}_knee_flexion_deg" not in curves_deg:
            continue
        turned = _turned(paths, side)
        rows = np.empty((len(own), len(SCORED_ANGLES), SCORE_POINTS))
        for i, name in enumerate(SCORED_ANGLES):
            if name not in _FROM_PROGRESSION:
                # Every second of the 101 points.
                rows[:, i] = curves_deg[f"{side}_{name}_deg"][:, ::2]
        for k, cycle in enumerate(own):
            way = progression(paths, cycle.start_s, cycle.end_s)
            angles = _from(turned, np.arctan2(way[1], way[0]))
            told = np.degrees(
                _INTERNAL[side] * normalise(paths.time_s, angles, cycle, SCORE_POINTS)
            )
            for column, name in enumerate(_FROM_PROGRESSION):
                rows[k, SCORED_ANGLES.index(name)] = told[:, column]
        found[side] = rows
    return found


def _turned(paths: Trajectories, side: Side) -> Float[np.ndarray, "T 2"]:
    """Where pelvis and foot face, seen from above: radians to the left of x."""
    column = SIDES.index(side)
    foot = paths.toe_m[:, column] - paths.heel_m[:, column]
    if paths.heel_name == paths.toe_name or "Ankle" in (paths.heel_name, paths.toe_name):
        foot = np.full_like(foot, np.nan)
    facing = forward_of(paths.leftward_m)
    return np.stack([np.arctan2(one[:, 1], one[:, 0]) for one in (facing, foot)], axis=-1)


def _from(angles_rad: Float[np.ndarray, "T 2"], way_rad: float) -> Float[np.ndarray, "T 2"]:
    """Counted from a direction, within half a turn of it."""
    return np.asarray(np.mod(angles_rad - way_rad + np.pi, 2.0 * np.pi) - np.pi)
