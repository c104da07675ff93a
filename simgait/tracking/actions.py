"""What a policy's action holds: the joints, the residual wrench on the pelvis, learned gains."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Array, Float

from simgait.skeleton.coordinates import JOINTS
from simgait.skeleton.mirror import MOMENT, Mirror, joined, vector
from simgait.tracking.config import TrackingConfig

N_RESIDUAL = 6
"""Residual force and moment on the pelvis, three axes each."""
RESIDUAL_FORCE, RESIDUAL_MOMENT = slice(0, 3), slice(3, N_RESIDUAL)


def action_size(config: TrackingConfig) -> int:
    """One number per joint, six residuals, and with learned gains two more per joint."""
    return len(mirror_of_action(config).order)


def mirror_of_action(config: TrackingConfig) -> Mirror:
    """The mirror image of an action: joints, residual force and moment, learned gains."""
    joints = config.body.skeleton.mirror[JOINTS]
    gains = [joints, joints] if config.control.mode == "pd_learned_gains" else []
    return joined(joints, vector(), MOMENT, *gains)


@dataclass(frozen=True)
class Action:
    """An action by its parts.

    Attributes:
        joints: (J,) what drives the joints.
        residual: (6,) the residual wrench that is asked for, as shares of its bounds.
        stiffness, damping: (J,) learned gains as shares (0..1) of the body's own; empty without.
    """

    joints: Float[Array, " J"]
    residual: Float[Array, " 6"]
    stiffness: Float[Array, " G"]
    damping: Float[Array, " G"]


def split_action(action: Float[Array, " A"], n_joints: int) -> Action:
    """The parts of an action of a body with `n_joints` joints."""
    gains = 0.5 * (1.0 + action[n_joints + N_RESIDUAL :])
    return Action(
        joints=action[:n_joints],
        residual=action[n_joints : n_joints + N_RESIDUAL],
        stiffness=gains[:n_joints],
        damping=gains[n_joints:],
    )
