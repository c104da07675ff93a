"""The Movement Analysis Profile (Baker et al. 2009) as inline SVG."""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np
from markupsafe import Markup

from simgait.certainty.score_widths import FOOT, TURNS_FOOT
from simgait.findings import Basis
from simgait.gait_result import WalkScores
from simgait.parameters.curves import CURVES
from simgait.parameters.wording import in_sentence, number
from simgait.report import svg
from simgait.report.trial.cycle_curves import LOST_STYLE
from simgait.report.trial.verdict import Verdict
from simgait.skeleton.sides import SIDES, Side

GPS = "gps_deg"
"""Key of the last bars; the others go by their angle."""
LABELS = {curve.coordinate: curve.label for curve in CURVES} | {
    FOOT: "Foot progression",
    GPS: "GPS",
}
WIDTH_PX, LABELS_PX = 380, 116
"""Of the chart and of its labels: a telephone shows it at four fifths of that, still legible."""
ROW, GAP = 11, 5
"""Height of one side's bar, and the gap after an angle, in pixels: the chart is one of several on a
sheet."""
FIGURE, FORBIDDEN = 30, 56
"""Room for the column of figures, and for that of words that one is not to be used, in pixels."""
DO_NOT_USE = "do not use"
LEAST_SPAN_DEG = 15.0
"""Of the axis, so that the bars of a healthy walk look short."""


Lost = Set[tuple[str, Side]]
"""Angle (or `GPS`) and side of bars that are not to be used."""


def lost_bars(scores: WalkScores, verdict: Verdict) -> Lost:
    """The bars that are not to be used: of a denied angle or Gait Profile Score.

    Nobody judges foot progression: it goes with what turns the body's foot, and with the feet.
    """
    no_feet = any(Basis.FEET in finding.touches for finding in verdict.findings)

    def is_lost(name: str, side: Side) -> bool:
        if name == FOOT and no_feet:
            return True
        keys = [GPS] if name == GPS else [f"{angle}_deg" for angle in _rests_on(name)]
        return any(verdict.number_level(key, side) == "do_not_use" for key in keys)

    return {(name, side) for name, side in _bars(scores) if is_lost(name, side)}


def _rests_on(angle: str) -> tuple[str, ...]:
    return TURNS_FOOT if angle == FOOT else (angle,)


def _bars(scores: WalkScores) -> set[tuple[str, Side]]:
    return {(name, side) for name in (*scores.angles, GPS) for side in scores.sides}


def movement_profile(scores: WalkScores, lost: Lost = frozenset()) -> Markup | None:
    """Gait Variable Score of each angle and side, GPS below; a tick where healthy people's lies.

    Bars that are `lost` are hollow and said to be; None where all are.
    """
    if _bars(scores) <= lost:
        return None
    groups = [
        (
            name,
            float(scores.healthy_variable_scores_deg[i]),
            {side: own.variable_scores_deg[:, i] for side, own in scores.sides.items()},
        )
        for i, name in enumerate(scores.angles)
    ]
    profile = {side: own.gps_deg for side, own in scores.sides.items()}
    groups.append((GPS, scores.healthy_gps_deg, profile))
    longest = max(float(values.mean()) for _, _, sides in groups for values in sides.values())
    height = sum(ROW * len(sides) + GAP for _, _, sides in groups)
    # Room at the right for the figures, or the words, of the longest bar.
    axes = svg.Axes(
        LABELS_PX,
        4,
        WIDTH_PX - LABELS_PX - (FORBIDDEN if lost else FIGURE),
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
    for name, healthy_deg, sides in groups:
        parts += _group(axes, y, name, healthy_deg, sides, lost)
        y += ROW * len(sides) + GAP
    return svg.svg(WIDTH_PX, height + 26, _words([name for name, *_ in groups], lost), parts)


def _words(names: list[str], lost: Lost) -> str:
    """For who does not see the picture."""
    words = "Movement Analysis Profile: Gait Variable Scores in degrees"
    told = []
    for name in names:
        sides = [side for side in SIDES if (name, side) in lost]
        if sides:
            label = LABELS[name] if name == GPS else in_sentence(LABELS[name])
            told.append(f"{label} ({' and '.join(sides)})")
    return f"{words}; not to be used: {', '.join(told)}" if told else words


def _group(
    axes: svg.Axes,
    y: float,
    name: str,
    healthy_deg: float,
    sides: Mapping[Side, np.ndarray],
    lost: Lost,
) -> list[Markup]:
    middle = y + 0.5 * ROW * len(sides) + 3
    bold = {"font_weight": 600} if name == GPS else {}
    parts = [
        svg.text(
            LABELS_PX - 8, middle, LABELS[name], text_anchor="end", fill=svg.INK, font_size=12.0,
            **bold,
        )
    ]  # fmt: skip
    top, tick = y, axes.at(healthy_deg, 0)[0]
    for side in SIDES:
        if side not in sides:
            continue
        mean_deg = float(sides[side].mean())
        is_lost = (name, side) in lost
        (x0, _), (x1, _) = axes.at(0, 0), axes.at(mean_deg, 0)
        look = _look(svg.SIDE_COLOUR[side], is_lost)
        parts.append(svg.tag("rect", x=x0, y=y + 1, width=max(x1 - x0, 0.5), height=9.0, **look))
        # In a column of their own, as behind the healthy people's line one would seem to be of the
        # other side's longer bar.
        told = DO_NOT_USE if is_lost else number(mean_deg, 1)
        column = {"text_anchor": "end", "font_size": 10.0, "fill": svg.SIDE_COLOUR[side]}
        parts.append(svg.text(WIDTH_PX - 2, y + 9, told, **column))
        y += ROW
    if np.isfinite(healthy_deg):
        parts.append(svg.line(tick, top, tick, y - 1, stroke=svg.INK, stroke_width=2))
    return parts


def _look(colour: str, is_lost: bool) -> dict[str, object]:
    if is_lost:
        return {"fill": "none", "stroke": colour, **LOST_STYLE}
    return {"fill": colour, "fill_opacity": 0.75}
