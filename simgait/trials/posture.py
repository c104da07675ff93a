"""Postures and swings that a detector makes up: what no person's points show.

Knees come to 36° or straighter in each of 311 prepared walks of 19 people, as markers and through
five synthetic detectors. Trunk and swing were measured on 316 walks of 18 training people through
the five, and on 32 training walkers, as they are and with a trunk sheared back by 27° or a fifth of
their swing (docs/history/gate.md): trunks of people lean back against the legs by 15° at most (in
one walk through the widest family by 28°), and the standing foot goes back under the pelvis at two
fifths of its speed or faster in all but 13. VideoPose3D, from the front and centred on the body,
has knees between 45 and 80° and trunks that lean back by 27°.

Of measured points one thing alone is asked: that both legs swing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.findings import Code, Finding, Severity, Value
from simgait.series.angles import angle_between
from simgait.series.gaps import bridge
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.sides import Side
from simgait.trials.heading import Locate, trunk_direction
from simgait.trials.joint_definitions import LEG, SIDES, proportions
from simgait.trials.speed_witnesses import travel_witnesses
from simgait.types import Trial

STRAIGHTEST_KNEE_DEG = 40.0
"""VideoPose3D made 45 to 80° of 40 walks towards the camera. Severe crouch gait cannot be told from
that by a detector's points; measured ones are not asked."""
BACKWARD_LEAN_DEG = 17.0
"""Trunk against legs: nobody walks so. The same walks had 27°, and less of whoever leans forward:
20° left 15 of 149 sheared walks unnamed, 17° leaves 7, and no walk more of training people."""
UNSEEN_SWING = 2.5
"""Speed of the pelvis over that of the standing feet under it. Walkers with a fifth of the swing
that a detector shows have 2.3 and more (5th percentile 2.8), sound ones up to 1.7; through the
widest family and BlazePose's both spread across the limit. 4 left 15 of 129 unnamed that are not
BlazePose's, 2.5 leaves 1."""
UNSEEN_RANGE_PER_LEG = 0.25
"""Of the distance between the ankles along the way; steps of 11 cm make it."""
UNSEEN_RANGE_IN_PLACE = 0.30
"""The same where no way tells how far the legs should swing; steps of 13 cm make it. 0.25 left 15
of 97 walkers with a fifth of their swing unnamed, this leaves 1, and is reached by 3 sound ones
more of 169."""


SWING_OF_OTHER_LEG = 0.4
"""Range of an ankle under the hips along the way, over the other leg's. Both legs go the same way
in a stride, however a person limps: .92 or more in 91 marker walks of 31 people, .91 in 40 exact
walkers of all patterns, hemiparetic ones too; .81 of training people and walkers through four
families of detectors, .50 through BlazePose's."""


@dataclass(frozen=True)
class Posture:
    """What the points of a walk show; NaN where they do not.

    Attributes:
        straightest_knee_deg: 5th percentile of the flexion of the knee that gets straighter.
        backward_lean_deg: of the trunk against the legs, on average.
        swing_per_leg: range of the distance between the ankles along the way, over the leg.
        swings_less: the side whose ankle goes less far under the hips.
        swing_of_other: how far, over the other's.
    """

    straightest_knee_deg: float
    backward_lean_deg: float
    swing_per_leg: float
    swings_less: Side
    swing_of_other: float


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
    left_m, right_m = (_swing_m(at, side) for side in SIDES)
    return Posture(
        straightest_knee_deg=min(_straightest_deg(*(at(f"{s} {j}") for j in LEG)) for s in SIDES),
        backward_lean_deg=lean,
        swing_per_leg=float(high - low) / proportions(points).leg_m,
        swings_less="left" if left_m < right_m else "right",
        swing_of_other=min(left_m, right_m) / max(left_m, right_m, 1e-9),
    )


def _swing_m(at: Locate, side: str) -> float:
    """Range of an ankle under the hips along the way, but for 5 % at each end.

    NaN where it is seen in less than half of the frames, which may be those of its stance.
    """
    along = (at(f"{side} Ankle") - 0.5 * (at("Left Hip") + at("Right Hip")))[:, 0]
    seen = np.isfinite(along)
    if seen.mean() < 0.5:
        return float("nan")
    return float(np.subtract(*np.percentile(along[seen], [95.0, 5.0])))


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
    """What no person's points show; of measured ones only whether both legs swing."""
    found = measure_posture(trial)
    if trial.scale_is_metric:
        yield from _one_leg_still(trial, found)
        return
    if found.straightest_knee_deg > STRAIGHTEST_KNEE_DEG:
        values = {"deg": found.straightest_knee_deg, "limit_deg": STRAIGHTEST_KNEE_DEG}
        yield Finding(Code.KNEES_STAY_BENT, "stop", values)
    if found.backward_lean_deg > BACKWARD_LEAN_DEG:
        values = {"deg": found.backward_lean_deg, "limit_deg": BACKWARD_LEAN_DEG}
        yield Finding(Code.TRUNK_LEANS_BACK, "stop", values)
    unseen = list(_unseen_swing(trial, found.swing_per_leg))
    yield from unseen or _one_leg_still(trial, found)
    measured = proportions(trial.keypoints_m)
    if not measured.are_a_persons:
        ratios = {
            "thigh_to_shank": measured.thigh_to_shank,
            "hips_to_leg": measured.hips_to_leg,
        }
        yield Finding(Code.JOINTS_ELSEWHERE, values=ratios)


def _one_leg_still(trial: Trial, found: Posture) -> Iterator[Finding]:
    """A leg that stays under the hips while the other one walks."""
    if not found.swing_of_other < SWING_OF_OTHER_LEG:
        return
    values: dict[str, Value] = {"percent_of_other": 100.0 * found.swing_of_other}
    severity: Severity = "stop"
    if trial.path_binds and not trial.scale_is_metric:
        # What is left of the rhythm is the other leg's.
        severity = "caution"
        values["way_is_known"] = int(trial.travel_spread == 0.0)
    yield Finding(Code.SWING_UNSEEN, severity, values, where=found.swings_less)


def _unseen_swing(trial: Trial, swing_per_leg: float) -> Iterator[Finding]:
    """Legs that swing much less than the way of the pelvis asks for, or hardly at all."""
    values: dict[str, Value] = {"percent_of_leg": 100.0 * swing_per_leg}
    way = travel_witnesses(
        trial.keypoints_m, trial.believed_path_m, trial.pelvis_path_mask, trial.fps_hz
    )
    if not (trial.path_binds and np.isfinite(way.travel_mps)):
        if swing_per_leg < UNSEEN_RANGE_IN_PLACE:
            yield Finding(Code.SWING_UNSEEN, "stop", values)
        return
    falls_short = way.travel_to_stance > UNSEEN_SWING
    if falls_short or swing_per_leg < UNSEEN_RANGE_PER_LEG:
        # Speed does not hang on how far the legs swing, and rhythm little.
        values["way_is_known"] = int(trial.travel_spread == 0.0)
        if falls_short:
            values["travel_to_stance"] = way.travel_to_stance
        yield Finding(Code.SWING_UNSEEN, "caution", values)
