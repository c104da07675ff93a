"""Joint angles and vertical force over the gait cycle, as inline SVG."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.gait.forces import FORCE_CUTOFF_HZ
from simgait.gait_result import GaitResult
from simgait.parameters.curves import CURVES, Curve
from simgait.parameters.wording import counted, number
from simgait.report import svg
from simgait.skeleton.sides import SIDES, Side

MeanSd = tuple[Float[np.ndarray, " 101"], Float[np.ndarray, " 101"]]
Band = Callable[[str], MeanSd | None]
Cycles = Mapping[Side, Float[np.ndarray, "_ 101"]]
Lost = Collection[tuple[str, str]]
"""Key of a curve and side, "knee_flexion_deg" and "left", of those that are not to be used."""
KEY_COORDINATES = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
PERCENT = np.arange(101.0)
TRUTH_DASH = {"left": "5 3", "right": "2 3"}
TRUTH_INK = "#5a636d"
BAND_FILL = "#dfe3e7"
LOST_STYLE: Mapping[str, float] = {"stroke_width": 1.2, "opacity": 0.45}
"""Of a curve that is not to be used."""
MAX_CYCLES_DRAWN = 20
"""Of each side, so that the page of a long walk stays small; the means are those of all."""


@dataclass(frozen=True)
class Panel:
    """One picture: its heading, the values it shows in any case, what up and down mean, over what.

    The last are of what its 0 to 100 % are, and what a single thin line is.
    """

    title: str
    span: tuple[float, float]
    up: str = ""
    down: str = ""
    over: str = "the gait cycle"
    line: str = "cycle"


@dataclass(frozen=True)
class Shown:
    """What a panel shows: cycles, those of the truth (none where nothing is known), norm, foot off.

    Attributes:
        foot_off_percent: of the cycle; NaN where no cycle knows it.
        half_width: of the band about each side's mean in which the truth lies in nine of ten
            walks; NaN or none where nobody knows.
        lost: sides whose curve is not to be used: drawn thin, and said.
        single_cycles: drawn beside their means.
    """

    cycles: Cycles
    truth: Cycles
    band: MeanSd | None
    foot_off_percent: Mapping[Side, float]
    half_width: Mapping[Side, float] = field(default_factory=dict)
    lost: frozenset[Side] = frozenset()
    single_cycles: bool = True


def joint_curves(
    result: GaitResult, truth: GaitResult | None, normative_band: Band, lost: Lost = frozenset()
) -> list[Markup]:
    """One panel per joint angle, left and right, over the normative mean ± 1 SD.

    `lost` names the curves that are not to be used, which are drawn as such.
    """
    return [
        _joint_panel(curve, _shown(curve, result, truth, normative_band, lost)) for curve in CURVES
    ]


def key_curves(result: GaitResult, normative_band: Band, lost: Lost = frozenset()) -> list[Markup]:
    """Hip, knee and ankle in the sagittal plane: means and their intervals alone."""
    return [
        _joint_panel(
            curve,
            replace(_shown(curve, result, None, normative_band, lost), single_cycles=False),
        )
        for curve in CURVES
        if curve.coordinate in KEY_COORDINATES
    ]


def zero_text(result: GaitResult) -> str:
    """Why hip flexion and pelvic tilt are known so badly; "" where they have no unknown zero."""
    zeros = () if result.certainty is None else result.certainty.zeros_deg.values()
    if not zeros:
        return ""
    return (
        f"The intervals of hip flexion and pelvic tilt hold ± {number(max(zeros), 1)}° for this "
        "person's own pelvis, whose bony landmarks a keypoint detector cannot see: a constant, "
        "which ranges of motion and changes between visits through the same keypoint set do not "
        "have."
    )


def walk_curves(curve: Curve, of_walks: Cycles, normative_band: Band) -> Markup:
    """One joint angle of several walks: a thin line each, and the mean of all.

    Args:
        curve: which.
        of_walks: side -> a mean curve (deg) of each walk in which it may be used.
        normative_band: as of a walk.
    """
    shown = Shown(of_walks, {}, normative_band(curve.coordinate), {})
    return _draw(replace(_panel(curve), line="walk"), shown)


def curves_of(result: GaitResult, side: Side, curve: Curve) -> Float[np.ndarray, "C 101"]:
    """The cycles of one side's angle (deg); none gives an array of zero rows."""
    rows = result.curves_deg.get(curve.of_side(side), np.empty((0, 101)))
    return np.asarray(rows, float).reshape(-1, 101)


def _joint_panel(curve: Curve, shown: Shown) -> Markup:
    return _draw(_panel(curve), shown)


def _panel(curve: Curve) -> Panel:
    return Panel(f"{curve.label} ({curve.unit.symbol})", curve.span_deg, curve.up, curve.down)


def _shown(
    curve: Curve, result: GaitResult, truth: GaitResult | None, normative_band: Band, lost: Lost
) -> Shown:
    return Shown(
        cycles={side: curves_of(result, side, curve) for side in SIDES},
        truth={side: curves_of(truth, side, curve) for side in SIDES if truth},
        band=normative_band(curve.coordinate),
        foot_off_percent=_foot_off_percent(result),
        half_width={}
        if result.certainty is None
        else {side: result.certainty.half_width(curve.key, side) for side in SIDES},
        lost=frozenset(side for side in SIDES if (curve.key, side) in lost),
    )


def vertical_force(result: GaitResult, truth: GaitResult | None) -> Markup:
    """Vertical ground reaction force of the simulated feet, % of body weight."""

    def of(source: GaitResult, side: Side) -> Float[np.ndarray, "C 101"]:
        return np.asarray(source.vertical_force_percent_bw.get(side, ()), float).reshape(-1, 101)

    return _draw(
        Panel(f"Vertical force (% body weight, to {FORCE_CUTOFF_HZ:g} Hz)", (0.0, 120.0)),
        Shown(
            cycles={side: of(result, side) for side in SIDES},
            truth={side: of(truth, side) for side in SIDES if truth},
            band=None,
            foot_off_percent=_foot_off_percent(result),
        ),
    )


def side_curves(
    panel: Panel,
    cycles: Mapping[Side, Float[np.ndarray, "_ 101"]],
    truth: Mapping[Side, Float[np.ndarray, "_ 101"]] = MappingProxyType({}),
) -> Markup:
    """Mean curves of the sides that there are, and those of the truth dashed."""
    return _draw(panel, Shown(cycles, truth, None, {}, single_cycles=False))


def _draw(panel: Panel, shown: Shown) -> Markup:
    drawn = [c for c in (*shown.cycles.values(), *shown.truth.values()) if np.isfinite(c).any()]
    low = min([panel.span[0], *(float(np.nanmin(c)) for c in drawn)])
    high = max([panel.span[1], *(float(np.nanmax(c)) for c in drawn)])
    pad = 0.02 * (high - low)
    axes = svg.curve_axes((0, 100), (low - pad, high + pad))
    parts = [
        *svg.cycle_scales(axes, low, high),
        *_norm(axes, shown),
        *_certain(axes, shown),
        *(_single_cycles(axes, shown.cycles) if shown.single_cycles else ()),
        *_true_means(axes, shown.truth),
        *_means(axes, shown, panel.line),
        *_directions(axes, panel),
    ]
    counts = ", ".join(counted(len(c), f"{side} {panel.line}") for side, c in shown.cycles.items())
    words = f"{panel.title}: {counts} over {panel.over}"
    if shown.lost:
        words += f"; not to be used: {' and '.join(side for side in SIDES if side in shown.lost)}"
    return svg.curve_panel(panel.title, words, parts)


def _norm(axes: svg.Axes, shown: Shown) -> Iterator[Markup]:
    """The normative band, and where each foot leaves the floor."""
    if shown.band is not None:
        mean, sd = shown.band
        yield svg.band(axes, PERCENT, mean - sd, mean + sd, fill=BAND_FILL)
    for side, percent in shown.foot_off_percent.items():
        if np.isfinite(percent):
            x, y = axes.at(percent, axes.y[0])
            colour = svg.SIDE_COLOUR[side]
            yield svg.line(x, axes.top, x, y, stroke=colour, stroke_dasharray="1 3")


def _certain(axes: svg.Axes, shown: Shown) -> Iterator[Markup]:
    """Where the true mean curve lies in nine of ten walks."""
    for side, half in shown.half_width.items():
        rows = shown.cycles[side]
        if len(rows) and np.isfinite(half) and side not in shown.lost:
            mean = _mean(rows)
            known, colour = np.isfinite(mean), svg.SIDE_COLOUR[side]
            low, high = mean[known] - half, mean[known] + half
            yield svg.band(axes, PERCENT[known], low, high, fill=colour, opacity=0.12)


def _single_cycles(axes: svg.Axes, cycles: Cycles) -> Iterator[Markup]:
    for side, rows in cycles.items():
        for i in svg.evenly(len(rows), MAX_CYCLES_DRAWN):
            yield svg.polyline(
                axes, PERCENT, rows[i], stroke=svg.SIDE_COLOUR[side], stroke_width=0.8, opacity=0.28
            )


def _true_means(axes: svg.Axes, cycles: Cycles) -> Iterator[Markup]:
    for side, rows in cycles.items():
        if len(rows):
            yield svg.polyline(
                axes, PERCENT, _mean(rows), stroke=TRUTH_INK, stroke_width=1.6,
                stroke_dasharray=TRUTH_DASH[side],
            )  # fmt: skip


def lost_text(axes: svg.Axes, side: Side, place: int) -> Markup:
    """That a side's curve is not to be used, in line `place` (from 1) of the panel."""
    return _told(axes, side, place, f"{side}: do not use")


def _told(axes: svg.Axes, side: Side, place: int, words: str) -> Markup:
    return svg.text(
        axes.left + 6, axes.top + 14 * place, words, fill=svg.SIDE_COLOUR[side],
        paint_order="stroke", stroke="#fff", stroke_width=3,
    )  # fmt: skip


def _means(axes: svg.Axes, shown: Shown, line: str) -> Iterator[Markup]:
    for place, (side, rows) in enumerate(shown.cycles.items(), 1):
        colour = svg.SIDE_COLOUR[side]
        if not len(rows):
            yield _told(axes, side, place, f"no {side} {line}")
        elif side in shown.lost:
            yield svg.polyline(axes, PERCENT, _mean(rows), stroke=colour, **LOST_STYLE)
            yield lost_text(axes, side, place)
        else:
            yield svg.polyline(axes, PERCENT, _mean(rows), stroke=colour, stroke_width=2.2)


def _directions(axes: svg.Axes, panel: Panel) -> Iterator[Markup]:
    if panel.up:
        right, bottom = axes.left + axes.width, axes.top + axes.height
        yield svg.text(right, 13, f"↑ {panel.up}", text_anchor="end")
        yield svg.text(
            right, bottom - 5, f"↓ {panel.down}", text_anchor="end", paint_order="stroke",
            stroke="#fff", stroke_width=3,
        )  # fmt: skip


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
