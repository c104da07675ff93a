"""The table of a call: one row per trial, failures included."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from simgait.cohort.track_files import Outcome
from simgait.report.files import without_folders, write_together
from simgait.report.index import IndexRow, write_index

# parameter -> the sides that the table shows.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "velocity_mps": ("both",),
    "cadence_spm": ("both",),
    "step_length_m": ("left", "right"),
    "step_width_m": ("both",),
    "stride_length_m": ("left", "right"),
    "stance_percent": ("left", "right"),
    "double_support_percent": ("left", "right"),
}
COLUMNS = (
    "trial", "source", "subject", "folder", "verdict", "reasons", "duration_s", "height_m",
    "left_cycles", "right_cycles", "fell", "residual_force_percent_bw",
    *(name if side == "both" else f"{side}_{name}"
      for name, sides in PARAMETERS.items() for side in sides),
    "failure",
)  # fmt: skip


def write_summary(out: Path, outcomes: Sequence[Outcome]) -> list[Path]:
    """Writes summary.csv and index.html into `out`.

    Raises:
        InputError: the folder cannot be written to.
    """
    rows = [summary_row(outcome) for outcome in outcomes]
    index = write_index(
        out,
        [
            IndexRow(
                trial_id=o.trial_id,
                report=f"{o.folder}/report.html" if o.folder else "",
                verdict=o.verdict,
                result=o.result,
                failure=o.failure,
            )
            for o in outcomes
        ],
    )
    return [index, *write_together(out, {"summary.csv": lambda path: _write(path, rows)})]


def summary_row(outcome: Outcome) -> dict[str, object]:
    """One trial as a row of the table; empty where nothing is known."""
    row: dict[str, object] = dict.fromkeys(COLUMNS, "")
    row |= {
        "trial": outcome.trial_id,
        "source": without_folders(outcome.label),
        "folder": outcome.folder,
        "verdict": outcome.verdict.level if outcome.verdict else "failed",
        "failure": without_folders(outcome.failure),
    }
    tracked, result = outcome.tracked, outcome.result
    if tracked is None or result is None:
        return row
    row |= {
        "subject": tracked.trial.subject_id,
        "reasons": " ".join(without_folders(outcome.verdict.reasons)) if outcome.verdict else "",
        "duration_s": float(tracked.trial.time_s[-1]),
        "height_m": tracked.trial.height_m,
        "left_cycles": sum(c.side == "left" for c in result.cycles),
        "right_cycles": sum(c.side == "right" for c in result.cycles),
        "fell": int(tracked.rollout.fell),
        "residual_force_percent_bw": result.residual_force_percent_bw,
    }
    for name, sides in PARAMETERS.items():
        for side in sides:
            statistic = result.parameters.get(name, {}).get(side)
            if statistic is not None:
                row[name if side == "both" else f"{side}_{name}"] = statistic.mean
    return row


def _write(path: Path, rows: Sequence[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.6g}" if math.isfinite(value) else ""
    if isinstance(value, str) and value[:1] in ("=", "+", "@", "-"):
        return "'" + value  # a spreadsheet would run it
    return value
