"""Compared joint angles over the gait cycle as inline SVG: over each other, and differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.agreement.change import Shown
from simgait.compare.curve_change import PERCENT, CurveChange
from simgait.compare.visit_names import BEFORE_AFTER, VisitNames
from simgait.compare.visit_trend import CurveTrend
from simgait.parameters.curves import Curve
from simgait.report import svg
from simgait.report.change.charts import COLOUR
from simgait.skeleton.sides import SIDES

BEFORE_DASH = "5 3"
MATTERS_DASH, DETECTABLE_DASH = "2 3", "7 4"
LEAST_SPAN_DEG = 15.0
"""That a panel of differences reaches to either side in any case."""
PALEST, DARKEST = 0.3, 0.5
"""Of a side's colour: how much white is in that of the first visit, and black in that of the last.
The palest has the contrast of 3 with white that a line needs (WCAG 2.1, 1.4.11)."""
THINNEST, THICKEST = 1.4, 2.6
DASH_GAP = 3


@dataclass(frozen=True)
class _Line:
    """A mean curve as it is drawn; its band where the half-width is known and there is a colour."""

    mean: Float[np.ndarray, " 101"]
    half_width: float
    stroke: str
    dash: str | None = None
    width: float = 2.0
    band: str | None = None


def curves(one: CurveChange, names: VisitNames = BEFORE_AFTER) -> Markup:
    """A joint angle before (dashed) and after, each with its 90 % band, by the visits' names."""
    colour = svg.SIDE_COLOUR[one.side]
    before, after = one.half_widths
    lines = (
        _Line(one.found.before, before, svg.INK, BEFORE_DASH, band=svg.QUIET),
        _Line(one.found.after, after, colour, band=colour),
    )
    title = f"{one.curve.label}, {one.side} ({one.curve.unit.symbol})"
    words = f"{title}: two visits over the gait cycle"
    if names.is_given:
        words = f"{title} over the gait cycle: {names.before} dashed, {names.after} solid"
    return _over_each_other(one.curve, lines, title, words)


def sides(one: CurveChange) -> Markup:
    """A joint angle of both sides of a visit, each with its 90 % band."""
    right, left = one.half_widths
    colours = svg.SIDE_COLOUR
    lines = (
        _Line(one.found.after, left, colours["left"], band=colours["left"]),
        _Line(one.found.before, right, colours["right"], BEFORE_DASH, band=colours["right"]),
    )
    title = f"{one.curve.label} ({one.curve.unit.symbol})"
    return _over_each_other(one.curve, lines, title, f"{title}: left and right over the gait cycle")


def over_visits(one: CurveTrend) -> Markup:
    """The mean curves of all visits, light to dark; with 90 % bands of the first and the last."""
    count = len(one.means)
    halves = (one.last.half_widths[0], *(change.half_widths[1] for change in one.changes))
    lines = []
    for place, (mean, half) in enumerate(zip(one.means, halves, strict=True)):
        if np.isfinite(mean).any():
            colour, dash, width = visit_style(place, count, svg.SIDE_COLOUR[one.side])
            band = colour if place in (0, count - 1) else None
            lines.append(_Line(mean, half, colour, dash, width, band))
    title = f"{one.curve.label}, {one.side} ({one.curve.unit.symbol})"
    return _over_each_other(one.curve, lines, title, f"{title}: {count} visits over the gait cycle")


def visit_style(place: int, count: int, colour: str) -> tuple[str, str | None, float]:
    """Colour, dashes and width of a visit's line: darker, longer and thicker with time.

    The last line is solid, so that the order can be told without colour.

    Args:
        place: of the visit, the first is 0.
        count: of visits, 2 or more.
        colour: of the side, "#rrggbb".
    """
    along = place / (count - 1.0)
    shade = PALEST - (PALEST + DARKEST) * along
    dash = None if place == count - 1 else f"{2 + place * (place + 5) // 2} {DASH_GAP}"
    return _shaded(colour, shade), dash, THINNEST + (THICKEST - THINNEST) * along


def _shaded(colour: str, white: float) -> str:
    """A colour with this share of white in it, or of black where it is negative."""
    other, share = (255 if white > 0.0 else 0), abs(white)
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one + share * (other - one)):02x}" for one in parts)


def visit_swatch(place: int, count: int) -> Markup:
    """How a visit's lines look, of the left side above, of the right below, for a legend."""
    parts = []
    for side, y in zip(SIDES, (4.0, 10.0), strict=True):
        colour, dash, width = visit_style(place, count, svg.SIDE_COLOUR[side])
        parts.append(
            svg.line(0, y, 54, y, stroke=colour, stroke_dasharray=dash, stroke_width=width)
        )
    return svg.svg(54, 14, f"lines of visit {place + 1}", parts)


def _over_each_other(curve: Curve, lines: Sequence[_Line], title: str, words: str) -> Markup:
    reach = [(line.mean, _known(line.half_width)) for line in lines]
    low = min([curve.span_deg[0], *(float(np.nanmin(mean)) - half for mean, half in reach)])
    high = max([curve.span_deg[1], *(float(np.nanmax(mean)) + half for mean, half in reach)])
    axes = svg.curve_axes((0, 100), (low, high))
    parts = list(svg.cycle_scales(axes, low, high))
    for one in lines:
        if one.band is not None and math.isfinite(one.half_width):
            ends = one.mean - one.half_width, one.mean + one.half_width
            parts.append(svg.band(axes, PERCENT, *ends, fill=one.band, fill_opacity=0.14))
    parts += [
        svg.polyline(
            axes, PERCENT, one.mean, stroke=one.stroke, stroke_dasharray=one.dash,
            stroke_width=one.width,
        )
        for one in lines
    ]  # fmt: skip
    return svg.curve_panel(title, words, parts)


def curve_difference(one: CurveChange, pair: str) -> Markup:
    """The difference with its 90 % band, between the limits of what is detectable and matters.

    Args:
        one: the curve.
        pair: what is subtracted from what ("after less before").
    """
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
    whose = "" if one.side == "both" else f", {one.side}"
    title = f"{one.curve.label}{whose}: difference ({one.curve.unit.symbol})"
    words = f"{title}, {pair}, over the gait cycle: {one.verdict}"
    return svg.curve_panel(title, words, parts)


def _known(half: float) -> float:
    return half if math.isfinite(half) else 0.0
