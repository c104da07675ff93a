"""What changed between two visits as inline SVG: one line a number, and curves over each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from simgait.agreement.change import Shown
from simgait.compare.curve_change import PERCENT, CurveChange
from simgait.compare.visit_change import NumberChange
from simgait.compare.visit_names import BEFORE_AFTER, VisitNames
from simgait.report import svg
from simgait.report.interval_rows import IntervalRow, interval_rows

COLOUR = {Shown.CHANGED: "#b3261e", Shown.NOT_SHOWN: "#4a5661", Shown.NOT_COMPARABLE: svg.QUIET}
BEFORE_DASH = "5 3"
MATTERS_DASH, DETECTABLE_DASH = "2 3", "7 4"
LEAST_SPAN_DEG = 15.0
"""That a panel of differences reaches to either side in any case."""


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
    before, after = one.found.before, one.found.after
    pairs = ((before, one.half_widths[0]), (after, one.half_widths[1]))
    values = [mean + sign * _known(half) for mean, half in pairs for sign in (-1.0, 1.0)]
    low = min(one.curve.span_deg[0], *(float(np.nanmin(v)) for v in values))
    high = max(one.curve.span_deg[1], *(float(np.nanmax(v)) for v in values))
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
        svg.polyline(axes, PERCENT, before, stroke=svg.INK, stroke_dasharray=BEFORE_DASH, **style)
    )
    parts.append(svg.polyline(axes, PERCENT, after, stroke=colour, **style))
    title = f"{one.curve.label}, {one.side} ({one.curve.unit.symbol})"
    words = f"{title}: two visits over the gait cycle"
    if names.is_given:
        words = f"{title} over the gait cycle: {names.before} dashed, {names.after} solid"
    return svg.curve_panel(title, words, parts)


def curve_difference(one: CurveChange, names: VisitNames = BEFORE_AFTER) -> Markup:
    """The difference with its 90 % band, between the limits of what is detectable and matters."""
    found, limit = one.found, one.matters_deg
    ends = (found.difference - found.half_width, found.difference + found.half_width)
    known = np.concatenate([*ends, found.difference, found.detectable])
    reach = 1.08 * max(LEAST_SPAN_DEG, float(np.nanmax(np.abs(known))))
    axes = svg.curve_axes((0, 100), (-reach, reach))
    parts = list(svg.cycle_scales(axes, -reach, reach))
    if np.isfinite(ends).all():
        parts.append(svg.band(axes, PERCENT, *ends, fill=svg.QUIET, fill_opacity=0.2))
    for sign in (-1.0, 1.0):
        level, quiet = np.full_like(PERCENT, sign * limit), {"stroke": svg.QUIET}
        parts += [
            svg.polyline(axes, PERCENT, level, stroke_dasharray=MATTERS_DASH, **quiet),
            svg.polyline(
                axes, PERCENT, sign * found.detectable, stroke_dasharray=DETECTABLE_DASH, **quiet
            ),
        ]
    parts.append(svg.polyline(axes, PERCENT, found.difference, stroke=svg.INK, stroke_width=2.0))
    changed = np.where(found.beyond, found.difference, np.nan)
    red = {"stroke": COLOUR[Shown.CHANGED], "stroke_width": 4.0, "stroke_linecap": "round"}
    parts.append(svg.polyline(axes, PERCENT, changed, **red))
    title = f"{one.curve.label}, {one.side}: difference ({one.curve.unit.symbol})"
    words = f"{title}, {names.after} less {names.before}, over the gait cycle: {found.shown.value}"
    return svg.curve_panel(title, words, parts)


def _known(half: float) -> float:
    return half if math.isfinite(half) else 0.0
