"""The walks of one visit of one person, read from a folder of results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from simgait.cohort.inputs import RESULT_MARK
from simgait.cohort.walk_record import WalkRecord, finished_walks
from simgait.compare.csv_tables import CsvTable, read_csv
from simgait.compare.visit_walks import Curves, Pooled, VisitWalks, WalkNumbers
from simgait.errors import InputError
from simgait.parameters.parameter import interval_columns
from simgait.report.trial.tables import MEAN_CURVES, PARAMETERS
from simgait.text_files import read_facts

CURVE_POINTS = 101


def read_visit(folder: Path, person: str | None = None) -> VisitWalks:
    """The walks of a folder that `simgait track` wrote.

    Args:
        folder: of the results.
        person: code of whose walks are meant; None where the folder holds one person's.

    Raises:
        InputError: it is no such folder, holds no walk of that person, walks of several people, of
            several policies, or a table in it is damaged.
    """
    records = finished_walks(folder)
    if not records:
        raise InputError(
            f"{folder.name}: holds no walk that simgait track has finished; name a folder of "
            "results."
        )
    records = list(_of_person(records, folder, person))
    shared = {name: _shared(records, name, folder) for name in ("policy_sha256", "code_sha256")}
    heights = {float(r.row["height_m"]) for r in records if r.row["height_m"]}
    dates = {record.row["recorded_on"] for record in records}
    return VisitWalks(
        folder.name,
        records[0].row["subject"],
        dates.pop() if len(dates) == 1 else "",
        frozenset(record.sha256 for record in records),
        **shared,
        height_m=heights.pop() if len(heights) == 1 else math.nan,
        walks=tuple(_walk(folder / record.folder) for record in records),
    )


def _of_person(
    records: Sequence[WalkRecord], folder: Path, person: str | None
) -> Iterator[WalkRecord]:
    """The records of one person.

    Raises:
        InputError: there are none, or it is not said whose are meant.
    """
    people = sorted({record.row["subject"] for record in records})
    if person is None and len(people) > 1:
        names = ", ".join(name or "one whom nobody named" for name in people[:5])
        raise InputError(
            f"{folder.name}: holds walks of {len(people)} people ({names}); say whose with "
            "--person."
        )
    if person is not None and person not in people:
        raise InputError(
            f"{folder.name}: holds no walk of {person}; it has "
            f"{', '.join(filter(None, people)) or 'walks without a code'}."
        )
    yield from (r for r in records if person is None or r.row["subject"] == person)


def _shared(records: Sequence[WalkRecord], name: str, folder: Path) -> str:
    values = {str(record.request.get(name, "")) for record in records}
    if len(values) > 1:
        raise InputError(
            f"{folder.name}: its walks were tracked by several policies or versions of simgait; "
            "track them again into one folder."
        )
    return values.pop()


def _walk(folder: Path) -> WalkNumbers:
    where = f"{folder.name}/{PARAMETERS}"
    table = _table(folder / PARAMETERS, where)
    ends = [table.numbers(name).values for name in ("mean", *interval_columns("mean"))]
    means, lows, highs = ends
    keys, pools, levels = (table.text(name) for name in ("parameter", "side", "level"))
    numbers: dict[Pooled, tuple[float, float]] = {}
    denied = set()
    for row, (key, pool, level) in enumerate(zip(keys, pools, levels, strict=True)):
        if level == "do_not_use":
            denied.add((key, pool))
        elif np.isfinite(means[row]):
            numbers[key, pool] = float(means[row]), float(0.5 * (highs[row] - lows[row]))
    return WalkNumbers(folder.name, numbers, frozenset(denied), _curves(folder))


def _table(path: Path, where: str) -> CsvTable:
    if not path.is_file():
        raise InputError(f"{where}: is not there; track the walk again.")
    return read_csv(path, where)


def _curves(folder: Path) -> Curves:
    where = f"{folder.name}/{MEAN_CURVES}"
    table = _table(folder / MEAN_CURVES, where)
    low, high = interval_columns("mean_deg")
    means, lows, highs = (table.numbers(name).values for name in ("mean_deg", low, high))
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(table.text("curve")):
        rows.setdefault(name, []).append(row)
    short = next((name for name, own in rows.items() if len(own) != CURVE_POINTS), None)
    if short is not None:
        raise InputError(
            f"{where}: {short} has {len(rows[short])} of {CURVE_POINTS} points; track the walk "
            "again."
        )
    lost = _denied_curves(folder)
    return {
        name: (means[own], float(0.5 * (highs[own[0]] - lows[own[0]])))
        for name, own in rows.items()
        if name not in lost
    }


def _denied_curves(folder: Path) -> set[str]:
    """Names of the curves that the walk's verdict takes away, without their unit."""
    facts = read_facts(folder / RESULT_MARK, f"{folder.name}/{RESULT_MARK}")
    try:
        levels = {name: str(one["level"]) for name, one in facts["verdict"]["numbers"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{folder.name}: its {RESULT_MARK} has no verdict; track the walk again."
        ) from error
    return {name.removesuffix("_deg") for name, level in levels.items() if level == "do_not_use"}
