"""What the manifest's own columns say of a recording, and of the people of persons.parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simgait.cohort.study.columns import CODES, NUMBERS
from simgait.cohort.study.manifest import Line

Who = tuple[str, ...]
"""A row of persons.parquet: person, visit and condition."""


def who_of(codes: Mapping[str, Any]) -> Who:
    """The row of persons.parquet that a line, or a row of trials.parquet, belongs to."""
    return tuple(codes[code.name] or "" for code in CODES)


def own_cells(line: Line) -> dict[str, Any]:
    """Column -> what the line says, None where nothing."""
    return {
        name: line.facts.get(name) if name in NUMBERS else text or None
        for name, text in line.own.items()
    }


def varying_columns(own: Sequence[str], lines: Sequence[Line]) -> dict[str, str]:
    """Columns that say several things of one person in one visit and condition.

    A line that says nothing contradicts nobody.

    Args:
        own: columns of the manifest that are carried along.
        lines: of the manifest.

    Returns:
        column -> a sentence on the first place where it does.
    """
    first: dict[tuple[Who, str], Any] = {}
    found: dict[str, str] = {}
    for line in lines:
        who, cells = who_of(line.codes), own_cells(line)
        for name in own:
            if cells[name] is None or not line.person:
                continue
            if first.setdefault((who, name), cells[name]) != cells[name]:
                where = ", ".join(filter(None, who))
                found.setdefault(
                    name,
                    f"{name} is not the same in all lines of {where}: trials.parquet has it, "
                    "persons.parquet leaves it out.",
                )
    return found


def said_of(lines: Sequence[Line], columns: Sequence[str]) -> dict[str, Any]:
    """What lines of one row of persons.parquet say, of columns that do not vary."""
    found: dict[str, Any] = dict.fromkeys(columns)
    for line in lines:
        cells = own_cells(line)
        found |= {name: cells[name] for name in columns if cells[name] is not None}
    return found
