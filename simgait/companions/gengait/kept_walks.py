"""The walks of a training in one file of its folder: a stopped training makes none twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simgait.companions.gengait.cycles import NormalisedWalk
from simgait.companions.gengait.data import PersonsWalk
from simgait.companions.gengait.own_people import OwnPeople
from simgait.errors import InputError
from simgait.weight_files import load_named, save_tree

KEPT = "walks.safetensors"


@dataclass(frozen=True)
class TrainingWalks:
    """Normal walks of a training.

    Attributes:
        synthetic: of walkers, to learn from.
        recorded: of people, to learn from; the laboratory's own where there are any.
        own: a laboratory's own people; None where there are none.
    """

    synthetic: Sequence[PersonsWalk]
    recorded: Sequence[PersonsWalk]
    own: OwnPeople | None = None


def keep(folder: Path, walks: TrainingWalks) -> None:
    """Writes the walks.

    Raises:
        InputError: the folder cannot be written to.
    """
    own = walks.own or OwnPeople()
    parts = (walks.synthetic, walks.recorded, own.thresholds, own.judged)
    every = [one for part in parts for one in part]
    facts = {
        "parts": [len(part) for part in parts],
        "left_out": None if walks.own is None else own.left_out,
        "heights": [one.height_m for one in every],
        "people": [one.person for one in every],
        "samples": [len(one.walk.points) for one in every],
        "speeds": [
            one.walk.relative_speed if np.isfinite(one.walk.relative_speed) else None
            for one in every
        ],
        "phases": [one.walk.first_phase for one in every],
    }
    arrays = {
        "points": np.concatenate([one.walk.points for one in every]),
        "frames": np.concatenate([one.walk.frames for one in every]),
        "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8),
    }
    save_tree(folder / KEPT, arrays)


def kept(folder: Path) -> TrainingWalks | None:
    """The walks that a folder keeps; None where it keeps none, or they are damaged."""
    try:
        arrays = load_named(folder / KEPT)
        facts = json.loads(arrays["facts"].tobytes())
        ends = np.cumsum(facts["samples"])[:-1]
        parts = (np.split(arrays["points"], ends), np.split(arrays["frames"], ends))
        speeds = [np.nan if one is None else float(one) for one in facts["speeds"]]
        rows = zip(facts["people"], facts["heights"], *parts, speeds, facts["phases"], strict=True)
        every = [
            PersonsWalk(person, NormalisedWalk(*rest), height) for person, height, *rest in rows
        ]
        ends = np.cumsum([int(count) for count in facts["parts"]]).tolist()
        synthetic, recorded, thresholds, judged = (
            every[first:last] for first, last in zip([0, *ends], ends, strict=False)
        )
        left_out = facts["left_out"]
    except (InputError, KeyError, TypeError, ValueError):
        return None
    own = None
    if left_out is not None:
        own = OwnPeople(recorded, thresholds, judged, int(left_out))
    return TrainingWalks(synthetic, recorded, own)


def remove(folder: Path) -> None:
    """Takes the file away: the training is over."""
    (folder / KEPT).unlink(missing_ok=True)
