"""What changed between two visits as inline SVG: one line a number, and curves over each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from simgait.agreement.change import Shown
from simgait.compare.visit_change import CurveChange, NumberChange
from simgait.parameters.wording import number
from simgait.report import svg

ROW = 34
"""Height of a number's name and line below it, in pixels."""
WIDTH, ROOM = 360, 10
"""Of the picture, which a telephone shows whole, and beside its lines."""
FURTHEST = 4.0
"""Times what matters that the picture reaches to; an interval that goes on ends in an arrow, and a
difference beyond it has no dot."""
COLOUR = {Shown.CHANGED: "#b3261e", Shown.NOT_SHOWN: "#4a5661", Shown.NOT_COMPARABLE: svg.QUIET}
BAND_FILL = "#e3e7eb"
BEFORE_DASH = "5 3"
PERCENT = np.arange(101.0)


def differences(rows: Sequence[NumberChange]) -> Markup:
    """Each difference with its 95 % interval in units of what matters, on one axis.

    Numbers of which nobody has said what matters, and those that cannot be compared, are left out.
    """
    drawn = [r for r in rows if _is_drawn(r)]
    if not drawn:
        return Markup("")
    reach = max(_span(row) for row in drawn)
    limit = min(max(1.6, 1.05 * reach), FURTHEST)
    height = ROW * len(drawn)
    axes = svg.Axes(ROOM, 6, WIDTH - 2 * ROOM, height, (-limit, limit), (0.0, 1.0))
    left, right = axes.at(-1.0, 0)[0], axes.at(1.0, 0)[0]
    parts = [svg.tag("rect", x=left, y=axes.top, width=right - left, height=height, fill=BAND_FILL)]
    for value in svg.ticks(-limit, limit, 6):
        x = axes.at(value, 0)[0]
        parts.append(svg.line(x, axes.top, x, axes.top + height, stroke=_grid(value)))
        label = number(value, 1 if value % 1 else 0)
        parts.append(svg.text(x, axes.top + height + 15, label, text_anchor="middle"))
    for place, row in enumerate(drawn):
        parts += _line(axes, axes.top + ROW * (place + 0.5), row, limit)
    words = f"Differences of {len(drawn)} numbers with their 95 % intervals, in what matters"
    return svg.svg(WIDTH, height + 28, words, parts, style="max-width:560px")


def _is_drawn(row: NumberChange) -> bool:
    known = math.isfinite(row.parameter.tolerance) and math.isfinite(row.change.detectable)
    return known and math.isfinite(row.change.difference)


def _span(row: NumberChange) -> float:
    low, high = row.change.interval
    return max(abs(low), abs(high)) / row.parameter.tolerance


def _grid(value: float) -> str:
    return "#8b96a1" if value == 0 else svg.GRID


def _line(axes: svg.Axes, y: float, row: NumberChange, limit: float) -> list[Markup]:
    colour, unit = COLOUR[row.change.shown], row.parameter.tolerance
    ends = [end / unit for end in row.change.interval]
    low, high = (min(max(end, -limit), limit) for end in ends)
    middle = min(max(row.change.difference / unit, -limit), limit)
    name_y, y = y, y + 7
    x0, x1, x = (axes.at(value, 0)[0] for value in (low, high, middle))
    side = "" if row.pool == "both" else f", {row.pool}"
    parts = [
        svg.text(axes.left + 2, name_y - 5, f"{row.parameter.label}{side}", fill=svg.INK),
        svg.line(x0, y, x1, y, stroke=colour, stroke_width=2.0),
    ]
    if abs(row.change.difference / unit) <= limit:
        parts.append(svg.tag("circle", cx=x, cy=y, r=4.0, fill=colour))
    for end, at in zip(ends, (x0, x1), strict=True):
        if abs(end) <= limit:
            parts.append(svg.line(at, y - 4, at, y + 4, stroke=colour, stroke_width=2.0))
        else:
            tip = at + math.copysign(0.8 * ROOM, end)
            corners = f"{at:.1f},{y - 5:.1f} {tip:.1f},{y:.1f} {at:.1f},{y + 5:.1f}"
            parts.append(svg.tag("polygon", points=corners, fill=colour))
    return parts


def curves(one: CurveChange) -> Markup:
    """A joint angle before (dashed) and after, each with its 90 % band."""
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
    return svg.curve_panel(title, f"{title}: two visits over the gait cycle", parts)


def _known(half: float) -> float:
    return half if math.isfinite(half) else 0.0
