"""The table of a folder of results and its page: one row per trial, failures included."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path, PurePosixPath

from simgait.cohort.knee_curves import MOST_WALKS, knee_curves
from simgait.cohort.outcome import Outcome
from simgait.cohort.summary_file import SUMMARY, read_summary
from simgait.cohort.walk_record import Row, WalkRecord
from simgait.errors import InputError
from simgait.files import csv_text, write_text, write_together
from simgait.parameters.summary_table import TEXT, summary_columns
from simgait.plain_text import listed
from simgait.report.index import IndexRow, index_parameters, write_index
from simgait.report.visit.page import PAGE as VISIT_PAGE

_ROUNDED = 0.01
"""Share that a spreadsheet's two decimals may take from a number of 1."""


class SummaryTable:
    """summary.csv and index.html of a folder, which grow walk by walk.

    Args:
        out: folder of the results; its table is read now, so that what is wrong with it is said
            before the work.
        records: of the walks that `out` holds; those that the table lacks get their row back.
        redone: folders of walks that will be replaced.
        tell: gets a line on a table that somebody has edited.

    Raises:
        InputError: the table that is there is no summary, or holds what it cannot.
    """

    def __init__(
        self,
        out: Path,
        records: Sequence[WalkRecord] = (),
        redone: Sequence[str] = (),
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._out = out
        self._file = _bytes_of(out / SUMMARY)
        found = read_summary(out)
        for note in found.notes:
            tell(f"note: {note}")
        self._added = found.added
        # Cells of added columns outlive their row: the walk may be tracked again.
        self._remarks = {
            _trial(row): {name: row[name] for name in found.added} for row in found.rows
        }
        kept = [row for row in found.rows if row["folder"] not in set(redone)]
        rows, changed = as_measured(kept, records)
        for note in changed:
            tell(f"note: {note}")
        listed = {row["folder"] for row in rows}
        self._earlier = [*rows, *(r.row for r in records if r.folder not in listed)]
        self._now: dict[tuple[int, int], Row] = {}
        self._written_s, self._cost_s = -math.inf, 0.0

    def earlier_row(self, record: WalkRecord) -> Row:
        """The row that a finished walk has in the table."""
        return next(row for row in self._earlier if row["folder"] == record.folder)

    def add(self, place: tuple[int, int], outcome: Outcome) -> None:
        """Takes in what became of a trial; `place` orders the rows of this call."""
        if outcome.row is not None:
            self._now[place] = outcome.row

    def rows(self) -> list[Row]:
        """Those of earlier calls, then those of this one in the order of its files."""
        rows = merged(self._earlier, [self._now[place] for place in sorted(self._now)])
        empty = dict.fromkeys(self._added, "")
        return [{**empty, **self._remarks.get(_trial(row), {}), **row} for row in rows]

    def write_soon(self, tell: Callable[[str], None]) -> None:
        """Writes, unless that would be what most of the time is spent on.

        Where it fails (a full disk, a table that is open elsewhere) work goes on, and `write`
        says it in the end.
        """
        if time.monotonic() - self._written_s < 10.0 * self._cost_s:
            return
        try:
            self.write(tell)
        except InputError as error:
            tell(f"note: {error}")

    def write(self, tell: Callable[[str], None]) -> None:
        """Writes table and page. What somebody else has written meanwhile is put aside.

        Raises:
            InputError: the folder cannot be written to.
        """
        started_s = time.monotonic()
        path = self._out / SUMMARY
        if _bytes_of(path) not in (None, self._file):
            aside = _put_aside(path)
            tell(f"note: {path.name} was changed while walks were tracked; it is {aside.name} now.")
        _write(self._out, self.rows(), self._added)
        self._file = _bytes_of(path)
        self._written_s = time.monotonic()
        self._cost_s = self._written_s - started_s


def write_summary(out: Path, outcomes: Sequence[Outcome]) -> None:
    """Adds outcomes to the table and page of a folder.

    Raises:
        InputError: the folder cannot be written to, or its table is no summary.
    """
    table = SummaryTable(out)
    for number, outcome in enumerate(outcomes):
        table.add((number, 0), outcome)
    table.write(lambda text: None)


def merged(earlier: Sequence[Row], later: Sequence[Row]) -> list[Row]:
    """Rows of two calls into one folder.

    A trial tracked again replaces its row, a success replaces its file's failure. A failure does
    not replace a trial that has its report: the report is still there.
    """
    done = {_trial(row) for row in earlier if row["folder"]}
    new = [row for row in later if row["folder"] or _trial(row) not in done]
    folders = {row["folder"] for row in new if row["folder"]}
    sources = {row["source"] for row in new}
    kept = [
        row
        for row in earlier
        if (row["folder"] not in folders if row["folder"] else row["source"] not in sources)
    ]
    return [*kept, *new]


def as_measured(
    rows: Sequence[Row], records: Sequence[WalkRecord]
) -> tuple[list[Row], tuple[str, ...]]:
    """Rows with the numbers that the walks' own folders hold, and a note where they differ.

    A number of simgait's own columns that somebody typed over would stand in the table as measured.
    """
    measured = {record.folder: record.row for record in records}
    out: list[Row] = []
    changed: list[str] = []
    for row in rows:
        own = measured.get(row["folder"], row)
        odd = [n for n in summary_columns() if n not in TEXT and not _same(row[n], own[n])]
        changed += [f"{name} of {row['trial']} ({row[name] or 'empty'}, measured "
                    f"{own[name] or 'nothing'})" for name in odd]  # fmt: skip
        out.append({**row, **{name: own[name] for name in odd}})
    if not changed:
        return out, ()
    return out, (
        f"{SUMMARY} had numbers that the walks' own folders do not have: {listed(changed)}; those "
        "of the folders stand there again. Remarks belong into columns of your own.",
    )


def _same(cell: str, other: str) -> bool:
    """Whether two cells hold one number; a spreadsheet may have rounded or shortened it."""
    if not cell or not other:
        return cell == other
    return math.isclose(float(cell), float(other), rel_tol=_ROUNDED, abs_tol=_ROUNDED)


def _trial(row: Row) -> tuple[str, str]:
    """What makes two rows those of one trial."""
    return PurePosixPath(row["source"]).name, row["trial"]


def _write(out: Path, rows: Sequence[Row], added: Sequence[str]) -> None:
    columns = (*summary_columns(), *added)
    text = csv_text(columns, ([row[name] for name in columns] for row in rows))
    shows_curves = len(rows) <= MOST_WALKS
    index_rows = [_index_row(row, out if shows_curves else None) for row in rows]
    write_index(out, index_rows, VISIT_PAGE if (out / VISIT_PAGE).is_file() else "")
    write_together(out, {SUMMARY: lambda path: write_text(path, text)})


def _index_row(row: Row, out: Path | None) -> IndexRow:
    """As the page shows it; with curves where `out`, that has the walks' folders, is given."""

    def value(column: str) -> float:
        return float(row[column]) if row[column] else math.nan

    denied = frozenset(row["do_not_use"].split())
    return IndexRow(
        knees_deg=knee_curves(out / row["folder"], denied) if out and row["folder"] else {},
        trial_id=row["trial"],
        report=f"{row['folder']}/report.html" if row["folder"] else "",
        person=row["subject"],
        recorded_on=row["recorded_on"],
        level=row["verdict"],
        reason=row["failure"] or row["reasons"],
        not_to_use=denied,
        rough=frozenset(row["rough"].split()),
        single=frozenset(row["single"].split()),
        values={
            one.key: {pool: value(one.summary_column(pool)) for pool in one.tile}
            for one in index_parameters()
        },
    )


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return b""


def _put_aside(path: Path) -> Path:
    """Renames a file to a name that is free, and returns it."""
    names = (path.with_name(f"{path.stem}-changed-{n}{path.suffix}") for n in count(1))
    aside = next(name for name in names if not name.exists())
    try:
        return path.rename(aside)
    except OSError as error:
        raise InputError(
            f"{path.name} was changed while walks were tracked, and cannot be put aside "
            f"({error.strerror}); close the program that holds it."
        ) from error
