"""GDI-Net: DensePose's I, U, V of a walk to its GDI by a CNN and an LSTM, re-implemented."""

from __future__ import annotations

from collections.abc import Sequence
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
        name="gdi-net",
        about="GDI-Net (a CS229 project), a CNN and an LSTM on DensePose's I, U, V, and its rivals",
        reads="a folder of I, U, V of each picture (*_IUV.png, or .npz of detectron2), or a video "
        "beside which it lies as NAME.iuv; 2 s from the side",
        says="GDI, mean of both sides, with an interval",
        rivals=("mean of the training people", "ridge", "linear regression on flattened frames"),
        networks=("gdi-net", "frame-cnn", "cnn-1d", "buckets"),
        run=_run,
        evaluate=_evaluate,
        learning=Learning(
            "gdi_net.toml",
            "gdi_net",
            _load_recipe,
            _check,
            _train,
            designs=("gdi-net", "frame-cnn", "cnn-1d", "buckets", "cnn-3d", "vgg16", "direct"),
            with_designs=_with_designs,
        ),
        leak=_leak,
        second_opinion=_second_opinion,
        unread=("person", "picture_px", "keypoint_set"),
    )


def _load_recipe(path: Path) -> BaseModel:
    from simgait.companions.gdi_net.config import load_gdi_net_config

    return load_gdi_net_config(path)


def _with_designs(config: BaseModel, designs: Sequence[str], beside: Path | None) -> BaseModel:
    from simgait.companions.gdi_net.beside import with_designs

    return with_designs(config, designs, beside)


def _check(folder: Path | None) -> None:
    from simgait.companions.gdi_net.weights import load_gdi_net, released_folder

    load_gdi_net(folder or released_folder())


def _run(path: Path, asked: Asked) -> Opinion:
    from simgait.companions.gdi_net.estimate import opinion_of

    return opinion_of(path, asked)


def _second_opinion(walk: TrackedWalk) -> Opinion:
    from simgait.companions.gdi_net.estimate import opinion_of_walk

    return opinion_of_walk(walk)


def _train(order: Order, kept: Kept) -> str:
    from simgait.companions.gdi_net.release import train_and_release

    return train_and_release(order, kept)


def _evaluate(people: int, folder: Path | None) -> Evaluation:
    from simgait.companions.gdi_net.evaluation import evaluate

    return evaluate(people, folder)


def _leak(say: Say) -> Evaluation:
    from simgait.companions.gdi_net.leak import leaking_and_clean

    return leaking_and_clean(say)
