"""Healthy people's strides from files, and the reference that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.cohort.stride_tables import StrideTable, read_strides, scored_files
from simgait.compare.csv_tables import read_cells
from simgait.errors import InputError
from simgait.gait.score_reference import build_reference
from simgait.gait.scores import SCORE_POINTS, SCORED_ANGLES, ScoreReference
from simgait.report.trial.tables import SCORED_CURVES

VECTOR_ROWS = len(SCORED_ANGLES) * SCORE_POINTS


@dataclass(frozen=True)
class People:
    """Strides of named people.

    Attributes:
        curves_deg: of every stride.
        people, sides: of each.
        notes: on what was left out.
        pipeline: what made the angles; "" where the files do not say.
    """

    curves_deg: Float[np.ndarray, "S 9 51"]
    people: tuple[str, ...]
    sides: tuple[str, ...]
    notes: tuple[str, ...]
    pipeline: str


def healthy_people(paths: Sequence[Path]) -> People:
    """The strides of all files and folders of results together.

    Raises:
        InputError: files cannot be read, lack angles or do not say whose strides they are, all of
            them named; or one was made otherwise than another.
    """
    files = [file for path in paths for file in scored_files(path)]
    _refuse_twice(files)
    tables = _usable_tables(files)
    for table in tables:
        if table.pipeline != tables[0].pipeline:
            raise InputError(
                f"{table.source}: its angles were made by {table.pipeline or 'something else'}, "
                f"those of {tables[0].source} by {tables[0].pipeline or 'something else'}; make a "
                "reference of each."
            )
    return People(
        np.concatenate([table.curves_deg for table in tables]),
        tuple(person for table in tables for person in table.people),
        tuple(side for table in tables for side in table.sides),
        tuple(note for table in tables for note in table.notes),
        tables[0].pipeline,
    )


def _refuse_twice(files: Sequence[Path]) -> None:
    """Raises InputError where a file is named twice, itself or in a folder."""
    seen: set[Path] = set()
    for file in files:
        if file.resolve() in seen:
            name = file.parent.name if file.name == SCORED_CURVES else file.name
            raise InputError(f"{name}: is given twice; name it once.")
        seen.add(file.resolve())


def _usable_tables(files: Sequence[Path]) -> list[StrideTable]:
    """The strides of each file.

    Raises:
        InputError: what stands against each that cannot be used.
    """
    tables, refused = [], []
    for file in files:
        try:
            tables.append(table := read_strides(file))
            _refuse_unusable(table)
        except InputError as error:
            refused.append(str(error))
    if refused:
        raise InputError("\n".join(refused))
    return tables


def _refuse_unusable(table: StrideTable) -> None:
    if not table.is_whole:
        raise InputError(
            f"{table.source}: holds the sagittal angles only; a reference needs all nine."
        )
    doubtful = [side for side, own in table.judged.items() if own.level == "do_not_use"]
    if doubtful:
        reasons = " ".join(dict.fromkeys(r for s in doubtful for r in table.judged[s].reasons))
        raise InputError(
            f"{table.source}: the walk's own report says not to use its scores; leave this walk "
            f"out{f' ({reasons})' if reasons else ''}."
        )
    if not all(table.people):
        raise InputError(
            f"{table.source}: does not say whose strides they are; add a column person, so that "
            "nobody counts twice."
        )


def reference_of_people(
    people: People, other: ScoreReference, name: str, pipeline: str
) -> ScoreReference:
    """The reference of these people.

    Args:
        people: healthy ones.
        other: reference whose gait features are taken. Features are directions in which walks
            differ, so that angles with other offsets may share them; those of healthy people's own
            strides would not see what patients do.
        name: that every score carries.
        pipeline: what made the angles.

    Raises:
        InputError: fewer than ten people, or one without both sides.
    """
    count = len(set(people.people))
    return build_reference(
        people.curves_deg,
        people.people,
        people.sides,
        other.features,
        name=name,
        origin=f"{count} people, {len(people.curves_deg)} strides; gait features, the directions "
        f"in which healthy and impaired walks differ, are those of the reference {other.name}.",
        pipeline=pipeline,
    )


def published_table(path: Path) -> Float[np.ndarray, "459 N"]:
    """A table of numbers without a heading, a row for each angle and point.

    Raises:
        InputError: it cannot be read, or has another number of rows.
    """
    cells = read_cells(path)
    try:
        table = np.array([[float(cell) for cell in row] for row in cells.rows])
    except ValueError:
        raise InputError(
            f"{path.name}: is no table of numbers alone; save the sheet without headings."
        ) from None
    if table.ndim != 2 or len(table) != VECTOR_ROWS:
        raise InputError(
            f"{path.name}: {len(cells.rows)} rows, where {VECTOR_ROWS} are expected (nine angles "
            "of 51 points); save the sheet without headings."
        )
    return table
