"""Baseline "raw keypoints": gait read from the recording's own points, with no body at all.

Points are low-pass filtered, foot events are those of Zeni et al. (2008), distances those between
the points, and sagittal joint angles come from the lines between joints seen from the side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from simgait.baselines.tracker import Answer, Refusal, Tracker, WalkEstimate
from simgait.errors import InputError
from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_markers
from simgait.recordings.markers.foot_points import site_tilt_rad
from simgait.series.filters import low_pass
from simgait.skeleton.default import ANGLE_NAMES
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.skeleton.sides import SIDES
from simgait.types import Trial

NAME = "raw-keypoints"
ABOUT = (
    "the recording's own keypoints, filtered, events by Zeni et al. 2008; no body, nothing learned."
)
NO_SOLE = "no frame shows heel, forefoot, ankle and knee of that leg together"


class RawKeypointsConfig(BaseModel):
    """The baseline's only choice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cutoff_hz: float | None = Field(
        6.0, gt=0, lt=15, description="of the zero-phase filter on points and path, Hz; None = none"
    )


def raw_keypoints_tracker(config: RawKeypointsConfig | None = None) -> Tracker:
    """The baseline as a tracker."""
    chosen = config or RawKeypointsConfig()

    def estimate(trials: Sequence[Trial]) -> list[Answer]:
        return [_estimate_or_refuse(trial, chosen) for trial in trials]

    return Tracker(NAME, estimate, ABOUT, {"name": NAME, "kind": "rules"})


def _estimate_or_refuse(trial: Trial, config: RawKeypointsConfig) -> Answer:
    try:
        return _estimate(trial, config)
    except InputError as error:
        return Refusal(f"{trial.trial_id}: {error}")


def _estimate(trial: Trial, config: RawKeypointsConfig) -> WalkEstimate:
    points = trial.keypoints_m.astype(float)
    path = np.where(trial.pelvis_path_mask[:, None], trial.pelvis_path_m, np.nan)
    if config.cutoff_hz is not None:
        points = low_pass(points, trial.fps_hz, config.cutoff_hz)
        path = low_pass(path, trial.fps_hz, config.cutoff_hz)
    angles = sagittal_angles(points)
    has_path = np.isfinite(path).any()
    # Without a path the points stay around a pelvis at rest, as on a treadmill: the gait analysis
    # then gives no velocity rather than a wrong one.
    world = points + path[:, None] if has_path else points
    gait = analyse_markers(
        trial.time_s, world, None, angles_rad=angles, keypoint_names=KEYPOINT_NAMES
    )
    if not has_path:
        gait = replace(gait, findings=(Finding(Code.NO_PATH), *gait.findings))
    ankles = [f"{side}_ankle_dorsiflexion" for side in SIDES]
    undefined = {
        name: NO_SOLE for name in ankles if np.isnan(angles[:, ANGLE_NAMES.index(name)]).all()
    }
    return WalkEstimate(angles, world, KEYPOINT_NAMES, gait, undefined=undefined)


def sagittal_angles(keypoints_m: Float[np.ndarray, "T 23 3"]) -> Float[np.ndarray, "T A"]:
    """Hip, knee and ankle angles (rad) of both legs in the x-z plane of the heading frame.

    Clinical signs, columns `ANGLE_NAMES`, NaN for all others. Hip flexion is the thigh
    against the vertical: points alone show no pelvic tilt, so it lacks it (about 10° in adults).
    The ankle is measured from the heel to the forefoot point, corrected for how these two lie in
    the skeleton's flat foot; NaN where a recording has no heel or forefoot.
    """
    angles = np.full((len(keypoints_m), len(ANGLE_NAMES)), np.nan)
    for side in ("Left", "Right"):
        hip, knee, ankle, heel, foot = (
            keypoints_m[:, KEYPOINT_INDEX[f"{side} {name}"]]
            for name in ("Hip", "Knee", "Ankle", "Heel", "Foot")
        )
        thigh, shank = (_from_vertical(line) for line in (knee - hip, ankle - knee))
        sole = foot - heel
        pitch = np.arctan2(sole[:, 2], sole[:, 0]) - site_tilt_rad()
        own = side.lower()
        angles[:, ANGLE_NAMES.index(f"{own}_hip_flexion")] = thigh
        angles[:, ANGLE_NAMES.index(f"{own}_knee_flexion")] = thigh - shank
        angles[:, ANGLE_NAMES.index(f"{own}_ankle_dorsiflexion")] = pitch - shank
    return angles


def _from_vertical(line: Float[np.ndarray, "T 3"]) -> Float[np.ndarray, " T"]:
    """Angle (rad) of a line that hangs down, positive where its lower end is ahead."""
    return np.asarray(np.arctan2(line[:, 0], -line[:, 2]))
