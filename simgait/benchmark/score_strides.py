"""Strides of tracked walks that are scored, beside those of their truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.baselines.tracker import WalkEstimate
from simgait.benchmark.cases import Case, marker_case, synthetic_case
from simgait.benchmark.gate_cases import marker_walks
from simgait.benchmark.policy_tracker import policy_tracker
from simgait.benchmark.score_walks import answers_of
from simgait.datasets.detector_mixture import Keypoints
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.synthetic_trials import Split
from simgait.errors import InputError
from simgait.gait_result import GaitResult
from simgait.skeleton.sides import SIDES, Side
from simgait.synthetic.walkers.specification import PATTERNS, Pattern
from simgait.tracking.policies import Policy
from simgait.trials.preparation import prepare

TOGETHER = 12
"""Walks that are tracked at a time: a program is compiled for each length of walk and number."""
WALK_S = 6.0
"""Four strides of each side at a usual pace."""
Strides = Mapping[Side, Float[np.ndarray, "_ 9 51"]]


@dataclass(frozen=True)
class ScoredWalk:
    """A walk that was tracked.

    Attributes:
        person: who walked.
        pattern: of a synthetic walker; "" of a real person.
        tracked: strides of the simulated body, both sides.
        true: of the exact walk; of a real person none.
    """

    person: str
    pattern: str
    tracked: Strides
    true: Strides


def whole_strides(gait: GaitResult) -> Strides:
    """Side -> strides without gaps, of the sides that have any."""
    whole = {
        side: curves[np.isfinite(curves).all(axis=(1, 2))]
        for side, curves in gait.scored_curves_deg.items()
    }
    return {side: curves for side, curves in whole.items() if len(curves)}


def walkers(
    split: Split, kind: Keypoints, patterns: Sequence[Pattern], *, first: int
) -> Iterator[Case]:
    """Synthetic walkers of a split from index `first` on, one for each pattern named.

    Those of whom the error model leaves nothing that can be tracked are left out.
    """
    for index, pattern in enumerate(patterns, first):
        try:
            yield synthetic_case(index, kind, WALK_S, split=split, pattern=pattern)
        except InputError:
            continue


def training_people(data_dir: Path) -> Iterator[Case]:
    """Marker walks of the real people who may be learned from; all are healthy."""
    for recording, height_m in marker_walks(data_dir, unseen=False):
        try:
            trials = prepare(recording, SHORT_WALKS, height_m=height_m)
        except InputError:
            continue
        yield from (marker_case(recording, trial) for trial in trials)


def scored_walks(
    policy: Policy, cases: Iterable[Case], tell: Callable[[str], None] = lambda _: None
) -> list[ScoredWalk]:
    """Tracks walks; those that fall, or show no whole stride, are left out.

    Args:
        policy: that tracks.
        cases: the walks.
        tell: called with a sentence before each part.

    Raises:
        InputError: the tracker gave another number of answers than walks.
    """
    tracker = policy_tracker("scores", policy, "")
    found: list[ScoredWalk] = []
    rest, number = iter(cases), 0
    while part := list(islice(rest, TOGETHER)):
        tell(f"tracking walks {number + 1} to {number + len(part)}")
        number += len(part)
        for case, answer in zip(part, answers_of(tracker, part), strict=True):
            fell = isinstance(answer, WalkEstimate) and answer.rollout and answer.rollout.fell
            if not isinstance(answer, WalkEstimate) or fell:
                continue
            tracked = whole_strides(answer.gait)
            if tracked:
                who, pattern = case.labels["subject"], case.labels.get("pattern", "")
                found.append(ScoredWalk(who, pattern, tracked, whole_strides(case.gait)))
    return found


def stacked(
    walks: Sequence[ScoredWalk], of: Callable[[ScoredWalk], Strides]
) -> tuple[Float[np.ndarray, "S 9 51"], list[str], list[Side]]:
    """Strides of walks one after the other, who walked each, and its side.

    People of whom only one side was seen are left out.

    Raises:
        InputError: none is left.
    """
    both = {
        person
        for person in {walk.person for walk in walks}
        if {side for walk in walks if walk.person == person for side in of(walk)} == set(SIDES)
    }
    rows = [
        (stride, walk.person, side)
        for walk in walks
        if walk.person in both
        for side, strides in of(walk).items()
        for stride in strides
    ]
    if not rows:
        raise InputError("No walk shows whole strides of both sides; nothing can be scored.")
    curves, people, sides = zip(*rows, strict=True)
    return np.stack(curves), list(people), list(sides)


IMPAIRED: tuple[Pattern, ...] = tuple(one for one in PATTERNS if one != "normal")
