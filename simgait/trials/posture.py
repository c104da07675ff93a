"""Postures and swings that a detector makes up: what no person's points show.

Measured on 311 prepared walks of 19 people, as markers and through five synthetic detectors: knees
come to 36° or straighter in every one, trunks lean back against the legs by 16° at most, and the
standing foot slides under the pelvis by less than a fourth of the pelvis's speed only where hardly
anything of a swing is seen. VideoPose3D, from the front and centred on the body, has knees between
45 and 80° and trunks that lean back by 27°.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.findings import Code, Finding, Severity
from simgait.series.angles import angle_between
from simgait.series.gaps import bridge
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials.heading import trunk_direction
from simgait.trials.joint_definitions import LEG, SIDES, proportions
from simgait.trials.speed_witnesses import travel_witnesses
from simgait.types import Trial

STRAIGHTEST_KNEE_DEG = 40.0
"""VideoPose3D made 45 to 80° of 40 walks towards the camera. Severe crouch gait cannot be told from
that by a detector's points; measured ones are not asked."""
BACKWARD_LEAN_DEG = 20.0
"""Trunk against legs: nobody walks so. The same walks had 27°."""
UNSEEN_SWING = 4.0
"""Speed of the pelvis over that of the standing feet under it."""
UNSEEN_RANGE_PER_LEG = 0.25
"""Of the distance between the ankles along the way; steps of 11 cm make it."""


@dataclass(frozen=True)
class Posture:
    """What the points of a walk show; NaN where they do not.

    Attributes:
        straightest_knee_deg: 5th percentile of the flexion of the knee that gets straighter.
        backward_lean_deg: of the trunk against the legs, on average.
        swing_per_leg: range of the distance between the ankles along the way, over the leg.
    """

    straightest_knee_deg: float
    backward_lean_deg: float
    swing_per_leg: float


def measure_posture(trial: Trial) -> Posture:
    """Of a prepared walk."""
    points = trial.keypoints_m.astype(float)

    def at(name: str) -> Float[np.ndarray, "T 3"]:
        return points[:, KEYPOINT_INDEX[name]]

    apart = bridge(at("Left Ankle") - at("Right Ankle"))[:, 0]
    low, high = np.percentile(apart, [5.0, 95.0])
    trunk = trunk_direction(at)
    legs = np.nanmean(np.concatenate([at(f"{s} Hip") - at(f"{s} Ankle") for s in SIDES]), axis=0)
    lean = float("nan") if trunk is None else _forward_lean_deg(legs) - _forward_lean_deg(trunk)
    return Posture(
        straightest_knee_deg=min(_straightest_deg(*(at(f"{s} {j}") for j in LEG)) for s in SIDES),
        backward_lean_deg=lean,
        swing_per_leg=float(high - low) / proportions(points).leg_m,
    )


def _forward_lean_deg(direction: Float[np.ndarray, " 3"]) -> float:
    return float(np.degrees(np.arctan2(direction[0], direction[2])))


def _straightest_deg(
    hip_m: Float[np.ndarray, "T 3"],
    knee_m: Float[np.ndarray, "T 3"],
    ankle_m: Float[np.ndarray, "T 3"],
) -> float:
    bend = np.degrees(angle_between(knee_m - hip_m, ankle_m - knee_m))
    return float(np.nanpercentile(bend, 5.0)) if np.isfinite(bend).any() else float("nan")


def posture_findings(trial: Trial) -> Iterator[Finding]:
    """What no person's points show; measured ones are not asked."""
    if trial.scale_is_metric:
        return
    found = measure_posture(trial)
    if found.straightest_knee_deg > STRAIGHTEST_KNEE_DEG:
        values = {"deg": found.straightest_knee_deg, "limit_deg": STRAIGHTEST_KNEE_DEG}
        yield Finding(Code.KNEES_STAY_BENT, "stop", values)
    if found.backward_lean_deg > BACKWARD_LEAN_DEG:
        values = {"deg": found.backward_lean_deg, "limit_deg": BACKWARD_LEAN_DEG}
        yield Finding(Code.TRUNK_LEANS_BACK, "stop", values)
    way = travel_witnesses(
        trial.keypoints_m, trial.believed_path_m, trial.pelvis_path_mask, trial.fps_hz
    )
    travels = trial.path_binds and np.isfinite(way.travel_mps)
    unseen = way.travel_mps > UNSEEN_SWING * way.stance_mps
    if found.swing_per_leg < UNSEEN_RANGE_PER_LEG or (travels and unseen):
        # Where the pelvis travels, speed and cadence do not hang on how far the legs swing.
        severity: Severity = "caution" if travels else "stop"
        yield Finding(Code.SWING_UNSEEN, severity, {"percent_of_leg": 100 * found.swing_per_leg})
    measured = proportions(trial.keypoints_m)
    if not measured.are_a_persons:
        ratios = {
            "thigh_to_shank": measured.thigh_to_shank,
            "hips_to_leg": measured.hips_to_leg,
        }
        yield Finding(Code.JOINTS_ELSEWHERE, values=ratios)
