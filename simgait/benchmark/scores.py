"""How far one tracked walk lies from its truth, and walks pooled into numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from simgait.benchmark.sets import Case, CaseSet, Excluded
from simgait.body.fit import measure_dimensions
from simgait.errors import InputError
from simgait.gait.analyse import analyse_markers, analyse_rollout
from simgait.gait.forces import residual_force_percent_bw
from simgait.gait.matching import match_events
from simgait.gait.scores import AngleError, angle_errors, pooled_rmse_deg, pose_of_angles
from simgait.learning.checkpoints import Policy
from simgait.learning.tracker import track_trials
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.types import EVENT_KINDS, EventKind, GaitResult, Rollout

NAN = float("nan")
EDGE_S = 0.1
"""Foot events nearer than this to a trial's ends cannot be seen and are not counted."""
JOINTS = {"hip": "hip_flexion", "knee": "knee_flexion", "ankle": "ankle_dorsiflexion"}


@dataclass(frozen=True)
class EventScore:
    """Timing of one kind of event: errors (ms) of the pairs, and what found no partner.

    `n_edge` counts measured events too near to the trial's ends, or beyond them; `n_extra` the
    simulated events between the first and the last measured one that match none.
    """

    errors_ms: tuple[float, ...] = ()
    n_missed: int = 0
    n_extra: int = 0
    n_edge: int = 0


@dataclass(frozen=True)
class WalkScore:
    """One walk. Errors are estimate minus truth; frames from a fall on do not count.

    Attributes:
        angles: angle name -> error over all frames from frame 0.
        velocity_error_mps: of the means over the walk's cycles; NaN where either has none.
        step_length_error_m, step_width_error_m: side -> the same for step length and width.
        events: kind -> timing against measured events.
        residual_mean_square_bw: mean over frames of (residual force / body weight)².
        fell_first: the body fell at the first attempt, whether or not a later one stayed up.
    """

    case: Case
    n_frames: int
    fell: bool
    angles: dict[str, AngleError]
    velocity_error_mps: float
    step_length_error_m: dict[str, float]
    events: dict[EventKind, EventScore]
    residual_mean_square_bw: float
    fell_first: bool = False
    step_width_error_m: dict[str, float] = field(default_factory=dict)


def _gait_of(rollout: Rollout, case: Case, n: int) -> GaitResult:
    """The simulated walk, read from the same keypoints as the truth."""
    result = analyse_rollout(rollout)
    if set(case.keypoint_names) == set(BODY_KEYPOINTS):
        return result
    columns = [BODY_KEYPOINTS.index(name) for name in case.keypoint_names]
    points = rollout.keypoints_m[:n, columns]
    return analyse_markers(
        rollout.time_s[:n], points, result.events, keypoint_names=case.keypoint_names
    )


def event_scores(case: Case, found: GaitResult) -> dict[EventKind, EventScore]:
    """Timing of the found events against the measured ones, by kind."""
    last_s = float(case.trial.time_s[-1])
    match = match_events(case.events, found.events)

    def seen(time_s: float) -> bool:
        return EDGE_S <= time_s <= last_s - EDGE_S

    times = [e.time_s for e in case.events]
    scores: dict[EventKind, EventScore] = {}
    for kind in EVENT_KINDS:
        pairs = [(a, b) for a, b in match.pairs if a.kind == kind and seen(a.time_s)]
        scores[kind] = EventScore(
            errors_ms=tuple(1000.0 * (b.time_s - a.time_s) for a, b in pairs),
            n_missed=sum(e.kind == kind and seen(e.time_s) for e in match.missed),
            n_extra=sum(
                e.kind == kind and min(times) < e.time_s < max(times) and seen(e.time_s)
                for e in match.extra
            )
            if times
            else 0,
            n_edge=sum(e.kind == kind and not seen(e.time_s) for e in case.events),
        )
    return scores


def _score(
    case: Case,
    pose: np.ndarray,
    gait: GaitResult,
    n: int,
    residual_mean_square_bw: float,
    fell: bool,
) -> WalkScore:
    def difference(name: str, side: str) -> float:
        mean = gait.parameters[name][side].mean - case.gait.parameters[name][side].mean
        return float(mean)

    return WalkScore(
        case=case,
        n_frames=n,
        fell=fell,
        angles=angle_errors(pose_of_angles(case.angles_rad[:n]), pose_of_angles(pose[:n, 3:])),
        velocity_error_mps=difference("velocity_mps", "both"),
        step_length_error_m={side: difference("step_length_m", side) for side in SIDES},
        events=event_scores(case, gait),
        residual_mean_square_bw=residual_mean_square_bw,
        step_width_error_m={side: difference("step_width_m", side) for side in SIDES},
    )


def score_rollout(case: Case, rollout: Rollout) -> WalkScore:
    """Scores the simulated body.

    Raises:
        InputError: rollout and trial differ in length.
    """
    _same_length(case, rollout)
    n = int(np.argmin(rollout.alive)) if rollout.fell else len(rollout.alive)
    # The gait analysis wants four frames; a body that falls at once has no cycles in them.
    n = max(n, 4)
    percent = residual_force_percent_bw(rollout.residual_force_n[:n], rollout.body_weight_n)
    residual = (percent / 100.0) ** 2
    walk = _score(case, rollout.pose, _gait_of(rollout, case, n), n, residual, rollout.fell)
    return replace(walk, fell_first=rollout.fell or rollout.attempts > 1)


def score_reference(case: Case, rollout: Rollout) -> WalkScore:
    """Scores the refined reference that the policy followed, as if it were the result.

    A reference has no forces: its events are kinematic, its residual NaN, and it cannot fall.
    """
    _same_length(case, rollout)
    points = np.asarray(body_keypoints(rollout.reference_pose, rollout.dimensions))
    columns = [BODY_KEYPOINTS.index(name) for name in case.keypoint_names]
    gait = analyse_markers(
        rollout.time_s, points[:, columns], None, keypoint_names=case.keypoint_names
    )
    return _score(case, rollout.reference_pose, gait, len(rollout.time_s), NAN, False)


def _same_length(case: Case, rollout: Rollout) -> None:
    if len(rollout.time_s) != case.trial.n_frames:
        raise InputError(
            f"{case.trial.trial_id}: {case.trial.n_frames} frames but a rollout of "
            f"{len(rollout.time_s)}; score a trial with its own rollout."
        )


@dataclass(frozen=True)
class SetScore:
    """All walks of a set: scored ones, and those refused by preparation or fit."""

    name: str
    walks: tuple[WalkScore, ...]
    excluded: tuple[Excluded, ...] = ()

    @property
    def excluded_percent(self) -> float:
        """Share of the walks offered that were refused; NaN for an empty set."""
        offered = len(self.walks) + len(self.excluded)
        return 100.0 * len(self.excluded) / offered if offered else NAN

    def part(self, label: str, value: str) -> SetScore:
        """The walks with one label; the refused have none and are left out."""
        kept = tuple(w for w in self.walks if w.case.labels.get(label) == value)
        return SetScore(f"{self.name}, {value}", kept)

    def of_source(self, source: str, name: str) -> SetScore:
        """The part that comes from one folder of the shared data, refused files included."""
        kept = tuple(w for w in self.walks if w.case.labels.get("source") == source)
        refused = tuple(e for e in self.excluded if e.source == source)
        return SetScore(name, kept, refused)

    def upright(self) -> SetScore:
        """The walks in which the body stayed up: what the others cost the means."""
        kept = tuple(w for w in self.walks if not w.fell)
        return SetScore(f"{self.name}, without falls", kept)

    def labels(self, label: str) -> list[str]:
        """Values of a label that occur, sorted."""
        return sorted({w.case.labels[label] for w in self.walks if label in w.case.labels})


Track = Callable[[Sequence[Case]], tuple[list[Case], list[Rollout], list[Excluded]]]


def tracker(policy: Policy) -> Track:
    """Tracks cases with a policy; walks that the fit refuses come back as excluded."""

    def run(cases: Sequence[Case]) -> tuple[list[Case], list[Rollout], list[Excluded]]:
        kept, people, excluded = [], [], []
        for case in cases:
            try:
                people.append(measure_dimensions(case.trial))
                kept.append(case)
            except InputError as error:
                source = case.labels.get("source", "")
                excluded.append(Excluded(case.trial.trial_id, str(error), source))
        tracked = track_trials(policy, [case.trial for case in kept], people) if kept else []
        return kept, [one.rollout for one in tracked], excluded

    return run


def score_set(cases: CaseSet, track: Track, *, reference: bool = False) -> list[SetScore]:
    """Tracks and scores a set; with `reference`, a second result scores the reference itself."""
    kept, rollouts, refused = track(cases.cases)
    excluded = (*cases.excluded, *refused)
    pairs = list(zip(kept, rollouts, strict=True))
    scores = [SetScore(cases.name, tuple(score_rollout(c, r) for c, r in pairs), excluded)]
    if reference:
        walks = tuple(score_reference(c, r) for c, r in pairs)
        scores.append(SetScore(f"{cases.name} (reference)", walks, excluded))
    return scores


def falls_percent(walks: Sequence[WalkScore]) -> float:
    """Share of the tracked walks in which the body fell."""
    return 100.0 * float(np.mean([w.fell for w in walks])) if walks else NAN


def first_falls_percent(walks: Sequence[WalkScore]) -> float:
    """Share of the tracked walks in which the body fell at the first attempt."""
    return 100.0 * float(np.mean([w.fell_first for w in walks])) if walks else NAN


def angle_rmse_deg(walks: Sequence[WalkScore], joint: str, *, debiased: bool = False) -> float:
    """RMSE over all frames of all walks and both legs; `joint` is "hip", "knee" or "ankle".

    Debiased: after each walk's and leg's own mean error is taken away.
    """
    errors = [w.angles[f"{side}_{JOINTS[joint]}"] for w in walks for side in SIDES]
    return pooled_rmse_deg(errors, debiased)


def angle_bias_deg(walks: Sequence[WalkScore], joint: str) -> float:
    """Mean error over all frames of all walks and both legs."""
    errors = [w.angles[f"{side}_{JOINTS[joint]}"] for w in walks for side in SIDES]
    counted = [e for e in errors if e.n]
    return (
        float(np.average([e.bias_deg for e in counted], weights=[e.n for e in counted]))
        if (counted)
        else NAN
    )


def velocity_errors_mps(walks: Sequence[WalkScore]) -> np.ndarray:
    """Errors of the walks that have cycles in both truth and estimate."""
    errors = np.array([w.velocity_error_mps for w in walks], dtype=float)
    return errors[np.isfinite(errors)]


def step_length_errors_m(walks: Sequence[WalkScore]) -> np.ndarray:
    """Errors of all walks and sides that have steps in both truth and estimate."""
    errors = np.array([e for w in walks for e in w.step_length_error_m.values()], dtype=float)
    return errors[np.isfinite(errors)]


def step_width_errors_m(walks: Sequence[WalkScore]) -> np.ndarray:
    """The same for step width."""
    errors = np.array([e for w in walks for e in w.step_width_error_m.values()], dtype=float)
    return errors[np.isfinite(errors)]


def root_mean_square(errors: np.ndarray) -> float:
    """NaN for no errors."""
    return float(np.sqrt(np.mean(errors**2))) if len(errors) else NAN


def residual_percent_bw(walks: Sequence[WalkScore]) -> float:
    """RMS over all frames of all walks of the residual force's norm, % of body weight."""
    known = [(w.residual_mean_square_bw, w.n_frames) for w in walks]
    known = [(s, n) for s, n in known if np.isfinite(s)]
    if not known:
        return NAN
    squares, counts = zip(*known, strict=True)
    return float(100.0 * np.sqrt(np.average(squares, weights=counts)))


def pooled_events(walks: Sequence[WalkScore], kind: EventKind) -> EventScore:
    """Timing of one kind of event over all walks."""
    scores = [w.events[kind] for w in walks]
    return EventScore(
        errors_ms=tuple(e for s in scores for e in s.errors_ms),
        n_missed=sum(s.n_missed for s in scores),
        n_extra=sum(s.n_extra for s in scores),
        n_edge=sum(s.n_edge for s in scores),
    )
