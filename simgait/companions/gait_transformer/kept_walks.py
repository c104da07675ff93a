"""The walks of a training in one file of its folder: a stopped training makes none twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simgait.companions.gait_transformer.data import LabelledWalk
from simgait.errors import InputError
from simgait.weight_files import load_named, save_tree

KEPT = "walks.safetensors"
_ARRAYS = ("points", "target", "known")


@dataclass(frozen=True)
class TrainingWalks:
    """What a training learns from, and what it chooses its weights by.

    Attributes:
        train: walks to learn from.
        validation: walks of others.
        n_real: recorded ones among `train`, its last.
    """

    train: Sequence[LabelledWalk]
    validation: Sequence[LabelledWalk]
    n_real: int


def keep(folder: Path, walks: TrainingWalks) -> None:
    """Writes the walks.

    Raises:
        InputError: the folder cannot be written to.
    """
    every = [*walks.train, *walks.validation]
    facts = {
        "n_train": len(walks.train),
        "n_real": walks.n_real,
        "subjects": [walk.subject_id for walk in every],
        "heights_m": [float(walk.height_m) for walk in every],
        "frames": [len(walk.points) for walk in every],
    }
    arrays = {name: np.concatenate([getattr(w, name) for w in every]) for name in _ARRAYS}
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    save_tree(folder / KEPT, arrays)


def kept(folder: Path) -> TrainingWalks | None:
    """The walks that a folder keeps; None where it keeps none, or they are damaged."""
    try:
        arrays = load_named(folder / KEPT)
        facts = json.loads(arrays["facts"].tobytes())
        ends = np.cumsum(facts["frames"])[:-1]
        parts = [np.split(arrays[name], ends) for name in _ARRAYS]
        rows = zip(facts["subjects"], facts["heights_m"], *parts, strict=True)
        every = [LabelledWalk(*row) for row in rows]
        n_train, n_real = int(facts["n_train"]), int(facts["n_real"])
    except (InputError, KeyError, TypeError, ValueError):
        return None
    return TrainingWalks(every[:n_train], every[n_train:], n_real)


def remove(folder: Path) -> None:
    """Takes the file away: the training is over."""
    (folder / KEPT).unlink(missing_ok=True)
