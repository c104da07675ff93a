"""Pictures of trainings: curves over steps, scores of trials, what settings they had."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from markupsafe import Markup

from simgait.parameters.wording import with_minus
from simgait.report import svg

LINE, FAINT, BEST = "#0072b2", "#9fb8c8", "#b34700"
WIDTH, ROW, LEFT = 324.0, 22.0, 150.0
MOST_POINTS = 400
"""Of a curve: a picture is 274 pixels wide."""


def _range(values: np.ndarray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    margin = 0.05 * (high - low) or 0.05 * abs(high) or 0.5
    return low - margin, high + margin


def short(value: float) -> str:
    """A number on an axis: three digits, thousands and millions as such."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return with_minus(f"{value / size:.3g}{letter}")
    return with_minus(f"{value:.3g}")


def _scales(axes: svg.Axes) -> Iterator[Markup]:
    for value in svg.ticks(*axes.y, about=4):
        x, y = axes.at(axes.x[0], value)
        yield svg.line(x, y, x + axes.width, y)
        yield svg.text(x - 5, y + 3.5, short(value), text_anchor="end")
    for value in svg.ticks(*axes.x, about=4):
        x, y = axes.at(value, axes.y[0])
        yield svg.text(x, y + 14, short(value), text_anchor="middle")


def curve(title: str, x: np.ndarray, y: np.ndarray, best: float | None = None) -> Markup:
    """A curve over steps; where `best` says so, with a line at that step."""
    there = np.isfinite(y)
    x, y = x[there], y[there]
    kept = svg.evenly(len(x), MOST_POINTS)
    axes = svg.curve_axes(_range(x), _range(y))
    parts = [*_scales(axes)]
    if best is not None:
        px, top = axes.at(best, axes.y[1])
        parts.append(svg.line(px, top, px, top + axes.height, stroke=BEST, stroke_dasharray="3 3"))
    parts.append(svg.polyline(axes, x[kept], y[kept], stroke=LINE, stroke_width=1.6))
    if len(x) == 1:
        parts.append(_dot(axes, float(x[0]), float(y[0]), LINE))
    last = f", at last {y[-1]:.4g}" if len(y) else ", no value yet"
    return svg.curve_panel(title, f"{title} over environment steps{last}", parts)


def _dot(axes: svg.Axes, x: float, y: float, colour: str) -> Markup:
    px, py = axes.at(x, y)
    return svg.tag("circle", cx=px, cy=py, r=3.2, fill=colour)


def scores_picture(
    numbers: Sequence[int], scores: Sequence[float], whole: Sequence[bool]
) -> Markup:
    """Score of each trial, and the best so far as a line; trials cut short are faint."""
    x, y = np.array(numbers, float), np.array(scores, float)
    axes = svg.curve_axes(_range(x), _range(y))
    best = np.minimum.accumulate(np.where(whole, y, np.inf))
    parts = [*_scales(axes)]
    parts.append(svg.polyline(axes, x, np.where(np.isfinite(best), best, np.nan), stroke=BEST))
    for one, score, done in zip(x, y, whole, strict=True):
        parts.append(_dot(axes, float(one), float(score), LINE if done else FAINT))
    return svg.curve_panel(
        "Validation score by trial", f"Scores of {len(x)} trials, lower is better", parts
    )


def importance_picture(importance: Mapping[str, float]) -> Markup:
    """A bar for each setting."""
    ordered = sorted(importance.items(), key=lambda item: -item[1])
    height = ROW * len(ordered)
    axes = svg.Axes(LEFT, 0.0, WIDTH - LEFT - 44.0, height, (0.0, 1.0), (0.0, 1.0))
    parts = []
    for row, (name, share) in enumerate(ordered):
        y = ROW * row
        width = max(axes.width * share, 1.0)
        parts.append(svg.text(LEFT - 6, y + 15, name, text_anchor="end", fill=svg.INK))
        parts.append(svg.tag("rect", x=LEFT, y=y + 4, width=width, height=ROW - 8, fill=LINE))
        parts.append(svg.text(LEFT + width + 5, y + 15, f"{100 * share:.0f} %"))
    said = "; ".join(f"{name} {100 * share:.0f} %" for name, share in ordered)
    return svg.svg(WIDTH, height, f"Importance: {said}", parts, style="max-width:520px")


def parallel_picture(
    points: Sequence[Mapping[str, object]], scores: Sequence[float], logs: Mapping[str, bool]
) -> Markup:
    """A line per trial through its settings; the best quarter is dark.

    Args:
        points: the settings of each trial, the same names in each.
        scores: of each.
        logs: which settings lie on a logarithmic axis.
    """
    names = list(points[0])
    places = {name: _places([p[name] for p in points], logs.get(name, False)) for name in names}
    step, height = 120.0, 190.0
    axis_x = {name: 60.0 + step * i for i, name in enumerate(names)}
    cut = float(np.quantile(scores, 0.25))
    parts = []
    for worst_first in np.argsort(scores)[::-1]:
        i = int(worst_first)
        good = scores[i] <= cut
        d = " L".join(f"{axis_x[n]:.1f} {30 + height * (1 - places[n][0][i]):.1f}" for n in names)
        # One setting alone has no line: a short stroke on its axis stands for it.
        path = f"M{d}" if len(names) > 1 else f"M{d}h12"
        parts.append(
            svg.tag("path", d=path, fill="none", stroke=LINE if good else FAINT,
                    stroke_width=1.8 if good else 1.0, stroke_opacity=0.9 if good else 0.6)
        )  # fmt: skip
    for name in names:
        x = axis_x[name]
        parts.append(svg.line(x, 30, x, 30 + height, stroke=svg.QUIET))
        parts.append(svg.text(x, 13, name.split(".")[-1], text_anchor="middle", fill=svg.INK))
        for place, label in places[name][1]:
            y = 30 + height * (1 - place)
            parts.append(svg.text(x + 4, y + (10 if place > 0.9 else 0), label))
    label = f"{len(points)} trials through {', '.join(names)}; the best quarter is dark"
    width = 120.0 + step * (len(names) - 1)
    return svg.svg(width, height + 44, label, parts, style=f"min-width:{width:.0f}px")


def _places(values: Sequence[object], log: bool) -> tuple[np.ndarray, list[tuple[float, str]]]:
    """Heights from 0 to 1 of values on their axis, and the axis's labels."""
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        numbers = np.array(values, float)
        scaled = np.log(numbers) if log else numbers
        low, high = float(scaled.min()), float(scaled.max())
        place = (scaled - low) / (high - low) if high > low else np.full(len(scaled), 0.5)
        ends = [(0.0, low), (1.0, high)] if high > low else [(0.5, low)]
        return place, [(p, short(math.exp(v) if log else v)) for p, v in ends]
    kinds = sorted({str(value) for value in values})
    of = {kind: (i + 0.5) / len(kinds) for i, kind in enumerate(kinds)}
    return np.array([of[str(v)] for v in values]), [(p, kind[:16]) for kind, p in of.items()]
