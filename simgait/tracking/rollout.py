"""What a tracked trial leaves behind: the simulated body over time, in units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.recording.skeleton import Dimensions


@dataclass(frozen=True)
class Rollout:
    """The simulated body through one trial. T control frames (30 Hz), S physics substeps.

    Attributes:
        time_s: (T,) the trial's clock.
        pose: (T, 16) skeleton coordinates, see `recording.skeleton.POSE_NAMES`.
        pose_velocity: (T, 16) their time derivatives.
        keypoints_m: (T, 14, 3) world positions of `recording.keypoints.BODY_KEYPOINTS`.
        substep_time_s: (S,) times of the physics steps.
        foot_force_n: (S, 2, 3) force of the floor on each foot (left, right), world axes, z up.
        joint_torque_nm: (T, 10) mean actuator torque over the frame, `skeleton.JOINT_NAMES` order.
        residual_force_n, residual_moment_nm: (T, 3) mean residual wrench on the pelvis.
        target_keypoints_m: (T, 23, 3) the recording's keypoints placed at the reference path
            (what the policy was asked to follow); NaN where missing.
        reference_pose: (T, 16) the fitted reference.
        alive: (T,) False from the frame of a fall on (later frames repeat the last live state).
        attempts: how many times the trial was tracked until the body stayed up (or attempts ran
            out): the second with a little action noise, the later ones with a stronger residual
            wrench.
    """

    trial_id: str
    time_s: Float[np.ndarray, " T"]
    pose: Float[np.ndarray, "T 16"]
    pose_velocity: Float[np.ndarray, "T 16"]
    keypoints_m: Float[np.ndarray, "T 14 3"]
    substep_time_s: Float[np.ndarray, " S"]
    foot_force_n: Float[np.ndarray, "S 2 3"]
    joint_torque_nm: Float[np.ndarray, "T 10"]
    residual_force_n: Float[np.ndarray, "T 3"]
    residual_moment_nm: Float[np.ndarray, "T 3"]
    target_keypoints_m: Float[np.ndarray, "T 23 3"]
    reference_pose: Float[np.ndarray, "T 16"]
    alive: Bool[np.ndarray, " T"]
    dimensions: Dimensions
    body_weight_n: float
    attempts: int = 1

    @property
    def fell(self) -> bool:
        """True where the body did not stay up to the end of the trial."""
        return not bool(self.alive.all())
