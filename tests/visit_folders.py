"""Folders of results with the numbers that a test asks for, without any physics."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from simgait.cohort.walk_record import RECORD, WalkRecord, record_text
from simgait.files import csv_text
from simgait.gait.joint_measures import JOINT_MEASURES
from simgait.parameters.catalogue import parameter
from simgait.parameters.parameter import interval_columns
from simgait.parameters.summary_table import summary_columns
from simgait.parameters.tracked_verdict import PROVENANCE, WITHOUT_ZERO, ZERO
from simgait.report.norm_words import NORM_COLUMNS
from simgait.report.trial.step_table import PEAKS
from simgait.report.trial.tables import MEAN_CURVES, NORMAL_RANGES, PARAMETERS

Numbers = Mapping[tuple[str, str], tuple[float, float]]
"""Parameter and side -> mean and half of its 90 % interval."""
HALF_WIDTH_DEG = 4.0
"""Of every curve."""
RANGE_HALF_WIDTH_DEG = 3.0
"""Of every range of motion."""


def visit_folder(
    folder: Path,
    walks: Sequence[Numbers],
    *,
    person: str = "P07",
    policy: str = "a" * 64,
    reference: str | None = None,
    recordings: str = "",
    denied: Sequence[str] = (),
    recorded_on: str = "",
    knee_deg: float = 0.0,
    curves: Sequence[Mapping[str, np.ndarray]] = (),
    file_format: str = "npz",
    heights_m: Sequence[float] = (1.72,),
    height_estimated: bool = False,
    keypoint_scale: float = 1.05,
    levels: Mapping[str, str] = MappingProxyType({}),
    n: int = 9,
    scored_with: str = "",
    masses_kg: Sequence[float | None] = (None,),
    zeros: Mapping[str, tuple[float, str]] = MappingProxyType({}),
    points: str = "",
    peaks: Sequence[Mapping[tuple[str, str], float]] = (),
) -> Path:
    """A folder as `simgait track` writes it, as far as visits are read from it.

    Heights and masses (None: nobody said it) are those of the walks, in turn. A number's level is
    "use" where `levels` has no other. `curves` are those of the walks, in turn, name
    ("left_knee_flexion") -> 101 points; without them there are both knees, bent by `knee_deg` more.
    `zeros` are curves with an unknown zero -> its half-width, and their level where it cancels.
    `peaks` are joint measures of the walks, in turn, name and side -> deg; without them there is no
    table of peaks.
    """
    for index, numbers in enumerate(walks):
        name = f"walk{index}"
        own = folder / name
        own.mkdir(parents=True)
        row = _row(name, person, heights_m[index % len(heights_m)], recorded_on)
        record = WalkRecord(
            name, f"{name}.npz", f"{recordings or folder.name}{index}", 1, 1,
            {"policy_sha256": policy, "code_sha256": "c"}
            | ({"reference": reference} if reference else {}),
            row,
        )  # fmt: skip
        (own / RECORD).write_text(record_text(record))
        (own / PARAMETERS).write_text(_parameters(numbers, denied, levels, n, scored_with))
        own_curves = curves[index % len(curves)] if curves else _knees(knee_deg)
        (own / MEAN_CURVES).write_text(_curves(own_curves))
        if peaks:
            (own / PEAKS).write_text(_peaks(peaks[index % len(peaks)], denied))
        verdict = {
            "verdict": {"level": "use_some", "numbers": _judged(denied, zeros)},
            "input": {
                "format": file_format, "height_estimated": height_estimated, "points": points,
            },
            "quality": {"keypoint_scale": keypoint_scale},
            "config": {"mass_kg": 71.4, "reader": _said(masses_kg[index % len(masses_kg)])},
        }  # fmt: skip
        (own / PROVENANCE).write_text(json.dumps(verdict))
    return folder


def _row(name: str, person: str, height_m: float, recorded_on: str) -> dict[str, str]:
    return dict.fromkeys(summary_columns(), "") | {
        "trial": name, "subject": person, "folder": name, "height_m": str(height_m),
        "recorded_on": recorded_on, "verdict": "use_all",
    }  # fmt: skip


def _judged(
    denied: Sequence[str], zeros: Mapping[str, tuple[float, str]]
) -> dict[str, dict[str, Any]]:
    """What a verdict says of curves that are denied, or have an unknown zero."""
    judged: dict[str, dict[str, Any]] = {
        f"{name}_deg": {"level": "do_not_use", "doubts": []} for name in denied
    }
    for curve, (zero, level) in zeros.items():
        number = judged.setdefault(f"{curve}_deg", {"level": "rough", "doubts": []})
        number |= {ZERO: zero, WITHOUT_ZERO: level}
    return judged


def _parameters(
    numbers: Numbers, denied: Sequence[str], levels: Mapping[str, str], n: int, scored_with: str
) -> str:
    header = (
        "parameter", "side", "mean", *interval_columns("mean"), "n", "unit", "level", "reference",
    )  # fmt: skip
    rows = [
        (key, side, mean, mean - half, mean + half, n, parameter(key).unit.symbol,
         "do_not_use" if key in denied else levels.get(key, "use"),
         scored_with if parameter(key).of_scores is not None else "")
        for (key, side), (mean, half) in numbers.items()
    ]  # fmt: skip
    return csv_text(header, [["" if _unknown(c) else c for c in row] for row in rows])


def _said(mass_kg: float | None) -> dict[str, float]:
    return {} if mass_kg is None else {"mass_kg": mass_kg}


def _unknown(cell: object) -> bool:
    return isinstance(cell, float) and math.isnan(cell)


def _knees(knee_deg: float) -> dict[str, np.ndarray]:
    bend = 30.0 - 25.0 * np.cos(2.0 * np.pi * np.arange(101) / 100.0) + knee_deg
    return {f"{side}_knee_flexion": bend for side in ("left", "right")}


def _peaks(peaks: Mapping[tuple[str, str], float], denied: Sequence[str]) -> str:
    """Ranges are known to `RANGE_HALF_WIDTH_DEG`, peaks as their curves."""
    header = ("peak", "side", "mean_deg", *interval_columns("mean_deg"), "level")
    rows = []
    for (name, side), mean in peaks.items():
        half = RANGE_HALF_WIDTH_DEG if JOINT_MEASURES[name].is_range else HALF_WIDTH_DEG
        level = "do_not_use" if name in denied else "use"
        rows.append((name, side, mean, mean - half, mean + half, level))
    return csv_text(header, rows)


def _curves(curves: Mapping[str, np.ndarray]) -> str:
    rows = [
        (name, at, value, value - HALF_WIDTH_DEG, value + HALF_WIDTH_DEG)
        for name, curve in curves.items()
        for at, value in enumerate(curve.tolist())
    ]
    return csv_text(("curve", "percent", "mean_deg", *interval_columns("mean_deg")), rows)


def say(walk: Path, **facts: object) -> None:
    """Changes what was said where a walk was tracked (`cohort.request`)."""
    _change(walk / RECORD, lambda record: record["request"].update(facts))


def find(walk: Path, *findings: tuple[str, str], level: str = "use_some") -> None:
    """Gives a walk's verdict findings, each a code and a sentence."""

    def change(facts: dict[str, Any]) -> None:
        facts["verdict"]["level"] = level
        facts["findings"] = [{"code": code, "sentence": text} for code, text in findings]

    _change(walk / PROVENANCE, change)


def compare_with(walk: Path, *rows: tuple[object, ...]) -> None:
    """Writes a walk's table of normal ranges: parameter, low, high, whose, compared, why not."""
    cells = [(key, low, high, "", "", whose, "a book", "", compared, why)
             for key, low, high, whose, compared, why in rows]  # fmt: skip
    (walk / NORMAL_RANGES).write_text(csv_text(NORM_COLUMNS, cells))


def _change(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    facts = json.loads(path.read_text())
    change(facts)
    path.write_text(json.dumps(facts))
