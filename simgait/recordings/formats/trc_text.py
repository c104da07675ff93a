"""The text of a TRC file, as its many writers lay it out: header, names, and rows of numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.text_files import MISSING_WORDS

_NAMES = re.compile(r"\s*\"?frame\s*#?\"?\s*?([\t,; ])", re.IGNORECASE)
_HEADER_LINES = 20
"""The names stand in line 4; some programs put comments above."""
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class TrcText:
    """What stands in a TRC file.

    Attributes:
        header: field in lower case ("datarate") -> its text.
        names: of the columns of points, "" where one has none.
        time_s: as the column says, NaN where it is no number.
        points: (T, K, 3), NaN where a cell is empty.
        notes: one sentence each, on what was read otherwise than it stands.
    """

    header: dict[str, str]
    names: tuple[str, ...]
    time_s: Float[np.ndarray, " T"]
    points: Float[np.ndarray, "T K 3"]
    notes: tuple[str, ...]


def parse_trc_text(text: str, where: str) -> TrcText:
    """Header, names and numbers of a TRC file.

    Tabs, commas, semicolons or blanks may stand between the values, several tabs for one in the
    header, and decimals may be written with a comma.

    Raises:
        InputError: it is no TRC file, or a row does not fit the names or holds no numbers.
    """
    lines = text.splitlines()
    at, separator = _names_line(lines, where)
    lines, tab_notes = _with_single_tabs(lines, at, separator)
    header = _header(lines[:at], separator)
    names = _names(lines[at], separator, where)
    axes_line = lines[at + 1] if at + 1 < len(lines) else ""
    count = max(len(names), _axes_count(axes_line))
    names += [""] * (count - len(names))
    first = at + 1 + (0 if _is_row(axes_line, separator) else 1)
    rows = [(i, line) for i, line in enumerate(lines[first:], first + 1) if line.strip()]
    table, notes = _Rows(2 + 3 * count, separator, where).read(rows)
    points = table[:, 2:].reshape(len(table), count, 3)
    return TrcText(header, tuple(names), table[:, 1], points, (*tab_notes, *notes))


def broken(where: str, what: str) -> InputError:
    """The sentence on a file that cannot be used as it is."""
    return InputError(f"{where}: not a complete TRC file ({what}); export it again.")


def _names_line(lines: Sequence[str], where: str) -> tuple[int, str]:
    """Where the line with the names stands, and what stands between its cells."""
    if not any("pathfiletype" in line.lower() for line in lines[:_HEADER_LINES]):
        raise broken(where, "no PathFileType header")
    for at, line in enumerate(lines[:_HEADER_LINES]):
        found = _NAMES.match(line)
        if found and at >= 2:
            return at, "\t" if "\t" in line else found[1]
    raise broken(where, "no line that begins with Frame# and names the markers")


def _with_single_tabs(
    lines: Sequence[str], at: int, separator: str
) -> tuple[list[str], tuple[str, ...]]:
    """The lines with one tab where names, axes and rows have as many between all of their columns.

    Between cells that nobody filled in there are several tabs as well, but no row has every second
    cell empty from its time on.
    """
    below = [line for line in lines[at + 1 :] if line.strip()]
    if separator != "\t" or not below:
        return list(lines), ()
    has_axes = not _is_row(_joined(below[0], _tabs(below[:1])), separator)
    tabs = _tabs(below[has_axes:])
    if tabs == 1:
        return list(lines), ()
    single = [*lines[:at], _joined(lines[at], _tabs([lines[at]]))]
    for line in lines[at + 1 :]:
        is_axes = has_axes and line is below[0]
        single.append(_joined(line, _tabs([line]) if is_axes else tabs))
    return single, (f"{tabs} tabs between the columns were read as one.",)


def _tabs(lines: Sequence[str]) -> int:
    """How many tabs lead from each filled column to the next, in all lines."""
    places = [i for line in lines for i, cell in enumerate(line.split("\t")) if cell.strip()]
    return math.gcd(*places) or 1


def _joined(line: str, tabs: int) -> str:
    return "\t".join(line.split("\t")[::tabs])


def _header(lines: Sequence[str], separator: str) -> dict[str, str]:
    """The fields that one line names and the next one holds."""
    at = next((i for i, line in enumerate(lines[1:], 1) if "rate" in line.lower()), len(lines))
    if at + 1 >= len(lines):
        return {}
    keys, values = (_cells(line, separator) for line in lines[at : at + 2])
    if len(keys) < 3:
        keys, values = (_cells(line, " ") for line in lines[at : at + 2])
    said = [[cell for cell in cells if cell] for cells in (keys, values)]
    # Several tabs for one leave empty cells between; a field without a value does so too, but
    # then the two lines have different numbers of words.
    if len(said[0]) == len(said[1]):
        keys, values = said
    return {key.lower(): value for key, value in zip(keys, values, strict=False) if key}


def _cells(line: str, separator: str) -> list[str]:
    parts = _BLANKS.split(line.strip()) if separator == " " else line.split(separator)
    return [part.strip().strip('"').strip() for part in parts]


def _names(line: str, separator: str, where: str) -> list[str]:
    cells = _cells(line, separator)
    named = [(i, cell) for i, cell in enumerate(cells[2:]) if cell]
    if not named:
        raise broken(where, "no marker is named")
    # In the layout of the format each name is followed by two empty cells, so that a name's place
    # says whose column it is even where another column has no name.
    if len(named) == 1 or all(i % 3 == 0 for i, _ in named):
        names = [""] * (named[-1][0] // 3 + 1)
        for i, cell in named:
            names[i // 3] = cell
        return names
    return [cell for _, cell in named]


def _axes_count(line: str) -> int:
    """How many points "X1 Y1 Z1 X2 ..." names; 0 where the line is another."""
    numbers = re.findall(r"\b[XYZ](\d{1,7})\b", line, re.IGNORECASE)
    return max(map(int, numbers), default=0)


def _is_row(line: str, separator: str) -> bool:
    """Whether a line begins with two numbers."""
    cells = _cells(line, separator)[:2]
    try:
        return len(cells) == 2 and all(math.isfinite(float(c.replace(",", "."))) for c in cells)
    except ValueError:
        return False


@dataclass(frozen=True)
class _Rows:
    """Reads the rows of numbers: `width` cells, `separator` between them."""

    width: int
    separator: str
    where: str

    def read(
        self, rows: Sequence[tuple[int, str]]
    ) -> tuple[Float[np.ndarray, "T N"], tuple[str, ...]]:
        """Every row, NaN where a cell is missing; and notes."""
        notes = []
        comma = self.separator != "," and any("," in line for _, line in rows)
        if comma:
            notes.append("decimal commas were read as points.")
        table = np.full((len(rows), self.width), np.nan)
        full = False
        for place, (number, line) in enumerate(rows):
            cells = self._fitted(line.replace(",", ".") if comma else line, number)
            if len(cells) < self.width and full and place == len(rows) - 1:
                notes.append(f"line {number}, the last one, is cut off and was left out.")
                table = table[:-1]
                break
            if (self.width - len(cells)) % 3:
                raise self._unfitting(number, len(cells))
            full = full or len(cells) == self.width
            table[place, 1 : len(cells)] = self._numbers(cells[1:], number)
        return table, tuple(notes)

    def _fitted(self, line: str, number: int) -> list[str]:
        """The cells of a row, none of them beyond the width."""
        cells = line.split() if self.separator == " " else line.split(self.separator)
        if len(cells) > self.width and any(cell.strip() for cell in cells[self.width :]):
            said = [cell for cell in cells if cell.strip()]
            if len(said) != self.width:
                raise self._unfitting(number, len(cells))
            return said
        if self.separator == " " and len(cells) < self.width:
            raise InputError(
                f"{self.where}: line {number} has {len(cells)} of {self.width} values, and with "
                "blanks between them nobody can tell which are missing; export it with tabs."
            )
        return cells[: self.width]

    def _unfitting(self, number: int, found: int) -> InputError:
        """The sentence on a row of another length.

        A row may lack whole points at its end, whose empty cells a program left out; of any other
        one nobody can tell from where on it is shifted.
        """
        return InputError(
            f"{self.where}: line {number} has {found} values where the names say {self.width}, so "
            "that nobody can tell which point is which from there on; mend that line, or export "
            "the file again."
        )

    def _numbers(self, cells: Sequence[str], number: int) -> list[float]:
        return [self._number(cell, number) for cell in cells]

    def _number(self, cell: str, line: int) -> float:
        try:
            # Python reads 1_0 as 10; nobody writes so.
            value = float(cell) if "_" not in cell else math.inf
        except ValueError:
            value = math.nan if cell.strip().lower() in MISSING_WORDS else math.inf
        if math.isinf(value):
            shown = cell.strip()[:20]
            raise broken(self.where, f"line {line} holds {shown!r}, which is no number")
        return value
