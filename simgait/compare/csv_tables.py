"""A table of numbers per walk as anyone may export it: CSV with a heading."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from simgait.compare.number_cells import NumberCells, is_decimal_comma, read_numbers
from simgait.errors import InputError
from simgait.parameters.wording import counted
from simgait.text_files import OutsideText, decoded, outside_bytes, table_text

# First bytes of .xlsx (a zip archive) and of the older .xls.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class CsvTable:
    """Cells as text, each stripped.

    Attributes:
        file: name without folder, for sentences.
        columns: heading; rows: one tuple of cells per line; lines: where each row stands.
        delimiter: what parts the cells.
        notes: on how the file was read, where it is not as most are.
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    delimiter: str = ","
    notes: tuple[str, ...] = ()

    def named(self, names: Iterable[str]) -> str | None:
        """The first of these columns that it has, capitals or not; None where it has none."""
        own = {column.lower(): column for column in reversed(self.columns)}
        found = (name if name in self.columns else own.get(name.lower()) for name in names)
        return next((name for name in found if name is not None), None)

    def text(self, column: str) -> list[str]:
        """Cells of one column."""
        place = self.columns.index(column)
        # simgait's own tables put a quote before what a spreadsheet would run.
        return [
            cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "@", "-") else cell
            for cell in (row[place] for row in self.rows)
        ]

    def numbers(self, column: str) -> NumberCells:
        """Values of one column; NaN where the cell is empty or says that it is missing.

        Raises:
            InputError: a cell is neither; names file, line and column.
        """
        return read_numbers(
            self.text(column),
            f"{column} of {self.file}",
            lambda row: f"{self.file}: line {self.lines[row]}, column {column}",
            commas=lambda: self.has_decimal_commas,
        )

    @cached_property
    def has_decimal_commas(self) -> bool:
        """Whether numbers of this table have commas for points, as where semicolons part cells."""
        return self.delimiter == ";" or any(
            "," in cell and is_decimal_comma(cell) for row in self.rows for cell in row
        )


def read_csv(
    path: Path, shown: str | None = None, per: str = "walk", *, may_be_empty: bool = False
) -> CsvTable:
    """Read a table; what parts its cells is told by `text_files.table_text`.

    Args:
        path: of the file.
        shown: what sentences call it; its name without folder where None.
        per: what a row of it is of.
        may_be_empty: a heading without rows is a table, too.

    Raises:
        InputError: no such file, not text, no heading, two columns of one name, a line with more
            or fewer cells than the heading, no rows unless it may be empty.
    """
    return _checked(shown or Path(path).name, read_cells(path), per, may_be_empty)


@dataclass(frozen=True)
class Cells:
    """Cells of every line that is not blank, stripped, and the lines' numbers; see `CsvTable`."""

    rows: list[tuple[str, ...]]
    lines: list[int]
    delimiter: str
    notes: tuple[str, ...]


def read_cells(path: Path) -> Cells:
    """The cells of a text file.

    Raises:
        InputError: no such file, or not text.
    """
    path = Path(path)
    read = _read_text(path)
    table = table_text(read.text)
    reader = csv.reader(io.StringIO(table.text, newline=""), delimiter=table.delimiter)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(tuple(cell.strip() for cell in cells))
                lines.append(reader.line_num)
    except csv.Error as error:
        raise InputError(
            f"{path.name}: line {reader.line_num} cannot be read as CSV ({error}); export it again."
        ) from None
    notes = tuple(note for note in (read.note, table.note) if note)
    return Cells(rows, lines, table.delimiter, notes)


def _read_text(path: Path) -> OutsideText:
    content = outside_bytes(path)
    if content.startswith(WORKBOOKS):
        raise InputError(
            f"{path.name}: is a workbook of a spreadsheet program, not text; open it there and "
            "save the table as CSV (UTF-8)."
        )
    return decoded(content, path.name)


def _checked(file: str, cells: Cells, per: str, may_be_empty: bool) -> CsvTable:
    rows, lines = cells.rows, cells.lines
    if not rows:
        raise InputError(f"{file}: is empty; give a heading and one row per {per}.")
    columns = rows[0]
    if len(rows) > 1 and sum(map(bool, columns)) == 1 < sum(map(bool, rows[1])):
        raise InputError(
            f"{file}: line {lines[0]} should name the columns, but has one cell; take out what "
            "stands above the heading."
        )
    twice = [name for name, count in Counter(columns).items() if count > 1 and name]
    if twice:
        raise InputError(f"{file}: has two columns named {twice[0]}; rename or drop one.")
    if len(rows) == 1 and not may_be_empty:
        raise InputError(f"{file}: has a heading but no rows; give one row per {per}.")
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(columns):
            advice = ", and write decimals with a point" if len(row) > len(columns) else ""
            raise InputError(
                f"{file}: line {line} has {counted(len(row), 'cell')}, but the heading (line "
                f"{lines[0]}) has {len(columns)}; mend that line{advice}."
            )
    notes = tuple(f"{file}: {note}" for note in cells.notes)
    return CsvTable(file, columns, tuple(rows[1:]), tuple(lines[1:]), cells.delimiter, notes)
