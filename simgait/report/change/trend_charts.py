"""A number over the visits of a person, as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
from markupsafe import Markup

from simgait.compare.visit_trend import NumberTrend
from simgait.report import svg
from simgait.report.change.charts import COLOUR

BAND_FILL = "#dfe3e7"
MARGIN = 0.4
"""Room beside the first and the last visit, in mean distances between visits."""


def places(dates: Sequence[str], count: int) -> list[float]:
    """Where visits stand: by their dates, else at equal distances; 0 to `count` - 1."""
    if not dates:
        return [float(place) for place in range(count)]
    days = [date.fromisoformat(day).toordinal() for day in dates]
    return [(count - 1.0) * (day - days[0]) / (days[-1] - days[0]) for day in days]


def trend(row: NumberTrend, dates: Sequence[str]) -> Markup:
    """Means with their 90 % intervals, over the band that no change since the first could leave."""
    display, where = row.parameter.display, places(dates, len(row.visits))
    means = np.array([v.mean for v in row.visits]) * display.factor
    halves = np.array([v.half_width for v in row.visits]) * display.factor
    reach = np.array([v.change.detectable if v.change else math.nan for v in row.visits])
    reach = reach * display.factor
    ends = [means - np.nan_to_num(halves), means + np.nan_to_num(halves)]
    if math.isfinite(means[0]) and np.isfinite(reach).any():
        ends += [means[0] - reach, means[0] + reach]
    values = np.concatenate(ends)
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    pad = 0.08 * (high - low) or 1.0
    axes = svg.curve_axes((-MARGIN, len(where) - 1.0 + MARGIN), (low - pad, high + pad))
    parts = [*_band(axes, where, means[0], reach), *_scales(axes, where)]
    parts.append(svg.polyline(axes, np.array(where), means, stroke=svg.QUIET, stroke_width=1.2))
    for x, mean, half, visit in zip(where, means, halves, row.visits, strict=True):
        if math.isfinite(mean):
            colour = COLOUR[visit.change.shown] if visit.change else svg.INK
            parts += _point(axes, x, float(mean), float(half), colour)
    side = "" if row.pool == "both" else f", {row.pool}"
    title = f"{row.parameter.label}{side} ({display.unit.symbol})"
    shown = ", ".join(display.text(visit.mean) for visit in row.visits)
    return svg.curve_panel(title, f"{title} over {len(where)} visits: {shown}", parts)


def _band(axes: svg.Axes, where: Sequence[float], first: float, reach: np.ndarray) -> list[Markup]:
    """The first visit's mean ± the detectable change, as wide as the later visits stand apart."""
    later = [(x, half) for x, half in zip(where, reach, strict=True) if math.isfinite(half)]
    if not later or not math.isfinite(first):
        return []
    xs = np.array([axes.x[0], *(x for x, _ in later), axes.x[1]])
    halves = np.array([later[0][1], *(half for _, half in later), later[-1][1]])
    return [svg.band(axes, xs, first - halves, first + halves, fill=BAND_FILL)]


def _scales(axes: svg.Axes, where: Sequence[float]) -> list[Markup]:
    parts = []
    for value in svg.ticks(*axes.y):
        x, y = axes.at(axes.x[0], value)
        parts.append(svg.line(x, y, x + axes.width, y))
        parts.append(svg.text(x - 5, y + 3.5, f"{value:g}".replace("-", "−"), text_anchor="end"))
    for place, at in enumerate(where, 1):
        x, y = axes.at(at, axes.y[0])
        parts.append(svg.text(x, y + 14, f"{place}", text_anchor="middle"))
    return parts


def _point(axes: svg.Axes, x: float, mean: float, half: float, colour: str) -> list[Markup]:
    at = axes.at(x, mean)
    parts = [svg.tag("circle", cx=at[0], cy=at[1], r=4.0, fill=colour)]
    if math.isfinite(half):
        (_, top), (_, bottom) = axes.at(x, mean + half), axes.at(x, mean - half)
        parts.append(svg.line(at[0], top, at[0], bottom, stroke=colour, stroke_width=2.0))
    return parts
