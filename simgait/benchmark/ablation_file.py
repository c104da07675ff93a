"""The table that `simgait ablate` wrote, as a table of the benchmark's report."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simgait.benchmark.ablation_budgets import ROWS
from simgait.benchmark.ablation_scores import COLUMNS_OF_TABLE
from simgait.benchmark.ablation_table import PAPER_SOURCE
from simgait.compare.evidence import ComparisonTable, TrackerRow
from simgait.errors import InputError, first_problem


class _Line(BaseModel):
    """One row from one source; the numbers are `COLUMNS_OF_TABLE`."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    row: str
    source: str
    steps: int | None = None
    __pydantic_extra__: dict[str, int | float | None] = Field(init=False)

    @property
    def kind(self) -> Literal["measured", "published"]:
        return "published" if self.source == PAPER_SOURCE else "measured"


class _Facts(BaseModel):
    model_config = ConfigDict(extra="allow")

    budget: str
    written: str = ""


class _AblationFile(BaseModel):
    facts: _Facts
    paper: str
    table: list[_Line] = Field(min_length=1)


def read_ablation(path: Path) -> ComparisonTable:
    """Rows of the paper's Table I under one budget, ours and the paper's beside each other.

    Args:
        path: table.json as `ablation_table.as_json` makes it.

    Raises:
        InputError: the file is absent, or holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name}: the ablation's table cannot be read; give the table.json that "
            "simgait ablate wrote to --ablation."
        ) from error
    try:
        found = _AblationFile.model_validate_json(text)
    except ValidationError as error:
        raise InputError(
            f"{path.name}: not a table of simgait ablate ({first_problem(error)}); give its "
            "table.json to --ablation."
        ) from error
    unknown = sorted({line.row for line in found.table} - ROWS.keys())
    if unknown:
        raise InputError(
            f"{path.name}: there is no row '{unknown[0]}' in this version's ablation; make the "
            "table again with simgait ablate."
        )
    missing = [row for row in ROWS if row not in {line.row for line in found.table}]
    return ComparisonTable(
        f'Ablation: rows of Table I at the budget "{found.facts.budget}"',
        ("steps", *(column.heading for column in COLUMNS_OF_TABLE)),
        tuple(_table_row(line) for line in found.table),
        note=_note(found, missing),
    )


def _table_row(line: _Line) -> TrackerRow:
    numbers = line.__pydantic_extra__ or {}
    cells = (line.steps, *(numbers.get(column.key) for column in COLUMNS_OF_TABLE))
    return TrackerRow(f"{line.row}: {line.source}", cells, line.kind)


def _note(found: _AblationFile, missing: list[str]) -> str:
    parts = [
        f"Published: {found.paper}; other people, other keypoints, a billion steps. Ours compare "
        "with each other, not with the paper's, and were scored on other walkers than the "
        "benchmark's.",
        f"Not trained: {', '.join(missing)}." if missing else "",
        f"Written {found.facts.written}." if found.facts.written else "",
    ]
    return " ".join(part for part in parts if part)
