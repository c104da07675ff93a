"""The pictures of the trial report, as inline SVG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.gait.forces import FORCE_CUTOFF_HZ
from simgait.parameters.curves import CURVES, Curve
from simgait.parameters.wording import counted, number
from simgait.report import svg
from simgait.report.trial.measure import Footprint, KeypointError, stances
from simgait.skeleton.sides import SIDES, Side
from simgait.types import GaitResult

Band = Callable[[str], tuple[Float[np.ndarray, " 101"], Float[np.ndarray, " 101"]] | None]
PERCENT = np.arange(101.0)
TRUTH_DASH = {"left": "5 3", "right": "2 3"}
# What a picture draws at most, so that the page of a long walk stays small.
MAX_CYCLES_DRAWN = 20
MAX_PRINTS_DRAWN = 200
# Room before the first and after the last print of a row, and the path shown before the last row.
PRINT_MARGIN_M = 0.25
LEAD_IN_M = 1.0


@dataclass(frozen=True)
class Footfall:
    """Rows of the footfall map that are drawn, and how many the whole walk has."""

    rows: list[Markup]
    n_rows: int


def evenly(count: int, most: int) -> list[int]:
    """Indices of at most `most` of `count` things, evenly spread, first and last among them."""
    if count <= most:
        return list(range(count))
    return [round(i) for i in np.linspace(0, count - 1, most)]


def joint_curves(
    result: GaitResult, truth: GaitResult | None, normative_band: Band
) -> list[Markup]:
    """One panel per joint angle, left and right, over the normative mean ± 1 SD."""
    return [_joint_panel(curve, result, truth, normative_band) for curve in CURVES]


def curves_of(result: GaitResult, side: Side, curve: Curve) -> Float[np.ndarray, "C 101"]:
    """The cycles of one side's angle (deg); none gives an array of zero rows."""
    rows = result.curves_deg.get(curve.of_side(side), np.empty((0, 101)))
    return np.asarray(rows, float).reshape(-1, 101)


def _joint_panel(
    curve: Curve, result: GaitResult, truth: GaitResult | None, normative_band: Band
) -> Markup:
    sides = {side: curves_of(result, side, curve) for side in SIDES}
    dashed = {
        side: curves_of(truth, side, curve) if truth else np.empty((0, 101)) for side in SIDES
    }
    band = normative_band(curve.coordinate)
    return _cycle_panel(
        f"{curve.label} ({curve.unit.symbol})", curve.span_deg, sides, dashed, band,
        _foot_off_percent(result), up=curve.up, down=curve.down,
    )  # fmt: skip


def vertical_force(result: GaitResult, truth: GaitResult | None) -> Markup:
    """Vertical ground reaction force of the simulated feet, % of body weight."""

    def of(source: GaitResult | None, side: Side) -> Float[np.ndarray, "C 101"]:
        rows = source.vertical_force_percent_bw.get(side, ()) if source else ()
        return np.asarray(rows, float).reshape(-1, 101)

    return _cycle_panel(
        f"Vertical force (% body weight, to {FORCE_CUTOFF_HZ:g} Hz)", (0.0, 120.0),
        {side: of(result, side) for side in SIDES}, {side: of(truth, side) for side in SIDES},
        None, _foot_off_percent(result),
    )  # fmt: skip


def _cycle_panel(
    title: str,
    span: tuple[float, float],
    sides: dict[Side, Float[np.ndarray, "C 101"]],
    dashed: dict[Side, Float[np.ndarray, "C 101"]],
    band: tuple[Float[np.ndarray, " 101"], Float[np.ndarray, " 101"]] | None,
    foot_off_percent: dict[Side, float],
    up: str = "",
    down: str = "",
) -> Markup:
    drawn = [c for c in (*sides.values(), *dashed.values()) if np.isfinite(c).any()]
    low = min([span[0], *(float(np.nanmin(c)) for c in drawn)])
    high = max([span[1], *(float(np.nanmax(c)) for c in drawn)])
    pad = 0.02 * (high - low)
    axes = svg.Axes(38, 26, 274, 158, (0, 100), (low - pad, high + pad))
    parts = [svg.text(0, 13, title, font_size=13.0, fill=svg.INK, font_weight=600)]
    for value in svg.ticks(low, high):
        x, y = axes.at(0, value)
        stroke = "#aab2ba" if value == 0 else svg.GRID
        parts.append(svg.line(x, y, x + axes.width, y, stroke=stroke))
        parts.append(svg.text(x - 5, y + 3.5, number(value, 0), text_anchor="end"))
    for value in (0, 25, 50, 75, 100):
        x, y = axes.at(value, axes.y[0])
        parts.append(svg.text(x, y + 14, f"{value}", text_anchor="middle"))
    if band is not None:
        mean, sd = band
        parts.append(svg.band(axes, PERCENT, mean - sd, mean + sd, fill="#dfe3e7"))
    for side, percent in foot_off_percent.items():
        if np.isfinite(percent):
            x, y = axes.at(percent, axes.y[0])
            parts.append(
                svg.line(x, axes.top, x, y, stroke=svg.SIDE_COLOUR[side], stroke_dasharray="1 3")
            )
    for side, cycles in sides.items():
        for i in evenly(len(cycles), MAX_CYCLES_DRAWN):
            parts.append(
                svg.polyline(axes, PERCENT, cycles[i], stroke=svg.SIDE_COLOUR[side],
                             stroke_width=0.8, opacity=0.28)
            )  # fmt: skip
    for side, cycles in dashed.items():
        if len(cycles):
            parts.append(
                svg.polyline(axes, PERCENT, _mean(cycles), stroke="#5a636d", stroke_width=1.6,
                             stroke_dasharray=TRUTH_DASH[side])
            )  # fmt: skip
    for side, cycles in sides.items():
        if len(cycles):
            parts.append(
                svg.polyline(axes, PERCENT, _mean(cycles), stroke=svg.SIDE_COLOUR[side],
                             stroke_width=2.2)
            )  # fmt: skip
        else:
            x = axes.left + 6
            y = axes.top + (14 if side == "left" else 28)
            parts.append(svg.text(x, y, f"no {side} cycle", fill=svg.SIDE_COLOUR[side]))
    if up:
        parts.append(svg.text(axes.left + axes.width, 13, f"↑ {up}", text_anchor="end"))
        parts.append(
            svg.text(axes.left + axes.width, axes.top + axes.height - 5, f"↓ {down}",
                     text_anchor="end", paint_order="stroke", stroke="#fff", stroke_width=3)
        )  # fmt: skip
    counts = ", ".join(counted(len(c), f"{side} cycle") for side, c in sides.items())
    return svg.svg(324, 204, f"{title}: {counts} over the gait cycle", parts)


def _mean(cycles: Float[np.ndarray, "C 101"]) -> Float[np.ndarray, " 101"]:
    count = np.isfinite(cycles).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, np.nansum(cycles, axis=0) / np.maximum(count, 1), np.nan)


def _foot_off_percent(result: GaitResult) -> dict[Side, float]:
    shares: dict[Side, float] = {}
    for side in SIDES:
        own = [
            100.0 * (c.foot_off_s - c.start_s) / (c.end_s - c.start_s)
            for c in result.cycles
            if c.side == side and np.isfinite(c.foot_off_s)
        ]
        shares[side] = float(np.mean(own)) if own else float("nan")
    return shares


def footfall_map(
    prints: list[Footprint], pelvis_m: Float[np.ndarray, "T 2"], row_m: float = 6.0
) -> Footfall:
    """Footprints from above in rows of `row_m` of progression, walked from left to right.

    A row starts a little before its first print; the last is as long as what it holds. Step length
    (cm, along progression) stands beside the leading foot, step width (cm) under it. Of a walk of
    very many steps, rows are left out evenly.
    """
    if not prints:
        return Footfall([], 0)
    middle = float(np.median([p.heel_m[1] for p in prints]))
    reach = max(0.42, max(abs(float(p.heel_m[1]) - middle) for p in prints) + 0.3)
    stretches = _stretches(prints, pelvis_m, row_m)
    most = max(1, MAX_PRINTS_DRAWN * len(stretches) // len(prints))
    rows = [
        _footfall_row(*stretches[i], pelvis_m, row_m, middle, reach)
        for i in evenly(len(stretches), most)
    ]
    return Footfall(rows, len(stretches))


def _stretches(
    prints: list[Footprint], pelvis_m: Float[np.ndarray, "T 2"], row_m: float
) -> list[tuple[list[Footprint], tuple[float, float]]]:
    """Whole prints row by row, and the progression (m) that each row shows."""
    rows: list[list[Footprint]] = []
    spans: list[tuple[float, float]] = []
    for p in sorted(prints, key=lambda p: _ends_m(p)[0]):
        back, front = _ends_m(p)
        if not rows or front + PRINT_MARGIN_M > spans[-1][1]:
            rows.append([])
            spans.append((back - PRINT_MARGIN_M, back - PRINT_MARGIN_M + row_m))
        rows[-1].append(p)
    front = max(_ends_m(p)[1] for p in rows[-1])
    if len(pelvis_m):
        # A recording may end while the pelvis is still behind the last print: show it that far.
        last_m = float(np.nanmax(pelvis_m[:, 0]))
        start = min(spans[-1][0], max(last_m, spans[-1][0] - LEAD_IN_M) - PRINT_MARGIN_M)
        front = max(front, min(last_m, start + row_m - PRINT_MARGIN_M))
        spans[-1] = (start, spans[-1][1])
    spans[-1] = (spans[-1][0], front + PRINT_MARGIN_M)
    return list(zip(rows, spans, strict=True))


def _ends_m(p: Footprint) -> tuple[float, float]:
    """Where a print begins and ends along the progression."""
    heel, toe = float(p.heel_m[0]), float(p.toe_m[0])
    return min(heel, toe), max(heel, toe)


def _footfall_row(
    shown: list[Footprint],
    span_m: tuple[float, float],
    pelvis_m: Float[np.ndarray, "T 2"],
    row_m: float,
    middle: float,
    reach: float,
) -> Markup:
    scale = 160.0
    start, end = span_m
    width, height = (end - start) * scale, 2 * reach * scale
    # The margin keeps the labels of the row's first and last metre whole.
    margin = 0.2 * scale
    axes = svg.Axes(margin, 4, width, height, span_m, (middle - reach, middle + reach))
    parts = []
    for metre in range(int(np.ceil(start)), int(np.floor(end)) + 1):
        x, _ = axes.at(metre, middle)
        parts.append(svg.line(x, axes.top, x, axes.top + height))
        parts.append(svg.text(x, axes.top + height + 12, f"{metre} m", text_anchor="middle"))
    inside = pelvis_m[(pelvis_m[:, 0] >= start) & (pelvis_m[:, 0] <= end)]
    parts.append(svg.polyline(axes, inside[:, 0], inside[:, 1], stroke="#8a939c", stroke_width=1.5))
    for p in shown:
        colour = svg.SIDE_COLOUR[p.side]
        hx, hy = axes.at(float(p.heel_m[0]), float(p.heel_m[1]))
        tx, ty = axes.at(float(p.toe_m[0]), float(p.toe_m[1]))
        parts.append(_sole(hx, hy, tx, ty, p.side, colour))
        if np.isfinite(p.step_length_m):
            outer = -1 if p.side == "left" else 1
            cx = 0.5 * (hx + tx)
            y = hy + outer * 24 + (0 if p.side == "left" else 8)
            parts.append(
                svg.text(cx, y, number(100 * p.step_length_m, 0), text_anchor="middle",
                         font_size=13.0, font_weight=600, fill=colour)
            )  # fmt: skip
            parts.append(
                svg.text(cx, y + outer * 14, f"width {number(100 * p.step_width_m, 0)}",
                         text_anchor="middle", font_size=10.0)
            )  # fmt: skip
    contacts = counted(len(shown), "contact")
    label = f"Footprints from {start:.1f} to {end:.1f} m: {contacts}"
    # A short row keeps the scale of the full ones.
    share = (width + 2 * margin) / (row_m * scale + 2 * margin)
    style = f"--share:{share:.4f}"
    return svg.svg(width + 2 * margin, height + 20, label, parts, style=style)


def _sole(hx: float, hy: float, tx: float, ty: float, side: Side, colour: str) -> Markup:
    """A footprint drawn along heel to toe: narrow heel, wide forefoot bulging outwards."""
    length = float(np.hypot(tx - hx, ty - hy)) or 1.0
    ux, uy = (tx - hx) / length, (ty - hy) / length
    out = -1.0 if side == "left" else 1.0
    vx, vy = -uy * out, ux * out

    def at(along: float, outward: float) -> str:
        a, b = along * length, outward * length
        return f"{hx + a * ux + b * vx:.1f} {hy + a * uy + b * vy:.1f}"

    d = (
        f"M{at(-0.06, 0)} C{at(-0.06, 0.19)} {at(0.15, 0.19)} {at(0.38, 0.15)} "
        f"C{at(0.55, 0.2)} {at(0.8, 0.28)} {at(0.96, 0.1)} "
        f"C{at(1.12, -0.02)} {at(1.1, -0.2)} {at(0.9, -0.2)} "
        f"C{at(0.7, -0.22)} {at(0.5, -0.09)} {at(0.35, -0.1)} "
        f"C{at(0.15, -0.14)} {at(-0.06, -0.17)} {at(-0.06, 0)} Z"
    )
    return svg.tag("path", d=d, fill=colour, fill_opacity=0.2, stroke=colour, stroke_width=1.4)


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


def keypoint_error_bars(errors: list[KeypointError]) -> Markup:
    """Mean error per keypoint (mm), a thin whisker to the 95th percentile, both in figures."""
    order = ("Hip", "Knee", "Ankle", "Heel", "Foot", "Big Toe")
    by_name = {e.name: e for e in errors}
    groups = [(j, [by_name[f"Left {j}"], by_name[f"Right {j}"]]) for j in order]
    groups += [(name, [by_name[name]]) for name in ("Pelvis", "Sternum")]
    seen = [e.p95_mm for e in errors if np.isfinite(e.p95_mm)]
    high = max([40.0, *seen]) * 1.05
    height = sum(16 * len(rows) + 10 for _, rows in groups)
    # Room at the right for the figures of the longest whisker.
    axes = svg.Axes(92, 4, 520, height, (0.0, high), (0, 1))
    parts = []
    for value in svg.ticks(0, high, 6):
        x, _ = axes.at(value, 0)
        parts.append(svg.line(x, axes.top, x, axes.top + height))
        parts.append(svg.text(x, axes.top + height + 15, f"{value:g} mm", text_anchor="middle"))
    y = axes.top + 5
    for label, rows in groups:
        parts.append(
            svg.text(84, y + 8 * len(rows) + 3, label, text_anchor="end", fill=svg.INK,
                     font_size=12.0)
        )  # fmt: skip
        for e in rows:
            colour = (
                svg.SIDE_COLOUR["left"] if e.name.startswith("Left")
                else svg.SIDE_COLOUR["right"] if e.name.startswith("Right") else "#6a7480"
            )  # fmt: skip
            if np.isfinite(e.mean_mm):
                (x0, _), (x1, _), (x2, _) = (axes.at(v, 0) for v in (0, e.mean_mm, e.p95_mm))
                parts.append(
                    svg.tag("rect", x=x0, y=y + 2, width=max(x1 - x0, 0.5), height=11.0,
                            fill=colour, fill_opacity=0.75)
                )  # fmt: skip
                parts.append(svg.line(x1, y + 7.5, x2, y + 7.5, stroke=colour))
                label = f"{number(e.mean_mm, 0)} (95 %: {number(e.p95_mm, 0)})"
                parts.append(svg.text(x2 + 5, y + 11, label, fill=svg.INK))
            else:
                parts.append(svg.text(axes.left + 5, y + 11, "not in the recording"))
            y += 16
        y += 10
    return svg.svg(700, height + 26, "Tracking error of each keypoint in millimetres", parts)
