"""Scatter and Bland-Altman plots as inline SVG; every pair is drawn, in one path of dots."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.agreement import AgreementSummary
from simgait.compare.analysis import MeasureAgreement
from simgait.parameters.wording import number
from simgait.report import svg
from simgait.report.agreement.wording import decimals, shown_id

# Okabe and Ito's palette: told apart by people who see no red or green; dashes differ as well.
DOT = "#0072b2"
MEAN = "#1f2933"
LIMIT = "#b34700"
MEDIAN = "#00795a"
THRESHOLD = "#8250a8"
DASH = {"mean": None, "limit": "7 4", "median": "2 3", "threshold": "8 3 2 3"}
WORST_SHOWN = 3
"""Of the points that are named in a figure: more names lie over each other."""
ALL_DRAWN = 10_000
"""Points; of more, those within half a pixel of another are drawn once."""
LABEL_GAP = 13.0
"""Pixels between two labels: a line of text."""


def complete(agreement: MeasureAgreement) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, estimate and row numbers of the pairs that have both."""
    truth = np.asarray(agreement.pairs.truth, float)
    estimate = np.asarray(agreement.pairs.estimate, float)
    rows = np.flatnonzero(np.isfinite(truth) & np.isfinite(estimate))
    return truth[rows], estimate[rows], rows


def padded(values: Sequence[float] | np.ndarray, share: float = 0.05) -> tuple[float, float]:
    """Range of the finite values with a margin; never empty."""
    finite = [float(v) for v in values if math.isfinite(v)] or [0.0]
    low, high = min(finite), max(finite)
    if high == low:
        reach = max(abs(low) * 0.05, 1e-6)
        return low - reach, high + reach
    return low - share * (high - low), high + share * (high - low)


def shows_thresholds(agreement: MeasureAgreement) -> bool:
    """Whether the thresholds fit beside the errors without flattening them."""
    thresholds, summary = agreement.pairs.thresholds, agreement.summary
    if thresholds is None or summary is None:
        return False
    return thresholds[1] <= 4.0 * max(summary.errors.worst, abs(summary.limits.upper.value))


def scatter(agreement: MeasureAgreement) -> Markup:
    """Estimate over truth with the line of identity, same range on both axes."""
    summary = _summary(agreement)
    truth, estimate, _ = complete(agreement)
    span = padded([*truth, *estimate])
    axes = svg.Axes(56, 26, 384, 384, span, span)
    places = _tick_places(span)
    unit = _unit(agreement)
    parts = [svg.text(0, 13, f"Estimate over truth{unit}", font_size=13.0, fill=svg.INK,
                      font_weight=600)]  # fmt: skip
    for value in svg.ticks(*span):
        x, y = axes.at(value, value)
        parts.append(svg.line(axes.left, y, axes.left + axes.width, y))
        parts.append(svg.line(x, axes.top, x, axes.top + axes.height))
        label = number(value, places)
        parts.append(svg.text(axes.left - 6, y + 4, label, text_anchor="end"))
        parts.append(svg.text(x, axes.top + axes.height + 15, label, text_anchor="middle"))
    (x0, y0), (x1, y1) = axes.at(span[0], span[0]), axes.at(span[1], span[1])
    parts.append(svg.line(x0, y0, x1, y1, stroke=MEAN, stroke_width=1.3))
    parts.append(_dots(axes, truth, estimate))
    parts.append(svg.text(axes.left + axes.width / 2, axes.top + axes.height + 32, "truth",
                          text_anchor="middle"))  # fmt: skip
    parts.append(svg.text(axes.left + 8, axes.top + 16,
                          f"n {summary.n_pairs}, r {number(summary.pearson.value, 3)}, "
                          f"CCC {number(summary.concordance.value, 3)}",
                          fill=svg.INK, **HALO))  # fmt: skip
    return svg.svg(450, 448, f"{agreement.pairs.label}: estimate over truth, {len(truth)} pairs",
                   parts)  # fmt: skip


HALO = {"paint_order": "stroke", "stroke": "#fff", "stroke_width": 3}


def bland_altman_plot(agreement: MeasureAgreement) -> Markup:
    """Error over the truth, which is the reference (Krouwer 2008, Stat Med 27:778).

    Mean and limits with the bands of their intervals, median and quartiles, clinical thresholds.
    """
    summary = _summary(agreement)
    truth, estimate, rows = complete(agreement)
    error = estimate - truth
    limits, sizes = summary.limits, summary.errors
    thresholds = agreement.pairs.thresholds if shows_thresholds(agreement) else None
    edges = [limits.lower.low, limits.lower.value, limits.upper.value, limits.upper.high, 0.0]
    if thresholds:
        edges += [-thresholds[1], thresholds[1]]
    axes = svg.Axes(56, 26, 334, 384, padded(truth), padded([*error, *edges]))
    places = decimals(summary)
    parts = [svg.text(0, 13, f"Error (estimate − truth){_unit(agreement)}", font_size=13.0,
                      fill=svg.INK, font_weight=600)]  # fmt: skip
    tick_places = _tick_places(axes.y, 7)
    for value in svg.ticks(*axes.y, 7):
        _, y = axes.at(axes.x[0], value)
        stroke = "#aab2ba" if value == 0 else svg.GRID
        parts.append(svg.line(axes.left, y, axes.left + axes.width, y, stroke=stroke))
        parts.append(svg.text(axes.left - 6, y + 4, number(value, tick_places), text_anchor="end"))
    for value in svg.ticks(*axes.x):
        x, _ = axes.at(value, axes.y[0])
        parts.append(svg.text(x, axes.top + axes.height + 15, number(value, _tick_places(axes.x)),
                              text_anchor="middle"))  # fmt: skip
    for line, colour in ((limits.bias, MEAN), (limits.lower, LIMIT), (limits.upper, LIMIT)):
        if math.isfinite(line.low) and math.isfinite(line.high):
            low, high = np.full(2, line.low), np.full(2, line.high)
            parts.append(
                svg.band(axes, np.array(axes.x), low, high, fill=colour, fill_opacity=0.13)
            )
    parts.append(_dots(axes, truth, error))
    parts += _worst(agreement, axes, truth, error, rows, places)
    lines = [
        ("mean", limits.bias.value, MEAN, "mean"),
        ("upper limit", limits.upper.value, LIMIT, "limit"),
        ("lower limit", limits.lower.value, LIMIT, "limit"),
        ("median", sizes.median, MEDIAN, "median"),
        ("75 %", sizes.q3, MEDIAN, "median"),
        ("25 %", sizes.q1, MEDIAN, "median"),
    ]
    for value in thresholds or ():
        for signed in (value, -value):
            lines.append((f"{number(signed, 2 if value < 1 else 0)}", signed, THRESHOLD,
                          "threshold"))  # fmt: skip
    parts += _labelled_lines(axes, lines, places)
    below = f"truth{_unit(agreement)}"
    foot = axes.top + axes.height + 32
    parts.append(svg.text(axes.left + axes.width / 2, foot, below, text_anchor="middle"))
    label = (
        f"{agreement.pairs.label}: Bland-Altman plot of {len(error)} pairs, mean error "
        f"{number(limits.bias.value, places)}, limits {number(limits.lower.value, places)} to "
        f"{number(limits.upper.value, places)} {agreement.pairs.unit}"
    )
    return svg.svg(510, 448, label, parts)


def _labelled_lines(
    axes: svg.Axes, lines: Sequence[tuple[str, float, str, str]], places: int
) -> list[Markup]:
    """Horizontal lines with labels at the right, moved apart where they would overlap."""
    right = axes.left + axes.width
    order = sorted(lines, key=lambda entry: -entry[1])
    wanted = np.array([axes.at(axes.x[0], value)[1] for _, value, _, _ in order])
    placed = spread(wanted, LABEL_GAP, axes.top + 4, axes.top + axes.height)
    parts = []
    for (name, value, colour, kind), y, label_y in zip(order, wanted, placed, strict=True):
        parts.append(svg.line(axes.left, float(y), right, float(y), stroke=colour,
                              stroke_width=1.1 if kind == "threshold" else 1.6,
                              stroke_dasharray=DASH[kind]))  # fmt: skip
        if abs(label_y - y) > 1:
            parts.append(svg.line(right, float(y), right + 8, float(label_y), stroke=colour,
                                  stroke_width=0.7))  # fmt: skip
        words = f"change {name}" if kind == "threshold" else f"{name} {number(value, places)}"
        parts.append(svg.text(right + 10, float(label_y) + 4, words, fill=colour))
    return parts


def spread(
    wanted: Float[np.ndarray, " N"], gap: float, low: float, high: float
) -> Float[np.ndarray, " N"]:
    """Positions near the wanted ones (ascending), at least `gap` apart, within low..high if room.

    Groups of labels that overlap are centred on the mean of where they would like to be.
    """
    groups = [[float(y), 1] for y in wanted]  # mean of the wanted centres, number of labels

    def top(group: list[float]) -> float:
        half = gap * (group[1] - 1) / 2
        return min(max(group[0] - half, low), max(low, high - 2 * half))

    merged: list[list[float]] = []
    for group in groups:
        merged.append(group)
        while len(merged) > 1 and top(merged[-1]) < top(merged[-2]) + gap * merged[-2][1] - 1e-9:
            last = merged.pop()
            total = merged[-1][1] + last[1]
            centre = (merged[-1][0] * merged[-1][1] + last[0] * last[1]) / total
            merged[-1] = [centre, total]
    return np.array([top(g) + gap * k for g in merged for k in range(int(g[1]))])


def _worst(
    agreement: MeasureAgreement,
    axes: svg.Axes,
    truth: np.ndarray,
    error: np.ndarray,
    rows: np.ndarray,
    places: int,
) -> list[Markup]:
    """Rings around the largest errors; pointing at one shows its id."""
    parts = []
    for place in np.argsort(-np.abs(error), kind="stable")[:WORST_SHOWN]:
        x, y = axes.at(float(truth[place]), float(error[place]))
        name = shown_id(agreement.pairs.trial_ids[rows[place]])
        words = f"{name}: {number(float(error[place]), places)} {agreement.pairs.unit}"
        parts.append(svg.tag("circle", svg.tag("title", words), cx=x, cy=y, r=6, fill="#fff",
                             fill_opacity=0, stroke=LIMIT, stroke_width=1.4))  # fmt: skip
    return parts


def _dots(axes: svg.Axes, x: np.ndarray, y: np.ndarray) -> Markup:
    """All points as one path of zero-length strokes with round ends, which keeps pages small.

    Of very many, those that would lie within half a pixel of another are drawn once.
    """
    px, py = axes.at_all(x, y)
    places = np.stack([px, py], axis=1)
    if len(places) > ALL_DRAWN:
        places = np.unique(np.round(2.0 * places), axis=0) / 2.0
    d = "".join(f"M{px:.1f} {py:.1f}h0" for px, py in places.tolist())
    size = 5.0 if len(x) <= 300 else 3.4 if len(x) <= 1000 else 2.4
    return svg.tag("path", d=d, fill="none", stroke=DOT, stroke_width=size, stroke_opacity=0.7,
                   stroke_linecap="round")  # fmt: skip


def _summary(agreement: MeasureAgreement) -> AgreementSummary:
    if agreement.summary is None:
        raise ValueError(f"{agreement.pairs.name} was not analysed, so there is nothing to draw.")
    return agreement.summary


def _unit(agreement: MeasureAgreement) -> str:
    return f" ({agreement.pairs.unit})" if agreement.pairs.unit else ""


def _tick_places(span: tuple[float, float], about: int = 5) -> int:
    """Decimals that tell neighbouring ticks apart."""
    values = svg.ticks(*span, about)
    step = values[1] - values[0] if len(values) > 1 else span[1] - span[0]
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    # Steps of 2.5 need one decimal more.
    scaled: float = step * 10**places
    return places + int(abs(scaled - round(scaled)) > 1e-6)
