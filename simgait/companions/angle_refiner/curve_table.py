"""A table of curves as a file: text in columns, numbers where a column is asked for them."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.text_files import read_outside_text, table_text


@dataclass(frozen=True)
class CurveTable:
    """Cells of a CSV file, by column.

    Attributes:
        file: its name, for sentences.
        columns: name -> cells, as many in each.
        notes: on how the file was read, where it is not as most are.
    """

    file: str
    columns: Mapping[str, Sequence[str]]
    notes: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """Rows below the heading."""
        return len(next(iter(self.columns.values())))

    def text(self, column: str) -> Sequence[str]:
        """Cells of one column."""
        return self.columns[column]

    def numbers(self, column: str) -> Float[np.ndarray, " N"]:
        """Values of one column; NaN where a cell is empty.

        Raises:
            InputError: a cell is no number.
        """
        return np.array([self._number(column, row) for row in range(len(self.columns[column]))])

    def _number(self, column: str, row: int) -> float:
        cell = self.columns[column][row]
        try:
            value = float(cell) if cell else math.nan
        except ValueError:
            value = math.inf
        if math.isinf(value):
            raise InputError(
                f"{self.file}: row {row + 1}, column {column}: '{cell}' is no number; give one "
                "with a point, or leave the cell empty."
            )
        return value


def read_curve_table(path: Path) -> CurveTable:
    """Reads a CSV file whose first line names the columns.

    Raises:
        InputError: no text, nothing in it, a column named twice, or a row with other cells than
            that.
    """
    read = read_outside_text(path)
    table = table_text(read.text)
    lines = csv.reader(io.StringIO(table.text, newline=""), delimiter=table.delimiter)
    try:
        rows = [[cell.strip() for cell in line] for line in lines if any(map(str.strip, line))]
    except csv.Error as error:
        raise InputError(
            f"{path.name}: cannot be read as CSV ({error}); export it again."
        ) from None
    if not rows:
        raise InputError(f"{path.name}: is empty; give a heading and a row for each point.")
    header = rows[0]
    if len(set(header)) < len(header):
        raise InputError(f"{path.name}: two columns have one name; rename one.")
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(header):
            raise InputError(
                f"{path.name}: row {number} has {len(row)} cells and the heading {len(header)}; "
                "export it again."
            )
    return CurveTable(
        path.name,
        {name: [row[k] for row in rows[1:]] for k, name in enumerate(header)},
        tuple(f"{path.name}: {note}" for note in (read.note, table.note) if note),
    )
