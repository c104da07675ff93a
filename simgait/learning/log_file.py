"""Logs of a training: tables that grow row by row, and go back where a training does."""

from __future__ import annotations

import csv
from pathlib import Path

from simgait.files import csv_text, write_whole


def log_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a log, column -> cell; none where the file does not exist."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cut_log(path: Path, last: int, column: str = "steps") -> dict[str, str] | None:
    """Removes the rows beyond a step, and a row that was not written to its end.

    Args:
        path: of a table that `append_csv_row` wrote; it need not exist.
        last: largest value of `column` that stays.
        column: whose values count.

    Returns:
        the last row that stays; None without any.

    Raises:
        InputError: the file cannot be written to.
    """
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file))
        header = tuple(rows[0]) if rows else ()
    kept = [row for row in rows if None not in row.values() and _up_to(row.get(column), last)]
    if not kept:
        path.unlink()
        return None
    write_whole(path, csv_text(header, [row.values() for row in kept]))
    return kept[-1]


def _up_to(cell: str | None, last: int) -> bool:
    try:
        return float(cell or "nan") <= last
    except ValueError:
        return False
