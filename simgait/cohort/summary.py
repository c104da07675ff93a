"""The table of a call: one row per trial, failures included."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from simgait.cohort.track_files import Outcome
from simgait.errors import InputError
from simgait.files import (
    csv_cell,
    csv_text,
    safe_id,
    without_folders,
    write_text,
    write_together,
)
from simgait.parameters.catalogue import parameters
from simgait.parameters.summary_table import summary_columns
from simgait.report.index import IndexRow, index_parameters, write_index

Row = Mapping[str, object]


def write_summary(out: Path, outcomes: Sequence[Outcome]) -> list[Path]:
    """Writes summary.csv and index.html into `out`; what earlier calls left there stays listed.

    Raises:
        InputError: the folder cannot be written to, or holds a summary.csv that is not ours.
    """
    rows = merged(read_summary(out), [_cells(summary_row(outcome)) for outcome in outcomes])
    index = write_index(out, [_index_row(row) for row in rows])
    return [index, *write_together(out, {"summary.csv": lambda path: _write(path, rows)})]


def read_summary(out: Path) -> list[Row]:
    """The rows of an earlier call whose reports are still there, and its failures.

    Raises:
        InputError: the file cannot be read, or is another table.
    """
    path = out / "summary.csv"
    if not path.exists():
        return []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            names, rows = tuple(reader.fieldnames or ()), list(reader)
    except (OSError, UnicodeDecodeError, csv.Error):
        names, rows = (), []
    if names != summary_columns() or any(None in row or None in row.values() for row in rows):
        raise InputError(
            f"{path.name} in the output folder is not a table of this version of simgait; move it "
            "away, or choose another folder with -o."
        )
    return [row for row in rows if not row["folder"] or (out / row["folder"]).is_dir()]


def merged(earlier: Sequence[Row], later: Sequence[Row]) -> list[Row]:
    """Rows of two calls into one folder.

    A trial tracked again replaces its row, a success replaces its file's failure. A failure does
    not replace a trial that has its report: the report is still there.
    """

    def trial(row: Row) -> tuple[str, object]:
        return PurePosixPath(str(row["source"])).name, row["trial"]

    done = {trial(row) for row in earlier if row["folder"]}
    new = [row for row in later if row["folder"] or trial(row) not in done]
    folders = {row["folder"] for row in new if row["folder"]}
    sources = {row["source"] for row in new}
    kept = [
        row
        for row in earlier
        if (row["folder"] not in folders if row["folder"] else row["source"] not in sources)
    ]
    return [*kept, *new]


def _index_row(row: Row) -> IndexRow:
    def value(column: str) -> float:
        return float(str(row[column])) if row[column] != "" else math.nan

    return IndexRow(
        trial_id=str(row["trial"]),
        report=f"{row['folder']}/report.html" if row["folder"] else "",
        person=_person(row),
        recorded_on=str(row["recorded_on"]),
        level=str(row["verdict"]),
        reason=str(row["failure"] or row["reasons"]),
        not_to_use=frozenset(str(row["do_not_use"]).split()),
        single=frozenset(str(row["single"]).split()),
        values={
            one.key: {pool: value(one.summary_column(pool)) for pool in one.tile}
            for one in index_parameters()
        },
    )


def _person(row: Row) -> str:
    """The code of a person; a recording of nobody's name stands under its own, which is none."""
    own = safe_id(PurePosixPath(str(row["source"])).stem)
    return "" if row["subject"] == own else str(row["subject"])


def summary_row(outcome: Outcome) -> dict[str, object]:
    """One trial as a row of the table; empty where nothing is known."""
    row: dict[str, object] = dict.fromkeys(summary_columns(), "")
    row |= {
        "trial": outcome.trial_id,
        "source": without_folders(outcome.label),
        "folder": outcome.folder,
        "verdict": outcome.walk.verdict.level if outcome.walk else "failed",
        "failure": without_folders(outcome.failure),
    }
    if outcome.walk is None:
        return row
    tracked, result, verdict = outcome.walk.tracked, outcome.walk.gait, outcome.walk.verdict
    row |= {
        "subject": tracked.trial.subject_id,
        "recorded_on": tracked.trial.recorded_on,
        "do_not_use": " ".join(verdict.names("do_not_use")),
        "single": " ".join(verdict.names("single")),
        "reasons": " ".join(without_folders(verdict.reasons)),
        "duration_s": float(tracked.trial.time_s[-1]),
        "height_m": tracked.trial.height_m,
        "left_cycles": sum(c.side == "left" for c in result.cycles),
        "right_cycles": sum(c.side == "right" for c in result.cycles),
        "fell": int(tracked.rollout.fell),
        "residual_force_percent_bw": result.residual_force_percent_bw,
    }
    for one in parameters():
        for pool in one.summary:
            statistic = result.parameters.get(one.key, {}).get(pool)
            if statistic is not None:
                row[one.summary_column(pool)] = statistic.mean
    return row


def _write(path: Path, rows: Sequence[Row]) -> None:
    columns = summary_columns()
    write_text(path, csv_text(columns, ([row[name] for name in columns] for row in rows)))


def _cells(row: Row) -> Row:
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: object) -> object:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.6g}"
    return csv_cell(value)
