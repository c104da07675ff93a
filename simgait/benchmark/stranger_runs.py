"""Strangers' files tracked as their users would track them, each beside its exact truth."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simgait.baselines.tracker import WalkEstimate
from simgait.benchmark.cases import marker_case
from simgait.benchmark.gate import plain_speed_mps
from simgait.benchmark.stranger_detectors import Stranger, View
from simgait.benchmark.stranger_errors import draw, seen_by
from simgait.benchmark.stranger_files import said_of, write_seen
from simgait.benchmark.stranger_walks import Loop, Scene
from simgait.benchmark.walk_record import Pairs, record_walk
from simgait.certainty.conditions import conditions_of
from simgait.certainty.intervals import with_intervals
from simgait.certainty.widths import FILE, Widths, read_widths, released_widths
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.gait.analyse import analyse_rollout
from simgait.gait.recorded import true_angles_rad
from simgait.gait_result import GaitResult
from simgait.pipeline import PreparedWalk, TrackOptions, track_walks, walks_of_file
from simgait.report.trial.levels import NumberLevel
from simgait.report.trial.verdict import judge
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import ANGLE_NAMES, POSE_NAMES, TRIMMED_HUMANOID
from simgait.skeleton.sides import SIDES
from simgait.tracking.policies import Policy
from simgait.trials.preparation import prepare
from simgait.types import Recording, TrackedTrial, Trial, TrialTruth

NAN = float("nan")
WAYS_M = (4.0, 8.0)
"""Shortest and longest straight way; walks in between are spread evenly."""
SPEED, STEP, STANCE, KNEE = "velocity_mps", "step_length_m", "stance_percent", "knee_flexion_deg"


@dataclass(frozen=True)
class Told:
    """One number: what it is and was said to be.

    Attributes:
        true, found: in its stored unit; NaN unknown.
        half_width: of its 90 % interval.
        level: of the verdict; None where it was not measured.
    """

    true: float
    found: float
    half_width: float
    level: NumberLevel | None

    @property
    def holds(self) -> bool | None:
        """Whether the interval holds the truth; None where one of them is not known."""
        error = abs(self.found - self.true)
        known = np.isfinite([error, self.half_width]).all()
        return bool(error <= self.half_width) if known else None


@dataclass(frozen=True)
class StrangerWalk:
    """What simgait said of one straight walk, or of a file that it refused.

    Attributes:
        person: a code.
        detector: the stranger's name.
        towards: +1 towards the camera, -1 away from it, 0 neither.
        refusal: why nothing was said; empty where something was.
        speed: of both sides; steps, stances: left, right.
        line_mps: speed of the height-scaled path alone, a straight line over time.
        knees_deg: true and found 5th, 50th and 95th percentile, by side.
        knee_within: share of the knee curves' points within their bands, by side.
    """

    person: str
    detector: str
    towards: int = 0
    refusal: str = ""
    fell: bool = False
    speed: Told = Told(NAN, NAN, NAN, None)
    steps: tuple[Told, ...] = ()
    stances: tuple[Told, ...] = ()
    line_mps: float = NAN
    knees_deg: tuple[Pairs, ...] = ()
    knee_within: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Offered:
    """A walk that was prepared, with the scene's truth."""

    number: int
    detector: str
    person: str
    towards: int
    walk: PreparedWalk
    truth: Recording


def widths_of(policy: Policy, folder: str | None) -> Widths:
    """The intervals of a policy: those in its folder, else the released ones if they are its own.

    Raises:
        InputError: there are none that were measured with this policy.
    """
    own = folder or os.environ.get("SIMGAIT_POLICY")
    path = None if own is None else Path(own) / FILE
    widths = released_widths() if path is None or not path.is_file() else read_widths(path)
    if widths.policy_sha256 != policy.sha256:
        raise InputError(
            f"{FILE}: nobody measured the intervals of this policy; make them with simgait policy "
            "intervals."
        )
    return widths


def run_strangers(
    strangers: Sequence[Stranger],
    people: Sequence[Loop],
    policy: Policy,
    widths: Widths,
    tell: Callable[[str], None] = lambda _: None,
) -> list[list[StrangerWalk]]:
    """All people's walks through each stranger, tracked together.

    Args:
        strangers: detectors.
        people: their walks.
        policy: drives the body.
        widths: its intervals.
        tell: called with a sentence before long work.
    """
    found: list[list[StrangerWalk]] = [[] for _ in strangers]
    offered: list[_Offered] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, stranger in enumerate(strangers):
            tell(f"{stranger.name}: {len(people)} files")
            for one in _files(Path(folder), number, stranger, people):
                if isinstance(one, StrangerWalk):
                    found[number].append(one)
                else:
                    offered.append(one)
    tell(f"tracking {len(offered)} walks")
    tracked = track_walks(policy, [one.walk for one in offered])
    for one, walk in zip(offered, tracked, strict=True):
        found[one.number].append(_told(one, walk, widths))
    return found


def _files(
    folder: Path, number: int, stranger: Stranger, people: Sequence[Loop]
) -> Iterator[_Offered | StrangerWalk]:
    codes = list(dict.fromkeys(loop.person for loop in people))
    for i, loop in enumerate(people):
        scene = Scene(loop, stranger.scene, way_of(i, len(people)))
        drawn = draw(stranger, codes.index(loop.person), len(codes), i)
        path = write_seen(folder, f"{number}_{i}", stranger, seen_by(stranger, scene, drawn))
        options = TrackOptions(height_m=loop.height_m, reader=said_of(stranger))
        try:
            walks = walks_of_file(path, options)
        except InputError as error:
            refusal = f"{loop.name}: {error}"
            yield StrangerWalk(loop.person, stranger.name, refusal=refusal)
            continue
        truth = scene.truth()
        for bout, walk in enumerate(walks):
            towards = _TOWARDS[drawn.view] * (-1) ** bout
            yield _Offered(number, stranger.name, loop.person, towards, walk, truth)


_TOWARDS: dict[View, int] = {"ahead": 1, "behind": -1, "oblique": 0, "side": 0}


def way_of(number: int, count: int) -> float:
    """Length (m) of a walk's straight way: spread evenly, neighbours unlike."""
    low, high = WAYS_M
    return low + (high - low) * (number * 5 % count) / max(count - 1, 1)


def _told(of: _Offered, tracked: TrackedTrial, widths: Widths) -> StrangerWalk:
    trial, rollout = tracked.trial, tracked.rollout
    gait = analyse_rollout(rollout)
    metrics = of.walk.quality.metrics
    conditions = conditions_of(trial, metrics, gait, tracked.fitted.fit_error_m)
    gait = with_intervals(gait, conditions, widths)
    verdict = judge(trial, rollout, gait, of.walk.quality)
    case = marker_case(of.truth, replace(trial, truth=_truth_of(trial, of.truth)))
    angles_rad = TRIMMED_HUMANOID.told(rollout.pose, rollout.skeleton)[:, ANGLES]
    names = rollout.skeleton.keypoints
    estimate = WalkEstimate(angles_rad, rollout.keypoints_m, names, gait, rollout)
    record = record_walk(case, "simgait", estimate)

    def told(key: str, pool: str) -> Told:
        true, found = record.means(key, pool)
        low, high = gait.interval(key, pool)
        return Told(true, found, 0.5 * (high - low), verdict.number_level(key, pool))

    return StrangerWalk(
        of.person,
        of.detector,
        towards=of.towards,
        fell=record.fell,
        speed=told(SPEED, "both"),
        steps=tuple(told(STEP, side) for side in SIDES),
        stances=tuple(told(STANCE, side) for side in SIDES),
        line_mps=plain_speed_mps(trial),
        knees_deg=tuple(record.knee_percentiles_deg.values()),
        knee_within=_within(record.curves_deg, gait),
    )


def _within(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]], gait: GaitResult
) -> tuple[float, ...]:
    shares = []
    for side in SIDES:
        pair = curves.get(f"{side}_{KNEE}")
        half = NAN if gait.certainty is None else gait.certainty.half_width(KNEE, side)
        if pair is not None and np.isfinite(half):
            shares.append(float(np.mean(np.abs(pair[1] - pair[0]) <= half)))
    return tuple(shares)


def _truth_of(trial: Trial, truth: Recording) -> TrialTruth:
    """The scene's measured knees on the trial's clock; all else is read from its markers."""
    clock_s = trial.start_s + trial.time_s
    angles = np.full((trial.n_frames, len(ANGLE_NAMES)), np.nan)
    for own in prepare(truth, SHORT_WALKS):
        known = None if own.truth is None else true_angles_rad(own.truth)
        if known is None:
            continue
        at_s = own.start_s + own.time_s
        inside = (clock_s >= at_s[0]) & (clock_s <= at_s[-1])
        for column in np.flatnonzero(np.isfinite(known).all(axis=0)):
            angles[inside, column] = np.interp(clock_s[inside], at_s, known[:, column])
    nothing = np.full((trial.n_frames, 2), np.nan)
    return TrialTruth(np.full((trial.n_frames, len(POSE_NAMES)), np.nan), angles, nothing)
