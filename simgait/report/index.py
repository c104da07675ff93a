"""One page over several trials: verdicts, key numbers, links to the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import numpy as np

from simgait.errors import InputError
from simgait.files import safe_id, without_folders, write_text, write_together
from simgait.parameters.wording import number, shown, tile_sides
from simgait.report.page import render
from simgait.report.trial.verdict import TITLES

COLUMNS = ("velocity_mps", "cadence_spm", "step_length_m", "stance_percent")

_TITLES = {str(level): title for level, title in TITLES.items()}


@dataclass(frozen=True)
class IndexRow:
    """One trial of an index.

    Attributes:
        trial_id: as shown.
        report: path of its page relative to the index's folder, "" for none.
        level: of its verdict, or "failed".
        reason: of the verdict or the failure, "" for none.
        values: parameter (`COLUMNS`) -> side -> mean in SI units; NaN or absent where unknown.
    """

    trial_id: str
    report: str = ""
    level: str = "failed"
    reason: str = ""
    values: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def write_index(folder: Path | str, rows: Sequence[IndexRow]) -> Path:
    """Write `folder`/index.html.

    Raises:
        InputError: the folder cannot be written to, or a link leaves it.
    """
    shown_rows = [_row(row) for row in rows]
    columns = [
        (shown(c).label, shown(c).unit + ("" if len(tile_sides(c)) == 1 else ", left / right"))
        for c in COLUMNS
    ]
    good, bad, failed = (
        sum(r.level == level for r in rows) for level in ("good", "do_not_use", "failed")
    )
    summary = (
        f"{len(rows)} recording{'' if len(rows) == 1 else 's'}: {good} good, "
        f"{len(rows) - good - bad - failed} with caution, {bad} not to be used, {failed} failed"
    )
    html = render("index.html", rows=shown_rows, columns=columns, summary=summary)
    return write_together(Path(folder), {"index.html": lambda path: write_text(path, html)})[0]


def _row(row: IndexRow) -> dict[str, object]:
    parts = row.report.split("/")
    if row.report and (row.report.startswith("/") or ".." in parts or "\\" in row.report):
        raise InputError(
            f"The index can only link to reports below its own folder, not to '{row.report}'; "
            "give a path relative to it."
        )
    title = _TITLES.get(row.level)
    return {
        "trial_id": safe_id(row.trial_id),
        "link": quote(row.report),
        "level": row.level if title else "do_not_use",
        "verdict": title or "Failed",
        "reason": without_folders(row.reason[:1].upper() + row.reason[1:]),
        "cells": [_cell(row.values.get(name, {}), name) for name in COLUMNS],
    }


def _cell(sides: Mapping[str, float], name: str) -> str:
    style = shown(name)
    values = [sides[side] * style.factor for side in tile_sides(name) if side in sides]
    if not values or not np.isfinite(values).any():
        return "–"
    return " / ".join(number(v, style.decimals) for v in values)
