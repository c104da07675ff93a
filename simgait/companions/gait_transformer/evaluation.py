"""The Gait Transformer beside its rivals on synthetic walkers that nothing was learned from."""

from __future__ import annotations

from pathlib import Path

from simgait.companions.gait_transformer.tracker import released_tracker
from simgait.estimators.companion import Evaluation
from simgait.estimators.judged_walks import evaluate_walks


def evaluate(people: int, folder: Path | None = None) -> Evaluation:
    """Judges the network and its rivals, on exact and on monocular keypoints.

    Args:
        people: how many validation walkers.
        folder: of the weights; None takes the released ones.

    Raises:
        InputError: the weights are missing or damaged.
    """
    return evaluate_walks(people, {"Gait Transformer": released_tracker(folder)})
