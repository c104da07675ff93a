"""Footprints from above along the walk, as inline SVG."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.parameters.wording import counted, number
from simgait.report import svg
from simgait.report.trial.measure import Footprint
from simgait.skeleton.sides import Side

# Of a whole walk, so that its page stays small.
MAX_PRINTS_DRAWN = 200
# Room before the first and after the last print of a row, and the path shown before the last row.
PRINT_MARGIN_M = 0.25
LEAD_IN_M = 1.0


@dataclass(frozen=True)
class Footfall:
    """Rows of the footfall map that are drawn, and how many the whole walk has."""

    rows: list[Markup]
    n_rows: int


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
        for i in svg.evenly(len(stretches), most)
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
