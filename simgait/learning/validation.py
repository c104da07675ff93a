"""How a policy does on walks that it did not learn from, in one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.skeleton.coordinates import JOINTS
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.tracking.inference import AS_LEARNED_ONCE
from simgait.tracking.policies import Policy
from simgait.tracking.track import track_trials
from simgait.types import FittedTrial, TrackedTrial

WORTH_A_DEGREE = {"velocity_rms_mps": 0.05, "fall_fraction": 0.02, "residual_force_bw": 0.02}
"""What costs as much as one degree of angle RMSE, where a checkpoint is chosen."""


@dataclass(frozen=True)
class Validation:
    """A policy on validation walks.

    Attributes:
        scores: angle RMSE (°), velocity error (m/s), falls, residual force (BW), and the score.
        tracked: the walks, in the order given.
        angle_rmse_deg: of each walk.
        cost_deg: of each walk what the score counts, as if it were the only one.
    """

    scores: dict[str, float]
    tracked: Sequence[TrackedTrial]
    angle_rmse_deg: Float[np.ndarray, " W"]
    cost_deg: Float[np.ndarray, " W"]


def validate(policy: Policy, examples: Sequence[FittedTrial]) -> dict[str, float]:
    """`validated`'s scores alone."""
    return validated(policy, examples).scores


def validated(policy: Policy, examples: Sequence[FittedTrial]) -> Validation:
    """Tracks validation walks from frame 0, each once."""
    tracked = track_trials(
        policy, [e.trial for e in examples], [e.dims for e in examples], AS_LEARNED_ONCE
    )
    angle, speed, residual = (np.array(x) for x in zip(*map(_errors, tracked), strict=True))
    result = {
        "angle_rmse_deg": float(np.rad2deg(np.mean(angle))),
        "velocity_bias_mps": float(np.mean(speed)),
        "velocity_sd_mps": float(np.std(speed)),
        "fall_fraction": float(np.mean([one.rollout.fell for one in tracked])),
        "residual_force_bw": float(np.mean(residual)),
    }
    velocity_rms = np.sqrt(np.mean(np.square(speed)))
    result["score"] = float(
        result["angle_rmse_deg"]
        + velocity_rms / WORTH_A_DEGREE["velocity_rms_mps"]
        + result["fall_fraction"] / WORTH_A_DEGREE["fall_fraction"]
        + result["residual_force_bw"] / WORTH_A_DEGREE["residual_force_bw"]
    )
    fell = np.array([one.rollout.fell for one in tracked], float)
    angle_deg = np.rad2deg(angle)
    return Validation(result, tracked, angle_deg, _cost_deg(angle_deg, speed, fell, residual))


def _cost_deg(
    angle_deg: Float[np.ndarray, " W"],
    speed_mps: Float[np.ndarray, " W"],
    fell: Float[np.ndarray, " W"],
    residual_bw: Float[np.ndarray, " W"],
) -> Float[np.ndarray, " W"]:
    worth = WORTH_A_DEGREE
    return (
        angle_deg
        + np.abs(speed_mps) / worth["velocity_rms_mps"]
        + fell / worth["fall_fraction"]
        + residual_bw / worth["residual_force_bw"]
    )


def _errors(one: TrackedTrial) -> tuple[float, float, float]:
    """RMSE of joint angles (rad), error of the mean velocity (m/s), RMS residual force (BW)."""
    truth, rollout = one.trial.truth, one.rollout
    if truth is None:
        raise ValueError(f"{one.trial.trial_id} has no truth to validate with")
    keep = rollout.alive
    true_pose = rollout.skeleton.told(truth.pose, TRIMMED_HUMANOID)
    angle = np.sqrt(np.nanmean(np.square((rollout.pose - true_pose)[keep][:, JOINTS])))
    seconds = max(keep.sum() - 1, 1) / one.trial.fps_hz
    walked, true = (
        (pose[keep, 0][-1] - pose[keep, 0][0]) / seconds for pose in (rollout.pose, truth.pose)
    )
    force = np.linalg.norm(rollout.residual_force_n, axis=1)
    residual = np.sqrt(np.mean(force**2)) / rollout.body_weight_n
    return float(angle), float(walked - true), float(residual)
