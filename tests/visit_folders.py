"""Folders of results with the numbers that a test asks for, without any physics."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from simgait.cohort.walk_record import RECORD, WalkRecord, record_text
from simgait.files import csv_text
from simgait.parameters.catalogue import parameter
from simgait.parameters.parameter import interval_columns
from simgait.parameters.summary_table import summary_columns
from simgait.report.trial.tables import MEAN_CURVES, PARAMETERS

Numbers = Mapping[tuple[str, str], tuple[float, float]]
"""Parameter and side -> mean and half of its 90 % interval."""


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
    file_format: str = "npz",
    heights_m: Sequence[float] = (1.72,),
) -> Path:
    """A folder as `simgait track` writes it, as far as visits are read from it.

    Heights are those of the walks, in turn.
    """
    for index, numbers in enumerate(walks):
        name = f"walk{index}"
        own = folder / name
        own.mkdir(parents=True)
        row = dict.fromkeys(summary_columns(), "")
        row |= {
            "trial": name, "subject": person, "folder": name,
            "height_m": str(heights_m[index % len(heights_m)]),
            "recorded_on": recorded_on, "verdict": "use_all",
        }  # fmt: skip
        record = WalkRecord(
            name, f"{name}.npz", f"{recordings or folder.name}{index}", 1, 1,
            {"policy_sha256": policy, "code_sha256": "c"}
            | ({"reference": reference} if reference else {}),
            row,
        )  # fmt: skip
        (own / RECORD).write_text(record_text(record))
        (own / PARAMETERS).write_text(_parameters(numbers, denied))
        (own / MEAN_CURVES).write_text(_curves(knee_deg))
        levels = {f"{name}_deg": {"level": "do_not_use", "doubts": []} for name in denied}
        verdict = {
            "verdict": {"level": "use_some", "numbers": levels},
            "input": {"format": file_format},
        }
        (own / "provenance.json").write_text(json.dumps(verdict))
    return folder


def _parameters(numbers: Numbers, denied: Sequence[str]) -> str:
    header = ("parameter", "side", "mean", *interval_columns("mean"), "unit", "level")
    rows = [
        (key, side, mean, mean - half, mean + half, parameter(key).unit.symbol,
         "do_not_use" if key in denied else "use")
        for (key, side), (mean, half) in numbers.items()
    ]  # fmt: skip
    return csv_text(header, [["" if _unknown(c) else c for c in row] for row in rows])


def _unknown(cell: object) -> bool:
    return isinstance(cell, float) and math.isnan(cell)


def _curves(knee_deg: float) -> str:
    percent = np.arange(101)
    bend = 30.0 - 25.0 * np.cos(2.0 * np.pi * percent / 100.0) + knee_deg
    rows = [
        (f"{side}_knee_flexion", int(at), value, value - 4.0, value + 4.0)
        for side in ("left", "right")
        for at, value in zip(percent, bend.tolist(), strict=True)
    ]
    return csv_text(("curve", "percent", "mean_deg", *interval_columns("mean_deg")), rows)
