"""What changed between two visits as inline SVG: one line a number."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from simgait.agreement.change import Shown
from simgait.compare.visit_change import NumberChange
from simgait.report import svg
from simgait.report.interval_rows import IntervalRow, interval_rows

COLOUR = {Shown.CHANGED: "#b3261e", Shown.NOT_SHOWN: "#4a5661", Shown.NOT_COMPARABLE: svg.QUIET}


def differences(rows: Sequence[NumberChange]) -> Markup:
    """Each difference with its 95 % interval in units of what matters, on one axis.

    Numbers of which nobody has said what matters, and those that cannot be compared, are left out.
    """
    drawn = [_interval_row(row) for row in rows if _is_drawn(row)]
    words = f"Differences of {len(drawn)} numbers with their 95 % intervals, in what matters"
    return interval_rows(drawn, words)


def _is_drawn(row: NumberChange) -> bool:
    known = math.isfinite(row.parameter.tolerance) and math.isfinite(row.change.detectable)
    return known and math.isfinite(row.change.difference)


def _interval_row(row: NumberChange) -> IntervalRow:
    unit, side = row.parameter.tolerance, "" if row.pool == "both" else f", {row.pool}"
    low, high = (end / unit for end in row.change.interval)
    middle = row.change.difference / unit
    return IntervalRow(f"{row.parameter.label}{side}", middle, low, high, COLOUR[row.change.shown])
