"""Net moments and powers of the joints over the gait cycle, where the body's own say something.

Internal, extension and plantarflexion + (Winter 2009, Biomechanics and Motor Control of Human
Movement, ch. 5; Plug-in Gait's outputs have the same signs), per kg of body mass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from simgait.gait.curves import CURVE_POINTS, normalise
from simgait.gait.forces import low_pass_force
from simgait.gait_result import Cycle, JointKinetics
from simgait.skeleton.coordinates import JOINTS
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.sides import SIDES, Side
from simgait.types import Rollout

SAGITTAL_JOINTS: Mapping[str, str] = {
    "hip": "hip_flexion",
    "knee": "knee_flexion",
    "ankle": "ankle_dorsiflexion",
}
"""Joint -> the coordinate along which its moment acts; a moment that extends is positive."""
MOST_HELP: Mapping[str, tuple[float, float]] = {
    "hip": (5.0, 0.6),
    "knee": (5.0, 0.6),
    "ankle": (10.0, np.inf),
}
"""Joint -> helper force (% BW) and moment (% BW × height), RMS, up to which its moment is shown.

Hip and knee: Hicks et al. (2015, J Biomech Eng 137:020905) allow residual forces of 5 % of the
external force and residual moments of 1 % of that force × height of the centre of mass, which are
0.6 % of body weight × height (1.1 body weights at 0.55 of the height): what holds the trunk upright
is not done by these joints. The ankle's moment is that of the floor about the foot, which the
helper does not touch: its error does not grow with the helper's moment (r .05 over 35 stances,
docs/definitions.md). It is shown as long as forces may be used (`gait.analyse`).
"""


def joint_kinetics(
    rollout: Rollout,
    n_frames: int,
    cycles: Sequence[Cycle],
    residual_force_percent_bw: float,
    residual_moment_percent_bw_height: float,
) -> dict[str, JointKinetics]:
    """Moment and power of each joint that may be shown, over the cycles of its own side.

    Args:
        rollout: the simulated body.
        n_frames: that count, from the first on.
        cycles: of both sides.
        residual_force_percent_bw: of the helper, RMS.
        residual_moment_percent_bw_height: of the helper, RMS.
    """
    shown = [
        joint
        for joint, (most_force, most_moment) in MOST_HELP.items()
        if residual_force_percent_bw <= most_force
        and residual_moment_percent_bw_height <= most_moment
        and all(
            f"{side}_{SAGITTAL_JOINTS[joint]}" in rollout.skeleton.joint_names for side in SIDES
        )
    ]
    time_s, moment, power = moments_over_time(rollout, n_frames)
    return {
        joint: JointKinetics(
            {side: _over_cycles(rollout, joint, side, time_s, moment, cycles) for side in SIDES},
            {side: _over_cycles(rollout, joint, side, time_s, power, cycles) for side in SIDES},
        )
        for joint in shown
    }


def moments_over_time(
    rollout: Rollout, n_frames: int
) -> tuple[Float[np.ndarray, " M"], Float[np.ndarray, "M J"], Float[np.ndarray, "M J"]]:
    """Middles of the frames (s), extending moments (N·m/kg) and powers (W/kg) of all joints.

    A moment is the mean of the frame before, as is the rate that makes power of it.
    """
    time_s, pose = rollout.time_s[:n_frames], rollout.pose[:n_frames, JOINTS]
    middle_s = 0.5 * (time_s[1:] + time_s[:-1])
    mass_kg = rollout.body_weight_n / GRAVITY_MPS2
    flexing = low_pass_force(middle_s, rollout.joint_moment_nm[1:n_frames] / mass_kg)
    rate = np.diff(pose, axis=0) / np.diff(time_s)[:, None]
    return middle_s, -flexing, flexing * rate


def _over_cycles(
    rollout: Rollout,
    joint: str,
    side: Side,
    time_s: Float[np.ndarray, " M"],
    values: Float[np.ndarray, "M J"],
    cycles: Sequence[Cycle],
) -> Float[np.ndarray, "_ 101"]:
    column = rollout.skeleton.joint_names.index(f"{side}_{SAGITTAL_JOINTS[joint]}")
    rows = [normalise(time_s, values[:, column], cycle) for cycle in cycles if cycle.side == side]
    return np.stack(rows) if rows else np.empty((0, CURVE_POINTS))
