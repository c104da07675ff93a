"""One visit by itself: means over its walks, which walks each rests on, and the curves of all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.agreement.change import MEAN_LEVEL, Change, VisitMean, side_difference, visit_mean
from simgait.compare.compared_numbers import typical_sd
from simgait.compare.visit_change import GROWN_M, visit_number
from simgait.compare.visit_sides import paired_numbers
from simgait.compare.visit_walks import KnownNorm, VisitWalks
from simgait.errors import InputError
from simgait.parameters.catalogue import parameters
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import Parameter, Pool
from simgait.plain_text import listed
from simgait.recordings.person_facts import PersonFacts
from simgait.skeleton.sides import SIDES, Side

NORMS_DIFFER = "it differs between the walks, whose own reports have it"
SAME_ENDS = 0.02
"""Share by which the ends of one range differ that follow heights which are `GROWN_M` apart."""
CurvesOfWalks = Mapping[Side, Float[np.ndarray, "_ 101"]]
"""Side -> a row for each walk in which the curve may be used (deg)."""


@dataclass(frozen=True)
class NumberMean:
    """One number of a visit.

    Attributes:
        mean: over the walks in which it may be used; of none where it may be in no walk.
        denied: walks that measured it and in which it may not be used.
        levels: what its walks call it ("use", "rough", "single").
        is_rough: a walk calls it so for what was found, not for how wide its interval is; walks
            of one camera share that, and a mean over them does not take it away.
        references: healthy people whom a score was made with, each once.
    """

    parameter: Parameter
    pool: Pool
    mean: VisitMean
    denied: int
    levels: tuple[str, ...] = ()
    is_rough: bool = False
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class VisitMeans:
    """A visit, number by number.

    Attributes:
        visit: its walks.
        said: what was said of the person; nothing that the walks do not agree on.
        numbers: of every quantity and side that a walk has, in the catalogue's order.
        sides: parameter -> left less right, walk by walk, with its 90 % interval.
        norms: parameter -> range that all walks were compared with.
        no_norms: parameter -> why there is none, where a reason is known.
        curves: name of a curve ("knee_flexion") -> those of the walks.
    """

    visit: VisitWalks
    said: PersonFacts
    numbers: tuple[NumberMean, ...]
    sides: Mapping[str, Change]
    norms: Mapping[str, KnownNorm]
    no_norms: Mapping[str, str]
    curves: Mapping[str, CurvesOfWalks]

    def number(self, key: str, pool: Pool) -> NumberMean | None:
        """One number; None where no walk has it."""
        found = (n for n in self.numbers if (n.parameter.key, n.pool) == (key, pool))
        return next(found, None)


def visit_means(visit: VisitWalks) -> VisitMeans:
    """The means of a visit's walks.

    Raises:
        InputError: the walks are of several people or visits.
    """
    refuse_mixed(visit)
    norms, no_norms = _norms(visit)
    return VisitMeans(
        visit, visit.walks[0].about.said, tuple(_numbers(visit)), _sides(visit), norms, no_norms,
        {curve.coordinate: _curves(visit, curve.coordinate) for curve in CURVES},
    )  # fmt: skip


def refuse_mixed(visit: VisitWalks) -> None:
    """Raises InputError where walks of a folder cannot be of one person in one visit."""
    about = [walk.about for walk in visit.walks]
    days = sorted({one.recorded_on for one in about} - {""})
    if len(days) > 1:
        raise InputError(
            f"{visit.name}: holds walks of {len(days)} days ({listed(days)}), and a page is of "
            "one visit; track each visit into a folder of its own."
        )
    if len({one.tracked_with for one in about}) > 1:
        raise InputError(
            f"{visit.name}: holds walks that were tracked as of several visits, and a page is of "
            "one; track each visit into a folder of its own."
        )
    heights_m = [one.height_m for one in about if math.isfinite(one.height_m)]
    apart = bool(heights_m) and max(heights_m) - min(heights_m) > GROWN_M
    if len({one.said for one in about}) > 1 or (apart and visit.height_is_stated):
        raise InputError(
            f"{visit.name}: what was said of the person (height, age, sex, walking aids, diagnosis)"
            " is not the same for all walks, and a page is of one person in one visit; track each "
            "into a folder of its own."
        )


def _numbers(visit: VisitWalks) -> Iterator[NumberMean]:
    for one in parameters():
        for pool in one.pools:
            name = one.key, pool
            denied = sum(name in walk.denied for walk in visit.walks)
            usable = [walk for walk in visit.walks if name in walk.facts]
            own = [walk.facts[name] for walk in usable]
            if not own and not denied:
                continue
            mean = visit_mean(visit_number(visit, one.key, pool), typical_sd(one))
            references = dict.fromkeys(facts.reference for facts in own if facts.reference)
            is_rough = any(
                walk.facts[name].level == "rough" and not walk.numbers[name][1] > one.tolerance
                for walk in usable
            )
            levels = tuple(facts.level for facts in own)
            yield NumberMean(one, pool, mean, denied, levels, is_rough, tuple(references))


def _sides(visit: VisitWalks) -> dict[str, Change]:
    found = {}
    for one in parameters():
        pair = paired_numbers(visit, one.key)
        if one.is_compared and pair is not None:
            found[one.key] = side_difference(*pair, typical_sd(one), level=MEAN_LEVEL)
    return found


def _norms(visit: VisitWalks) -> tuple[dict[str, KnownNorm], dict[str, str]]:
    """What all walks of the visit with a number were compared with, or why there is nothing."""
    norms, no_norms = {}, {}
    for one in parameters():
        names = {(one.key, pool) for pool in one.pools}
        with_it = [walk for walk in visit.walks if names & walk.facts.keys()]
        known = [walk.norms.get(one.key) for walk in with_it]
        first = known[0] if known else None
        if first is not None and all(_is_same(first, other) for other in known):
            norms[one.key] = first
        elif any(other is not None for other in known):
            no_norms[one.key] = NORMS_DIFFER
        else:
            why = {walk.no_norms[one.key] for walk in with_it if one.key in walk.no_norms}
            if why:
                no_norms[one.key] = "; ".join(sorted(why))
    return norms, no_norms


def _is_same(one: KnownNorm, other: KnownNorm | None) -> bool:
    """Whether two ranges are of the same people, as far as heights that legs told let them be."""
    if other is None or (one.whose, one.source) != (other.whose, other.source):
        return False
    ends = (one.low, other.low), (one.high, other.high)
    return all(math.isclose(*pair, rel_tol=SAME_ENDS) for pair in ends)


def _curves(visit: VisitWalks, coordinate: str) -> CurvesOfWalks:
    return {
        side: np.array(
            [walk.curves[name][0] for walk in visit.walks if name in walk.curves], float
        ).reshape(-1, 101)
        for side in SIDES
        for name in (f"{side}_{coordinate}",)
    }
