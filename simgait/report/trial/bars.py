"""Foot contacts over time and tracking errors per keypoint, as inline SVG."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from simgait.gait_result import GaitResult
from simgait.parameters.wording import number
from simgait.report import svg
from simgait.report.trial.measure import KeypointError, stances
from simgait.skeleton.sides import SIDES


def contact_bars(result: GaitResult, end_s: float, live_end_s: float) -> Markup:
    """Stance of each foot over time, ticks for the kinematic cross-check, and a fall."""
    axes = svg.Axes(52, 8, 896, 92, (0.0, max(end_s, 1e-6)), (0, 1))
    parts = []
    for value in svg.ticks(0.0, end_s, 10):
        x, _ = axes.at(value, 0)
        parts.append(svg.line(x, axes.top, x, axes.top + axes.height))
        parts.append(svg.text(x, axes.top + axes.height + 16, f"{value:g} s", text_anchor="middle"))
    if live_end_s < end_s:
        (x, _), (x_end, _) = axes.at(live_end_s, 0), axes.at(end_s, 0)
        parts.append(
            svg.tag("rect", x=x, y=axes.top, width=x_end - x, height=axes.height, fill="#f6e3e1")
        )
        parts.append(
            svg.text(x + 8, axes.top + axes.height / 2, "after the fall", fill="#b3261e",
                     font_size=12.0)
        )  # fmt: skip
    for row, side in enumerate(SIDES):
        colour, y = svg.SIDE_COLOUR[side], axes.top + 12 + row * 44
        parts.append(svg.text(0, y + 17, side.capitalize(), fill=colour, font_weight=600,
                              font_size=13.0))  # fmt: skip
        # One path for all: an element for each would fill the page of a long walk.
        spans = [
            (axes.at(a, 0)[0], axes.at(b, 0)[0])
            for a, b in stances(result.events, side, live_end_s)
        ]
        bars = "".join(f"M{a:.1f} {y:g}h{max(b - a, 0.5):.1f}v24H{a:.1f}z" for a, b in spans)
        parts.append(svg.tag("path", d=bars, fill=colour, fill_opacity=0.75))
        marks = [axes.at(e.time_s, 0)[0] for e in result.kinematic_events if e.side == side]
        ticks = "".join(f"M{x:.1f} {y - 7:g}v6" for x in marks)
        parts.append(svg.tag("path", d=ticks, stroke=svg.INK, stroke_width=1.3))
    parts.append(
        svg.line(axes.left, axes.top, axes.left, axes.top + axes.height, stroke=svg.INK,
                 stroke_width=1.5, id="now")
    )  # fmt: skip
    return svg.svg(
        960, 122, "Contact of the left and right foot over time", parts, id="contact-bars",
        data_left=axes.left, data_width=axes.width, data_end=f"{end_s:.4f}",
    )  # fmt: skip


PAIRED = ("Hip", "Knee", "Ankle", "Heel", "Foot", "Big Toe")
SINGLE = ("Pelvis", "Sternum")
WIDTH_PX, LABELS_PX, FIGURES_PX = 440, 64, 82
"""Of the chart of errors, its labels, and the figures of the longest bar: a telephone shows it at
four fifths of that, still legible."""
ROW, GAP = 16, 10
"""Height of one keypoint's row, and the gap after a group of rows, in pixels."""


@dataclass(frozen=True)
class ErrorRows:
    """Keypoints that share a label: both sides of a joint, or one in the middle."""

    label: str
    rows: tuple[tuple[str, KeypointError], ...]


def keypoint_error_bars(errors: list[KeypointError]) -> Markup:
    """Mean error per keypoint (mm), a thin whisker to the 95th percentile, both in figures."""
    groups = _grouped(errors)
    seen = [e.p95_mm for e in errors if np.isfinite(e.p95_mm)]
    high = max([40.0, *seen]) * 1.05
    height = sum(ROW * len(group.rows) + GAP for group in groups)
    # Room at the right for the figures of the longest whisker.
    axes = svg.Axes(LABELS_PX, 4, WIDTH_PX - LABELS_PX - FIGURES_PX, height, (0.0, high), (0, 1))
    parts = []
    for value in svg.ticks(0, high, 6):
        x, _ = axes.at(value, 0)
        parts.append(svg.line(x, axes.top, x, axes.top + height))
        parts.append(svg.text(x, axes.top + height + 15, f"{value:g} mm", text_anchor="middle"))
    y = axes.top + 5
    for group in groups:
        middle = y + 8 * len(group.rows) + 3
        parts.append(
            svg.text(
                LABELS_PX - 8, middle, group.label, text_anchor="end", fill=svg.INK, font_size=12.0
            )
        )
        for colour, error in group.rows:
            parts += _error_row(axes, y, colour, error)
            y += ROW
        y += GAP
    return svg.svg(WIDTH_PX, height + 26, "Tracking error of each keypoint in millimetres", parts)


def _grouped(errors: list[KeypointError]) -> list[ErrorRows]:
    by_name = {e.name: e for e in errors}
    pairs = [
        ErrorRows(
            joint,
            tuple((svg.SIDE_COLOUR[s], by_name[f"{s.capitalize()} {joint}"]) for s in SIDES),
        )
        for joint in PAIRED
    ]
    return pairs + [ErrorRows(name, ((svg.QUIET, by_name[name]),)) for name in SINGLE]


def _error_row(axes: svg.Axes, y: float, colour: str, error: KeypointError) -> list[Markup]:
    if not np.isfinite(error.mean_mm):
        return [svg.text(axes.left + 5, y + 11, "not in the recording")]
    (x0, _), (x1, _), (x2, _) = (axes.at(v, 0) for v in (0, error.mean_mm, error.p95_mm))
    width, figures = (
        max(x1 - x0, 0.5),
        f"{number(error.mean_mm, 0)} (95 %: {number(error.p95_mm, 0)})",
    )
    return [
        svg.tag("rect", x=x0, y=y + 2, width=width, height=11.0, fill=colour, fill_opacity=0.75),
        svg.line(x1, y + 7.5, x2, y + 7.5, stroke=colour),
        svg.text(x2 + 5, y + 11, figures, fill=svg.INK),
    ]
