"""A baseline as a companion: a rule, which gives a whole walk and has nothing to learn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.estimators.companion import Asked, Companion, Evaluation, Opinion, TrackedWalk

if TYPE_CHECKING:
    from simgait.baselines.tracker import Tracker


def rule(name: str, about: str, other: str, tracker: Callable[[], Tracker]) -> Companion:
    """The value of a rule; nothing heavy is imported before one of its parts is called.

    Args:
        name: of the companion.
        about: what it is, in one line.
        other: the other rule, which every evaluation has beside it.
        tracker: makes what gives the walk.
    """

    def run(path: Path, asked: Asked) -> Opinion:
        from simgait.estimators.walking_opinion import opinion_of_file, refuse_network

        refuse_network(name, asked)
        return opinion_of_file(tracker(), path, asked)

    def second_opinion(walk: TrackedWalk) -> Opinion:
        from simgait.estimators.walking_opinion import opinion_of_tracked

        return opinion_of_tracked(tracker(), walk)

    def evaluate(people: int, folder: Path | None) -> Evaluation:
        from simgait.estimators.judged_walks import evaluate_walks
        from simgait.estimators.walking_opinion import refuse_weights

        refuse_weights(name, folder)
        return evaluate_walks(people)

    return Companion(
        name=name,
        about=about,
        reads="a recording of 3D keypoints or markers, and the person's height",
        says="velocity, cadence and step length, and a whole walk for the benchmark",
        rivals=("mean of the training people", "ridge", other),
        run=run,
        evaluate=evaluate,
        tracker=tracker,
        second_opinion=second_opinion,
    )
