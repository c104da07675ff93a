"""Accuracy and falls against the helper's bound, as one picture and as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from markupsafe import Markup

from simgait.benchmark.helper_bounds import MEASURES, POOLED, BoundRow
from simgait.benchmark.scorecard_page import table
from simgait.benchmark.scorecard_rows import Measure
from simgait.parameters.wording import number
from simgait.report import svg

COLOURS = ("#0072b2", "#b34700", "#2f7d4f", "#7a4fa3")
"""Of policies, in their order; a fifth has the first one's again."""
DASHES = (None, "5 3")
"""Of kinds of keypoints, in their order."""
PANEL_WIDTH, PANEL_HEIGHT, TOP, COLUMNS_OF_PANELS = 250.0, 190.0, 52.0, 3
DRAWN = tuple(measure for measure in MEASURES if not measure.key.endswith("_slope"))
"""Slopes are in the tables alone: their best value is 1, that of all others 0."""
DECIMALS = {
    "velocity_rmse": 3, "velocity_slope": 2, "step_length_slope": 2, "first_falls": 0,
}  # fmt: skip
"""Of measures in tables; one elsewhere."""


def bounds_tables(rows: Sequence[BoundRow]) -> str:
    """A Markdown table for each policy and kind of keypoints, below what its numbers are over."""
    parts = [POOLED]
    for policy, kind in _lines(rows):
        own = _of(rows, policy, kind)
        head = ["bound, % BW", *(_heading(measure) for measure in MEASURES)]
        body = [[f"{row.bound_percent:g}", *map(_cell(row), MEASURES)] for row in own]
        counted = ", ".join(
            f"{m.label} {_span([row.counts[m.key] for row in own])}" for m in MEASURES
        )
        title = f"**{policy}, {kind}**: {own[0].n_walks} walks; numbers it is of: {counted}."
        parts.append(f"{title}\n\n{table(head, body)}")
    return "\n\n".join(parts)


def bounds_picture(rows: Sequence[BoundRow], told: str) -> Markup:
    """The measures against the bound, a panel for each, a line for each policy and keypoints.

    Args:
        rows: one or more.
        told: command, date, commit and machine.
    """
    lines = _lines(rows)
    n_rows = -(-len(DRAWN) // COLUMNS_OF_PANELS)
    width, height = PANEL_WIDTH * COLUMNS_OF_PANELS, TOP + PANEL_HEIGHT * n_rows + 8
    parts = [svg.tag("rect", width=width, height=height, fill="#ffffff")]
    parts.append(svg.text(8, 14, told, font_size=9.0))
    parts += _legend(lines)
    for i, measure in enumerate(DRAWN):
        left = PANEL_WIDTH * (i % COLUMNS_OF_PANELS)
        top = TOP + PANEL_HEIGHT * (i // COLUMNS_OF_PANELS)
        parts += _panel(rows, lines, measure, left, top)
    names = ", ".join(f"{policy} on {kind}" for policy, kind in lines)
    label = f"Falls and errors against the bound of the helper force, % of body weight: {names}"
    return svg.svg(
        width, height, label, parts, xmlns="http://www.w3.org/2000/svg", font_family="sans-serif"
    )


def _lines(rows: Sequence[BoundRow]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((row.policy, row.keypoints) for row in rows))


def _of(rows: Sequence[BoundRow], policy: str, kind: str) -> list[BoundRow]:
    return [row for row in rows if (row.policy, row.keypoints) == (policy, kind)]


def _heading(measure: Measure) -> str:
    return measure.label if measure.unit == "1" else f"{measure.label}, {measure.unit}"


def _cell(row: BoundRow) -> Callable[[Measure], str]:
    def cell(measure: Measure) -> str:
        return number(row.values[measure.key], DECIMALS.get(measure.key, 1))

    return cell


def _span(counts: Sequence[int]) -> str:
    least, most = min(counts), max(counts)
    return str(least) if least == most else f"{least} to {most}"


def _style(lines: Sequence[tuple[str, str]], line: tuple[str, str]) -> dict[str, object]:
    policies = list(dict.fromkeys(policy for policy, _ in lines))
    kinds = list(dict.fromkeys(kind for _, kind in lines))
    colour = COLOURS[policies.index(line[0]) % len(COLOURS)]
    dash = DASHES[kinds.index(line[1]) % len(DASHES)]
    return {"stroke": colour, "stroke_dasharray": dash, "stroke_width": 1.8}


def _legend(lines: Sequence[tuple[str, str]]) -> Iterator[Markup]:
    x = 8.0
    for line in lines:
        said = f"{line[0]}, {line[1]}"
        yield svg.line(x, 31, x + 24, 31, **_style(lines, line))
        yield svg.text(x + 29, 35, said, fill=svg.INK)
        x += 45 + 6.2 * len(said)


def _panel(
    rows: Sequence[BoundRow],
    lines: Sequence[tuple[str, str]],
    measure: Measure,
    left: float,
    top: float,
) -> Iterator[Markup]:
    values = np.array([row.values[measure.key] for row in rows], float)
    known = values[np.isfinite(values)]
    highest = 1.08 * float(known.max()) if len(known) and known.max() > 0 else 1.0
    widest = max(max(row.bound_percent for row in rows), 1.0)
    axes = svg.Axes(left + 42, top + 22, PANEL_WIDTH - 56, PANEL_HEIGHT - 60, (0.0, widest),
                    (0.0, highest))  # fmt: skip
    yield svg.text(left + 8, top + 10, _heading(measure), font_weight=600, fill=svg.INK)
    for value in svg.ticks(0.0, highest, about=4):
        x, y = axes.at(0.0, value)
        yield svg.line(x, y, x + axes.width, y)
        yield svg.text(x - 5, y + 3.5, f"{value:g}", text_anchor="end")
    for value in svg.ticks(0.0, widest):
        x, y = axes.at(value, 0.0)
        yield svg.text(x, y + 14, f"{value:g}", text_anchor="middle")
    x, y = axes.at(widest / 2, 0.0)
    yield svg.text(x, y + 27, "bound of the helper, % BW", text_anchor="middle", font_size=9.0)
    for line in lines:
        own = sorted(_of(rows, *line), key=lambda row: row.bound_percent)
        at = np.array([row.bound_percent for row in own])
        found = np.array([row.values[measure.key] for row in own])
        style = _style(lines, line)
        yield svg.polyline(axes, at, found, **style)
        for one, value in zip(at, found, strict=True):
            if np.isfinite(value):
                px, py = axes.at(float(one), float(value))
                yield svg.tag("circle", cx=px, cy=py, r=2.2, fill=style["stroke"])
