"""One page over several trials: verdicts, key numbers, links to the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np

from simgait.gait.types import GaitResult
from simgait.recording.types import InputError
from simgait.report.files import safe_id, without_folders, write_together
from simgait.report.page import render
from simgait.report.verdict import Verdict
from simgait.report.wording import number, shown, tile_sides

COLUMNS = ("velocity_mps", "cadence_spm", "step_length_m", "stance_percent")


@dataclass(frozen=True)
class IndexRow:
    """One trial of an index; `result` and `verdict` None and `failure` set where it failed.

    `report` is the page's path relative to the index's folder, "" for none.
    """

    trial_id: str
    report: str = ""
    verdict: Verdict | None = None
    result: GaitResult | None = None
    failure: str = ""


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
    good = sum(r.verdict is not None and r.verdict.level == "good" for r in rows)
    bad = sum(r.verdict is not None and r.verdict.level == "do_not_use" for r in rows)
    failed = sum(r.verdict is None for r in rows)
    summary = (
        f"{len(rows)} recording{'' if len(rows) == 1 else 's'}: {good} good, "
        f"{len(rows) - good - bad - failed} with caution, {bad} not to be used, {failed} failed"
    )
    html = render("index.html", rows=shown_rows, columns=columns, summary=summary)
    return write_together(Path(folder), {"index.html": lambda path: _write_text(path, html)})[0]


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _row(row: IndexRow) -> dict[str, object]:
    parts = row.report.split("/")
    if row.report and (row.report.startswith("/") or ".." in parts or "\\" in row.report):
        raise InputError(
            f"The index can only link to reports below its own folder, not to '{row.report}'; "
            "give a path relative to it."
        )
    reason = row.failure or (row.verdict.reasons[0] if row.verdict and row.verdict.reasons else "")
    return {
        "trial_id": safe_id(row.trial_id),
        "link": quote(row.report),
        "level": row.verdict.level if row.verdict else "do_not_use",
        "verdict": row.verdict.title if row.verdict else "Failed",
        "reason": without_folders(reason[:1].upper() + reason[1:]),
        "cells": [_cell(row.result, name) for name in COLUMNS],
    }


def _cell(result: GaitResult | None, name: str) -> str:
    if result is None or name not in result.parameters:
        return "–"
    style, sides = shown(name), result.parameters[name]
    values = [sides[s].mean * style.factor for s in tile_sides(name) if s in sides]
    if not values or not np.isfinite(values).any():
        return "–"
    return " / ".join(number(v, style.decimals) for v in values)
