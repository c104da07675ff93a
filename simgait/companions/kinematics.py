"""The baseline kinematics only (`baselines.kinematics`) as a companion: a rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simgait.estimators.companion import Asked, Companion, Evaluation, Opinion, TrackedWalk

if TYPE_CHECKING:
    from simgait.baselines.tracker import Tracker

NAME = "kinematics"


def companion() -> Companion:
    """Its value; nothing heavy is imported before one of its parts is called."""
    return Companion(
        name=NAME,
        about="the body fitted to the keypoints and filtered, without physics and without learning",
        reads="a recording of 3D keypoints or markers, and the person's height",
        says="velocity, cadence and step length, and a whole walk for the benchmark",
        rivals=("mean of the training people", "ridge", "raw keypoints"),
        run=_run,
        evaluate=_evaluate,
        tracker=_tracker,
        second_opinion=_second_opinion,
    )


def _tracker() -> Tracker:
    from simgait.baselines.kinematics import kinematics_tracker

    return kinematics_tracker()


def _run(path: Path, asked: Asked) -> Opinion:
    from simgait.estimators.walking_opinion import opinion_of_file, refuse_network

    refuse_network(NAME, asked)
    return opinion_of_file(_tracker(), path, asked)


def _second_opinion(walk: TrackedWalk) -> Opinion:
    from simgait.estimators.walking_opinion import opinion_of_tracked

    return opinion_of_tracked(_tracker(), walk)


def _evaluate(people: int, folder: Path | None) -> Evaluation:
    from simgait.estimators.judged_walks import evaluate_walks
    from simgait.estimators.walking_opinion import refuse_weights

    refuse_weights(NAME, folder)
    return evaluate_walks(people)
