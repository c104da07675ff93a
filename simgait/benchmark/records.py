"""One tracker on one walk: every measure of the benchmark, beside the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from simgait.agreement import floor_penetration_m, foot_sliding_mps, jerk_mps3
from simgait.baselines.estimate import Refusal, WalkEstimate
from simgait.benchmark.motion_quality import feet_m, legs_m, standing_mask
from simgait.benchmark.plates import PlateStance, plate_stances
from simgait.benchmark.scores import EventScore, event_scores
from simgait.benchmark.sets import Case
from simgait.gait.analyse import analyse_markers
from simgait.gait.curves import angle_curves
from simgait.gait.scores import AngleError, angle_errors, pose_of_angles
from simgait.gait.spatiotemporal import consistency_percent
from simgait.skeleton.sides import SIDES
from simgait.types import EventKind, GaitResult

NAN = float("nan")
PARAMETERS = ("velocity_mps", "cadence_spm", "step_length_m", "step_width_m", "stance_percent")
LATE_FRAMES = 45
"""The paper's scores begin after so many frames, when its body has settled; ours at frame 0."""


@dataclass(frozen=True)
class WalkRecord:
    """Measures of one walk. Errors are estimate minus truth; NaN where not defined.

    Attributes:
        failure: "" where tracked to the end, else why not ("fell", or the reason of a refusal).
        truth, estimate: parameter (`PARAMETERS`) -> mean over the walk, both sides.
        angles, late_angles: angle name -> error from frame 0, and from frame 45 on.
        sliding_mps, penetration_m, jerk_mps3: see `agreement.motion`.
        consistency_percent: step length x cadence against velocity, the walk's three means as a
            user reads them.
        pelvis_lead_percent: how much faster the pelvis travels than the footprints say.
        residual_force_bw, residual_moment_bw_height: root mean squares over frames.
        plates: stances that a force plate saw.
        curves_deg: mean curves by name, (true, estimated), 101 points each.
        stance_percent: side -> (true, estimated) mean share of the cycle before foot off.
        undefined: ankle angle that the tracker could not give -> why.
    """

    case: Case
    tracker: str
    failure: str = ""
    truth: Mapping[str, float] = field(default_factory=dict)
    estimate: Mapping[str, float] = field(default_factory=dict)
    angles: Mapping[str, AngleError] = field(default_factory=dict)
    late_angles: Mapping[str, AngleError] = field(default_factory=dict)
    events: Mapping[EventKind, EventScore] = field(default_factory=dict)
    sliding_mps: float = NAN
    penetration_m: float = NAN
    jerk_mps3: float = NAN
    consistency_percent: float = NAN
    pelvis_lead_percent: float = NAN
    residual_force_bw: float = NAN
    residual_moment_bw_height: float = NAN
    plates: tuple[PlateStance, ...] = ()
    curves_deg: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    stance_percent: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    undefined: Mapping[str, str] = field(default_factory=dict)

    def error(self, parameter: str) -> float:
        """Estimate minus truth of a parameter; NaN where one is missing."""
        return self.estimate.get(parameter, NAN) - self.truth.get(parameter, NAN)


def record_walk(case: Case, tracker: str, answer: WalkEstimate | Refusal) -> WalkRecord:
    """Scores one answer. Frames from a fall on do not count; the fall is the failure.

    Contacts that a fallen body no longer made are missed.
    """
    if isinstance(answer, Refusal):
        return WalkRecord(case, tracker, failure=answer.reason)
    rollout = answer.rollout
    n = case.trial.n_frames
    failure = ""
    if rollout is not None and rollout.fell:
        n, failure = max(int(np.argmin(rollout.alive)), 4), "fell"
    time_s, gait = case.trial.time_s[:n], _comparable_gait(case, answer, n)
    points, names = answer.keypoints_m[:n], answer.keypoint_names
    feet, standing = feet_m(points, names), standing_mask(time_s, gait.events)
    true, found = pose_of_angles(case.angles_rad[:n]), pose_of_angles(answer.angles_rad[:n])
    late = np.arange(n) >= LATE_FRAMES
    stance = [one.parameters["stance_percent"] for one in (case.gait, gait)]
    plates: tuple[PlateStance, ...] = ()
    if rollout is not None:
        plates = tuple(plate_stances(case.force_plates, case.events, rollout, case.body_weight_n))
    return WalkRecord(
        case=case,
        tracker=tracker,
        failure=failure,
        truth={name: case.gait.parameters[name]["both"].mean for name in PARAMETERS},
        estimate={name: gait.parameters[name]["both"].mean for name in PARAMETERS},
        angles=angle_errors(true, found),
        late_angles=angle_errors(true, found, late),
        events=event_scores(case, gait),
        sliding_mps=foot_sliding_mps(time_s, feet, standing),
        penetration_m=floor_penetration_m(feet[..., 2], standing),
        jerk_mps3=jerk_mps3(time_s, legs_m(points, names)),
        consistency_percent=consistency_percent(answer.gait.parameters),
        pelvis_lead_percent=answer.gait.pelvis_lead_percent,
        residual_force_bw=gait.residual_force_percent_bw / 100.0,
        residual_moment_bw_height=gait.residual_moment_percent_bw_height / 100.0,
        plates=plates,
        curves_deg=_curves(case, gait),
        stance_percent={side: (stance[0][side].mean, stance[1][side].mean) for side in SIDES},
        undefined=answer.undefined,
    )


def _comparable_gait(case: Case, answer: WalkEstimate, n: int) -> GaitResult:
    """The walk read from the keypoints that its truth was read from, where they differ."""
    common = [name for name in answer.keypoint_names if name in case.keypoint_names]
    if set(common) == set(answer.keypoint_names):
        return answer.gait
    columns = [answer.keypoint_names.index(name) for name in common]
    points = answer.keypoints_m[:n, columns]
    gait = answer.gait
    read = analyse_markers(case.trial.time_s[:n], points, gait.events, keypoint_names=common)
    parameters = dict(read.parameters)
    if answer.rollout is None:
        # A tracker without a body of its own may know a parameter otherwise than by keypoints.
        parameters = {**parameters, "velocity_mps": gait.parameters["velocity_mps"]}
    return GaitResult(**{**vars(gait), "parameters": parameters})


def _curves(case: Case, gait: GaitResult) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Mean curves over the cycles of truth and of estimate, where both have all 101 points."""
    known = np.where(np.isfinite(case.angles_rad), case.angles_rad, np.nan)
    true = angle_curves(case.trial.time_s, known, case.gait.cycles)
    found = {}
    for name, curve in gait.curves_deg.items():
        pair = (true.get(name, np.empty((0, 101))), curve)
        if all(len(c) and np.isfinite(c).any(axis=0).all() for c in pair):
            found[name] = (np.nanmean(pair[0], axis=0), np.nanmean(pair[1], axis=0))
    return found
