"""What changed between two visits as inline SVG: one line a number, and curves over each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from simgait.agreement.change import Shown
from simgait.compare.visit_change import CurveChange, NumberChange
from simgait.compare.visit_names import BEFORE_AFTER, VisitNames
from simgait.report import svg
from simgait.report.interval_rows import IntervalRow, interval_rows

COLOUR = {Shown.CHANGED: "#b3261e", Shown.NOT_SHOWN: "#4a5661", Shown.NOT_COMPARABLE: svg.QUIET}
BEFORE_DASH = "5 3"
PERCENT = np.arange(101.0)


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


def curves(one: CurveChange, names: VisitNames = BEFORE_AFTER) -> Markup:
    """A joint angle before (dashed) and after, each with its 90 % band, by the visits' names."""
    pairs = ((one.before, one.half_widths[0]), (one.after, one.half_widths[1]))
    values = [mean + sign * _known(half) for mean, half in pairs for sign in (-1.0, 1.0)]
    low = min(one.curve.span_deg[0], *(float(v.min()) for v in values))
    high = max(one.curve.span_deg[1], *(float(v.max()) for v in values))
    axes = svg.curve_axes((0, 100), (low, high))
    parts = list(svg.cycle_scales(axes, low, high))
    colour = svg.SIDE_COLOUR[one.side]
    for (mean, half), fill in zip(pairs, (svg.QUIET, colour), strict=True):
        if math.isfinite(half):
            parts.append(
                svg.band(axes, PERCENT, mean - half, mean + half, fill=fill, fill_opacity=0.14)
            )
    style = {"stroke_width": 2.0}
    parts.append(
        svg.polyline(
            axes, PERCENT, one.before, stroke=svg.INK, stroke_dasharray=BEFORE_DASH, **style
        )
    )
    parts.append(svg.polyline(axes, PERCENT, one.after, stroke=colour, **style))
    title = f"{one.curve.label}, {one.side} ({one.curve.unit.symbol})"
    words = f"{title}: two visits over the gait cycle"
    if names.is_given:
        words = f"{title} over the gait cycle: {names.before} dashed, {names.after} solid"
    return svg.curve_panel(title, words, parts)


def _known(half: float) -> float:
    return half if math.isfinite(half) else 0.0
