"""The joint angles of two visits side by side: what changed over the gait cycle, and where."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.agreement.change import Shown
from simgait.agreement.curve_change import CurveDifference, VisitCurve, curve_difference
from simgait.compare.visit_names import BEFORE_AFTER, VisitNames
from simgait.compare.visit_walks import VisitWalks
from simgait.parameters.curves import CURVES, Curve
from simgait.parameters.parameter import interval_columns
from simgait.skeleton.sides import SIDES, Side

PERCENT = np.arange(101.0)
DECIMALS = 4
"""Of the angles in change_curves.csv: far below what any of them is known to."""
CURVES_HEADER = (
    "curve", "side", "percent", "before_deg", "after_deg", "difference_deg",
    *interval_columns("difference_deg"), "detectable_deg", "matters_deg", "beyond", "shown", "why",
)  # fmt: skip
"""Of change_curves.csv."""


@dataclass(frozen=True)
class CurveChange:
    """One joint angle of one side in two visits: means of the walks' mean curves.

    Attributes:
        found: of both visits, 101 points; all NaN of a visit in which the curve may not be used.
        half_widths: of the 90 % bands about the means, mean of the walks'; NaN where unknown.
        why: it cannot be compared; "" where it can.
    """

    curve: Curve
    side: Side
    found: CurveDifference
    half_widths: tuple[float, float]
    why: str = ""

    @property
    def matters_deg(self) -> float:
        """A difference that is substantial to a clinician."""
        return self.curve.clinical_change.substantial

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
                self.matters_deg, "yes" if beyond else "no", own.shown.value, self.why,
            )  # fmt: skip


def curve_changes(
    before: VisitWalks, after: VisitWalks, names: VisitNames = BEFORE_AFTER
) -> Iterator[CurveChange]:
    """Every joint angle and side that a walk of either visit may use."""
    for curve in CURVES:
        for side in SIDES:
            pair = [_of_visit(visit, f"{side}_{curve.coordinate}") for visit in (before, after)]
            if any(len(own.values) for own in pair):
                found = curve_difference(pair[0], pair[1], curve.walk_sd_deg(PERCENT))
                halves = pair[0].half_width, pair[1].half_width
                yield CurveChange(curve, side, found, halves, _why(found, pair, names))


def _of_visit(visit: VisitWalks, name: str) -> VisitCurve:
    own = [walk.curves[name] for walk in visit.walks if name in walk.curves]
    means = np.array([mean for mean, _ in own], float).reshape(-1, len(PERCENT))
    return VisitCurve(means, np.array([half for _, half in own], float))


def _why(found: CurveDifference, pair: Sequence[VisitCurve], names: VisitNames) -> str:
    if found.shown is not Shown.NOT_COMPARABLE:
        return ""
    for own, which in zip(pair, names.visits, strict=True):
        if not len(own.values):
            return f"it may be used in no walk of {which}"
    if not all(math.isfinite(own.half_width) for own in pair):
        return "how far off it may be is not known"
    return "the walks have no whole curve of it"
