"""What got worse since an earlier scorecard: the rows that both have, was and is."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from simgait.errors import InputError
from simgait.text_files import parse_json, read_outside_text

ROW_HEAD = ("what", "value", "unit", "bar", "met", "n")
"""Of the tables of rows on the scorecard's page."""
MARGIN = 0.1
"""An error may grow by as much of itself before it counts: a tenth, as a release is asked for."""
LEAST_BIAS = {"m/s": 0.005, "ms": 1.25, "% of cycle": 0.25, "°": 0.75, "cm": 0.4}
LEAST_FROM_ONE = 0.0125
"""By unit: a fourth of what bars allow a bias (0.02 m/s, 5 ms, 1 % of the cycle, 3°, 1.5 cm), and
a slope (0.95 to 1.05). What is nearer to none than this is noise, however much it grew."""
_BIAS = re.compile(r"\bbias\b")
_NO_ERROR = ("that a perfect estimate would reach", "too near the ends to count")
"""Rows that tell of the truth or of the recordings, not of an estimate."""


@dataclass(frozen=True)
class Told:
    """One row of a scorecard; `value` is NaN where nothing was measured."""

    name: str
    value: float
    unit: str


@runtime_checkable
class Rowed(Protocol):
    """What can be compared: rows of this run (`scorecard_rows.Row`) and of a file."""

    @property
    def name(self) -> str:
        """What was measured, of whom."""

    @property
    def value(self) -> float:
        """In `unit`; NaN where nothing was measured."""

    @property
    def unit(self) -> str:
        """Of the value."""


@dataclass(frozen=True)
class Worse:
    """A row whose error grew, in its unit; `now` is NaN where it is measured no more."""

    name: str
    unit: str
    was: float
    now: float


@dataclass(frozen=True)
class Since:
    """Two scorecards beside each other.

    Attributes:
        worse: rows of both whose error grew, in the order of the later one.
        n_compared: rows of both that tell an error.
        gone: names of the earlier one's errors that the later one lacks.
    """

    worse: tuple[Worse, ...]
    n_compared: int
    gone: tuple[str, ...]


def error_of(row: Rowed) -> float | None:
    """How wrong a row's value is: its size, of a slope its distance from 1, in its unit.

    None of what tells no error: times and speeds of a machine, and numbers of the truth.
    """
    if row.unit == "s" or "(at least)" in row.unit or any(part in row.name for part in _NO_ERROR):
        return None
    return abs(row.value - 1.0) if _is_slope(row) else abs(row.value)


def since(before: Sequence[Rowed], now: Sequence[Rowed]) -> Since:
    """What of an earlier scorecard got worse by more than `MARGIN`.

    A bias or a slope that is nearer to none than the floors above is left out. What was measured
    and is no more counts as worse: it must not pass by being absent.
    """
    earlier = {(row.name, row.unit): row for row in before if _measured(row)}
    later = {(row.name, row.unit): row for row in now if error_of(row) is not None}
    both = [(earlier[key], row) for key, row in later.items() if key in earlier]
    worse = tuple(
        Worse(row.name, row.unit, old.value, row.value) for old, row in both if _grew(old, row)
    )
    gone = tuple(row.name for key, row in earlier.items() if key not in later)
    return Since(worse, len(both), gone)


def _is_slope(row: Rowed) -> bool:
    return row.unit == "1" and "slope" in row.name


def _measured(row: Rowed) -> bool:
    error = error_of(row)
    return error is not None and math.isfinite(error)


def _grew(old: Rowed, row: Rowed) -> bool:
    was, now = error_of(old), error_of(row)
    if was is None or now is None or math.isnan(now):
        return True
    least = LEAST_BIAS.get(row.unit, 0.0) if _BIAS.search(row.name) else 0.0
    if _is_slope(row):
        least = LEAST_FROM_ONE
    return now >= least and now > (1.0 + MARGIN) * was


def since_text(compared: Since, earlier: str) -> str:
    """The rows that got worse as aligned plain text; what was compared, and what was not, below.

    Args:
        compared: see `since`.
        earlier: what the earlier scorecard is called.
    """
    cells = [["what", "was", "is", "unit"]]
    cells += [[row.name, _number(row.was), _number(row.now), row.unit] for row in compared.worse]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    lines = lines if compared.worse else []
    lines.append(
        f"Since {earlier}: {len(compared.worse)} of {compared.n_compared} rows that both have are "
        "worse by more than a tenth (times and near-zero biases left out)."
    )
    if compared.gone:
        lines.append(f"{earlier} has, and this one has not: {'; '.join(compared.gone)}.")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else "-"


def read_rows(path: Path) -> list[Told]:
    """Rows of a scorecard, as its page or as what --json wrote.

    Raises:
        InputError: no such file, no text, or no scorecard.
    """
    text = read_outside_text(path).text
    looks_like_json = text.lstrip().startswith(("[", "{"))
    rows = _of_json(parse_json(text, path.name)) if looks_like_json else _of_page(text)
    if not rows:
        raise InputError(
            f"{path.name}: is no scorecard; give the page that simgait scorecard --write-docs "
            "wrote, or the rows that --json wrote."
        )
    return rows


def _of_json(content: Any) -> list[Told]:  # noqa: ANN401 - whatever JSON holds
    """Rows of a list of rows; none where it is anything else."""
    if not isinstance(content, list):
        return []
    rows = []
    for one in content:
        if not isinstance(one, dict) or not {"name", "value", "unit"} <= set(one):
            return []
        value = one["value"]
        known = isinstance(value, int | float) and not isinstance(value, bool)
        if not (known or value is None):
            return []
        if not one.get("not_asked"):
            told = float(value) if known else math.nan
            rows.append(Told(str(one["name"]), told, str(one["unit"])))
    return rows


def _of_page(text: str) -> list[Told]:
    """Rows of those tables of a page that have the head of rows."""
    rows, within = [], False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            within = False
        elif tuple(cells) == ROW_HEAD:
            within = True
        elif within and len(cells) == len(ROW_HEAD) and set(line) - set("|-: "):
            rows += _of_cells(cells)
    return rows


def _of_cells(cells: Sequence[str]) -> list[Told]:
    """One row of a page; none of what was not asked."""
    name, value, unit = cells[:3]
    if value == "-":
        return [Told(name, math.nan, unit)]
    try:
        return [Told(name, float(value), unit)]
    except ValueError:
        return []
