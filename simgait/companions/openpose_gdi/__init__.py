"""OpenPose's 2D points to GDI (Kidzinski et al. 2020, Nat Commun 11:4054), re-implemented."""

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
    Say,
    TrackedWalk,
)

if TYPE_CHECKING:
    from pydantic import BaseModel


def companion() -> Companion:
    """Its value; nothing heavy is imported before one of its parts is called."""
    return Companion(
        name="openpose-gdi",
        about="CNN of Kidzinski et al. 2020 on OpenPose's 2D points, with an LSTM and a CNN-LSTM",
        reads="2D keypoints of a video, of a set with big toes (BODY_25, Halpe-26, BlazePose, "
        "Halpe-136, COCO-WholeBody), as OpenPose's folder or one .json of all frames; 5 s at "
        "least; of BlazePose's the released weights say nothing",
        says="GDI, speed, cadence, knee flexion at maximum extension, asymmetry, with intervals; "
        "change between two visits (--before)",
        rivals=("mean of the training people", "ridge", "random forest"),
        networks=("cnn", "lstm", "cnn-lstm"),
        run=_run,
        evaluate=_evaluate,
        learning=Learning("openpose_gdi.toml", "openpose_gdi", _load_recipe, _check, _train),
        leak=_leak,
        change=_change,
        second_opinion=_second_opinion,
    )


def _load_recipe(path: Path) -> BaseModel:
    from simgait.companions.openpose_gdi.config import load_openpose_config

    return load_openpose_config(path)


def _check(folder: Path | None) -> None:
    from simgait.companions.openpose_gdi.weights import load_networks, released_folder

    load_networks(folder or released_folder())


def _run(path: Path, asked: Asked) -> Opinion:
    from simgait.companions.openpose_gdi.estimate import opinion_of

    return opinion_of(path, asked)


def _change(before: Path, after: Path, asked: Asked) -> Opinion:
    from simgait.companions.openpose_gdi.change import opinion_of_change

    return opinion_of_change(before, after, asked)


def _second_opinion(walk: TrackedWalk) -> Opinion:
    from simgait.companions.openpose_gdi.estimate import opinion_of_walk

    return opinion_of_walk(walk)


def _train(order: Order, kept: Kept) -> str:
    from simgait.companions.openpose_gdi.release import train_and_release

    return train_and_release(order, kept)


def _evaluate(people: int, folder: Path | None) -> Evaluation:
    from simgait.companions.openpose_gdi.evaluation import evaluate

    return evaluate(people, folder)


def _leak(say: Say) -> Evaluation:
    from simgait.companions.openpose_gdi.leak import leaking_and_clean

    return leaking_and_clean(say)
