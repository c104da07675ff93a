"""Numbers with intervals below each other on one axis, each in units of what matters, as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from simgait.parameters.wording import number
from simgait.report import svg

ROW, LINE = 34, 18
"""Height of a number's name and line below it, and of the line alone, in pixels."""
WIDTH, ROOM = 360, 10
"""Of the picture, which a telephone shows whole, and beside its lines."""
FURTHEST = 4.0
"""Times what matters that the picture reaches to; an interval that goes on ends in an arrow, and of
a middle beyond it, which has no dot, the figure stands behind the label."""
MOST_IN_ONE = 8
"""Lines; more become two pictures beside each other where the page is wide enough. Chosen."""
BAND_FILL = "#e3e7eb"


@dataclass(frozen=True)
class IntervalRow:
    """One line of the picture, in units of what matters.

    Attributes:
        label: above the line.
        middle, low, high: dot and ends.
        colour: of the line.
        marks: places of dashes beside the band's edges, the same on both sides of 0.
    """

    label: str
    middle: float
    low: float
    high: float
    colour: str
    marks: tuple[float, ...] = ()


def interval_rows(rows: Sequence[IntervalRow], words: str) -> Markup:
    """The picture, shaded within ± 1; nothing without rows. `words` tell it to who cannot see.

    Of many rows it is two pictures of the same axis.
    """
    if not rows:
        return Markup("")
    reach = max(max(abs(row.low), abs(row.high)) for row in rows)
    limit = min(max(1.6, 1.05 * reach), FURTHEST)
    if len(rows) <= MOST_IN_ONE:
        return _picture(rows, words, limit)
    half = (len(rows) + 1) // 2
    halves = (
        _picture(some, f"{words}, {place} of 2", limit)
        for place, some in enumerate((rows[:half], rows[half:]), 1)
    )
    return Markup('<div class="halves">{}</div>').format(Markup("").join(halves))


def _picture(rows: Sequence[IntervalRow], words: str, limit: float) -> Markup:
    height = ROW * len(rows)
    axes = svg.Axes(ROOM, 6, WIDTH - 2 * ROOM, height, (-limit, limit), (0.0, 1.0))
    left, right = axes.at(-1.0, 0)[0], axes.at(1.0, 0)[0]
    ticks = svg.ticks(-limit, limit, 6)
    parts = []
    for place, row in enumerate(rows):
        # Band and grid end below the names, which could not be read across them.
        bottom = axes.top + ROW * (place + 1)
        band = {"x": left, "y": bottom - LINE, "width": right - left, "height": LINE}
        parts.append(svg.tag("rect", **band, fill=BAND_FILL))
        for value in ticks:
            x = axes.at(value, 0)[0]
            parts.append(svg.line(x, bottom - LINE, x, bottom, stroke=_grid(value)))
        parts += _line(axes, axes.top + ROW * (place + 0.5), row, limit)
    for value in ticks:
        label = number(value, 1 if value % 1 else 0)
        at = axes.at(value, 0)[0], axes.top + height + 15
        parts.append(svg.text(*at, label, text_anchor="middle"))
    return svg.svg(WIDTH, height + 28, words, parts, style="max-width:560px")


def _grid(value: float) -> str:
    return "#8b96a1" if value == 0 else svg.GRID


def _line(axes: svg.Axes, y: float, row: IntervalRow, limit: float) -> list[Markup]:
    ends = (row.low, row.high)
    low, high, middle = (min(max(end, -limit), limit) for end in (*ends, row.middle))
    name_y, y = y, y + 7
    x0, x1, x = (axes.at(value, 0)[0] for value in (low, high, middle))
    label = f"{row.label}: {number(row.middle, 1)}" if abs(row.middle) > limit else row.label
    parts = [svg.text(axes.left + 2, name_y - 5, label, fill=svg.INK)]
    for mark in (sign * one for one in row.marks for sign in (-1.0, 1.0)):
        at = axes.at(mark, 0)[0]
        parts.append(
            svg.line(
                at, y - 8, at, y + 8, stroke=svg.QUIET, stroke_width=1.4, stroke_dasharray="3 2"
            )
        )
    parts.append(svg.line(x0, y, x1, y, stroke=row.colour, stroke_width=2.0))
    if abs(row.middle) <= limit:
        parts.append(svg.tag("circle", cx=x, cy=y, r=4.0, fill=row.colour))
    for end, at in zip(ends, (x0, x1), strict=True):
        if abs(end) <= limit:
            parts.append(svg.line(at, y - 4, at, y + 4, stroke=row.colour, stroke_width=2.0))
        else:
            tip = at + math.copysign(0.8 * ROOM, end)
            corners = f"{at:.1f},{y - 5:.1f} {tip:.1f},{y:.1f} {at:.1f},{y + 5:.1f}"
            parts.append(svg.tag("polygon", points=corners, fill=row.colour))
    return parts
