"""What a folder of results says of itself: which walk of which file, and how it was tracked.

The record is written with the folder, which appears as a whole: a folder that has one is finished.
From the records an interrupted call goes on, and the table is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from simgait.parameters.summary_table import summary_columns

RECORD = "walk.json"
"""Holds the record. It is no part of the provenance, which does not say whose walk it is."""
Facts = Mapping[str, Any]
Row = Mapping[str, str]
"""Cells of summary.csv by column, as they are written."""


@dataclass(frozen=True)
class WalkRecord:
    """What a folder of results says of itself.

    Attributes:
        folder: its name.
        source: label of the file.
        sha256: of the file.
        number, of: this walk's place among the walks of the file, from 1; how many there are.
        request: how it was tracked, see `cohort.request`.
        row: its row of the table.
    """

    folder: str
    source: str
    sha256: str
    number: int
    of: int
    request: Facts
    row: Row

    @property
    def file_name(self) -> str:
        """The file's own name, without the folders of its label."""
        return PurePosixPath(self.source).name


def record_text(record: WalkRecord) -> str:
    """The record as JSON; the folder is the one that it lies in."""
    entry = {
        "source": record.source,
        "sha256": record.sha256,
        "walk": record.number,
        "walks": record.of,
        "request": record.request,
        "summary": {name: cell for name, cell in record.row.items() if cell},
    }
    return json.dumps(entry, indent=2, sort_keys=True, allow_nan=False) + "\n"


def finished_walks(out: Path) -> list[WalkRecord]:
    """The records of all results in a folder, by name; what has none is left out."""
    if not out.is_dir():
        return []
    folders = sorted(path for path in out.iterdir() if (path / RECORD).is_file())
    return [record for folder in folders for record in _record(folder)]


def _record(folder: Path) -> Iterator[WalkRecord]:
    """The record of one folder; nothing where it is another version's, or damaged."""
    try:
        entry = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        row = dict.fromkeys(summary_columns(), "") | entry["summary"]
        record = WalkRecord(
            folder=folder.name,
            source=str(entry["source"]),
            sha256=str(entry["sha256"]),
            number=int(entry["walk"]),
            of=int(entry["walks"]),
            request=dict(entry["request"]),
            row={name: str(cell) for name, cell in row.items()} | {"folder": folder.name},
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return
    if set(record.row) == set(summary_columns()):
        yield record
