"""Joint angles of a markerless system, refined to marker-based ones (BiLSTM and regression)."""

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


def companion() -> Companion:
    """Its value; nothing heavy is imported before one of its parts is called."""
    return Companion(
        name="angle-refiner",
        about="BiLSTM fused with linear regression (J Med Biomech 2022, 37:E733), from a system's "
        "joint angles to those of markers",
        reads="joint angles over the gait cycle: a tracked walk's folder, its mean_curves.csv, or "
        "a table of a system's curves",
        says="refined joint angles over the cycle, their largest and least values, with intervals",
        rivals=("mean of the training people", "ridge", "BiLSTM alone", "angles as they are"),
        run=_run,
        evaluate=_evaluate,
        learning=Learning(
            "angle_refiner.toml",
            "angle_refiner",
            _load_recipe,
            _check,
            _train,
            from_recordings=True,
        ),
        networks=("kinect", "kinematics", "simulated"),
        second_opinion=_second_opinion,
        unread=("fps_hz", "person", "picture_px", "keypoint_set"),
    )


def _load_recipe(path: Path) -> BaseModel:
    from simgait.companions.angle_refiner.config import load_refiner_config

    return load_refiner_config(path)


def _check(folder: Path | None) -> None:
    from simgait.companions.angle_refiner.weights import load_refiners, released_folder

    load_refiners(folder or released_folder())


def _run(path: Path, asked: Asked) -> Opinion:
    from simgait.companions.angle_refiner.estimate import opinion_of

    return opinion_of(path, asked)


def _second_opinion(walk: TrackedWalk) -> Opinion:
    from simgait.companions.angle_refiner.estimate import opinion_of_walk

    return opinion_of_walk(walk)


def _train(order: Order, kept: Kept) -> str:
    from simgait.companions.angle_refiner.release import train_and_release

    return train_and_release(order, kept)


def _evaluate(people: int, folder: Path | None) -> Evaluation:
    from simgait.companions.angle_refiner.evaluation import evaluate

    return evaluate(people, folder)
