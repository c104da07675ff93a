"""Baseline "kinematics only": the body fitted to the keypoints, filtered, and no physics.

What inverse kinematics alone can do with the same body as the tracker: segment lengths measured on
the keypoints, the pose of every frame by least squares, a zero-phase Butterworth filter (Winter
2009, ch. 3), foot events by Zeni et al. (2008). Neither the learned refiner nor a policy is used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simgait.baselines.fitted_trials import estimate_or_refuse, fit_trials
from simgait.baselines.tracker import Answer, Tracker, WalkEstimate
from simgait.body.fit import FitConfig
from simgait.gait.analyse import analyse_markers
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS
from simgait.skeleton.keypoints import FOOT_POINTS, KEYPOINT_INDEX
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES, Side
from simgait.types import FittedTrial, Trial

NAME = "kinematics"
ABOUT = (
    "the same body fitted to the keypoints and filtered, events by Zeni et al. 2008; no physics, "
    "nothing learned."
)
NO_FOOT = "no heel, big toe or forefoot keypoint of that foot was ever seen"
UNFILTERED_HZ = 15.0  # half the trials' frame rate: the fit's filters let everything through


class KinematicsConfig(BaseModel):
    """The baseline's only choice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cutoff_hz: float = Field(
        6.0, gt=0, le=UNFILTERED_HZ, description="of the zero-phase filter on the pose, Hz"
    )


def fit_config(cutoff_hz: float) -> FitConfig:
    """One filter, on the pose; keypoints go into the fit as they are.

    A detector's pelvis path keeps the fit's own lower cut-off, because its depth jitters by 2 cm.
    """
    return FitConfig(keypoint_cutoff_hz=UNFILTERED_HZ, pose_cutoff_hz=cutoff_hz)


def kinematics_tracker(config: KinematicsConfig | None = None) -> Tracker:
    """The baseline as a tracker.

    Where a recording has no pelvis path, travel comes from the foot that stands, which is the
    fit's rule. A foot that was never seen hangs from the ankle as in a normal gait cycle's mean;
    the angle of that ankle is no measurement and is NaN.
    """
    chosen = config or KinematicsConfig()

    def estimate(trials: Sequence[Trial]) -> list[Answer]:
        fitted = fit_trials(trials, fit_config(chosen.cutoff_hz))
        return [estimate_or_refuse(_estimate, one) for one in fitted]

    return Tracker(NAME, estimate, ABOUT, {"name": NAME, "kind": "rules"})


def _estimate(fitted: FittedTrial) -> WalkEstimate:
    pose = fitted.pose
    keypoints = np.asarray(body_keypoints(pose, fitted.dims))
    angles = pose[:, ANGLES].copy()
    undefined = {
        f"{side}_ankle_dorsiflexion": NO_FOOT
        for side in SIDES
        if not foot_was_seen(fitted.trial, side)
    }
    angles[:, [ANGLE_NAMES.index(name) for name in undefined]] = np.nan
    gait = analyse_markers(
        fitted.trial.time_s, keypoints, None, angles_rad=angles, keypoint_names=BODY_KEYPOINTS
    )
    return WalkEstimate(angles, keypoints, BODY_KEYPOINTS, gait, undefined=undefined)


def foot_was_seen(trial: Trial, side: Side) -> bool:
    """Whether heel, big toe or forefoot of a foot is known in any frame of the trial."""
    columns = [KEYPOINT_INDEX[f"{side.capitalize()} {point}"] for point in FOOT_POINTS]
    return bool(np.isfinite(trial.keypoints_m[:, columns]).all(axis=-1).any())
