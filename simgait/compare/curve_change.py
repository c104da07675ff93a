"""The joint angles of two visits or two sides: what differs over the gait cycle, and where."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.agreement.change import Shown
from simgait.agreement.curve_change import (
    CurveDifference,
    VisitCurve,
    curve_difference,
    curve_side_difference,
)
from simgait.compare.visit_names import BEFORE_AFTER, VisitNames
from simgait.compare.visit_walks import VisitWalks
from simgait.parameters.curves import CURVES, Curve
from simgait.parameters.parameter import Pool, interval_columns
from simgait.skeleton.sides import SIDES, Side

PERCENT = np.arange(101.0)
DECIMALS = 4
"""Of the angles in files: far below what any of them is known to."""
CURVES_HEADER = (
    "curve", "side", "percent", "before_deg", "after_deg", "difference_deg",
    *interval_columns("difference_deg"), "detectable_deg", "matters_deg", "beyond", "shown", "why",
)  # fmt: skip
"""Of change_curves.csv."""
PAIRED_HEADER = ("pair", *CURVES_HEADER)
"""Of trend_curves.csv and sides_curves.csv: what is subtracted from what, then the same."""
LEFT_LESS_RIGHT = "left less right"
DIFFERENT = "different"
"""What is said of sides where visits have changed."""


@dataclass(frozen=True)
class CurveChange:
    """One joint angle in two visits, or of both sides of one: means of the walks' mean curves.

    Attributes:
        side: "left" or "right" in two visits; "both" where the sides of one visit are compared,
            then `before` is the right side and `after` the left.
        found: 101 points; all NaN of a visit in which the curve may not be used.
        half_widths: of the 90 % bands about `before` and `after`, mean of the walks'; NaN where
            unknown.
        why: it cannot be compared; "" where it can.
    """

    curve: Curve
    side: Pool
    found: CurveDifference
    half_widths: tuple[float, float]
    why: str = ""

    @property
    def matters_deg(self) -> float:
        """A difference that is substantial to a clinician."""
        return self.curve.clinical_change.substantial

    @property
    def verdict(self) -> str:
        """Of the whole curve, as files say it."""
        if self.side == "both" and self.found.shown is Shown.CHANGED:
            return DIFFERENT
        return self.found.shown.value

    @property
    def matters(self) -> bool:
        """Whether a change is shown and somewhere, where it is, as large as what matters."""
        return bool((self.found.beyond & (np.abs(self.found.difference) >= self.matters_deg)).any())

    @property
    def is_in_both(self) -> bool:
        """Whether both visits have the curve, so that it can be drawn."""
        return bool(np.isfinite(self.found.difference).any())

    @property
    def largest(self) -> tuple[float, int]:
        """The difference (deg) that is furthest from 0, and at which percent of the cycle.

        Of a curve that changed, where it is shown.
        """
        size = np.abs(self.found.difference)
        if self.found.beyond.any():
            size = np.where(self.found.beyond, size, np.nan)
        at = int(np.nanargmax(size))
        return float(self.found.difference[at]), at

    def rows(self) -> Iterator[tuple[object, ...]]:
        """One for each percent of the cycle, in the order of `CURVES_HEADER`."""
        own = self.found
        columns: Sequence[Float[np.ndarray, " 101"]] = (
            own.before, own.after, own.difference, own.difference - own.half_width,
            own.difference + own.half_width, own.detectable,
        )  # fmt: skip
        for at, beyond in enumerate(own.beyond):
            yield (
                self.curve.coordinate, self.side, at,
                *(round(float(column[at]), DECIMALS) for column in columns),
                self.matters_deg, "yes" if beyond else "no", self.verdict, self.why,
            )  # fmt: skip


def curve_changes(
    before: VisitWalks, after: VisitWalks, names: VisitNames = BEFORE_AFTER
) -> Iterator[CurveChange]:
    """Every joint angle and side that a walk of either visit may use."""
    for curve, side in known_curves((before, after)):
        yield curve_change(before, after, curve, side, names.visits)


def known_curves(visits: Sequence[VisitWalks]) -> Iterator[tuple[Curve, Side]]:
    """Every joint angle and side that a walk of some visit may use."""
    known = {name for visit in visits for walk in visit.walks for name in walk.curves}
    for curve in CURVES:
        for side in SIDES:
            if f"{side}_{curve.coordinate}" in known:
                yield curve, side


def curve_change(
    before: VisitWalks, after: VisitWalks, curve: Curve, side: Side, called: tuple[str, str]
) -> CurveChange:
    """One joint angle and side; `called` names the visits in sentences ("the first visit")."""
    name = f"{side}_{curve.coordinate}"
    pair = [
        _of_walks([walk.curves[name] for walk in visit.walks if name in walk.curves])
        for visit in (before, after)
    ]
    found = curve_difference(pair[0], pair[1], curve.walk_sd_deg(PERCENT))
    halves = pair[0].half_width, pair[1].half_width
    return CurveChange(curve, side, found, halves, _why(found, pair, called))


def side_curves(visit: VisitWalks) -> Iterator[CurveChange]:
    """Every joint angle that some walk of the visit may use of both sides."""
    for curve in CURVES:
        names = [f"{side}_{curve.coordinate}" for side in ("right", "left")]
        walks = [w.curves for w in visit.walks if all(name in w.curves for name in names)]
        if walks:
            right, left = (_of_walks([own[name] for own in walks]) for name in names)
            found = curve_side_difference(left, right, curve.walk_sd_deg(PERCENT))
            why = _why(found, (right, left), ("the right side", "the left side"))
            yield CurveChange(curve, "both", found, (right.half_width, left.half_width), why)


def paired_rows(pair: str, curves: Iterable[CurveChange]) -> Iterator[tuple[object, ...]]:
    """Rows of curves in the order of `PAIRED_HEADER`."""
    return ((pair, *row) for one in curves for row in one.rows())


def _of_walks(own: Sequence[tuple[Float[np.ndarray, " 101"], float]]) -> VisitCurve:
    means = np.array([mean for mean, _ in own], float).reshape(-1, len(PERCENT))
    return VisitCurve(means, np.array([half for _, half in own], float))


def _why(found: CurveDifference, pair: Sequence[VisitCurve], called: tuple[str, str]) -> str:
    if found.shown is not Shown.NOT_COMPARABLE:
        return ""
    for own, which in zip(pair, called, strict=True):
        if not len(own.values):
            return f"it may be used in no walk of {which}"
    if not all(math.isfinite(own.half_width) for own in pair):
        return "how far off it may be is not known"
    return "the walks have no whole curve of it"
