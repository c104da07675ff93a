"""Pictures of a study: the flow of its recordings, and how a number spreads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from markupsafe import Markup

from simgait.compare.study_numbers import Flow, StudyWalk, values_of
from simgait.parameters.parameter import Parameter
from simgait.parameters.wording import counted, with_minus
from simgait.report import svg

DOT = "#0072b2"
ROW, LEFT, WIDTH = 34.0, 110.0, 200.0
BOX, BOX_X = 225.0, (2.0, 252.0)
"""Width of a box, and where both rows of them begin: letters of 9 pixels on a telephone of 390."""


def flow_picture(flow: Flow, outcomes: Sequence[str]) -> Markup:
    """Boxes from the manifest to what is used, with what is left out beside them."""
    done, *rest = outcomes
    boxes = [
        (BOX_X[0], 10.0, f"{counted(flow.recordings, 'recording')} of {_people(flow.people)}"),
        (BOX_X[0], 150.0, f"{counted(flow.outcomes[done], 'recording')} {done}"),
        (BOX_X[0], 220.0, f"{counted(flow.walks, 'walk')} of {_people(flow.people_in)} used"),
    ]
    middle = BOX_X[0] + BOX / 2
    parts = [
        svg.line(middle, 46, middle, 150, stroke=svg.QUIET),
        svg.line(middle, 186, middle, 220, stroke=svg.QUIET),
    ]
    for place, outcome in enumerate(rest):
        y = 60.0 + 44.0 * place
        boxes.append((BOX_X[1], y, f"{counted(flow.outcomes[outcome], 'recording')} {outcome}"))
        parts.append(svg.line(middle, y + 18, BOX_X[1], y + 18, stroke=svg.QUIET))
    for x, y, words in boxes:
        parts.append(
            svg.tag("rect", x=x, y=y, width=BOX, height=36, rx=3, fill="#fff", stroke=svg.QUIET)
        )
        parts.append(svg.text(x + 12, y + 22, words, font_size=13.0, fill=svg.INK))
    label = "; ".join(words for _, _, words in boxes)
    return svg.svg(
        BOX_X[1] + BOX + 2.0, 270, f"Flow of recordings: {label}", parts, style="max-width:620px"
    )


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def spread_picture(walks: Sequence[StudyWalk], one: Parameter, column: str) -> Markup:
    """A dot per walk, a row per condition; the long line is the median."""
    found = values_of(walks, column)
    shown = {place: value * one.display.factor for place, value in found.items()}
    conditions = sorted({walks[place].condition for place in shown})
    low, high = min(shown.values()), max(shown.values())
    margin = 0.05 * (high - low) or 0.5
    height = 30.0 + ROW * len(conditions)
    axes = svg.Axes(LEFT, 26.0, WIDTH, ROW * len(conditions), (low - margin, high + margin), (0, 1))
    title = f"{one.label}, {one.display.unit.symbol}"
    parts = [svg.text(0, 13, title, font_size=13.0, fill=svg.INK, font_weight=600)]
    parts += _scale(axes, height)
    for row, condition in enumerate(conditions):
        y = 26.0 + ROW * (row + 0.5)
        own = np.array([v for place, v in shown.items() if walks[place].condition == condition])
        parts.append(svg.text(0, y + 4, _short(condition), fill=svg.INK))
        # Beside each other where many are alike; the same picture at every call.
        jitter = 8.0 * np.sin(2.4 * np.arange(len(own)))
        px = [axes.at(float(value), 0.0)[0] for value in own]
        d = "".join(f"M{x:.1f} {y + dy:.1f}h0" for x, dy in zip(px, jitter, strict=True))
        parts.append(svg.tag("path", d=d, fill="none", stroke=DOT, stroke_width=4.0,
                             stroke_opacity=0.5, stroke_linecap="round"))  # fmt: skip
        x = axes.at(float(np.median(own)), 0.0)[0]
        parts.append(svg.line(x, y - 12, x, y + 12, stroke=svg.INK, stroke_width=2))
    label = f"{title}: {counted(len(shown), 'walk')}, {low:.4g} to {high:.4g}"
    return svg.svg(324, height + 16, label, parts)


def _scale(axes: svg.Axes, height: float) -> Iterator[Markup]:
    for value in svg.ticks(*axes.x, about=4):
        x, _ = axes.at(value, 0.0)
        yield svg.line(x, axes.top, x, height, stroke=svg.GRID)
        yield svg.text(x, height + 12, with_minus(f"{value:g}"), text_anchor="middle")


def _short(text: str) -> str:
    return text if len(text) <= 16 else f"{text[:15]}\u2026"
