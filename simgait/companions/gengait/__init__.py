"""GenGait (2026): which joints of a walk are wrong, and the walk without it; re-implemented."""

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

    from simgait.estimators.own_walks import OwnWalks


def companion() -> Companion:
    """Its value; nothing heavy is imported before one of its parts is called."""
    return Companion(
        name="gengait",
        about="masked autoencoder of GenGait (2026), which learned normal walks and nothing else",
        reads="a recording of 3D keypoints, and the person's height; two strides at least",
        says="which joints are wrong, and the normative twin: the walk with them put right",
        rivals=("mean of the training people", "ridge", "PCA reconstruction"),
        run=_run,
        evaluate=_evaluate,
        learning=Learning(
            "gengait.toml",
            "gengait",
            _load_recipe,
            _check,
            _train,
            from_recordings=True,
            check_walks=_check_walks,
        ),
        second_opinion=_second_opinion,
        makes_twins=True,
    )


def _load_recipe(path: Path) -> BaseModel:
    from simgait.companions.gengait.config import load_gengait_config

    return load_gengait_config(path)


def _check(folder: Path | None) -> None:
    from simgait.companions.gengait.weights import load_gengait, released_folder

    load_gengait(folder or released_folder())


def _check_walks(own: OwnWalks) -> None:
    from simgait.companions.gengait.own_people import checked

    checked(own)


def _run(path: Path, asked: Asked) -> Opinion:
    from simgait.companions.gengait.opinion import opinion_of

    return opinion_of(path, asked)


def _second_opinion(walk: TrackedWalk) -> Opinion:
    from simgait.companions.gengait.opinion import opinion_of_walk

    return opinion_of_walk(walk)


def _train(order: Order, kept: Kept) -> str:
    from simgait.companions.gengait.release import train_and_release

    return train_and_release(order, kept)


def _evaluate(people: int, folder: Path | None) -> Evaluation:
    from simgait.companions.gengait.evaluation import evaluate

    return evaluate(people, folder)
