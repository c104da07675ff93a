"""Left and right of one visit: which numbers differ between the sides, as far as its walks show."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simgait.agreement.change import Change, Shown, VisitNumber, side_difference
from simgait.compare.compared_numbers import (
    ComparedNumber,
    compared_numbers,
    typical_sd,
    usable_number,
)
from simgait.compare.curve_change import CurveChange, side_curves
from simgait.compare.shared_zero import without_zero
from simgait.compare.visit_walks import VisitWalks
from simgait.parameters.wording import counted
from simgait.skeleton.sides import SIDES

HEADER = (
    "parameter", "unit", "left", "right", "difference", "difference_lo", "difference_hi",
    "detectable", "matters", "shown", "walks", "walk_sd",
)  # fmt: skip
"""Of sides.csv; the difference is left less right."""


@dataclass(frozen=True)
class SideDifference:
    """One number of both sides; `change.before` is the right one, `after` the left."""

    parameter: ComparedNumber
    change: Change
    walks: int

    @property
    def verdict(self) -> str:
        """Which side is greater, where the walks show it."""
        if self.change.shown is not Shown.CHANGED:
            return self.change.shown.value
        return "left greater" if self.change.difference > 0.0 else "right greater"

    @property
    def matters(self) -> bool:
        """Whether a difference is shown and larger than what matters to who reads it."""
        return self.change.is_shown_beyond(self.parameter.tolerance)

    def cells(self) -> tuple[object, ...]:
        """In the order of `HEADER`."""
        c, tolerance = self.change, self.parameter.tolerance
        return (
            self.parameter.key, self.parameter.unit.symbol, c.after, c.before, c.difference,
            *c.interval, c.detectable, tolerance if math.isfinite(tolerance) else math.nan,
            self.verdict, self.walks, c.walk_sd,
        )  # fmt: skip


@dataclass(frozen=True)
class VisitSides:
    """A visit's sides, number by number and curve by curve (`before` is the right one).

    `notes` are sentences.
    """

    visit: VisitWalks
    numbers: tuple[SideDifference, ...]
    curves: tuple[CurveChange, ...]
    notes: tuple[str, ...] = ()


def visit_sides(visit: VisitWalks) -> VisitSides:
    """Every number and curve that some walk of the visit has of both sides."""
    visit = without_zero(visit)  # both sides have one pelvis
    numbers, curves = tuple(_numbers(visit)), tuple(side_curves(visit))
    return VisitSides(visit, numbers, curves, tuple(_notes(visit, numbers)))


def _notes(visit: VisitWalks, numbers: Sequence[SideDifference]) -> Iterator[str]:
    """Sentences on a visit of one walk, on walks without both sides, on recordings without one."""
    if len(visit.walks) == 1:
        yield (
            "The visit is one walk: how much the sides vary from walk to walk is taken from two "
            "healthy adults."
        )
    fewer = sum(row.walks < len(visit.walks) for row in numbers)
    if fewer:
        yield (
            f"{counted(fewer, 'number')} of both sides may be used in fewer than the "
            f"{len(visit.walks)} walks, and their means are those of these walks alone."
        )
    if visit.failed:
        yield f"{counted(visit.failed, 'recording')} in the folder gave no walk."


def paired_numbers(visit: VisitWalks, key: str) -> tuple[VisitNumber, VisitNumber] | None:
    """Left and right of a number in the walks in which both may be used; None where none is."""
    of_walks = ([usable_number(walk, key, side) for side in SIDES] for walk in visit.walks)
    both = np.array([own for own in of_walks if None not in own], float)
    if not len(both):
        return None
    left, right = (VisitNumber(*both[:, side].T) for side in range(len(SIDES)))
    return left, right


def _numbers(visit: VisitWalks) -> Iterator[SideDifference]:
    for one in compared_numbers():
        pair = paired_numbers(visit, one.key)
        if pair is not None:
            yield SideDifference(one, side_difference(*pair, typical_sd(one)), len(pair[0].values))
