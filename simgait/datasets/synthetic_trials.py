"""Synthetic walkers of a split as prepared trials with truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from simgait.datasets.detector_mixture import (
    NOT_LEGS,
    WITHOUT_PATH,
    Keypoints,
    draw_kind,
    without_path,
)
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.synthetic.detectors.monocular_v1 import Distance, View
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import Pattern, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import WalkTruth, walk
from simgait.trials.preparation import prepare
from simgait.types import Trial

Split = Literal["train", "validation", "test"]
SHORTEST_S, LONGEST_S = 3.0, 7.0  # of the walks that are drawn for training and validation


def synthetic_trial(
    split: Split,
    index: int,
    kind: Keypoints,
    duration_s: float,
    pattern: Pattern | None = None,
    view: View | None = None,
    distance: Distance | None = None,
) -> Trial:
    """One synthetic walker of a split as a prepared trial.

    Pattern, view and distance are drawn by the walker's seed where they are not given.

    Raises:
        InputError: the error model left nothing that can be tracked.
    """
    walker_truth = _walk_of(split, index, pattern, duration_s)
    made = trial_from_walk(
        walker_truth,
        monocular=kind.startswith("monocular"),
        view=view,
        distance=distance,
        missing=NOT_LEGS if kind.endswith("legs") else None,
    )
    return prepare(made.recording, SHORT_WALKS, contact_truth=walker_truth.contact)[0]


@lru_cache(maxsize=1)
def _walk_of(split: Split, index: int, pattern: Pattern | None, duration_s: float) -> WalkTruth:
    """The walk; the last one is kept, as one is seen by several cameras, one after the other."""
    return walk(draw_walker(walker_seed(split, index), pattern), duration_s)


@dataclass(frozen=True)
class DrawnWalker:
    """A walker of a split, and how it is shown.

    Attributes:
        index: within the split.
        withheld: its pelvis's path is not shown.
    """

    index: int
    keypoints: Keypoints
    duration_s: float
    withheld: bool


def drawn_walkers(
    first: int, count: int, *, seed: int, kind: Keypoints | None = None
) -> list[DrawnWalker]:
    """`count` walkers from index `first` of a split, 3 to 7 s each.

    Args:
        first: index of the first.
        count: how many.
        seed: of lengths and kinds of keypoints.
        kind: None draws each walker's kind of keypoints, and whether its path is known.
    """
    rng = np.random.default_rng([seed, first])
    walkers = []
    for index in range(first, first + count):
        drawn = draw_kind(rng)
        duration_s = float(rng.uniform(SHORTEST_S, LONGEST_S))
        withheld = float(rng.uniform()) < WITHOUT_PATH
        withheld = withheld and kind is None and drawn.startswith("monocular")
        walkers.append(DrawnWalker(index, kind or drawn, duration_s, withheld))
    return walkers


def trials_of(split: Split, walkers: Sequence[DrawnWalker]) -> list[Trial]:
    """The walkers' trials, but for those that cannot be tracked."""
    trials = []
    for walker in walkers:
        try:
            trial = synthetic_trial(split, walker.index, walker.keypoints, walker.duration_s)
        except InputError:
            continue
        trials.append(without_path(trial) if walker.withheld else trial)
    return trials
