"""What changed from one visit of a person to a later one: differences of what is said of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.companions.openpose_gdi.estimate import opinion_of
from simgait.companions.openpose_gdi.filmed_walkers import (
    LabelledWindows,
    exact_walk,
    joined,
    seen_walk,
)
from simgait.companions.openpose_gdi.pairs import pairs_of
from simgait.companions.openpose_gdi.targets import TARGETS
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Opinion, Said
from simgait.estimators.judged import FEWEST_PAIRS, Judged, judge
from simgait.gait.scores import ScoreReference
from simgait.synthetic.people.in_picture import VIEWS
from simgait.synthetic.recording import subject_of
from simgait.synthetic.walkers.specification import (
    WalkerSpec,
    draw_own_normal,
    draw_walker,
    walker_seed,
)

INDEPENDENT = math.sqrt(2.0)
"""Half-width of a difference over that of each value, where errors of two visits share nothing.
Those of one person from one side share some, so that intervals are rather too wide."""
FIRST_CHANGED = 35_000
"""Of the test walkers: those that are judged on one visit lie before."""
SHORTEST = 0.85
"""Chosen: of the later visit's steps, over those of the same walker, so that the speed changes too;
longer ones would be too long for some legs."""
_SEED = 35


@dataclass(frozen=True)
class TwoVisits:
    """Windows of the same walks' numbers on an earlier and on a later day."""

    before: LabelledWindows
    after: LabelledWindows


def opinion_of_change(before: Path, after: Path, asked: Asked) -> Opinion:
    """What a network says has changed between two walks of one person.

    Args:
        before: file or folder of the earlier walk.
        after: of the later one, which was seen by the same detector, from the same side.
        asked: what is said of both.

    Raises:
        InputError: they are one walk, or one of them cannot be read.
    """
    if before.resolve() == after.resolve():
        raise InputError(f"{after.name}: is named for both visits; name an earlier walk.")
    first, last = opinion_of(before, asked), opinion_of(after, asked)
    earlier = {(one.key, one.side): one for one in first.numbers}
    numbers = tuple(
        _difference(earlier[one.key, one.side], one)
        for one in last.numbers
        if (one.key, one.side) in earlier
    )
    own = tuple(f"{before.name}: {note}" for note in first.notes if note not in last.notes)
    notes = (
        f"{after.name} minus {before.name}; both must be filmed from the same side",
        "intervals take the errors of the two visits for unrelated, and are rather too wide",
        *last.notes,
        *own,
    )
    lost = tuple(dict.fromkeys((*first.lost, *last.lost)))
    return Opinion(
        numbers, last.made_by, notes, findings=(*first.findings, *last.findings), lost=lost
    )


def _difference(first: Said, last: Said) -> Said:
    value = last.value - first.value
    reach = math.hypot(0.5 * (first.high - first.low), 0.5 * (last.high - last.low))
    return replace(
        last, key=f"{last.key}_change", label=f"change of {last.label}", value=value,
        low=value - reach, high=value + reach,
        also_rests_on=first.also_rests_on | last.also_rests_on,
    )  # fmt: skip


def part_way(pattern: WalkerSpec, normal: WalkerSpec, left: float) -> WalkerSpec:
    """A walker who shows some of a pattern: 1 all of it, 0 their own normal walk."""

    def between(one: object, other: object) -> object:
        if isinstance(one, tuple) and isinstance(other, tuple):
            return tuple(between(a, b) for a, b in zip(one, other, strict=True))
        if isinstance(one, float) and isinstance(other, float):
            return other + left * (one - other)
        return one

    changed = {f.name: between(getattr(pattern, f.name), getattr(normal, f.name))
               for f in fields(pattern)}  # fmt: skip
    return replace(pattern, **changed)  # type: ignore[arg-type]


def two_visits(
    first: int,
    count: int,
    reference: ScoreReference,
    families: list[str],
    report: Callable[[int], None] = lambda done: None,
) -> TwoVisits:
    """Test walkers on two days, with any share of their pattern left on the later one.

    The camera stands on the same side, elsewhere; the detector is the same, its errors are new.

    Args:
        first: index of the first test walker.
        count: of walkers.
        reference: healthy people of the exact GDI.
        families: labels of detector families, one drawn for each person.
        report: called with the number of walkers done, every hundred.

    Raises:
        InputError: no walk shows enough.
    """
    visits: list[tuple[LabelledWindows, LabelledWindows]] = []
    for index in range(first, first + count):
        seed = walker_seed("test", index)
        rng = np.random.default_rng([seed, _SEED])
        left, view = float(rng.uniform()), int(rng.integers(len(VIEWS)))
        family = families[int(rng.integers(len(families)))]
        shown = draw_walker(seed)
        later = part_way(shown, draw_own_normal(seed), left)
        shorter = float(rng.uniform(SHORTEST, 1.0))
        left_m, right_m = (shorter * step_m for step_m in later.step_length_m)
        later = replace(later, step_length_m=(left_m, right_m), start_phase=float(rng.random()))
        seen = [_seen(spec, seed, day, view, family, reference) for day, spec in
                enumerate((shown, later))]  # fmt: skip
        if seen[0] is not None and seen[1] is not None:
            visits.append((seen[0], seen[1]))
        if (index - first + 1) % 100 == 0:
            report(index - first + 1)
    return TwoVisits(joined([one for one, _ in visits]), joined([one for _, one in visits]))


def _seen(
    spec: WalkerSpec, seed: int, day: int, view: int, family: str, reference: ScoreReference
) -> LabelledWindows | None:
    filmed = exact_walk(spec, reference)
    # `filmed_walkers` gives a walker's cameras the seeds from 16 · seed on.
    one = seed * 16 + 8 + day
    return None if filmed is None else seen_walk(filmed, subject_of(seed), view, family, one)


def judged_change(
    visits: TwoVisits,
    said: Mapping[str, tuple[Float[np.ndarray, "B 4"], Float[np.ndarray, "A 4"]]],
    half_widths: Mapping[str, float],
    with_interval: str,
) -> list[Judged]:
    """Each estimator on the change of each quantity; by the mean of people nobody changed.

    Args:
        visits: with their truth.
        said: name -> what is said of the windows of the earlier and of the later day.
        half_widths: of the interval about each value, of the estimator `with_interval`.
        with_interval: whose they are.
    """
    rows: list[Judged] = []
    for name, (earlier, later) in said.items():
        pairs = pairs_of(visits.before, earlier), pairs_of(visits.after, later)
        for key, target in TARGETS.items():
            first, last = pairs[0][key], pairs[1][key]
            if len(last.truth) < FEWEST_PAIRS:
                continue
            reach = INDEPENDENT * half_widths[key] if name == with_interval else math.nan
            rows.append(judge(
                name, f"change of {target.label}", target.unit, last.truth - first.truth,
                last.estimate - first.estimate, last.people, reach,
            ))  # fmt: skip
    return rows
