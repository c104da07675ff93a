"""The Gait Transformer beside its rivals on synthetic walkers that nothing was learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.baselines.kinematics import kinematics_tracker
from simgait.baselines.raw_keypoints import raw_keypoints_tracker
from simgait.baselines.tracker import Tracker, WalkEstimate
from simgait.companions.gait_transformer.columns import network_input
from simgait.companions.gait_transformer.tracker import released_tracker
from simgait.datasets.detector_mixture import Keypoints
from simgait.datasets.synthetic_trials import Split, synthetic_trial
from simgait.errors import InputError
from simgait.estimators.companion import Evaluation
from simgait.estimators.judged import Judged, judge
from simgait.estimators.people import marks, refuse_shared_people
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
            summary_features(network_input(w.trial).reshape(1, w.trial.n_frames, -1))[0],
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


def evaluate(people: int, folder: Path | None = None) -> Evaluation:
    """Judges the network and its rivals, on exact and on monocular keypoints.

    Args:
        people: how many validation walkers.
        folder: of the weights; None takes the released ones.

    Raises:
        InputError: the weights are missing or damaged.
    """
    trackers = {
        "Gait Transformer": released_tracker(folder),
        "kinematics only": kinematics_tracker(),
        "raw keypoints": raw_keypoints_tracker(),
    }
    known = {one.key: one for one in parameters()}
    rows: list[Judged] = []
    notes: list[str] = []
    for kind in KINDS:
        learned = judged_walks("train", FIRST_OF_RIDGE, WALKERS_OF_RIDGE, kind)
        walks = judged_walks("validation", FIRST_JUDGED, people, kind)
        who = [walk.trial.subject_id for walk in walks]
        refuse_shared_people(marks(walk.trial.subject_id for walk in learned), who)
        truth, of_learned = (np.stack([w.truth for w in part]) for part in (walks, learned))
        said = {name: _of_tracker(tracker, walks) for name, tracker in trackers.items()}
        ridge = fit_ridge(_features(learned), of_learned)
        said["ridge"] = np.asarray(ridge(_features(walks)))
        said["mean of the training people"] = np.tile(of_learned.mean(axis=0), (len(walks), 1))
        for column, key in enumerate(QUANTITIES):
            label = f"{known[key].label.lower()}, {kind} keypoints"
            unit = known[key].unit.symbol
            for name, estimate in said.items():
                try:
                    rows.append(
                        judge(name, label, unit, truth[:, column], estimate[:, column], who)
                    )
                except InputError as error:
                    notes.append(f"{name}: {error}")
    return Evaluation(SYNTHETIC, tuple(rows), tuple(notes))
