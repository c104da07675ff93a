"""Curves over the gait cycle against truth, and histograms of event errors, as inline SVG."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from markupsafe import Markup

from simgait.compare.analysis import EventAgreement, WaveformAgreement
from simgait.parameters.wording import number
from simgait.report import svg
from simgait.report.agreement.charts import DOT, LIMIT, MEAN, MEDIAN, padded

TRUTH = "#4a545e"
PERCENT = np.arange(101.0)
BIN_WIDTHS_MS = (5.0, 10.0, 20.0, 50.0)
"""Chosen: the narrowest that makes no more than `MAX_BINS`."""
MAX_BINS = 60
"""Chosen: bars that can be told apart on a chart of 300 pixels."""


def waveform_panel(waveform: WaveformAgreement) -> Markup:
    """Mean ± SD of the estimates over mean ± SD of the truth."""
    curves = [
        (waveform.truth_mean, waveform.truth_sd, TRUTH, "6 3"),
        (waveform.estimate_mean, waveform.estimate_sd, DOT, None),
    ]
    edges = [mean + sign * np.nan_to_num(sd) for mean, sd, _, _ in curves for sign in (-1, 1)]
    axes = svg.curve_axes((0, 100), padded(np.concatenate(edges)))
    unit = f" ({waveform.pairs.unit})" if waveform.pairs.unit else ""
    parts = []
    for value in svg.ticks(*axes.y):
        x, y = axes.at(0, value)
        stroke = "#aab2ba" if value == 0 else svg.GRID
        parts.append(svg.line(x, y, x + axes.width, y, stroke=stroke))
        places = 0 if axes.y[1] - axes.y[0] > 5 else 1
        parts.append(svg.text(x - 5, y + 3.5, number(value, places), text_anchor="end"))
    for value in (0, 25, 50, 75, 100):
        x, y = axes.at(value, axes.y[0])
        parts.append(svg.text(x, y + 14, f"{value}", text_anchor="middle"))
    for mean, sd, colour, _ in curves:
        if waveform.n > 1:
            parts.append(svg.band(axes, PERCENT, mean - sd, mean + sd, fill=colour,
                                  fill_opacity=0.16))  # fmt: skip
    for mean, _, colour, dash in curves:
        parts.append(svg.polyline(axes, PERCENT, mean, stroke=colour, stroke_width=2.0,
                                  stroke_dasharray=dash))  # fmt: skip
    label = f"{waveform.pairs.label}: mean and SD of {waveform.n} walks, estimate and truth"
    return svg.curve_panel(f"{waveform.pairs.label}{unit}", label, parts)


def histogram(
    errors_ms: Float[np.ndarray, " E"],
) -> tuple[Float[np.ndarray, " B1"], Int[np.ndarray, " B"]]:
    """Edges (ms, a bin is centred on zero) and counts; every error falls into a bin."""
    reach = float(np.abs(errors_ms).max())
    width = next((w for w in BIN_WIDTHS_MS if 2 * reach / w <= MAX_BINS), BIN_WIDTHS_MS[-1])
    half = int(np.ceil(max(reach / width - 0.5, 0.0)))
    edges = (np.arange(-half, half + 2) - 0.5) * width
    counts, _ = np.histogram(errors_ms, edges)
    return edges, counts


def event_histogram(agreement: EventAgreement) -> Markup:
    """How many events were found how much too early or too late."""
    errors = np.asarray(agreement.events.errors_ms, float)
    errors = errors[np.isfinite(errors)]
    edges, counts = histogram(errors)
    top = max(int(counts.max()), 1)
    axes = svg.Axes(42, 26, 398, 158, (float(edges[0]), float(edges[-1])), (0.0, top * 1.08))
    parts = [svg.text(0, 13, agreement.events.kind, font_size=13.0, fill=svg.INK,
                      font_weight=600)]  # fmt: skip
    for value in (v for v in svg.ticks(0, top, 4) if v == int(v)):
        x, y = axes.at(axes.x[0], value)
        parts.append(svg.line(x, y, x + axes.width, y))
        parts.append(svg.text(x - 5, y + 3.5, number(value, 0), text_anchor="end"))
    for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True):
        if count:
            (x0, y0), (x1, y1) = axes.at(float(low), float(count)), axes.at(float(high), 0.0)
            title = svg.tag("title", f"{low:g} to {high:g} ms: {count}")
            parts.append(svg.tag("rect", title, x=x0 + 0.4, y=y0, width=max(x1 - x0 - 0.8, 0.5),
                                 height=y1 - y0, fill=DOT, fill_opacity=0.75))  # fmt: skip
    for value in svg.ticks(*axes.x, 7):
        x, y = axes.at(value, 0.0)
        parts.append(svg.text(x, y + 15, number(value, 0), text_anchor="middle"))
    marks: list[tuple[float, str, str | None]] = [(0.0, MEAN, None)]
    if agreement.sizes is not None:
        marks += [(agreement.sizes.mean, LIMIT, "7 4"), (agreement.sizes.median, MEDIAN, "2 3")]
    for value, colour, dash in marks:
        x, y = axes.at(value, 0.0)
        parts.append(svg.line(x, axes.top, x, y, stroke=colour, stroke_width=1.5,
                              stroke_dasharray=dash))  # fmt: skip
    parts.append(svg.text(axes.left + axes.width / 2, 216, "too early ← error in ms → too late",
                          text_anchor="middle"))  # fmt: skip
    return svg.svg(450, 222, f"{agreement.events.kind}: timing errors of {len(errors)} events",
                   parts)  # fmt: skip
