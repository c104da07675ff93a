"""Whether normal children are held to be as normal as adults: walkers of each height, unseen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, pairwise

import numpy as np

from simgait.companions.gengait.bands import EDGES_M, BandOf
from simgait.companions.gengait.curves import mean_curves_deg
from simgait.companions.gengait.data import PersonsWalk, walk_of
from simgait.companions.gengait.judging import OURS, answers_of, changed_deg
from simgait.companions.gengait.weights import POINTS_ARE, GenGaitCard, Points, TrainedGenGait
from simgait.errors import InputError
from simgait.estimators.companion import MeasureTable
from simgait.estimators.judged import cell
from simgait.synthetic.walkers.specification import WalkerSpec, draw_own_normal, walker_seed

FIRST = 900_000
"""Of the validation walkers: those who set the thresholds lie before."""
WALK_S = 4.0
"""As of those who set the thresholds."""
BAND_SDS = 2.0
TITLE = (
    "Normal walks of validation walkers by height, whom nothing was learned from: joints called "
    "wrong, how far the twin is from the walk, and how much of the walks lies in the band (± 2 SD) "
    "of their height"
)
HEADER = (
    "height", "points", "people", "with a joint called wrong, %", "joints called wrong, %",
    "badness: median", "95th percentile", "twin: mean, °", "95th percentile, °", "in the band, %",
)  # fmt: skip


def by_height(
    trained: TrainedGenGait,
    card: GenGaitCard,
    people: int,
    say: Callable[[str], None] = lambda line: None,
) -> MeasureTable:
    """A row for each height and kind of points.

    Args:
        trained: the network with its thresholds and bands.
        card: of it.
        people: of each height.
        say: told how far it is.

    Raises:
        SplitError: one of them was learned from.
    """
    rows = []
    for points in POINTS_ARE:
        for (least, below), specs in zip(pairwise(EDGES_M), walkers_by_height(people), strict=True):
            of = BandOf(from_m=least, below_m=None if np.isinf(below) else below, people=people)
            say(f"{people} normal {of.words}, {points} points")
            walks = _walks(specs, points)
            card.people.refuse_known([one.person for one in walks])
            rows.append((of.words, points, f"{len(walks)}", *_cells(trained, walks, points)))
    return MeasureTable(TITLE, HEADER, tuple(rows))


def walkers_by_height(people: int) -> list[list[WalkerSpec]]:
    """The first so many validation walkers of each height."""
    found: list[list[WalkerSpec]] = [[] for _ in pairwise(EDGES_M)]
    for index in count(FIRST):
        spec = draw_own_normal(walker_seed("validation", index))
        own = found[int(np.searchsorted(EDGES_M, spec.height_m, side="right")) - 1]
        if len(own) < people:
            own.append(spec)
        if all(len(one) == people for one in found):
            break
    return found


def _walks(specs: list[WalkerSpec], points: Points) -> list[PersonsWalk]:
    walks = []
    for spec in specs:
        try:
            walks.append(walk_of(spec, WALK_S, monocular=points == "detector"))
        except InputError:
            continue
    return walks


def _cells(trained: TrainedGenGait, people: list[PersonsWalk], points: Points) -> tuple[str, ...]:
    """Of people at one height; dashes where a detector left none that can be used."""
    if not people:
        return ("–",) * (len(HEADER) - 3)
    walks = [one.walk for one in people]
    answer = answers_of(trained, walks, points)[OURS]
    changed = changed_deg(answer, walks)
    apart = []
    for one in people:
        _, mean, sd = trained.bands.band_for(one.height_m)
        apart.append(np.abs(mean_curves_deg(one.walk) - mean) / sd)
    seen = np.isfinite(answer.badness)
    inside = np.concatenate([one[np.isfinite(one)] for one in apart]) <= BAND_SDS
    numbers = (
        100.0 * answer.wrong.any(axis=1).mean(),
        100.0 * answer.wrong[seen].mean(),
        np.median(answer.badness[seen]),
        np.percentile(answer.badness[seen], 95),
        np.nanmean(changed),
        np.nanpercentile(changed, 95),
        100.0 * inside.mean() if len(inside) else np.nan,
    )
    return tuple(cell(float(one)) for one in numbers)
