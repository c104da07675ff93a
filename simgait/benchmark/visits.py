"""What walks gain from the others of their visit: real people's marker walks before one camera.

Each person with several marker walks has several cameras of each detector; every second walk goes
away from the camera. The walks are fitted and refined as for tracking, each alone and each with
all of its visit, and scored against the markers. Physics is left out: it keeps to its reference
(docs/history/travel.md), and what a visit changes lies before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.benchmark.cases import Case, marker_case
from simgait.benchmark.gate_cases import hips_way_m, marker_walks
from simgait.benchmark.scorecard_page import table
from simgait.body.fit import fit_references
from simgait.body.refiner import RefinerWeights, refine_references
from simgait.cohort.visit import Read, prepare_visit
from simgait.datasets.detector_copies import as_seen_by
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.gait.analyse import analyse_markers
from simgait.gait_result import GaitResult
from simgait.pipeline import PreparedWalk, TrackOptions, prepare_walks, source_in_memory
from simgait.series.trend import steady_rate
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.synthetic.detectors.monocular_v1 import VERSION, View
from simgait.trials.visit import with_legs_apart
from simgait.types import FittedTrial, Recording

DETECTORS = ("metrabs-17-v1", VERSION, "wide-v1")
TRAVEL_SHARES = (0.25, 0.75)
"""Two cameras of each person and detector, on either side of the usual scale of travel."""
FEWEST_WALKS, MOST_WALKS = 3, 8
"""Of a person; more walks of one would be heard above the others'."""
WAYS: tuple[View, View] = ("ahead", "behind")
LEG_SKEW_M = 0.013
"""SD, between cameras, of the error in depth of either leg, the one too near, the other too far.
It makes the difference between steps that MeTRAbs's points have: 0.052 m, on ways there and back
with opposite signs (`trials.visit.SKEW_BETWEEN_CAMERAS_M`)."""
SEED = 60_000
"""Chosen: of the cameras."""
ALONE, VISIT, VISIT_AND_DISTANCE = "alone", "visit", "visit, one distance"
CONDITIONS = (ALONE, VISIT, VISIT_AND_DISTANCE)
NAN = float("nan")


@dataclass(frozen=True)
class SeenWalk:
    """A marker walk as a camera shows it.

    Attributes:
        visit: person, detector and camera.
        way: 1 towards the camera, -1 away from it.
        whole: by its markers.
        seen: on the camera's axes.
    """

    visit: tuple[str, str, int]
    way: int
    whole: Recording
    seen: Recording


@dataclass(frozen=True)
class Scored:
    """Truth and estimate of one walk: speed (m/s), left and right step (m); NaN unknown."""

    visit: tuple[str, str, int]
    way: int
    speed_mps: tuple[float, float]
    left_m: tuple[float, float]
    right_m: tuple[float, float]


@dataclass(frozen=True)
class VisitLine:
    """The walks of some people through one detector, under one condition.

    Attributes:
        within_sd_percent: SD of the error of speed between the walks of one person and camera.
        change_rmse_mps: RMS error of a difference between two walks of one person and camera.
        step_rmse_m: of both sides' steps.
        difference_rmse_m: of left less right step.
        flip_m: RMS over persons and cameras of half the difference, between walks away and
            towards, of that error.
    """

    detector: str
    condition: str
    n_people: int
    n_walks: int
    speed_rmse_mps: float
    within_sd_percent: float
    change_rmse_mps: float
    step_rmse_m: float
    difference_rmse_m: float
    flip_m: float


def seen_walks(
    data_dir: Path, *, unseen: bool, detectors: Sequence[str] = DETECTORS
) -> list[SeenWalk]:
    """The walks of all people with several, through every detector and camera."""
    people: dict[str, list[tuple[Recording, float]]] = {}
    for whole, height_m in marker_walks(data_dir, unseen=unseen):
        people.setdefault(whole.subject_id, []).append((whole, height_m))
    found: list[SeenWalk] = []
    for person, walks in enumerate(own for own in people.values() if len(own) >= FEWEST_WALKS):
        for detector in detectors:
            for camera, share in enumerate(TRAVEL_SHARES):
                camera_seed = SEED + 10 * person + camera
                skew_m = LEG_SKEW_M * float(np.random.default_rng([camera_seed, 5]).normal())
                for number, (whole, height_m) in enumerate(walks[:MOST_WALKS]):
                    # monocular-v1 draws its camera by the recording's seed alone.
                    own = camera_seed if detector == VERSION else camera_seed + 1000 * (1 + number)
                    seen = as_seen_by(
                        detector, whole, height_m, own, camera_seed=camera_seed,
                        view=WAYS[number % 2], travel_share=share,
                    )  # fmt: skip
                    visit = whole.subject_id, detector, camera
                    way = 1 if number % 2 == 0 else -1
                    found.append(SeenWalk(visit, way, whole, _filmed(seen, way, skew_m)))
    return found


def _filmed(seen: Recording, way: int, skew_m: float) -> Recording:
    """On axes of a camera at the far +x, with its error in the depth of either leg.

    The truth of the pose, which is on other axes, is left out.
    """
    ahead = hips_way_m(seen)
    c, s = way * ahead / np.linalg.norm(ahead)
    points = seen.keypoints_m @ np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return replace(seen, keypoints_m=with_legs_apart(points, skew_m), pose=None)


def visit_lines(
    walks: Sequence[SeenWalk], refiner: RefinerWeights, tell: Callable[[str], None]
) -> list[VisitLine]:
    """Every detector under every condition.

    Args:
        walks: from `seen_walks`.
        refiner: of the policy.
        tell: called with a sentence now and then.
    """
    lines: list[VisitLine] = []
    for condition in CONDITIONS:
        tell(f"{len(walks)} walks, {condition}")
        scored = scored_walks(_prepared(walks, condition), refiner)
        for detector in dict.fromkeys(walk.visit[1] for walk in walks):
            own = [one for one in scored if one.visit[1] == detector]
            lines.append(line_of(detector, condition, own))
    return lines


Pair = tuple[SeenWalk, PreparedWalk]


def _prepared(walks: Sequence[SeenWalk], condition: str) -> list[Pair]:
    """The walks of all visits, but for those whose distance was said, which know too much."""
    found: list[Pair] = []
    visits: dict[tuple[str, str, int], list[SeenWalk]] = {}
    for walk in walks:
        visits.setdefault(walk.visit, []).append(walk)
    for members in visits.values():
        known = next((one for one in members if _alone(_with_distance(one))), None)
        if condition == ALONE:
            own = [(one, prepared) for one in members for prepared in _alone(one)]
        else:
            told = [
                _with_distance(one) if one is known and condition == VISIT_AND_DISTANCE else one
                for one in members
            ]
            own = _together(told)
        found += [pair for pair in own if known is None or pair[0].whole is not known.whole]
    return found


def _with_distance(walk: SeenWalk) -> SeenWalk:
    distance_m = float(np.linalg.norm(hips_way_m(walk.whole)))
    return replace(walk, seen=replace(walk.seen, distance_m=distance_m))


def _options() -> TrackOptions:
    return TrackOptions(min_frames=SHORT_WALKS.min_frames)


def _alone(walk: SeenWalk) -> list[PreparedWalk]:
    """Nothing of a walk that preparation refuses."""
    try:
        return prepare_walks(walk.seen, source_in_memory(walk.seen), _options())
    except InputError:
        return []


def _together(walks: Sequence[SeenWalk]) -> list[Pair]:
    read: list[Read | Exception] = [(one.seen, source_in_memory(one.seen)) for one in walks]
    prepared = prepare_visit(read, _options())
    return [
        (walk, one)
        for walk, own in zip(walks, prepared, strict=True)
        if not isinstance(own, Exception)
        for one in own
    ]


def scored_walks(pairs: Sequence[Pair], refiner: RefinerWeights) -> list[Scored]:
    """Speed and steps of the refined references of walks, beside those of the markers."""
    trials = [replace(walk.trial, truth=None) for _, walk in pairs]
    people = [walk.dims for _, walk in pairs]
    fitted = refine_references(refiner, fit_references(trials, people, skeleton=refiner.skeleton))
    scored: list[Scored] = []
    for (walk, prepared), one in zip(pairs, fitted, strict=True):
        try:
            case = marker_case(walk.whole, prepared.trial)
            points = np.asarray(body_keypoints(one.pose, one.dims, one.skeleton))
            names = one.skeleton.keypoints
            gait = analyse_markers(one.trial.time_s, points, None, keypoint_names=names)
        except InputError:
            continue
        scored.append(_scored(walk, case, one, gait))
    return scored


def _scored(walk: SeenWalk, case: Case, fitted: FittedTrial, gait: GaitResult) -> Scored:
    """Speed is that of the reference's path, which needs no events: some detectors show none."""

    def both(key: str, pool: str) -> tuple[float, float]:
        true, found = (one.parameters.get(key, {}).get(pool) for one in (case.gait, gait))
        return (NAN if true is None else true.mean, NAN if found is None else found.mean)

    rate_mps = steady_rate(fitted.pose[:, HORIZONTAL], fitted.trial.time_s)
    speed_mps = both("velocity_mps", "both")[0], float(np.linalg.norm(rate_mps))
    left, right = (both("step_length_m", side) for side in SIDES)
    return Scored(walk.visit, walk.way, speed_mps, left, right)


def line_of(detector: str, condition: str, walks: Sequence[Scored]) -> VisitLine:
    """What these walks say; every person and camera as much as the next."""
    visits: dict[tuple[str, str, int], list[Scored]] = {}
    for walk in walks:
        if np.isfinite(walk.speed_mps).all():
            visits.setdefault(walk.visit, []).append(walk)
    own = [_of_visit(members) for members in visits.values()]
    squares = np.array(
        [[np.mean(np.square(errors)) if len(errors) else NAN for errors in one] for one in own]
    ).reshape(-1, 6)
    of_visits = [column[np.isfinite(column)] for column in squares.T]
    means = [column.mean() if len(column) else NAN for column in of_visits]
    speed, within, change, steps, difference, flip = np.sqrt(means)
    return VisitLine(
        detector, condition, len({walk.visit[0] for walk in walks}), len(walks), float(speed),
        100.0 * float(within), float(change), float(steps), float(difference), float(flip),
    )  # fmt: skip


Errors = Float[np.ndarray, " _"]


def _of_visit(walks: Sequence[Scored]) -> tuple[Errors, Errors, Errors, Errors, Errors, Errors]:
    """Errors of one person and camera; see `VisitLine`. Empty where they are not known."""
    speed = np.array([walk.speed_mps for walk in walks])
    left, right = np.array([(walk.left_m, walk.right_m) for walk in walks]).swapaxes(0, 1)
    off = speed[:, 1] - speed[:, 0]
    share = np.log(speed[:, 1] / speed[:, 0])
    spread = [np.std(share, ddof=1)] if len(share) > 1 else []
    first, second = np.triu_indices(len(off), 1)
    steps = np.concatenate([left[:, 1] - left[:, 0], right[:, 1] - right[:, 0]])
    difference = (left[:, 1] - right[:, 1]) - (left[:, 0] - right[:, 0])
    ways = np.array([walk.way for walk in walks])
    known = np.isfinite(difference)
    there, back = (difference[known & (ways == way)] for way in (1, -1))
    flip = [0.5 * (there.mean() - back.mean())] if len(there) and len(back) else []
    return (
        off, np.array(spread), off[first] - off[second], steps[np.isfinite(steps)],
        difference[known], np.array(flip),
    )  # fmt: skip


HEAD = (
    "detector", "walks tracked", "people", "walks", "speed RMSE m/s", "speed SD within %",
    "change RMSE m/s", "step RMSE cm", "left less right RMSE cm", "flip RMS cm",
)  # fmt: skip


def visit_table(lines: Sequence[VisitLine]) -> str:
    """All lines as a Markdown table."""
    return table(HEAD, [_cells(line) for line in sorted(lines, key=lambda one: one.detector)])


def _cells(line: VisitLine) -> list[str]:
    return [
        line.detector, line.condition, str(line.n_people), str(line.n_walks),
        f"{line.speed_rmse_mps:.3f}", f"{line.within_sd_percent:.1f}",
        f"{line.change_rmse_mps:.3f}", f"{100.0 * line.step_rmse_m:.1f}",
        f"{100.0 * line.difference_rmse_m:.1f}", f"{100.0 * line.flip_m:.1f}",
    ]  # fmt: skip
