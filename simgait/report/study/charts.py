"""Pictures of a study: the flow of its recordings, and how a number spreads."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.compare.study_groups import Group
from simgait.compare.study_numbers import Flow, StudyWalk, values_of
from simgait.parameters.parameter import Parameter
from simgait.parameters.wording import counted, with_minus
from simgait.report import svg

DOT = "#0072b2"
ROW, LEFT, WIDTH = 34.0, 110.0, 200.0
BOX, BOX_X = 225.0, (2.0, 252.0)
"""Width of a box, and where both rows of them begin: letters of 9 pixels on a telephone of 390."""
BOX_LINE = 15.0
IN_BOX = 32
"""Letters of 11.5 pixels in a line of a box."""
MOST_REASONS = 4
"""That a box names before it counts the others: the table below the boxes has them all."""
LABEL = 17
"""Letters of 11 pixels left of a row of dots."""


def flow_picture(flow: Flow, outcomes: Sequence[str]) -> Markup:
    """Boxes from the manifest to what is used; beside them what is left out, and why."""
    done, *rest = outcomes
    middle = BOX_X[0] + BOX / 2
    beside, lines, y = [], [], 60.0
    for outcome in rest:
        reasons = _reasons(flow, outcome)
        head = f"{counted(flow.outcomes[outcome], 'recording')} {outcome}"
        beside.append((BOX_X[1], y, head, reasons))
        lines.append(svg.line(middle, y + 18, BOX_X[1], y + 18, stroke=svg.QUIET))
        y += _height(reasons) + 8.0
    below = max(150.0, y)
    boxes = [
        (BOX_X[0], 10.0, f"{counted(flow.recordings, 'recording')} of {_people(flow.people)}", []),
        *beside,
        (BOX_X[0], below, f"{counted(flow.outcomes[done], 'recording')} {done}", []),
        (BOX_X[0], below + 70.0, f"{counted(flow.walks, 'walk')} of {_people(flow.people_in)} used",
         []),
    ]  # fmt: skip
    parts = [
        svg.line(middle, 46, middle, below, stroke=svg.QUIET),
        svg.line(middle, below + 36, middle, below + 70, stroke=svg.QUIET),
        *lines,
    ]
    for box in boxes:
        parts += _box(*box)
    label = "; ".join(" ".join((head, *reasons)) for _, _, head, reasons in boxes)
    return svg.svg(
        BOX_X[1] + BOX + 2.0, below + 120.0, f"Flow of recordings: {label}", parts,
        style="max-width:620px",
    )  # fmt: skip


def _reasons(flow: Flow, outcome: str) -> list[str]:
    """Lines on why recordings ended so, the most frequent reason first, each with its count."""
    own = [one for one in flow.left_out if one.outcome == outcome]
    lines = [
        line
        for one in own[:MOST_REASONS]
        for line in textwrap.wrap(
            f"{len(one.trials)} × {one.reason}", IN_BOX, max_lines=2, placeholder=" …"
        )
    ]
    if len(own) > MOST_REASONS:
        rest = own[MOST_REASONS:]
        lines.append(
            f"{sum(len(one.trials) for one in rest)} × {counted(len(rest), 'other reason')}"
        )
    return lines


def _height(lines: Sequence[str]) -> float:
    return 36.0 + BOX_LINE * len(lines)


def _box(x: float, y: float, head: str, lines: Sequence[str]) -> Iterator[Markup]:
    height = _height(lines)
    yield svg.tag("rect", x=x, y=y, width=BOX, height=height, rx=3, fill="#fff", stroke=svg.QUIET)
    yield svg.text(x + 12, y + 22, head, font_size=13.0, fill=svg.INK)
    for place, line in enumerate(lines, 1):
        yield svg.text(x + 12, y + 22 + BOX_LINE * place, line, font_size=11.5)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def spread_picture(
    walks: Sequence[StudyWalk], one: Parameter, column: str, by: Sequence[str] = ()
) -> Markup:
    """A dot per walk, a row per visit, condition and group of `by`; the long line is the median."""
    shown: dict[Group, list[float]] = {}
    for place, value in values_of(walks, column).items():
        shown.setdefault(walks[place].group(by), []).append(value * one.display.factor)
    groups = sorted(shown, key=lambda group: group.order)
    everything = [value for own in shown.values() for value in own]
    low, high = min(everything), max(everything)
    margin = 0.05 * (high - low) or 0.5
    height = 30.0 + ROW * len(groups)
    axes = svg.Axes(LEFT, 26.0, WIDTH, ROW * len(groups), (low - margin, high + margin), (0, 1))
    title = f"{one.label}, {one.display.unit.symbol}"
    parts = [svg.text(0, 13, title, font_size=13.0, fill=svg.INK, font_weight=600)]
    parts += _scale(axes, height)
    for row, group in enumerate(groups):
        y = 26.0 + ROW * (row + 0.5)
        parts += [*_row_label(group, y), *_dots(axes, np.array(shown[group]), y)]
    label = f"{title}: {counted(len(everything), 'walk')}, {low:.4g} to {high:.4g}"
    return svg.svg(324, height + 16, label, parts)


def _dots(axes: svg.Axes, own: Float[np.ndarray, " W"], y: float) -> list[Markup]:
    # Beside each other where many are alike; the same picture at every call.
    jitter = 8.0 * np.sin(2.4 * np.arange(len(own)))
    px = [axes.at(float(value), 0.0)[0] for value in own]
    d = "".join(f"M{x:.1f} {y + dy:.1f}h0" for x, dy in zip(px, jitter, strict=True))
    dots = svg.tag("path", d=d, fill="none", stroke=DOT, stroke_width=4.0, stroke_opacity=0.5,
                   stroke_linecap="round")  # fmt: skip
    x = axes.at(float(np.median(own)), 0.0)[0]
    return [dots, svg.line(x, y - 12, x, y + 12, stroke=svg.INK, stroke_width=2)]


def _row_label(group: Group, y: float) -> Iterator[Markup]:
    """Visit and condition below each other; where walks are divided further, in one line."""
    codes = [code for code in (group.visit, group.condition) if code]
    lines = [" · ".join(part) for part in (codes, group.labels) if part] if group.labels else codes
    whole = svg.tag("title", ", ".join((*codes, *group.labels)))
    for place, text in enumerate(lines):
        at = y + 4 + 13.0 * (place - 0.5 * (len(lines) - 1))
        yield svg.tag("text", whole + _short(text), x=0, y=at, font_size=11.0, fill=svg.INK)


def _scale(axes: svg.Axes, height: float) -> Iterator[Markup]:
    for value in svg.ticks(*axes.x, about=4):
        x, _ = axes.at(value, 0.0)
        yield svg.line(x, axes.top, x, height, stroke=svg.GRID)
        yield svg.text(x, height + 12, with_minus(f"{value:g}"), text_anchor="middle")


def _short(text: str) -> str:
    return text if len(text) <= LABEL else f"{text[: LABEL - 1]}\u2026"
