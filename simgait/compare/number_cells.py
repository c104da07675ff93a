"""Cells of a column as numbers: missing values, codes for them, and decimal commas."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.parameters.wording import counted
from simgait.text_files import MISSING_WORDS

CODE_BEYOND = 2.0
"""A code for missing values lies this many times farther from zero than any value of its column."""
_CODE = re.compile(r"[+-]?9{2,}(?:[.,]0+)?")
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
# 1,234 is one and a bit where people write decimal commas, and over a thousand where they do not.
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


@dataclass(frozen=True)
class NumberCells:
    """Values of one column, NaN where missing; `notes` say what was read in another way."""

    values: Float[np.ndarray, " N"]
    notes: tuple[str, ...]


def read_numbers(
    cells: Sequence[str], name: str, where: Callable[[int], str], *, commas: Callable[[], bool]
) -> NumberCells:
    """Numbers of a column.

    Args:
        cells: text of each row.
        name: what notes call the column.
        where: row -> "FILE: line 3, column X", for sentences.
        commas: whether the table has decimal commas, asked only where the column leaves it open.

    Raises:
        InputError: a cell is neither a number nor says that it is missing.
    """
    values = np.full(len(cells), np.nan)
    with_comma: list[int] = []
    codes = np.zeros(len(cells), dtype=bool)
    for row, cell in enumerate(cells):
        try:
            values[row] = float(cell)
        except ValueError:
            if cell.lower() in MISSING_WORDS:
                continue
            if not _COMMA.fullmatch(cell):
                raise _no_number(where(row), cell) from None
            values[row] = float(cell.replace(",", "."))
            with_comma.append(row)
        if math.isinf(values[row]) or "_" in cell:
            raise _no_number(where(row), cell)
        codes[row] = "99" in cell and _CODE.fullmatch(cell) is not None
    notes = _comma_note(cells, with_comma, name, where, commas)
    return NumberCells(*_without_codes(values, codes, cells, name, notes))


def is_decimal_comma(cell: str) -> bool:
    """Whether a cell is a number with a comma that cannot separate thousands."""
    return bool(_COMMA.fullmatch(cell)) and not _THOUSANDS.fullmatch(cell)


def _no_number(where: str, cell: str) -> InputError:
    return InputError(
        f"{where} holds '{cell[:40]}', which is not a number; give one, or leave the cell empty."
    )


def _comma_note(
    cells: Sequence[str],
    with_comma: Sequence[int],
    name: str,
    where: Callable[[int], str],
    commas: Callable[[], bool],
) -> list[str]:
    """The note on decimal commas; raises InputError where a comma could be another thing."""
    if not with_comma:
        return []
    first = with_comma[0]
    point = next((row for row, cell in enumerate(cells) if "." in cell.strip(".")), None)
    if point is not None:
        raise InputError(
            f"{where(first)} holds '{cells[first]}' and another row '{cells[point]}': commas and "
            "points in one column; write all decimals with a point."
        )
    if not any(is_decimal_comma(cells[row]) for row in with_comma) and not commas():
        raise InputError(
            f"{where(first)} holds '{cells[first]}', which may be a decimal or over a thousand; "
            "write decimals with a point."
        )
    return [f"decimal commas in {name} were read as points."]


def _without_codes(
    values: Float[np.ndarray, " N"],
    codes: Bool[np.ndarray, " N"],
    cells: Sequence[str],
    name: str,
    notes: list[str],
) -> tuple[Float[np.ndarray, " N"], tuple[str, ...]]:
    """Values of nines alone (-999, 9999), far from all others, are codes for missing values."""
    others = np.abs(values[~codes & np.isfinite(values)])
    if not codes.any() or not len(others):
        return values, tuple(notes)
    found = codes & (np.abs(values) > CODE_BEYOND * others.max())
    counts = Counter(cells[int(row)] for row in np.flatnonzero(found))
    for code, rows in counts.items():
        notes.append(
            f"{code} in {name} ({counted(rows, 'row')}) was taken for a code for missing values."
        )
    return np.where(found, np.nan, values), tuple(notes)
