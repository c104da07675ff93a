"""Files of a walk's normative twin: page with skeleton and curves, tables, and a recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from markupsafe import Markup

from simgait.estimators.twin import Twin
from simgait.files import csv_text, write_text, write_together
from simgait.parameters.wording import number
from simgait.recordings.formats.npz import write_npz
from simgait.report import svg
from simgait.report.page import render

PAGE, JOINTS, CURVES, RECORDING = "twin.html", "joints.csv", "curves.csv", "twin.npz"
TWIN_FIGURES = "twin_parameters.csv"
"""Beside the page where the physics walked the twin (`trial.twin_walk`)."""
FILES = (PAGE, JOINTS, CURVES, RECORDING, TWIN_FIGURES)
"""All that a twin's folder may hold."""
WRONG, RIGHT, TWIN_INK = "#c0392b", "#2e7d32", "#2e7d32"
BAND_SDS = 2.0
PHASES = (0.0, 0.25, 0.5, 0.75)
"""Of the left leg's cycle, whose postures are drawn."""
LEAST_SHOWN_DEG = 0.05
"""Of a change: less is 0.0° on the page."""
PHASE_TEXT_PX = 20.0
"""Of 750 that a picture is wide: 9 on a telephone of 390."""
_BONES = tuple(
    (f"{side} {near}", f"{side} {far}")
    for side in ("Left", "Right")
    for near, far in (
        ("Hip", "Knee"), ("Knee", "Ankle"), ("Ankle", "Heel"), ("Ankle", "Big Toe"),
        ("Heel", "Big Toe"),
    )
) + (("Left Hip", "Right Hip"), ("Pelvis", "Sternum"))  # fmt: skip


def write_twin(folder: Path, twin: Twin) -> list[Path]:
    """Writes page, tables and recording, all or none.

    Raises:
        InputError: the folder cannot be written to.
    """
    joints = csv_text(
        ("joint", "badness", "wrong", "twin_changed_deg", "made_by"),
        [
            (one.name, _cell(one.badness), int(one.is_wrong), _cell(one.changed_deg), twin.made_by)
            for one in twin.joints
        ],
    )
    curves, html = _curve_table(twin), twin_page(twin)
    return write_together(
        folder,
        {
            RECORDING: lambda path: write_npz(path, twin.recording),
            JOINTS: lambda path: write_text(path, joints),
            CURVES: lambda path: write_text(path, curves),
            PAGE: lambda path: write_text(path, html),
        },
    )


def _cell(value: float) -> str:
    return f"{value:.6g}" if np.isfinite(value) else ""


def _curve_table(twin: Twin) -> str:
    """A row for each angle and sample of the cycle."""
    percent = 100.0 * np.arange(len(twin.person_deg)) / len(twin.person_deg)
    columns = (twin.person_deg, twin.twin_deg, twin.band_mean_deg, twin.band_sd_deg)
    rows = [
        (name, _cell(float(percent[k])), *(_cell(float(one[k, i])) for one in columns))
        for i, name in enumerate(twin.angles)
        for k in range(len(percent))
    ]
    return csv_text(
        ("angle", "cycle_percent", "walk_deg", "twin_deg", "normal_mean_deg", "normal_sd_deg"), rows
    )


def twin_page(twin: Twin) -> str:
    """The page as HTML."""
    wrong = [_named(one.name) for one in twin.joints if one.is_wrong]
    is_changed = any(one.changed_deg > LEAST_SHOWN_DEG for one in twin.joints)
    usual = "differs where one is less usual" if is_changed else "is the walk itself"
    return render(
        "twin.html",
        on_sheets=("normative twin of a walk", twin.made_by),
        headline=(
            f"Unlike normal walking: {', '.join(wrong)}."
            if wrong
            else f"No joint is unlike normal walking; the twin {usual}."
        ),
        made_by=twin.made_by,
        band_of=twin.band_of,
        pictures=[
            {"picture": _posture(twin, across=False), "words": "from the right side"},
            {"picture": _posture(twin, across=True), "words": "from behind"},
        ],
        rows=joint_rows(twin),
        curves=[_curves(twin, i) for i in range(len(twin.angles))],
    )


def joint_rows(twin: Twin) -> list[dict[str, str]]:
    """What is said of each joint, as a page shows it: joint, badness, called, changed."""
    return [
        {
            "joint": _named(one.name).capitalize(),
            "badness": number(one.badness, 2),
            "called": (
                "not seen" if not np.isfinite(one.badness)
                else "unlike normal" if one.is_wrong else "as expected"
            ),
            "changed": number(one.changed_deg, 1),
        }
        for one in twin.joints
    ]  # fmt: skip


def _named(joint: str) -> str:
    return joint.replace("_", " ")


def _posture(twin: Twin, *, across: bool) -> Markup:
    """Person and twin at four moments, joints marked: filled where wrong, hollow where right."""
    count, high = len(twin.posture_m), 260.0
    everything = np.concatenate([twin.posture_m, twin.posture_twin_m])[..., 2]
    low, top = float(np.nanmin(everything)), float(np.nanmax(everything))
    scale = high / (top - low)
    wide = 1.25 * scale * 0.75
    parts: list[Markup] = []
    for place, phase in enumerate(PHASES):
        middle, sample = wide * (place + 0.5), round(phase * count) % count

        def at(points: np.ndarray, k: int, middle: float = middle) -> tuple[float, float]:
            flat = -points[k, 1] if across else points[k, 0]
            return middle + scale * float(flat), 32 + scale * (top - float(points[k, 2]))

        parts.append(
            svg.text(
                middle, 16, f"{100 * phase:.0f} %", text_anchor="middle", font_size=PHASE_TEXT_PX
            )
        )
        for points, ink, dash in (
            (twin.posture_twin_m[sample], TWIN_INK, "5 3"), (twin.posture_m[sample], svg.INK, None)
        ):  # fmt: skip
            parts += _bones(twin, points, at, ink, dash)
        parts += _marks(twin, twin.posture_m[sample], at)
    label = "Skeleton of the walk, and dashed its twin; joints unlike normal are marked"
    return svg.svg(wide * len(PHASES), high + 44, label, parts)


Place = Callable[[np.ndarray, int], tuple[float, float]]


def _bones(
    twin: Twin, points: np.ndarray, at: Place, ink: str, dash: str | None
) -> Iterator[Markup]:
    index = {name: k for k, name in enumerate(twin.point_names)}
    for near, far in _BONES:
        ends = (index[near], index[far])
        if np.isfinite(points[list(ends)]).all():
            (x1, y1), (x2, y2) = (at(points, k) for k in ends)
            yield svg.line(x1, y1, x2, y2, stroke=ink, stroke_width=2.0, stroke_dasharray=dash)


def _marks(twin: Twin, points: np.ndarray, at: Place) -> Iterator[Markup]:
    index = {name: k for k, name in enumerate(twin.point_names)}
    for one in twin.joints:
        name = "Pelvis" if one.name == "pelvis" else one.name.replace("_", " ").title()
        k = index[name]
        if np.isfinite(one.badness) and np.isfinite(points[k]).all():
            x, y = at(points, k)
            ink = WRONG if one.is_wrong else RIGHT
            yield svg.tag(
                "circle", cx=x, cy=y, r=6.0 if one.is_wrong else 3.5,
                fill=ink if one.is_wrong else "#fff", stroke=ink, stroke_width=1.5,
            )  # fmt: skip


def _curves(twin: Twin, column: int) -> Markup:
    """One angle: the walk, dashed the twin, over the normal mean ± 2 SD where there is one."""
    mean, spread = twin.band_mean_deg[:, column], BAND_SDS * twin.band_sd_deg[:, column]
    walk, right = twin.person_deg[:, column], twin.twin_deg[:, column]
    shown = np.concatenate([mean - spread, mean + spread, walk, right])
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    axes = svg.curve_axes((0, 100), (low - 1.0, high + 1.0))
    percent = np.linspace(0.0, 100.0, len(mean) + 1)

    def closed(curve: np.ndarray) -> np.ndarray:
        return np.append(curve, curve[0])

    name = twin.angles[column]
    inks = [colour for side, colour in svg.SIDE_COLOUR.items() if name.startswith(side)]
    ink = inks[0] if inks else svg.INK
    parts = [
        *(
            [svg.band(axes, percent, closed(mean - spread), closed(mean + spread), fill="#dfe3e7")]
            if np.isfinite(mean).all()
            else []
        ),
        *svg.cycle_scales(axes, low, high),
        svg.polyline(axes, percent, closed(walk), stroke=ink, stroke_width=2.2),
        svg.polyline(
            axes, percent, closed(right), stroke=TWIN_INK, stroke_width=1.8, stroke_dasharray="5 3"
        ),
    ]
    title = f"{_named(name).capitalize()} (°)"
    return svg.curve_panel(title, f"{title}: walk and twin over the gait cycle", parts)
