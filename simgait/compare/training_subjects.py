"""Whom a tracker was trained on: people who must not be among those it is tested on."""

from __future__ import annotations

from pathlib import Path

from simgait.agreement import refuse_shared_subjects
from simgait.compare.csv_tables import read_cells
from simgait.compare.tables import SUBJECT_COLUMNS, MatchedTables
from simgait.errors import InputError
from simgait.plain_text import SOME, listed


def training_subjects(file: Path, subject_column: str | None = None) -> frozenset[str]:
    """Subject ids of a list (one a line), or of a table's subject column.

    Args:
        file: text or CSV.
        subject_column: its name; by default subject_id, or subject.

    Raises:
        InputError: the file cannot be read, names nobody, or has no subject column.
    """
    read = read_cells(file)
    rows, lines = read.rows, read.lines
    known = (*((subject_column,) if subject_column else ()), *SUBJECT_COLUMNS)
    heading = rows[0] if rows else ()
    lower = [cell.lower() for cell in heading]
    column = next((lower.index(name.lower()) for name in known if name.lower() in lower), None)
    if column is None and any(len(cells) > 1 for cells in rows):
        raise InputError(
            f"{file.name}: has no column {known[0]}; give one subject a line, or name yours with "
            f"--subject-column (its columns: {listed(heading, SOME)})."
        )
    ids = []
    for cells, line in list(zip(rows, lines, strict=True))[0 if column is None else 1 :]:
        place = column or 0
        if place >= len(cells) or not cells[place]:
            raise InputError(f"{file.name}: line {line} names no subject; fill it in.")
        ids.append(cells[place])
    if not ids:
        raise InputError(f"{file.name}: names no subject; give one a line.")
    return frozenset(ids)


def refuse_training_subjects(matched: MatchedTables, training: frozenset[str]) -> None:
    """Refuse tables with walks of people whom the tracker was trained on.

    Raises:
        InputError: names them; or neither table says whose walk is whose, or not of every walk.
    """
    if not matched.people_known:
        raise InputError(
            f"Neither {matched.truth_name} nor {matched.estimate_name} says whose walk is whose, "
            "so nobody can be held against --trained-on; add a column subject_id."
        )
    if matched.nameless:
        raise InputError(
            f"Neither {matched.truth_name} nor {matched.estimate_name} says whose walk "
            f"{listed(matched.nameless, SOME)} is, so it cannot be held against --trained-on; fill "
            "in the subject column of either table."
        )
    refuse_shared_subjects(training, matched.people)
