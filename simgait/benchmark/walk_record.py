"""One tracker on one walk: every number that scorecard, benchmark and ablation read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float

from simgait.agreement import floor_penetration_m, foot_sliding_mps, jerk_mps3
from simgait.baselines.tracker import Answer, Refusal, WalkEstimate
from simgait.benchmark.cases import Case
from simgait.benchmark.event_score import EventScore, event_scores
from simgait.benchmark.foot_and_leg_points import feet_m, legs_m, standing_mask
from simgait.errors import InputError
from simgait.gait.analyse import analyse_markers
from simgait.gait.angle_errors import AngleError, angle_errors, pose_of_angles
from simgait.gait.curves import angle_curves
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import parameters
from simgait.report.trial.plate_stances import PlateStance, plate_stances
from simgait.skeleton.default import POSE_INDEX
from simgait.skeleton.sides import SIDES
from simgait.trials.trajectories import feet_named
from simgait.types import EventKind, Rollout

NAN = float("nan")
LATE_FRAMES = 45
"""The paper's scores begin after so many frames, when its body has settled; ours at frame 0."""
FEWEST_FRAMES = 4
"""The gait analysis wants as many; a body that falls at once has no cycles in them."""

KNEE_PERCENTILES = (5, 50, 95)
"""Of knee flexion over a walk: how straight a knee becomes, its middle, how far it bends."""

Pairs = Sequence[tuple[float, float]]
"""Truth and estimate of some numbers, in their unit, NaN unknown."""
MeansBySide = Mapping[str, Mapping[str, float]]
"""Key of a gait parameter -> "left", "right" or "both" -> mean over the walk."""


@dataclass(frozen=True)
class WalkRecord:
    """What is known of one walk after scoring. Errors are estimate minus truth, NaN undefined.

    Frames from a fall on do not count.

    Attributes:
        refusal: why the tracker gave no walk; "" where it gave one.
        fell: the body fell, whatever was tried.
        fell_first: the body fell at the first attempt, whether or not a later one stayed up.
        n_frames: frames that count.
        truth, estimate: means of the catalogue's parameters.
        angles, late_angles: angle name -> error from frame 0, and from frame 45 on.
        events: kind -> timing against measured events.
        sliding_mps, penetration_m, jerk_mps3: see `agreement.motion`.
        pelvis_lead_percent: how much faster the pelvis travels than the footprints say.
        residual_force_bw, residual_moment_bw_height: root mean squares over frames.
        plates: stances that a force plate saw.
        curves_deg: mean curves by name, (true, estimated), 101 points each.
        ranges_deg: of the same curves (true, estimated) highest less lowest, mean over the cycles.
        knee_percentiles_deg: side -> (true, estimated) of each of `KNEE_PERCENTILES`, over the
            frames in which both are known; no side where none is.
        undefined: ankle angle that the tracker could not give -> why.
    """

    case: Case
    tracker: str
    refusal: str = ""
    fell: bool = False
    fell_first: bool = False
    n_frames: int = 0
    truth: MeansBySide = field(default_factory=dict)
    estimate: MeansBySide = field(default_factory=dict)
    angles: Mapping[str, AngleError] = field(default_factory=dict)
    late_angles: Mapping[str, AngleError] = field(default_factory=dict)
    events: Mapping[EventKind, EventScore] = field(default_factory=dict)
    sliding_mps: float = NAN
    penetration_m: float = NAN
    jerk_mps3: float = NAN
    pelvis_lead_percent: float = NAN
    residual_force_bw: float = NAN
    residual_moment_bw_height: float = NAN
    plates: tuple[PlateStance, ...] = ()
    curves_deg: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    ranges_deg: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    knee_percentiles_deg: Mapping[str, Pairs] = field(default_factory=dict)
    undefined: Mapping[str, str] = field(default_factory=dict)

    @property
    def failure(self) -> str:
        """Why the walk was not tracked to its end; "" where it was."""
        return self.refusal or ("fell" if self.fell else "")

    def means(self, parameter: str, side: str = "both") -> tuple[float, float]:
        """(true, estimated) mean of a parameter; NaN where unknown."""
        true, found = (
            means.get(parameter, {}).get(side, NAN) for means in (self.truth, self.estimate)
        )
        return true, found

    def error(self, parameter: str, side: str = "both") -> float:
        """Estimate minus truth of a parameter; NaN where one is missing."""
        true, found = self.means(parameter, side)
        return found - true


def record_walk(case: Case, tracker: str, answer: Answer) -> WalkRecord:
    """Scores one answer. Frames from a fall on do not count; the fall is the failure.

    Contacts that a fallen body no longer made are missed.

    Raises:
        InputError: the answer is of another length than the trial.
    """
    if isinstance(answer, Refusal):
        return WalkRecord(case, tracker, refusal=answer.reason)
    _refuse_other_length(case, answer)
    rollout, n = answer.rollout, case.trial.n_frames
    fell = rollout is not None and rollout.fell
    if rollout is not None and rollout.fell:
        n = max(int(np.argmin(rollout.alive)), FEWEST_FRAMES)
    time_s, gait = case.trial.time_s[:n], _comparable_gait(case, answer, n)
    points, names = answer.keypoints_m[:n], answer.keypoint_names
    feet, standing = feet_m(points, names), standing_mask(time_s, gait.events)
    true, found = pose_of_angles(case.angles_rad[:n]), pose_of_angles(answer.angles_rad[:n])
    curves = _curves(case, gait)
    plates: tuple[PlateStance, ...] = ()
    if rollout is not None:
        plates = tuple(plate_stances(case.force_plates, case.events, rollout, case.body_weight_n))
    return WalkRecord(
        case=case,
        tracker=tracker,
        fell=fell,
        fell_first=rollout is not None and fell_at_first(rollout),
        n_frames=n,
        truth=_means(case.gait),
        estimate=_means(gait),
        angles=angle_errors(true, found),
        late_angles=angle_errors(true, found, np.arange(n) >= LATE_FRAMES),
        events=event_scores(case, gait),
        sliding_mps=foot_sliding_mps(time_s, feet, standing),
        penetration_m=floor_penetration_m(feet[..., 2], standing),
        jerk_mps3=jerk_mps3(time_s, legs_m(points, names)),
        pelvis_lead_percent=answer.gait.pelvis_lead_percent,
        residual_force_bw=gait.residual_force_percent_bw / 100.0,
        residual_moment_bw_height=gait.residual_moment_percent_bw_height / 100.0,
        plates=plates,
        curves_deg={name: (_mean_curve(a), _mean_curve(b)) for name, (a, b) in curves.items()},
        ranges_deg={name: (_mean_range(a), _mean_range(b)) for name, (a, b) in curves.items()},
        knee_percentiles_deg=_knee_percentiles(true, found),
        undefined=answer.undefined,
    )


def fell_at_first(rollout: Rollout) -> bool:
    """Whether the body did not stay up at the first attempt, whether or not a later one did."""
    return rollout.fell or rollout.attempts > 1


def _knee_percentiles(
    true: Float[np.ndarray, "T D"], found: Float[np.ndarray, "T D"]
) -> dict[str, Pairs]:
    percentiles: dict[str, Pairs] = {}
    for side in SIDES:
        column = POSE_INDEX[f"{side}_knee_flexion"]
        knees = np.degrees(np.stack([true[:, column], found[:, column]], axis=1))
        known = knees[np.isfinite(knees).all(axis=1)]
        if len(known):
            both = np.percentile(known, KNEE_PERCENTILES, axis=0)
            percentiles[side] = [(float(a), float(b)) for a, b in both]
    return percentiles


def _refuse_other_length(case: Case, answer: WalkEstimate) -> None:
    lengths = {len(answer.angles_rad), len(answer.keypoints_m)}
    if answer.rollout is not None:
        lengths.add(len(answer.rollout.alive))
    if lengths != {case.trial.n_frames}:
        raise InputError(
            f"{case.trial.trial_id}: {case.trial.n_frames} frames but an estimate of "
            f"{', '.join(map(str, sorted(lengths)))}; score a trial with its own walk."
        )


def _means(gait: GaitResult) -> dict[str, dict[str, float]]:
    return {
        one.key: {pool: found.mean for pool, found in gait.parameters[one.key].items()}
        for one in parameters()
        if one.key in gait.parameters
    }


def _comparable_gait(case: Case, answer: WalkEstimate, n: int) -> GaitResult:
    """The walk read from the feet that its truth was read from, where they differ."""
    common = [name for name in answer.keypoint_names if name in case.keypoint_names]
    if feet_named(common) == feet_named(answer.keypoint_names):
        return answer.gait
    columns = [answer.keypoint_names.index(name) for name in common]
    points = answer.keypoints_m[:n, columns]
    gait = answer.gait
    read = analyse_markers(case.trial.time_s[:n], points, gait.events, keypoint_names=common)
    parameters = dict(read.parameters)
    if answer.rollout is None:
        # A tracker without a body of its own may know a parameter otherwise than by keypoints.
        parameters = {**parameters, "velocity_mps": gait.parameters["velocity_mps"]}
    return replace(gait, parameters=parameters)


def _curves(
    case: Case, gait: GaitResult
) -> dict[str, tuple[Float[np.ndarray, "N 101"], Float[np.ndarray, "M 101"]]]:
    """Curves of each cycle of truth and of estimate, where both show all 101 points."""
    known = np.where(np.isfinite(case.angles_rad), case.angles_rad, np.nan)
    true = angle_curves(case.trial.time_s, known, case.gait.cycles)
    found = {}
    for name, curve in gait.curves_deg.items():
        pair = (true.get(name, np.empty((0, 101))), curve)
        if all(len(c) and np.isfinite(c).any(axis=0).all() for c in pair):
            found[name] = pair
    return found


def _mean_curve(cycles_deg: Float[np.ndarray, "N 101"]) -> Float[np.ndarray, " 101"]:
    return np.asarray(np.nanmean(cycles_deg, axis=0))


def _mean_range(cycles_deg: Float[np.ndarray, "N 101"]) -> float:
    """Over the cycles that are known throughout; NaN of none."""
    ranges = np.ptp(cycles_deg, axis=1)
    known = ranges[np.isfinite(ranges)]
    return float(known.mean()) if known.size else NAN
