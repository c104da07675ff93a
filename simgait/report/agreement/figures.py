"""The pictures of the agreement report's PDF, drawn by matplotlib."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simgait.compare.analysis import EventAgreement, MeasureAgreement, WaveformAgreement
from simgait.parameters.wording import number
from simgait.report.agreement.charts import (
    DOT,
    LIMIT,
    MEAN,
    MEDIAN,
    THRESHOLD,
    complete,
    padded,
    shows_thresholds,
    spread,
)
from simgait.report.agreement.curve_charts import PERCENT, TRUTH, histogram
from simgait.report.agreement.wording import decimals, verdict

PANELS_PER_PAGE = 8
LEFT, RIGHT = 0.11, 0.78


def measure_page(agreement: MeasureAgreement, size_in: tuple[float, float]) -> Figure:
    """Verdict, scatter and Bland-Altman plot of one measure."""
    assert agreement.summary is not None
    figure = Figure(figsize=size_in)
    pairs = agreement.pairs
    figure.text(0.07, 0.94, pairs.label, size=13, weight="bold")
    figure.text(0.07, 0.925, textwrap.fill(verdict(agreement).text, 108), va="top", size=8.5)
    _scatter(figure.add_axes((LEFT, 0.51, 0.48, 0.34)), agreement)
    _bland_altman(figure.add_axes((LEFT, 0.09, RIGHT - LEFT, 0.35)), agreement)
    return figure


def _with_unit(text: str, agreement: MeasureAgreement) -> str:
    return f"{text} ({agreement.pairs.unit})" if agreement.pairs.unit else text


def _scatter(axes: Axes, agreement: MeasureAgreement) -> None:
    truth, estimate, _ = complete(agreement)
    span = padded([*truth, *estimate])
    axes.plot(span, span, color=MEAN, linewidth=1.0)
    axes.plot(truth, estimate, "o", color=DOT, alpha=0.55, markersize=_dot(len(truth)),
              markeredgewidth=0)  # fmt: skip
    axes.set(xlim=span, ylim=span, xlabel=_with_unit("truth", agreement),
             ylabel=_with_unit("estimate", agreement))  # fmt: skip
    axes.set_title("Estimate over truth, with the line of identity", size=9, loc="left")
    axes.grid(color="#e4e7ea", linewidth=0.6)
    axes.set_axisbelow(True)


def _dot(n: int) -> float:
    return 4.0 if n <= 300 else 2.6 if n <= 1000 else 1.8


def _bland_altman(axes: Axes, agreement: MeasureAgreement) -> None:
    summary = agreement.summary
    assert summary is not None
    truth, estimate, _ = complete(agreement)
    middle, error = (truth + estimate) / 2, estimate - truth
    limits, sizes, places = summary.limits, summary.errors, decimals(summary)
    thresholds = agreement.pairs.thresholds
    drawn = thresholds if thresholds and shows_thresholds(agreement) else ()
    for line, colour in ((limits.bias, MEAN), (limits.lower, LIMIT), (limits.upper, LIMIT)):
        if np.isfinite([line.low, line.high]).all():
            axes.axhspan(line.low, line.high, color=colour, alpha=0.13, linewidth=0)
    axes.plot(middle, error, "o", color=DOT, alpha=0.55, markersize=_dot(len(error)),
              markeredgewidth=0)  # fmt: skip
    lines = [
        (limits.bias.value, MEAN, "-", f"mean {number(limits.bias.value, places)}"),
        (limits.upper.value, LIMIT, "--", f"upper limit {number(limits.upper.value, places)}"),
        (limits.lower.value, LIMIT, "--", f"lower limit {number(limits.lower.value, places)}"),
        (sizes.median, MEDIAN, ":", f"median {number(sizes.median, places)}"),
        (sizes.q1, MEDIAN, ":", f"25 % {number(sizes.q1, places)}"),
        (sizes.q3, MEDIAN, ":", f"75 % {number(sizes.q3, places)}"),
    ]
    for value in drawn:
        for signed in (value, -value):
            text = f"change {number(signed, 2 if value < 1 else 0)}"
            lines.append((signed, THRESHOLD, "-.", text))
    edges = [limits.lower.low, limits.upper.high, 0.0, *(entry[0] for entry in lines)]
    span = padded([*error, *edges])
    axes.set(xlim=padded(middle), ylim=span)
    axes.axhline(0.0, color="#aab2ba", linewidth=0.6, zorder=0)
    # Labels beside the plot, moved apart; heights are counted downwards from the top, 0 to 1.
    lines.sort(key=lambda entry: -entry[0])
    wanted = np.array([(span[1] - value) / (span[1] - span[0]) for value, *_ in lines])
    for (value, colour, dash, text), y in zip(lines, spread(wanted, 0.042, 0.0, 1.0), strict=True):
        axes.axhline(value, color=colour, linestyle=dash, linewidth=1.0)
        axes.annotate(text, (1.0, (span[1] - value) / (span[1] - span[0])),
                      xytext=(1.03, 1.0 - y), xycoords=("axes fraction", "axes fraction"),
                      textcoords="axes fraction", color=colour, size=7.5, va="center",
                      annotation_clip=False)  # fmt: skip
    axes.set_title(
        "Error over the mean of both. Shaded: 95 % interval of mean and limits. Dotted: median "
        "and quartiles.", size=9, loc="left",
    )  # fmt: skip
    axes.set_xlabel(_with_unit("mean of truth and estimate", agreement))
    axes.set_ylabel(_with_unit("estimate − truth", agreement))


def waveform_pages(
    waveforms: Sequence[WaveformAgreement], size_in: tuple[float, float]
) -> Iterator[Figure]:
    """Mean ± SD of estimate and truth, eight curves a page."""
    for start in range(0, len(waveforms), PANELS_PER_PAGE):
        figure = Figure(figsize=size_in)
        figure.text(0.07, 0.94, "Curves over the gait cycle", size=13, weight="bold")
        figure.text(0.07, 0.922, "Mean ± SD; solid: estimate, dashed: truth; % of the cycle.",
                    size=8.5)  # fmt: skip
        grid = figure.add_gridspec(4, 2, left=0.09, right=0.95, top=0.89, bottom=0.08,
                                   hspace=0.42, wspace=0.22)  # fmt: skip
        for place, w in enumerate(waveforms[start : start + PANELS_PER_PAGE]):
            axes = figure.add_subplot(grid[place // 2, place % 2])
            for mean, sd, colour, dash in (
                (w.truth_mean, w.truth_sd, TRUTH, "--"),
                (w.estimate_mean, w.estimate_sd, DOT, "-"),
            ):
                if w.n > 1:
                    axes.fill_between(PERCENT, mean - sd, mean + sd, color=colour, alpha=0.16,
                                      linewidth=0)  # fmt: skip
                axes.plot(PERCENT, mean, color=colour, linestyle=dash, linewidth=1.4)
            unit = f" ({w.pairs.unit})" if w.pairs.unit else ""
            axes.set_title(f"{w.pairs.label}{unit}", size=9, loc="left")
            axes.set_xlim(0, 100)
            axes.tick_params(labelsize=7.5)
        yield figure


def event_pages(events: Sequence[EventAgreement], size_in: tuple[float, float]) -> Iterator[Figure]:
    """Histograms of timing errors, eight a page."""
    for start in range(0, len(events), PANELS_PER_PAGE):
        figure = Figure(figsize=size_in)
        figure.text(0.07, 0.94, "Event timing", size=13, weight="bold")
        figure.text(0.07, 0.922, "Error in ms (late is positive). Solid: zero; dashed: mean; "
                    "dotted: median.", size=8.5)  # fmt: skip
        grid = figure.add_gridspec(4, 2, left=0.09, right=0.95, top=0.89, bottom=0.08,
                                   hspace=0.42, wspace=0.22)  # fmt: skip
        for place, agreement in enumerate(events[start : start + PANELS_PER_PAGE]):
            axes = figure.add_subplot(grid[place // 2, place % 2])
            edges, counts = histogram(np.asarray(agreement.events.errors_ms, float))
            axes.bar(edges[:-1], counts, width=np.diff(edges) * 0.92, align="edge", color=DOT,
                     alpha=0.75)  # fmt: skip
            axes.axvline(0.0, color=MEAN, linewidth=1.0)
            if agreement.sizes is not None:
                axes.axvline(agreement.sizes.mean, color=LIMIT, linestyle="--", linewidth=1.2)
                axes.axvline(agreement.sizes.median, color=MEDIAN, linestyle=":", linewidth=1.4)
            axes.set_title(agreement.events.kind, size=9, loc="left")
            axes.tick_params(labelsize=7.5)
        yield figure
