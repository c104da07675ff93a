"""Methods that give a whole walk, beside their rivals on synthetic walkers unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from jaxtyping import Float

from simgait.baselines.kinematics import kinematics_tracker
from simgait.baselines.raw_keypoints import raw_keypoints_tracker
from simgait.baselines.tracker import Tracker, WalkEstimate
from simgait.datasets.detector_mixture import Keypoints
from simgait.datasets.synthetic_trials import Split, synthetic_trial
from simgait.errors import InputError
from simgait.estimators.companion import Evaluation
from simgait.estimators.judged import Judged, judge
from simgait.estimators.people import marks, refuse_shared_people
from simgait.estimators.points_in_heights import points_in_heights
from simgait.estimators.rivals import fit_ridge, summary_features
from simgait.gait.analyse import analyse_markers
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import parameters
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.kinematics import body_keypoints
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.types import Trial

FIRST_JUDGED, WALK_S = 10_000, 6.0
"""Of the validation walkers: those whose windows chose the weights lie before."""
FIRST_OF_RIDGE, WALKERS_OF_RIDGE = 470_000, 100
"""Training walkers that the mean and the ridge learn from."""
KINDS: tuple[Keypoints, ...] = ("exact", "monocular")
QUANTITIES = ("velocity_mps", "cadence_spm", "step_length_m")
SYNTHETIC = (
    "Synthetic people whom nothing was learned from: how well the method reads what it was made "
    "for, not its accuracy on people."
)


@dataclass(frozen=True)
class JudgedWalk:
    """A trial without its truth, and the truth of `QUANTITIES`."""

    trial: Trial
    truth: Float[np.ndarray, " 3"]


def quantities_of(gait: GaitResult) -> Float[np.ndarray, " 3"]:
    """`QUANTITIES` of a walk; NaN unknown."""
    return np.array([gait.parameters[key]["both"].mean for key in QUANTITIES])


def judged_walks(split: Split, first: int, count: int, kind: Keypoints) -> list[JudgedWalk]:
    """Walkers of a split whom the error model leaves enough of."""
    walks = []
    for index in range(first, first + count):
        try:
            trial = synthetic_trial(split, index, kind, WALK_S)
        except InputError:
            continue
        truth = trial.truth
        assert truth is not None  # of every synthetic walker
        dims = draw_walker(walker_seed(split, index)).dimensions
        points = np.asarray(body_keypoints(truth.pose, dims))
        gait = analyse_markers(trial.time_s, points, truth.events, keypoint_names=BODY_KEYPOINTS)
        walks.append(JudgedWalk(replace(trial, truth=None), quantities_of(gait)))
    return walks


def _features(walks: Sequence[JudgedWalk]) -> Float[np.ndarray, "W F"]:
    """What a ridge reads of each walk: how its points are spread, and the height."""
    return np.stack([
        np.append(
            summary_features(points_in_heights(w.trial).reshape(1, w.trial.n_frames, -1))[0],
            w.trial.height_m,
        )
        for w in walks
    ])  # fmt: skip


def _of_tracker(tracker: Tracker, walks: Sequence[JudgedWalk]) -> Float[np.ndarray, "W 3"]:
    answers = tracker.estimate([walk.trial for walk in walks])
    return np.stack([
        quantities_of(one.gait) if isinstance(one, WalkEstimate) else np.full(3, np.nan)
        for one in answers
    ])  # fmt: skip


@dataclass(frozen=True)
class Judging:
    """Walks of one kind of keypoints that judge, and what those say of them who learn little.

    Attributes:
        people: whose each walk is.
        walks: without their truth.
        truth: of `QUANTITIES`.
        said: what the rules, the ridge and the mean say, by name.
    """

    people: tuple[str, ...]
    walks: tuple[JudgedWalk, ...]
    truth: Float[np.ndarray, "W 3"]
    said: Mapping[str, Float[np.ndarray, "W 3"]]


@cache
def _judging(kind: Keypoints, count: int) -> Judging:
    """Made once for all methods that are judged in turn."""
    learned = judged_walks("train", FIRST_OF_RIDGE, WALKERS_OF_RIDGE, kind)
    walks = judged_walks("validation", FIRST_JUDGED, count, kind)
    people = tuple(walk.trial.subject_id for walk in walks)
    refuse_shared_people(marks(walk.trial.subject_id for walk in learned), people)
    truth, of_learned = (np.stack([w.truth for w in part]) for part in (walks, learned))
    ridge = fit_ridge(_features(learned), of_learned)
    said = {
        "kinematics only": _of_tracker(kinematics_tracker(), walks),
        "raw keypoints": _of_tracker(raw_keypoints_tracker(), walks),
        "ridge": np.asarray(ridge(_features(walks))),
        "mean of the training people": np.tile(of_learned.mean(axis=0), (len(walks), 1)),
    }
    return Judging(people, tuple(walks), truth, said)


def evaluate_walks(people: int, more: Mapping[str, Tracker] | None = None) -> Evaluation:
    """Judges the methods that learn nothing, and others, on exact and on monocular keypoints.

    Args:
        people: how many validation walkers.
        more: trackers by the name that the table gives them; they stand first.
    """
    known = {one.key: one for one in parameters()}
    rows: list[Judged] = []
    notes: list[str] = []
    for kind in KINDS:
        one = _judging(kind, people)
        said = {name: _of_tracker(tracker, one.walks) for name, tracker in (more or {}).items()}
        for column, key in enumerate(QUANTITIES):
            label = f"{known[key].label.lower()}, {kind} keypoints"
            unit, truth = known[key].unit.symbol, one.truth[:, column]
            for name, values in {**said, **one.said}.items():
                try:
                    rows.append(judge(name, label, unit, truth, values[:, column], one.people))
                except InputError as error:
                    notes.append(f"{name}: {error}")
    return Evaluation(SYNTHETIC, tuple(rows), tuple(notes))
