"""The walks of a training in one file of its folder: a stopped training makes none twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simgait.companions.gdi_net.walkers import RenderedWalks, joined
from simgait.errors import InputError
from simgait.weight_files import load_named, save_tree

KEPT = "walks.safetensors"
_ARRAYS = ("frames", "gdi", "posture")


@dataclass(frozen=True)
class TrainingWalks:
    """Walks to learn from, those that set the intervals, and a user's own that judge (or None)."""

    train: RenderedWalks
    calibration: RenderedWalks
    test: RenderedWalks | None


def keep(folder: Path, walks: TrainingWalks) -> None:
    """Writes the walks.

    Raises:
        InputError: the folder cannot be written to.
    """
    parts = [p for p in (walks.train, walks.calibration, walks.test) if p is not None]
    every = joined(parts)
    facts = {"people": every.people, "counts": [len(part.people) for part in parts]}
    arrays = {name: getattr(every, name) for name in _ARRAYS}
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    save_tree(folder / KEPT, arrays)


def kept(folder: Path) -> TrainingWalks | None:
    """The walks that a folder keeps; None where it keeps none, or they are damaged."""
    try:
        arrays = load_named(folder / KEPT)
        facts = json.loads(arrays["facts"].tobytes())
        every = RenderedWalks(
            arrays["frames"], arrays["gdi"], arrays["posture"], tuple(facts["people"])
        )
        ends = np.cumsum([0, *facts["counts"]])
        parts = [
            every.rows(np.arange(begin, end)) for begin, end in zip(ends, ends[1:], strict=False)
        ]
    except (InputError, KeyError, TypeError, ValueError):
        return None
    return TrainingWalks(parts[0], parts[1], parts[2] if len(parts) > 2 else None)


def remove(folder: Path) -> None:
    """Takes the file away: the training is over."""
    (folder / KEPT).unlink(missing_ok=True)
