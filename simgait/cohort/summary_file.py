"""summary.csv as it is found: written by an earlier call, and perhaps edited since."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from simgait.cohort.inputs import RESULT_MARK
from simgait.cohort.walk_record import Row
from simgait.compare.csv_tables import Cells, read_cells
from simgait.errors import InputError
from simgait.parameters.summary_table import TEXT, summary_columns
from simgait.report.words import NOT_TRACKED, TITLES

SUMMARY = "summary.csv"
LEVELS = (*TITLES, *NOT_TRACKED)
_REMEDY = (
    "move it away (the table is made again from the folders of the walks), or choose another "
    "folder with -o"
)
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class SummaryFile:
    """What the table of a folder holds.

    Attributes:
        rows: whose reports are still there, and failures; with the cells of added columns.
        added: columns that simgait does not write, in their order.
        notes: sentences on what was read in another way than simgait writes it.
    """

    rows: tuple[Row, ...] = ()
    added: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_summary(out: Path) -> SummaryFile:
    """The table of an earlier call; none where there is no file.

    A table that somebody has edited and saved otherwise is read: columns added or in another
    order, semicolons or tabs between cells, decimal commas, UTF-16 or Windows-1252.

    Raises:
        InputError: the file cannot be read, is another table, or a cell holds what it cannot.
    """
    path = out / SUMMARY
    if not path.exists():
        return SummaryFile()
    try:
        cells = read_cells(path)
    except InputError as error:
        raise InputError(f"{SUMMARY} in the output folder cannot be read; {_REMEDY}.") from error
    _refuse_another_table(cells.rows[0] if cells.rows else ())
    names, table = _table(cells)
    added = tuple(name for name in names if name not in summary_columns())
    rows, n_commas = [], 0
    for line, row in zip(cells.lines[1:], table, strict=True):
        n_commas += _with_points(row, cells.delimiter)
        _check_row(line, row)
        rows.append(row)
    kept = [r for r in rows if not r["folder"] or (out / r["folder"] / RESULT_MARK).exists()]
    return SummaryFile(tuple(kept), added, _notes(names, added, cells, n_commas))


def _table(cells: Cells) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Heading, and a row of named cells per line; columns of nothing at all are left out.

    Raises:
        InputError: a column without a name, two of one name, or another number of
            cells in a row.
    """
    heading, rows = cells.rows[0], cells.rows[1:]
    for line, row in zip(cells.lines[1:], rows, strict=True):
        if len(row) != len(heading):
            raise InputError(
                f"{SUMMARY} in the output folder, line {line}: it has not as many cells as the "
                f"header; {_REMEDY}."
            )
    used = [i for i, name in enumerate(heading) if name or any(row[i] for row in rows)]
    names = tuple(heading[i] for i in used)
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice or "" in names:
        what = f"two columns {twice[0]}" if twice and twice[0] else "a column without a name"
        raise InputError(f"{SUMMARY} in the output folder has {what}; correct it, or {_REMEDY}.")
    return names, [{name: row[i] for name, i in zip(names, used, strict=True)} for row in rows]


def _refuse_another_table(names: Sequence[str]) -> None:
    """Every column that simgait writes must be there.

    Raises:
        InputError: one is not.
    """
    absent = [name for name in summary_columns() if name not in names]
    if absent:
        raise InputError(
            f"{SUMMARY} in the output folder is not a table of this version of simgait (it lacks "
            f"the column {absent[0]}); {_REMEDY}."
        )


def _with_points(row: dict[str, str], delimiter: str) -> int:
    """Writes simgait's own numbers with points; how many had commas.

    Only where commas part no cells: 1,234 could be over a thousand there.
    """
    if delimiter == ",":
        return 0
    odd = [n for n in summary_columns() if n not in TEXT and _COMMA.fullmatch(row[n])]
    for name in odd:
        row[name] = row[name].replace(",", ".")
    return len(odd)


def _check_row(line: int, row: Mapping[str, str]) -> None:
    where = f"{SUMMARY} in the output folder, line {line}"
    for name in summary_columns():
        if name not in TEXT and row[name] and not _is_number(row[name]):
            raise InputError(
                f"{where}: {name} is '{row[name][:40]}', which is no number; correct it, or "
                f"{_REMEDY}."
            )
    folder = row["folder"]
    if row["verdict"] not in LEVELS or folder != PurePosixPath(folder.replace("\\", "/")).name:
        name = "folder" if row["verdict"] in LEVELS else "verdict"
        raise InputError(
            f"{where}: {name} is '{row[name][:40]}', which simgait never writes; correct it, "
            f"or {_REMEDY}."
        )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _notes(
    names: Sequence[str], added: Sequence[str], cells: Cells, n_commas: int
) -> tuple[str, ...]:
    """What was found otherwise than simgait writes it; the next table is written its own way."""
    found = []
    if added:
        found.append(f"columns of your own ({', '.join(added)}), which stay")
    if tuple(name for name in names if name not in added) != summary_columns():
        found.append("its columns in another order")
    if cells.delimiter != ",":
        parted = {";": "semicolons", "\t": "tabs"}.get(cells.delimiter, f"'{cells.delimiter}'")
        found.append(f"{parted} between its cells")
    if n_commas:
        found.append("decimal commas")
    notes = list(cells.notes)
    if found:
        notes.append(
            f"{SUMMARY} has {'; '.join(found)}. It was read, and is written with commas between "
            "cells, decimal points and simgait's order, added columns last."
        )
    return tuple(notes)
