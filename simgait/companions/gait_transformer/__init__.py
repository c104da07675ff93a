"""The Gait Transformer (Cotton et al. 2022, arXiv 2203.09371), re-implemented from its paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simgait.estimators.companion import (
    Asked,
    Companion,
    Evaluation,
    Kept,
    Learning,
    Opinion,
    Order,
    TrackedWalk,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

    from simgait.baselines.tracker import Tracker


def companion() -> Companion:
    """Its value; nothing heavy is imported before one of its parts is called."""
    return Companion(
        name="gait-transformer",
        about="Gait Transformer of Cotton et al. 2022, from 3D keypoints to phases and kinematics",
        reads="a recording of 3D keypoints, and the person's height",
        says="velocity, cadence and step length, and a whole walk for the benchmark",
        rivals=("mean of the training people", "ridge", "kinematics only", "raw keypoints"),
        run=_run,
        evaluate=_evaluate,
        learning=Learning(
            "gait_transformer.toml",
            "gait_transformer",
            _load_recipe,
            _check,
            _train,
            from_recordings=True,
        ),
        tracker=_tracker,
        second_opinion=_second_opinion,
    )


def _load_recipe(path: Path) -> BaseModel:
    from simgait.companions.gait_transformer.config import load_transformer_config

    return load_transformer_config(path)


def _check(folder: Path | None) -> None:
    from simgait.companions.gait_transformer.tracker import released_tracker

    released_tracker(folder)


def _tracker() -> Tracker:
    from simgait.companions.gait_transformer.tracker import released_tracker

    return released_tracker()


def _run(path: Path, asked: Asked) -> Opinion:
    from simgait.companions.gait_transformer.opinion import opinion_of

    return opinion_of(path, asked)


def _second_opinion(walk: TrackedWalk) -> Opinion:
    from simgait.companions.gait_transformer.opinion import opinion_of_walk

    return opinion_of_walk(walk)


def _train(order: Order, kept: Kept) -> str:
    from simgait.companions.gait_transformer.release import train_and_release

    return train_and_release(order, kept)


def _evaluate(people: int, folder: Path | None) -> Evaluation:
    from simgait.companions.gait_transformer.evaluation import evaluate

    return evaluate(people, folder)
