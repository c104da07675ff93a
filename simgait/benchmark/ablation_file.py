"""The table that `simgait ablate` wrote, as a table of the benchmark's report."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simgait.benchmark.ablation_table import PAPER_ROWS, PAPER_SOURCE, TABLES, RowTable
from simgait.compare.evidence import ComparisonTable, TrackerRow
from simgait.errors import InputError, first_problem


class _Line(BaseModel):
    """One row from one source; the numbers are the table's columns."""

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
    table: str = PAPER_ROWS.name
    written: str = ""


class _AblationFile(BaseModel):
    facts: _Facts
    paper: str = ""
    table: list[_Line] = Field(min_length=1)


def read_ablation(path: Path) -> ComparisonTable:
    """Rows of one of `TABLES` under one budget; the paper's own numbers beside its rows.

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
    if found.facts.table not in TABLES:
        raise InputError(
            f"{path.name}: there is no table '{found.facts.table}' in this version's ablation; "
            "make it again with simgait ablate."
        )
    table = TABLES[found.facts.table]
    unknown = sorted({line.row for line in found.table} - table.rows.keys())
    if unknown:
        raise InputError(
            f"{path.name}: there is no row '{unknown[0]}' in this version's ablation; make the "
            "table again with simgait ablate."
        )
    title = table.title[0].lower() + table.title[1:]
    return ComparisonTable(
        f'Ablation: {title} at the budget "{found.facts.budget}"',
        ("steps", *(column.heading for column in table.columns)),
        tuple(_table_row(line, table) for line in found.table),
        note=_note(found, table),
    )


def _table_row(line: _Line, table: RowTable) -> TrackerRow:
    numbers = line.__pydantic_extra__ or {}
    cells = (line.steps, *(numbers.get(column.key) for column in table.columns))
    return TrackerRow(f"{line.row}: {line.source}", cells, line.kind)


def _note(found: _AblationFile, table: RowTable) -> str:
    missing = [row for row in table.rows if row not in {line.row for line in found.table}]
    parts = [
        f"Published: {found.paper}; other people, other keypoints, a billion steps. Ours compare "
        "with each other, not with the paper's, and were scored on other walkers than the "
        "benchmark's."
        if table.published
        else "Each row is the default recipe with one thing changed; scored on other walkers than "
        "the benchmark's.",
        f"Not trained: {', '.join(missing)}." if missing else "",
        f"Written {found.facts.written}." if found.facts.written else "",
    ]
    return " ".join(part for part in parts if part)
