"""Walks to learn from and to be judged by: synthetic walkers, as a 2D detector sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from simgait.companions.openpose_gdi.columns import FPS_HZ, LEG_POINTS, windows_of
from simgait.companions.openpose_gdi.targets import targets_of
from simgait.errors import InputError
from simgait.gait.scores import ScoreReference
from simgait.skeleton.coordinates import POSITION
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.sides import SIDES
from simgait.synthetic.detectors.named import FAMILIES
from simgait.synthetic.people.in_picture import VIEWS, camera_of_walk, seen_in_picture
from simgait.synthetic.recording import subject_of
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import WalkerSpec, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import WalkTruth, walk

WALK_S = 6.2
"""Two windows of 124 frames, 31 apart."""
_LEGS = [KEYPOINT_INDEX[name] for name in LEG_POINTS]


@dataclass(frozen=True)
class LabelledWindows:
    """Windows of sides of walks, one row each.

    Attributes:
        columns: see `columns.COLUMNS`.
        targets: see `targets.TARGETS`; NaN where a label does not say.
        people: who walks.
        walk: number of the walk; two sides and several windows share one.
        side: column in SIDES.
        height_m: of the person; NaN unknown.
        view: index in `VIEWS`; -1 unknown.
    """

    columns: Float[np.ndarray, "W 124 24"]
    targets: Float[np.ndarray, "W 4"]
    people: tuple[str, ...]
    walk: Int[np.ndarray, " W"]
    side: Int[np.ndarray, " W"]
    height_m: Float[np.ndarray, " W"]
    view: Int[np.ndarray, " W"]

    def rows(self, chosen: Int[np.ndarray, " n"]) -> LabelledWindows:
        """The windows with these numbers."""
        arrays = {
            name: getattr(self, name)[chosen]
            for name in ("columns", "targets", "walk", "side", "height_m", "view")
        }
        return replace(self, people=tuple(self.people[i] for i in chosen), **arrays)


def joined(parts: Sequence[LabelledWindows]) -> LabelledWindows:
    """Windows of several walks, which are numbered anew.

    Raises:
        InputError: there is none.
    """
    if not parts:
        raise InputError("No walk shows enough for a window; nothing can be learned or judged.")
    walk_numbers = [np.full(len(part.walk), k) for k, part in enumerate(parts)]
    return LabelledWindows(
        columns=np.concatenate([p.columns for p in parts]),
        targets=np.concatenate([p.targets for p in parts]),
        people=tuple(who for p in parts for who in p.people),
        walk=np.concatenate(walk_numbers),
        side=np.concatenate([p.side for p in parts]),
        height_m=np.concatenate([p.height_m for p in parts]),
        view=np.concatenate([p.view for p in parts]),
    )


def windows_of_walk(
    points_px: Float[np.ndarray, "T 8 2"],
    targets: Float[np.ndarray, "2 4"],
    person: str,
    height_m: float,
    view: int = -1,
) -> LabelledWindows:
    """The windows of both sides of one walk at 25 frames per second.

    Raises:
        InputError: as `columns.windows_of`.
    """
    sides = [windows_of(points_px, side) for side in SIDES]
    counts = [len(windows) for windows in sides]
    total = sum(counts)
    return LabelledWindows(
        columns=np.concatenate(sides),
        targets=np.repeat(targets, counts, axis=0).astype(np.float32),
        people=(person,) * total,
        walk=np.zeros(total, int),
        side=np.repeat([0, 1], counts),
        height_m=np.full(total, height_m),
        view=np.full(total, view),
    )


def synthetic_windows(
    split: Literal["train", "validation", "test"],
    first: int,
    count: int,
    reference: ScoreReference,
    families: Sequence[str],
    cameras: int,
    report: Callable[[int], None] = lambda done: None,
) -> LabelledWindows:
    """Walkers `first` .. of a split, each seen by some cameras through some detector family.

    Args:
        split: of the walkers' seeds.
        first: index of the first walker.
        count: of walkers.
        reference: healthy people of the exact GDI.
        families: labels of detector families, one drawn for each camera.
        cameras: of each walker, from views drawn without repetition.
        report: called with the number of walkers done, every hundred.

    Raises:
        InputError: no walk shows enough.
    """
    parts: list[LabelledWindows] = []
    for index in range(first, first + count):
        parts += _of_walker(walker_seed(split, index), reference, families, cameras)
        if (index - first + 1) % 100 == 0:
            report(index - first + 1)
    return joined(parts)


def _of_walker(
    seed: int, reference: ScoreReference, families: Sequence[str], cameras: int
) -> list[LabelledWindows]:
    filmed = exact_walk(draw_walker(seed), reference)
    if filmed is None:
        return []
    rng = np.random.default_rng([seed, 34])
    parts = []
    for number, view in enumerate(rng.permutation(len(VIEWS))[:cameras]):
        family = families[int(rng.integers(len(families)))]
        seen = seen_walk(filmed, subject_of(seed), int(view), family, seed * 16 + number)
        parts += [] if seen is None else [seen]
    return parts


@dataclass(frozen=True)
class ExactWalk:
    """A walk that a camera may see, and the truth of its sides."""

    truth: WalkTruth
    targets: Float[np.ndarray, "2 4"]


def exact_walk(spec: WalkerSpec, reference: ScoreReference) -> ExactWalk | None:
    """A walker's walk; None where a side shows no whole stride.

    Args:
        spec: of the walker.
        reference: healthy people of the exact GDI.
    """
    truth = walk(spec, WALK_S, FPS_HZ)
    by_side = targets_of(truth, reference)
    if set(by_side) != set(SIDES):
        return None
    return ExactWalk(truth, np.stack([by_side[side] for side in SIDES]))


def seen_walk(
    filmed: ExactWalk, person: str, view: int, family: str, seed: int
) -> LabelledWindows | None:
    """A walk as a camera and a detector see it; None where that is too little.

    Args:
        filmed: the walk.
        person: who walks.
        view: index in `VIEWS`.
        family: label of the detector's errors.
        seed: of camera and errors.
    """
    truth, errors = filmed.truth, FAMILIES[family]
    keypoints = exact_keypoints(truth.pose, truth.dimensions)
    hips, height_m = truth.pose[:, POSITION], truth.spec.height_m
    camera = camera_of_walk(hips, height_m, VIEWS[view], seed)
    seen = seen_in_picture(errors, keypoints, camera, VIEWS[view], FPS_HZ, seed)
    try:
        return windows_of_walk(seen[:, _LEGS], filmed.targets, person, height_m, view)
    except InputError:
        return None
