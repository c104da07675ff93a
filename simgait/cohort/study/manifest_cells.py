"""A manifest's cells as text, from CSV or Parquet."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simgait.compare.csv_tables import read_cells
from simgait.errors import InputError
from simgait.parameters.wording import counted

PARQUET = (".parquet", ".pq")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class ManifestCells:
    """Heading, and cells of every line.

    Attributes:
        heading: names of the columns.
        rows: cells of each line, as many as the heading has.
        numbers: where each line stands, from 1, the heading among the lines.
        problems: lines that have more or fewer cells.
        notes: on how the file was read.
    """

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_manifest_cells(path: Path) -> ManifestCells:
    """The cells of a manifest.

    Raises:
        InputError: the file cannot be read, is no table, or holds no line.
    """
    if path.is_dir():
        raise InputError(f"{path.name}: is a folder; name the manifest, a CSV or Parquet file.")
    found = _of_parquet(path) if path.suffix.lower() in PARQUET else _of_csv(path)
    if not found.heading or not (found.rows or found.problems):
        raise InputError(
            f"{path.name}: holds no line; give a heading (trial, person, path, ...) and a line for "
            "each recording."
        )
    return found


def _of_csv(path: Path) -> ManifestCells:
    cells = read_cells(path)
    heading = cells.rows[0] if cells.rows else ()
    has_commas = cells.delimiter == ";"
    rows, numbers, problems = [], [], []
    for number, row in zip(cells.lines[1:], cells.rows[1:], strict=True):
        if len(row) != len(heading):
            problems.append(
                f"line {number}: has {counted(len(row), 'cell')}, but the heading "
                f"{len(heading)}; mend that line."
            )
            continue
        numbers.append(number)
        rows.append(tuple(_with_point(cell) for cell in row) if has_commas else row)
    return ManifestCells(heading, tuple(rows), tuple(numbers), tuple(problems), cells.notes)


def _with_point(cell: str) -> str:
    return cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell


def parquet() -> Any:
    """The library that reads and writes Parquet.

    Raises:
        InputError: it is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError:
        raise InputError(
            "Parquet needs pyarrow, which is not installed: pip install 'simgait[cohort]'."
        ) from None
    return pyarrow.parquet


def _of_parquet(path: Path) -> ManifestCells:
    library = parquet()
    if not path.is_file():
        raise InputError(f"{path.name}: there is no such file; check the path.")
    try:
        table = library.read_table(path)
    except Exception as error:  # noqa: BLE001 - pyarrow's errors have no common class
        raise InputError(
            f"{path.name}: cannot be read as Parquet ({type(error).__name__}); write it again."
        ) from None
    columns = [[_text(value) for value in column.to_pylist()] for column in table.columns]
    rows = tuple(zip(*columns, strict=True))
    numbers = tuple(range(2, len(rows) + 2))
    return ManifestCells(tuple(map(str, table.column_names)), rows, numbers)


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
