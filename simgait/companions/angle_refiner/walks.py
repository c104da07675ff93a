"""Walks to learn from and to be judged by: the same walk as a system reads it, and exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from simgait.baselines.kinematics import kinematics_tracker
from simgait.baselines.tracker import Answer, Refusal
from simgait.body.fit import measure_dimensions
from simgait.companions.angle_refiner.curves import (
    CurvePairs,
    Curves,
    joined,
    mean_curves,
    pairs_of_walk,
)
from simgait.datasets.detector_copies import as_seen_by
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.real_recordings import real_recordings
from simgait.datasets.synthetic_trials import Split
from simgait.errors import InputError
from simgait.gait.analyse import analyse_rollout
from simgait.gait.recorded import analyse_truth
from simgait.gait_result import GaitResult
from simgait.resources import resource_dir
from simgait.skeleton.sides import Side
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.tracking.policies import Policy, load_policy
from simgait.tracking.track import track_trials
from simgait.trials.preparation import prepare
from simgait.types import Recording, Trial

WALK_S = 6.0
"""Three cycles a side of most walkers."""
WALKS_OF_ONE = 3
"""Of each person with markers, at most: two of the nineteen have more than half of all walks."""
SEED = 41
"""Of detectors' errors: other walks than anybody else's."""


@dataclass(frozen=True)
class System:
    """What estimates angles, and what it reads.

    Attributes:
        label: for people.
        detector: whose errors its points have.
        simulated: its angles are the simulated body's, else those of the body fitted to the points.
    """

    label: str
    detector: str
    simulated: bool = False


SYSTEMS: Mapping[str, System] = {
    "kinect": System("body fitted to the points of a Kinect V2", "kinect-v2-v1"),
    "kinematics": System("body fitted to a monocular detector's points", "monocular-v1"),
    "simulated": System(
        "simulated body that follows a monocular detector's points", "monocular-v1", simulated=True
    ),
}
"""Each has a network of its own: what is to be put right differs from system to system."""


@dataclass(frozen=True)
class SeenWalk:
    """A walk as a detector saw it, and its true mean curves."""

    trial: Trial
    true: Mapping[Side, Curves]
    person: str


@dataclass(frozen=True)
class MarkerWalk:
    """A recording of markers, with the mean curves of the body that was fitted to them."""

    recording: Recording
    height_m: float
    true: Mapping[Side, Curves]
    person: str


def synthetic_walks(split: Split, first: int, count: int, detector: str) -> list[SeenWalk]:
    """Walkers `first` .. of a split through a detector; those that cannot be used are left out."""
    found = []
    for index in range(first, first + count):
        seed = walker_seed(split, index)
        exact = trial_from_walk(walk(draw_walker(seed), WALK_S), monocular=False).recording
        try:
            trial = _longest(exact, detector, float(exact.height_m or np.nan), seed * 64 + SEED)
            gait = analyse_truth(trial, measure_dimensions(trial))
        except InputError:
            continue
        if gait is not None:
            found.append(SeenWalk(trial, mean_curves(gait), trial.subject_id))
    return found


def marker_walks(data_dir: Path) -> list[MarkerWalk]:
    """Marker walks of the training people; truth is the body fitted to the markers."""
    recordings: list[Recording] = []
    for recording in real_recordings(data_dir, test=False):
        if sum(one.subject_id == recording.subject_id for one in recordings) < WALKS_OF_ONE:
            recordings.append(recording)
    exact = [max(prepare(one, SHORT_WALKS), key=lambda trial: trial.n_frames) for one in recordings]
    answers = kinematics_tracker().estimate(exact)
    return [
        MarkerWalk(recording, trial.height_m, mean_curves(answer.gait), recording.subject_id)
        for recording, trial, answer in zip(recordings, exact, answers, strict=True)
        if not isinstance(answer, Refusal)
    ]


def seen_people(walks: Sequence[MarkerWalk], detector: str, copies: int) -> list[SeenWalk]:
    """Marker walks through a detector, each `copies` times with errors of their own."""
    found = []
    for number, one in enumerate(walks):
        for copy in range(copies):
            seed = SEED + 1000 * number + copy
            try:
                seen = _longest(one.recording, detector, one.height_m, seed)
            except InputError:
                continue
            found.append(SeenWalk(seen, one.true, one.person))
    return found


def _longest(exact: Recording, detector: str, height_m: float, seed: int) -> Trial:
    seen = as_seen_by(detector, exact, height_m, seed)
    return max(prepare(seen, SHORT_WALKS, height_m=height_m), key=lambda one: one.n_frames)


def pairs_by(system: System, walks: Sequence[SeenWalk]) -> CurvePairs:
    """What a system reads of walks, beside the truth.

    Raises:
        InputError: nothing of any.
    """
    # Trackers get trials without their truth.
    trials = [replace(one.trial, truth=None) for one in walks]
    gaits = _simulated(trials) if system.simulated else _fitted(trials)
    parts = [
        pairs_of_walk(mean_curves(gait), one.true, one.person)
        for one, gait in zip(walks, gaits, strict=True)
        if gait is not None
    ]
    return joined([part for part in parts if part is not None])


def _fitted(trials: Sequence[Trial]) -> list[GaitResult | None]:
    answers: list[Answer] = kinematics_tracker().estimate(trials)
    return [None if isinstance(answer, Refusal) else answer.gait for answer in answers]


@cache
def _policy() -> Policy:
    return load_policy(resource_dir("policies") / "default")


def policy_behind(name: str) -> str | None:
    """Hash of the policy whose bodies' angles a network learns; None where no policy has a part."""
    return _policy().sha256 if name in SYSTEMS and SYSTEMS[name].simulated else None


def _simulated(trials: Sequence[Trial]) -> list[GaitResult | None]:
    gaits: list[GaitResult | None] = [None] * len(trials)
    kept, people = [], []
    for i, trial in enumerate(trials):
        try:
            people.append(measure_dimensions(trial))
        except InputError:
            continue
        kept.append(i)
    tracked = track_trials(_policy(), [trials[i] for i in kept], people)
    for i, one in zip(kept, tracked, strict=True):
        gaits[i] = None if one.rollout.fell else analyse_rollout(one.rollout)
    return gaits
