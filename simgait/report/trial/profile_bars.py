"""The Movement Analysis Profile (Baker et al. 2009) as inline SVG."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from markupsafe import Markup

from simgait.gait_result import WalkScores
from simgait.parameters.curves import CURVES
from simgait.parameters.wording import number
from simgait.report import svg
from simgait.skeleton.sides import SIDES, Side

LABELS = {curve.coordinate: curve.label for curve in CURVES} | {
    "foot_progression": "Foot progression"
}
WIDTH_PX, LABELS_PX = 380, 116
"""Of the chart and of its labels: a telephone shows it at four fifths of that, still legible."""
ROW, GAP = 11, 5
"""Height of one side's bar, and the gap after an angle, in pixels: the chart is one of several on a
sheet."""
FIGURE = 30
"""Room for the figure of a bar, in pixels."""
LEAST_SPAN_DEG = 15.0
"""Of the axis, so that the bars of a healthy walk look short."""


def movement_profile(scores: WalkScores) -> Markup:
    """Gait Variable Score of each angle and side, GPS below; a tick where healthy people's lies."""
    groups = [
        (
            LABELS[name],
            float(scores.healthy_variable_scores_deg[i]),
            {side: own.variable_scores_deg[:, i] for side, own in scores.sides.items()},
        )
        for i, name in enumerate(scores.angles)
    ]
    profile = {side: own.gps_deg for side, own in scores.sides.items()}
    groups.append(("GPS", scores.healthy_gps_deg, profile))
    longest = max(float(values.mean()) for _, _, sides in groups for values in sides.values())
    height = sum(ROW * len(sides) + GAP for _, _, sides in groups)
    # Room at the right for the figures of the longest bar.
    axes = svg.Axes(
        LABELS_PX,
        4,
        WIDTH_PX - LABELS_PX - FIGURE,
        height,
        (0.0, max(LEAST_SPAN_DEG, 1.05 * longest)),
        (0, 1),
    )
    parts = []
    for value in svg.ticks(0, axes.x[1], 6):
        x, _ = axes.at(value, 0)
        parts.append(svg.line(x, axes.top, x, axes.top + height))
        parts.append(svg.text(x, axes.top + height + 15, f"{value:g}°", text_anchor="middle"))
    y = axes.top + 5
    for label, healthy_deg, sides in groups:
        parts += _group(axes, y, label, healthy_deg, sides)
        y += ROW * len(sides) + GAP
    return svg.svg(
        WIDTH_PX, height + 26, "Movement Analysis Profile: Gait Variable Scores in degrees", parts
    )


def _group(
    axes: svg.Axes, y: float, label: str, healthy_deg: float, sides: Mapping[Side, np.ndarray]
) -> list[Markup]:
    middle = y + 0.5 * ROW * len(sides) + 3
    bold = {"font_weight": 600} if label == "GPS" else {}
    parts = [
        svg.text(
            LABELS_PX - 8, middle, label, text_anchor="end", fill=svg.INK, font_size=12.0, **bold
        )
    ]
    top, tick = y, axes.at(healthy_deg, 0)[0]
    for side in SIDES:
        if side not in sides:
            continue
        mean_deg = float(sides[side].mean())
        (x0, _), (x1, _) = axes.at(0, 0), axes.at(mean_deg, 0)
        colour = svg.SIDE_COLOUR[side]
        parts.append(
            svg.tag("rect", x=x0, y=y + 1, width=max(x1 - x0, 0.5), height=9.0, fill=colour,
                    fill_opacity=0.75)
        )  # fmt: skip
        # The figure stands beside the healthy people's line, not under it.
        beside = tick if x1 < tick + 3 and tick < x1 + FIGURE else x1
        parts.append(svg.text(beside + 5, y + 9, number(mean_deg, 1), fill=svg.INK, font_size=10.0))
        y += ROW
    if np.isfinite(healthy_deg):
        parts.append(svg.line(tick, top, tick, y - 1, stroke=svg.INK, stroke_width=2))
    return parts
