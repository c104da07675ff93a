"""Three visits of one person or more: each number over them, and what changed since the first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float

from simgait.agreement.change import Change, change
from simgait.compare.compared_numbers import ComparedNumber, compared_numbers, typical_sd
from simgait.compare.curve_between import CurveBetween, curve_between_sentence
from simgait.compare.curve_change import CurveChange, curve_change, known_curves, paired_rows
from simgait.compare.shared_zero import sharing_zero
from simgait.compare.visit_between import VisitBetween, between_sentence, visits_between
from simgait.compare.visit_change import refuse_unlike, unlike_notes, visit_number, why_not_compared
from simgait.compare.visit_walks import VisitWalks
from simgait.errors import InputError
from simgait.parameters.curves import Curve
from simgait.parameters.parameter import Pool

LEAST_VISITS = 3
FIRST_LAST = ("the first visit", "the last visit")
"""What sentences call the two whose difference is a trend's."""
HEADER = (
    "parameter", "side", "unit", "visit", "recorded_on", "walks", "mean", "mean_lo", "mean_hi",
    "difference", "detectable", "matters", "shown",
    "from_last", "from_last_detectable", "from_last_shown", "in_between",
)  # fmt: skip
"""Of trend.csv; `difference` is from the first visit, `from_last` that of a visit in between from
the last, and `in_between` the sentence on visits in between, beside those that it is about."""


@dataclass(frozen=True)
class VisitMean:
    """One number in one visit: mean of the walks in which it may be used.

    Attributes:
        half_width: mean of their 90 % intervals' half-widths; NaN where unknown.
        change: from the first visit; None of the first.
    """

    walks: int
    mean: float
    half_width: float
    change: Change | None


@dataclass(frozen=True)
class NumberTrend:
    """One number over all visits, in their order.

    Attributes:
        between: every visit but the first and the last, beside both of them.
        why_last: the last visit cannot be compared with the first; "" where it can.
    """

    parameter: ComparedNumber
    pool: Pool
    visits: tuple[VisitMean, ...]
    between: tuple[VisitBetween, ...]
    why_last: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether a page shows it: of parameters what summary.csv has; files have all."""
        return self.pool in self.parameter.summary

    @property
    def last(self) -> Change:
        """From the first visit to the last."""
        change = self.visits[-1].change
        assert change is not None  # there are several visits
        return change

    @property
    def matters(self) -> bool:
        """Whether that is shown and larger than what matters to who reads it."""
        return self.last.is_shown_beyond(self.parameter.tolerance)

    @property
    def in_between(self) -> str:
        """What it did between the first visit and the last, a sentence; "" if nothing is shown."""
        return between_sentence(self.parameter, self.pool, self.between)

    @property
    def matters_between(self) -> bool:
        """Whether what is shown there is larger than what matters to who reads it."""
        return any(one.matters(self.parameter.tolerance) for one in self.between)


@dataclass(frozen=True)
class CurveTrend:
    """One joint angle of one side over all visits, in their order.

    Attributes:
        changes: of each later visit from the first.
        between: every visit but the first and the last, beside both of them.
    """

    changes: tuple[CurveChange, ...]
    between: tuple[CurveBetween, ...]

    @property
    def curve(self) -> Curve:
        """The joint angle."""
        return self.last.curve

    @property
    def side(self) -> Pool:
        """Whose it is."""
        return self.last.side

    @property
    def last(self) -> CurveChange:
        """From the first visit to the last."""
        return self.changes[-1]

    @property
    def in_between(self) -> str:
        """What it did between the first visit and the last, a sentence; "" if nothing is shown."""
        return curve_between_sentence(self.between)

    @property
    def means(self) -> tuple[Float[np.ndarray, " 101"], ...]:
        """Of every visit: mean of its walks' mean curves; NaN where it may be used in none."""
        return (self.last.found.before, *(one.found.after for one in self.changes))


@dataclass(frozen=True)
class VisitTrend:
    """All numbers and curves over all visits; `notes` are sentences."""

    visits: tuple[VisitWalks, ...]
    numbers: tuple[NumberTrend, ...]
    notes: tuple[str, ...]
    curves: tuple[CurveTrend, ...]

    @property
    def dates(self) -> tuple[str, ...]:
        """Of the visits, where all have one and they follow each other; else none."""
        days = tuple(visit.recorded_on for visit in self.visits)
        return days if all(days) and list(days) == sorted(set(days)) else ()


def visit_trend(visits: Sequence[VisitWalks]) -> VisitTrend:
    """Every number and curve of the visits, in the order given, against the first.

    Raises:
        InputError: they are fewer than three, of several people, of other policies or healthy
            people, or share a recording.
    """
    if len(visits) < LEAST_VISITS:
        raise InputError(f"{len(visits)} visits are no trend; give {LEAST_VISITS} or more.")
    for pair in combinations(visits, 2):
        refuse_unlike(*pair)
    visits = sharing_zero(visits)
    numbers = tuple(
        trend
        for one in compared_numbers()
        for pool in one.pools
        if (trend := _trend(visits, one, pool)) is not None
    )
    return VisitTrend(visits, numbers, tuple(_notes(visits)), tuple(_curves(visits)))


def _curves(visits: Sequence[VisitWalks]) -> Iterator[CurveTrend]:
    """Of every joint angle and side that some walk of any visit may use."""
    first, *later = visits
    for curve, side in known_curves(visits):
        changes = tuple(
            curve_change(first, visit, curve, side, ("visit 1", f"visit {place}"))
            for place, visit in enumerate(later, start=2)
        )
        *middle, last = later
        called = f"visit {len(visits)}"
        from_last = (
            curve_change(last, visit, curve, side, (called, f"visit {place}"))
            for place, visit in enumerate(middle, start=2)
        )
        between = tuple(
            CurveBetween(place, *pair, changes[-1])
            for place, pair in enumerate(zip(changes[:-1], from_last, strict=True), start=2)
        )
        yield CurveTrend(changes, between)


def _trend(visits: Sequence[VisitWalks], one: ComparedNumber, pool: Pool) -> NumberTrend | None:
    """None where the number may be used in no walk of any visit."""
    found = [visit_number(visit, one.key, pool) for visit in visits]
    if not any(len(number.values) for number in found):
        return None
    means = [
        VisitMean(
            len(number.values),
            number.mean,
            float(np.mean(number.half_widths)) if len(number.values) else math.nan,
            change(found[0], number, typical_sd(one)) if place else None,
        )
        for place, number in enumerate(found)
    ]
    found_last, ends = means[-1].change, (found[0], found[-1])
    assert found_last is not None  # there are several visits
    why = why_not_compared(found_last, ends, FIRST_LAST)
    return NumberTrend(one, pool, tuple(means), visits_between(found, typical_sd(one)), why)


def _notes(visits: Sequence[VisitWalks]) -> Iterator[str]:
    """What else than the person may differ: of each later visit beside the first, said once."""
    of_each: dict[str, list[int]] = {}
    for place, visit in enumerate(visits[1:], start=2):
        for note in unlike_notes(visits[0], visit):
            of_each.setdefault(note, []).append(place)
    for note, places in of_each.items():
        named = ", ".join(map(str, places))
        yield f"Visit 1 as the first, visit {named} as the second: {note}"
    days = [visit.recorded_on for visit in visits]
    if all(days) and days != sorted(days):
        yield "The visits are not in the order of their dates; the picture keeps the order given."


def cells(found: VisitTrend) -> Iterator[tuple[object, ...]]:
    """Rows of trend.csv, in the order of `HEADER`."""
    for row in found.numbers:
        one, tolerance = row.parameter, row.parameter.tolerance
        between, sentence = {visit.place: visit for visit in row.between}, row.in_between
        for place, (visit, mean) in enumerate(zip(found.visits, row.visits, strict=True), 1):
            own = mean.change
            yield (
                one.key, row.pool, one.unit.symbol, place, visit.recorded_on, mean.walks, mean.mean,
                mean.mean - mean.half_width, mean.mean + mean.half_width,
                math.nan if own is None else own.difference,
                math.nan if own is None else own.detectable,
                tolerance if math.isfinite(tolerance) else math.nan,
                "" if own is None else own.shown.value,
                *_between_cells(between.get(place), sentence),
            )  # fmt: skip


def _between_cells(visit: VisitBetween | None, sentence: str) -> tuple[object, ...]:
    """The last four of `HEADER`; empty of the first visit and the last."""
    if visit is None:
        return math.nan, math.nan, "", ""
    own = visit.from_last
    return own.difference, own.detectable, own.shown.value, sentence if visit.shown else ""


def curve_cells(found: VisitTrend) -> Iterator[tuple[object, ...]]:
    """Rows of trend_curves.csv, in the order of `PAIRED_HEADER`.

    Each later visit and the first, then each visit in between and the last.
    """
    last = len(found.visits)
    for at in range(last - 1):
        own = (one.changes[at] for one in found.curves)
        yield from paired_rows(later_less_first(at + 2), own)
    for at in range(last - 2):
        own = (one.between[at].from_last for one in found.curves)
        yield from paired_rows(_less(at + 2, last), own)


def later_less_first(place: int) -> str:
    """What is subtracted from what, of a later visit; the first is 1."""
    return _less(place, 1)


def _less(place: int, other: int) -> str:
    return f"visit {place} less visit {other}"
