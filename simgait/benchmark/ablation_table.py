"""Table I as printed, and ours beside it; settings beside the default: Markdown, CSV, JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

import numpy as np

from simgait.benchmark.ablation_budgets import ROWS, SETTINGS_ROWS
from simgait.benchmark.ablation_scores import (
    COLUMNS_OF_TABLE,
    COLUMNS_OF_TRAINING,
    FIRST_FRAMES,
    PAPER_COLUMNS,
    Column,
)
from simgait.files import csv_text

PAPER_SOURCE = "paper, from frame 45"
PAPER = "Smyrnakis, Karakostas & Cotton 2024, Table I"
# σ and RMSE of velocity (m/s), step length and step width (m); hip and knee RMSE and debiased (°).
PAPER_TABLE: dict[str, tuple[float, ...]] = {
    "final": (0.0942, 0.1091, 0.0649, 0.087, 0.0643, 0.0747, 10.58, 6.40, 12.00, 8.26),
    "init": (0.1021, 0.1255, 0.0645, 0.0865, 0.0594, 0.0758, 10.66, 6.43, 12.17, 8.43),
    "base": (0.1032, 0.1114, 0.0632, 0.0854, 0.0622, 0.0761, 10.73, 6.75, 12.16, 8.34),
    "exp": (0.102, 0.1206, 0.0677, 0.09, 0.0585, 0.0729, 11.14, 6.84, 12.03, 8.36),
    "noaug": (0.0979, 0.1245, 0.063, 0.0875, 0.0641, 0.0738, 10.74, 6.48, 12.10, 8.22),
    "future0": (0.1159, 0.1429, 0.0847, 0.1005, 0.0663, 0.0793, 11.64, 7.74, 13.68, 10.25),
    "future5": (0.0979, 0.1267, 0.0614, 0.0841, 0.0581, 0.0762, 10.70, 6.50, 11.89, 8.12),
    "future10": (0.0984, 0.119, 0.0668, 0.0949, 0.0609, 0.0864, 10.38, 6.21, 11.47, 7.92),
    "small": (0.1668, 0.2383, 0.1065, 0.1325, 0.1003, 0.1143, 14.82, 7.74, 18.08, 10.49),
    "mocap": (0.0414, 0.113, 0.041, 0.0534, 0.0393, 0.0464, 4.33, 3.88, 5.28, 4.76),
}


@dataclass(frozen=True)
class RowTable:
    """A table: which rows it has, and what it says of them.

    Attributes:
        name: as `--table` has it.
        rows: row -> recipe in `configs/`, in the order of the table.
        title: of the page.
        published: row -> the paper's numbers (`PAPER_COLUMNS`); empty where nobody published any.
        first_frames: scores leave out frames before these; one line of each.
        columns: in their order.
        how_to_read: lines at the end of the page.
    """

    name: str
    rows: Mapping[str, str]
    title: str
    published: Mapping[str, tuple[float, ...]]
    first_frames: tuple[int, ...]
    columns: tuple[Column, ...]
    how_to_read: tuple[str, ...]

    def source(self, first: int) -> str:
        """What a line of our own scores is called; ours only where there are others."""
        return f"ours, from frame {first}" if self.published else f"from frame {first}"


PAPER_ROWS = RowTable(
    "paper",
    MappingProxyType(ROWS),
    "Rows of Table I",
    MappingProxyType(PAPER_TABLE),
    FIRST_FRAMES,
    COLUMNS_OF_TABLE,
    (
        f"Paper: {PAPER}; other people, other keypoints, a billion steps. Ours compare",
        "with each other, not with the paper's. Definitions and departures: docs/ablation.md.",
    ),
)
SETTINGS_BESIDE_DEFAULT = RowTable(
    "settings",
    MappingProxyType(SETTINGS_ROWS),
    "Settings beside the default",
    MappingProxyType({}),
    (0,),
    (*COLUMNS_OF_TABLE, *COLUMNS_OF_TRAINING),
    (
        "Each row is the default recipe with one thing changed. The validation score is that of",
        "the best checkpoint, on the walkers that chose it; lower is better. Definitions:",
        "docs/ablation.md.",
    ),
)
TABLES = MappingProxyType({one.name: one for one in (PAPER_ROWS, SETTINGS_BESIDE_DEFAULT)})


def lines_of(rows: Sequence[dict[str, Any]], table: RowTable = PAPER_ROWS) -> list[dict[str, Any]]:
    """One line per row and source: what was published, ours from each first frame.

    Of a row that was trained by several seeds every number is the mean over them, and beside it
    stand the SD (n - 1), the smallest and the largest (`SPREAD`); "seeds" says how many there are.

    Args:
        rows: as `simgait ablate` writes them: "row", "steps" and "scores", first frame (as
            text) -> numbers; those of a row's seeds one after the other. Columns that are not
            among the scores stand in the row itself.
        table: that they are rows of.
    """
    lines = []
    for name, group in groupby(rows, key=lambda row: row["row"]):
        trained = list(group)
        if name in table.published:
            keys = (column.key for column in PAPER_COLUMNS)
            numbers = dict(zip(keys, table.published[name], strict=True))
            lines.append({"row": name, "source": PAPER_SOURCE} | numbers)
        for first in table.first_frames:
            found = [one | one["scores"][str(first)] for one in trained]
            source = table.source(first)
            line = {"row": name, "source": source, "steps": trained[0]["steps"]}
            if len(trained) > 1:
                line |= {"source": f"{source}, {len(trained)} seeds", "seeds": len(trained)}
            lines.append(line | _over_seeds(found, table.columns))
    return lines


SPREAD = ("sd", "min", "max")
"""Beside a mean over seeds, each after the column's key."""


def _over_seeds(
    found: Sequence[Mapping[str, Any]], columns: Sequence[Column]
) -> dict[str, float | int | None]:
    """Every column: the number itself of one seed, mean and `SPREAD` of several.

    None where nothing was measured; a seed that measured nothing leaves all of them unknown, as
    the others alone would speak of fewer than the line says.
    """
    if len(found) == 1:
        return {column.key: found[0][column.key] for column in columns}
    numbers: dict[str, float | int | None] = {}
    for key in (column.key for column in columns):
        given = [one[key] for one in found]
        names = (key, *(f"{key}_{part}" for part in SPREAD))
        if any(value is None for value in given):
            numbers |= dict.fromkeys(names)
            continue
        of = np.array(given, float)
        spread = (of.mean(), of.std(ddof=1), of.min(), of.max())
        numbers |= {name: float(value) for name, value in zip(names, spread, strict=True)}
    return numbers


def as_json(
    rows: Sequence[dict[str, Any]], facts: dict[str, Any], table: RowTable = PAPER_ROWS
) -> str:
    """Everything: facts, lines of the table, and each row with its configuration."""
    everything: dict[str, Any] = {"facts": facts}
    if table.published:
        everything["paper"] = PAPER
    everything |= {"table": lines_of(rows, table), "rows": list(rows)}
    return json.dumps(everything, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_csv(rows: Sequence[dict[str, Any]], table: RowTable = PAPER_ROWS) -> str:
    """The table's lines; what was not measured or not printed is empty."""
    lines = lines_of(rows, table)
    columns = ["row", "source", "steps", *(c.key for c in table.columns)]
    if any("seeds" in line for line in lines):
        columns[3:] = [
            "seeds",
            *(n for c in table.columns for n in (c.key, *(f"{c.key}_{s}" for s in SPREAD))),
        ]
    return csv_text(columns, ([line.get(name) for name in columns] for line in lines))


def _cell(column: Column, line: Mapping[str, Any]) -> str:
    """A number; of several seeds, mean ± SD (smallest to largest)."""
    value = line.get(column.key)
    if value is None or not np.isfinite(value):
        return "–"
    if f"{column.key}_sd" not in line:
        return f"{value:.{column.decimals}f}"
    digits = max(column.decimals, 1)
    mean, sd, low, high = (
        f"{line[name]:.{digits}f}"
        for name in (column.key, *(f"{column.key}_{part}" for part in SPREAD))
    )
    return f"{mean} ± {sd} ({low} to {high})"


SPREAD_NOTE = (
    "",
    "Of several seeds: mean ± SD over trainings (smallest to largest); everything that is drawn in",
    "a training differs, the walkers that score are the same.",
)


def _said(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """A training's row, and its seed where the row was trained by several."""
    several = sum(other["row"] == row["row"] for other in rows) > 1
    return f"{row['row']}, seed {row.get('seed', 0)}" if several else str(row["row"])


def as_markdown(
    rows: Sequence[dict[str, Any]], facts: dict[str, Any], table: RowTable = PAPER_ROWS
) -> str:
    """The page: what was run, the table, how to read it."""
    head = ["row", "", *(c.heading for c in table.columns)]
    drawn = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines = lines_of(rows, table)
    for line in lines:
        cells = [_cell(c, line) for c in table.columns]
        drawn.append(f"| {line['row']} | {line['source']} | {' | '.join(cells)} |")
    said = [f"- {name}: {value}" for name, value in facts.items()]
    runs = [
        "- {said}: {steps:,} steps in {minutes:.0f} min (the last session of a stopped run); "
        "`{command}`, {date_utc}, commit `{commit:.12}`, {machine}; best checkpoint at "
        "{best_steps:,} steps".format(minutes=row["wall_s"] / 60, said=_said(row, rows), **row)
        for row in rows
    ]
    return "\n".join(
        [
            f'# {table.title} at the budget "{facts["budget"]}"',
            "",
            *said,
            "",
            *drawn,
            *(SPREAD_NOTE if any("seeds" in line for line in lines) else ()),
            "",
            "## Runs",
            "",
            *runs,
            "",
            *table.how_to_read,
            "",
        ]
    )
