"""What a walk's recording shows of how well it can be measured, as plain numbers.

The widths of intervals depend on these alone: two recordings that show the same get the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.gait_result import GaitResult
from simgait.series.jitter import jitter_m
from simgait.skeleton.keypoints import FOOT_KEYPOINTS, KEYPOINT_INDEX, REQUIRED_KEYPOINTS
from simgait.trials.joint_definitions import proportions
from simgait.trials.posture import measure_posture
from simgait.types import Trial

_LEGS = [KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]
_FEET = [KEYPOINT_INDEX[name] for name in FOOT_KEYPOINTS]


@dataclass(frozen=True)
class Conditions:
    """Of one walk; NaN where it does not show a thing.

    Attributes:
        measured: 1 where the positions are said to be so (markers, several cameras), else 0: points
            that are steady and stand on their feet may be a detector's that were smoothed.
        filmed: 1 where they were lifted from the pictures of one camera, else 0.
        travel_spread: SD of the logarithm of the path's length, as known of its detector; 0 where
            the length is known.
        travel_unknown: 1 where nobody knows how far the pelvis goes.
        travel_to_stance: speed of the pelvis over that of the standing feet under it; above 1 the
            points show less of the swing than there is.
        swing_per_leg: range of the distance between the ankles along the way, over the leg.
        jitter_mm, jitter_along_mm, jitter_across_mm: of hips, knees and ankles above 6 Hz: the
            largest, and the means along the way and across it; noise along the way is what a
            camera ahead or behind sees, across it one from the side.
        path_jitter_mm: of the pelvis's path.
        bone_variation_percent: largest SD over mean of thighs and shanks.
        thigh_to_shank, hips_to_leg: proportions of its points.
        straightest_knee_deg: flexion that its straighter knee comes to.
        feet_unseen: share of the foot's points that it never shows.
        filled: share of hip, knee and ankle samples that were missing or filled.
        fit_error_mm: distance of the body's points from the recording's, median over frames.
        residual_percent_bw, moment_percent_bw_height: of the help that the simulated body needed.
        events_apart_ms: contacts by force against those by the feet's movement.
    """

    measured: float
    filmed: float
    travel_spread: float
    travel_unknown: float
    travel_to_stance: float
    swing_per_leg: float
    jitter_mm: float
    jitter_along_mm: float
    jitter_across_mm: float
    path_jitter_mm: float
    bone_variation_percent: float
    thigh_to_shank: float
    hips_to_leg: float
    straightest_knee_deg: float
    feet_unseen: float
    filled: float
    fit_error_mm: float
    residual_percent_bw: float
    moment_percent_bw_height: float
    events_apart_ms: float


def conditions_of(
    trial: Trial,
    metrics: Mapping[str, float],
    gait: GaitResult,
    fit_error_m: Float[np.ndarray, " T"],
) -> Conditions:
    """What one walk shows.

    Args:
        trial: as it was prepared.
        metrics: of its quality (`trials.quality.assess`).
        gait: of the simulated body.
        fit_error_m: distance of the fitted body's points from the recording's; NaN where none was
            seen.
    """
    posture, shape = measure_posture(trial), proportions(trial.keypoints_m.astype(float))
    trembling = 1000.0 * jitter_m(trial.keypoints_m[:, _LEGS].astype(float), trial.fps_hz)
    known = fit_error_m[np.isfinite(fit_error_m)]
    seen = np.isfinite(trial.keypoints_m[:, _FEET]).all(axis=-1).any(axis=0)
    return Conditions(
        measured=float(trial.scale_is_metric),
        filmed=float(trial.is_filmed),
        travel_spread=float(trial.travel_spread),
        travel_unknown=float(not trial.path_binds),
        travel_to_stance=metrics["travel_to_stance"],
        swing_per_leg=posture.swing_per_leg,
        jitter_mm=metrics["jitter_mm"],
        jitter_along_mm=_mean(trembling[:, 0]),
        jitter_across_mm=_mean(trembling[:, 1]),
        path_jitter_mm=metrics["path_jitter_mm"],
        bone_variation_percent=metrics["bone_length_variation_percent"],
        thigh_to_shank=shape.thigh_to_shank,
        hips_to_leg=shape.hips_to_leg,
        straightest_knee_deg=posture.straightest_knee_deg,
        feet_unseen=float(1.0 - seen.mean()),
        filled=metrics["masked_fraction"] + metrics["filled_fraction"],
        fit_error_mm=1000.0 * float(np.median(known)) if known.size else float("nan"),
        residual_percent_bw=gait.residual_force_percent_bw,
        moment_percent_bw_height=gait.residual_moment_percent_bw_height,
        events_apart_ms=gait.event_disagreement_ms,
    )


def _mean(values: Float[np.ndarray, " K"]) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")
