"""The tables of a study, made from its parts and its manifest."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simgait.cohort.inputs import RESULT_MARK
from simgait.cohort.study.columns import (
    CODES,
    DONE,
    OUTCOMES,
    TRIAL,
    TableColumn,
    averaged,
    study_columns,
)
from simgait.cohort.study.manifest import Line, Manifest
from simgait.cohort.study.manifest_cells import parquet
from simgait.cohort.study.own_columns import Who, own_cells, said_of, varying_columns, who_of
from simgait.cohort.study.parts import Parts, schema, table_of
from simgait.cohort.study.reading import walk_name
from simgait.cohort.study.rows import Result, TableRow
from simgait.files import csv_text, whole_file, write_text

REPORTS = "reports"
REPORT = "report.html"
DICTIONARY = "dictionary.csv"
NAN = float("nan")


@dataclass(frozen=True)
class StudyTables:
    """What was written.

    Attributes:
        outcomes: outcome -> recordings that ended so; all lines of the manifest.
        trials: rows of trials.parquet.
        varying: column of the manifest that persons.parquet has not -> why, a sentence.
    """

    outcomes: Mapping[str, int]
    trials: Sequence[TableRow]
    varying: Mapping[str, str]


def write_tables(
    out: Path, manifest: Manifest, parts: Parts, keys: Mapping[int, str], lost: Mapping[int, Result]
) -> StudyTables:
    """Writes trials, cycles, curves, persons and the dictionary.

    Args:
        out: folder of the study.
        manifest: of it.
        parts: what was tracked.
        keys: number of a line -> key of what was tracked of it.
        lost: number of a line -> what became of a recording of which `parts` have nothing.

    Raises:
        InputError: the folder cannot be written to.
    """
    varying = varying_columns(manifest.own, manifest.lines)
    of_people = [name for name in manifest.own if name not in varying]
    columns = study_columns(manifest.own, manifest.truth, of_people)
    whose = _whose(manifest, keys)
    trials = _trial_rows(out, manifest, parts, whose, lost)
    _write(out / "trials.parquet", columns["trials"], [table_of(columns["trials"], trials)])
    for name in ("cycles", "curves"):
        found = (
            _with_codes(table, lines, columns[name])
            for lines in whose
            for table in parts.tables(name, lines)
        )
        _write(out / f"{name}.parquet", columns[name], found)
    persons = list(person_rows(manifest, trials, of_people))
    _write(out / "persons.parquet", columns["persons"], [table_of(columns["persons"], persons)])
    with whole_file(out / DICTIONARY) as path:
        write_text(path, dictionary(columns))
    return StudyTables(outcomes_of(manifest, trials), trials, varying)


def _whose(manifest: Manifest, keys: Mapping[int, str]) -> list[dict[str, Line]]:
    """Key -> line; where several lines have one key, each further one in a further mapping."""
    found: list[dict[str, Line]] = [{}]
    for line in manifest.lines:
        key = keys.get(line.number)
        if key:
            free = next((one for one in found if key not in one), None)
            if free is None:
                found.append(free := {})
            free[key] = line
    return found


def _trial_rows(
    out: Path,
    manifest: Manifest,
    parts: Parts,
    whose: Sequence[Mapping[str, Line]],
    lost: Mapping[int, Result],
) -> list[TableRow]:
    """Rows of trials.parquet in the order of the manifest."""
    of_line: dict[int, list[TableRow]] = defaultdict(list)
    for lines in whose:
        for table in parts.tables("trials", lines):
            for row in table.to_pylist():
                of_line[lines[row["key"]].number].append(row)
    for number, result in lost.items():
        of_line.setdefault(number, result.tables["trials"])
    return [
        {**row, **_of_manifest(line), "report": _report(out, line, row)}
        for line in manifest.lines
        for row in sorted(of_line[line.number], key=lambda row: row.get("walk") or 0)
    ]


def _of_manifest(line: Line) -> TableRow:
    truth = {f"truth_{name}": value for name, value in line.truth.items()}
    return {**line.codes, **own_cells(line), **truth}


def _report(out: Path, line: Line, row: TableRow) -> str:
    """Page of a walk relative to the study's folder, "" where there is none of these numbers."""
    if not row.get("walk"):
        return ""
    name = walk_name(line.trial, row["walk"], row["walks"])
    return f"{REPORTS}/{name}/{REPORT}" if report_key(out / REPORTS / name) == row["key"] else ""


def report_key(folder: Path) -> str:
    """Key of the walk that a folder holds the report of; "" where it holds none."""
    try:
        text = (folder / RESULT_MARK).read_text(encoding="utf-8")
        found = json.loads(text).get("key", "")
    except (OSError, ValueError):
        return ""
    return str(found)


def _with_codes(table: Any, lines: Mapping[str, Line], columns: Sequence[TableColumn]) -> Any:
    """A part's table with the codes of the manifest in place of its keys."""
    import pyarrow as pa

    of_rows = [lines[key] for key in table["key"].to_pylist()]
    arrays = [
        pa.array([line.codes[column.name] or None for line in of_rows], pa.string())
        if column in (TRIAL, *CODES)
        else table[column.name]
        for column in columns
    ]
    return pa.table(arrays, schema=schema(columns))


def _write(path: Path, columns: Sequence[TableColumn], tables: Any) -> None:
    """Table after table into one file, which appears as a whole."""
    with whole_file(path) as part:
        writer = parquet().ParquetWriter(part, schema(columns), compression="zstd")
        with writer:
            for table in tables:
                writer.write_table(table)


def person_rows(
    manifest: Manifest, trials: Sequence[TableRow], of_people: Sequence[str] = ()
) -> Iterator[TableRow]:
    """A row for each person, visit and condition: means over the walks that show a number.

    Args:
        manifest: the lines.
        trials: rows of trials.parquet.
        of_people: columns of the manifest that say one thing of a row (`own_columns`).
    """
    walks: dict[Who, list[TableRow]] = defaultdict(list)
    for walk in trials:
        walks[who_of(walk)].append(walk)
    lines: dict[Who, list[Line]] = defaultdict(list)
    for line in manifest.lines:
        lines[who_of(line.codes)].append(line)
    for who, of_row in sorted(lines.items()):
        own = [one for one in walks[who] if one["outcome"] == DONE]
        row: TableRow = {
            **dict(zip((code.name for code in CODES), who, strict=True)),
            **said_of(of_row, of_people),
            "recordings": len(of_row),
            "done": len({one["trial"] for one in own}),
            "walks": len(own),
        }
        for name in averaged():
            values = np.array([value for one in own if np.isfinite(value := usable(one, name))])
            row[f"{name}_n"] = len(values)
            row[name] = values.mean() if len(values) else NAN
            row[f"{name}_sd"] = values.std(ddof=1) if len(values) > 1 else NAN
        yield row


def usable(row: Mapping[str, Any], name: str) -> float:
    """A number of a walk; NaN where it is absent or not to be used."""
    value = row.get(name)
    if value is None or name in (row.get("do_not_use") or "").split():
        return NAN
    return float(value)


def outcomes_of(manifest: Manifest, trials: Sequence[TableRow]) -> dict[str, int]:
    """Outcome -> recordings; of several walks the best counts."""
    best: dict[str, str] = {}
    for row in trials:
        before = best.get(row["trial"], OUTCOMES[-1])
        best[row["trial"]] = min(before, row["outcome"], key=OUTCOMES.index)
    counts = Counter(best[line.trial] for line in manifest.lines)
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def dictionary(columns: Mapping[str, Sequence[TableColumn]]) -> str:
    """The data dictionary as CSV."""
    return csv_text(
        ("table", "column", "kind", "unit", "definition"),
        (
            (table, one.name, one.kind, one.unit, one.definition)
            for table, own in columns.items()
            for one in own
        ),
    )
