"""Joint angles over the time of a walk that is too short for a gait cycle, as inline SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.gait_result import GaitResult
from simgait.parameters.curves import CURVES, Curve
from simgait.parameters.wording import number
from simgait.report import svg
from simgait.report.trial.cycle_curves import LOST_STYLE, lost_text
from simgait.report.trial.levels import JudgedNumber, touches
from simgait.report.trial.verdict import Verdict
from simgait.skeleton.sides import SIDES, Side, opposite
from simgait.skeleton.signs import clinical_angles_deg
from simgait.types import Rollout, Trial

Sides = Mapping[Side, Float[np.ndarray, " T"]]


NEEDS_INTERVAL = "hip_rotation"
"""Off by 14 to 32° (90 % interval) in 12 of 18 walks of markers (docs/real_recordings.md): of one
camera's points it is not to be used unless an interval says otherwise."""


def joint_angles_over_time(
    trial: Trial, rollout: Rollout, result: GaitResult, verdict: Verdict
) -> list[Markup]:
    """One panel per joint angle, left and right; none where each side has a cycle to show.

    Frames from a fall on are left out. Dotted lines: initial contacts. What is not to be used is
    drawn thin, and said.

    Args:
        trial: the recording as prepared.
        rollout: the simulated body.
        result: gait of it.
        verdict: on that.
    """
    if {cycle.side for cycle in result.cycles} == set(SIDES) or not rollout.alive.any():
        return []
    time_s = rollout.time_s[rollout.alive]
    angles_deg = clinical_angles_deg(rollout.pose[rollout.alive], rollout.skeleton)
    return [
        _panel(curve, time_s, {side: angles_deg[f"{side}_{curve.coordinate}"] for side in SIDES},
               result, [side for side in SIDES if _is_lost(curve, side, verdict, trial)])
        for curve in CURVES
        if all(f"{side}_{curve.coordinate}" in angles_deg for side in SIDES)
    ]  # fmt: skip


def _is_lost(curve: Curve, side: Side, verdict: Verdict, trial: Trial) -> bool:
    """As the verdict has it of this side; where it has no cycle, of the other, or by the findings.

    Nobody made an interval for the angles of a walk without a cycle.
    """
    levels = [verdict.number_level(curve.key, one) for one in (side, opposite(side))]
    known = next((level for level in levels if level is not None), None)
    if known is not None:
        return known == "do_not_use"
    alone = JudgedNumber(curve.key, side, curve.label, curve.rests_on, 0)
    if any(touches(finding, alone) for finding in verdict.findings):
        return True
    return curve.coordinate == NEEDS_INTERVAL and not trial.scale_is_metric


def _panel(
    curve: Curve,
    time_s: Float[np.ndarray, " T"],
    angles_deg: Sides,
    result: GaitResult,
    lost: Sequence[Side],
) -> Markup:
    low = min(curve.span_deg[0], *(float(np.nanmin(a)) for a in angles_deg.values()))
    high = max(curve.span_deg[1], *(float(np.nanmax(a)) for a in angles_deg.values()))
    pad = 0.02 * (high - low)
    ends_s = (float(time_s[0]), max(float(time_s[-1]), float(time_s[0]) + 1e-3))
    axes = svg.curve_axes(ends_s, (low - pad, high + pad))
    title = f"{curve.label} ({curve.unit.symbol})"
    parts = [
        *_scales(axes, low, high),
        *_contacts(axes, result),
        *(
            svg.polyline(axes, time_s, values, stroke=svg.SIDE_COLOUR[side],
                         **(LOST_STYLE if side in lost else {"stroke_width": 2.2}))
            for side, values in angles_deg.items()
        ),
        *(lost_text(axes, side, place) for place, side in enumerate(lost, 1)),
    ]  # fmt: skip
    words = f"{title}: left and right over time (s)"
    if lost:
        words += f"; not to be used: {' and '.join(lost)}"
    return svg.curve_panel(title, words, parts)


def _scales(axes: svg.Axes, low: float, high: float) -> Iterator[Markup]:
    for value in svg.ticks(low, high):
        x, y = axes.at(axes.x[0], value)
        yield svg.line(x, y, x + axes.width, y)
        yield svg.text(x - 5, y + 3.5, number(value, 0), text_anchor="end")
    for value in svg.ticks(*axes.x):
        x, y = axes.at(value, axes.y[0])
        yield svg.text(x, y + 14, number(value, 1), text_anchor="middle")


def _contacts(axes: svg.Axes, result: GaitResult) -> Iterator[Markup]:
    for event in result.events:
        if event.kind == "initial_contact" and axes.x[0] <= event.time_s <= axes.x[1]:
            x, y = axes.at(event.time_s, axes.y[0])
            colour = svg.SIDE_COLOUR[event.side]
            yield svg.line(x, axes.top, x, y, stroke=colour, stroke_dasharray="1 3")
