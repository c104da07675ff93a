"""What a study has tracked so far, kept by what the numbers rest on.

Every batch's recordings lie in a folder of their own that appears as a whole. Which of them count
is told by their keys: what was tracked from another recording, with other options, another policy
or another simgait has another key, and is passed over. Each share of a study has parts of its own,
beside those of whoever does the whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from simgait.cohort.study.columns import TableColumn, part_columns
from simgait.cohort.study.manifest_cells import parquet
from simgait.cohort.study.rows import Result, TableRow
from simgait.cohort.study.share import FOLDERS, Share
from simgait.files import PART, without_folders, write_together

PARTS = "parts"


class Parts:
    """The folder of parts.

    Args:
        out: folder of the study.
        share: that is done, None: the whole. Its folder of parts, else `out`, is locked; what a
            killed call has left half in it is removed.
    """

    def __init__(self, out: Path, share: Share | None = None) -> None:
        self.folder = out / PARTS
        self.own = own_folder(out, share)
        for half in (*self.own.glob(f"{PART}*"), *(() if share else out.glob(f"{PART}*"))):
            shutil.rmtree(half, ignore_errors=True)
        self._of_key: dict[str, Path] = {}
        for part in self.all():
            self._of_key |= dict.fromkeys(_keys(part), part)

    def all(self) -> list[Path]:
        """Folders of the parts, those of the shares last; of each the oldest first."""
        shares = sorted(self.folder.glob(f"{FOLDERS}/part-*"))
        return [*sorted(self.folder.glob("part-*")), *shares]

    def has(self, key: str) -> bool:
        """Whether a recording was tracked so before."""
        return key in self._of_key

    def add(self, results: Sequence[Result]) -> None:
        """Keeps results, all or none of them.

        Raises:
            InputError: the folder cannot be written to.
        """
        begin = len(list(self.own.glob("part-*"))) + 1
        names = (self.own / f"part-{number:06d}" for number in count(begin))
        part = next(name for name in names if not name.exists())
        rows: dict[str, list[TableRow]] = {name: [] for name in part_columns()}
        for result in results:
            for name, own in result.tables.items():
                rows[name] += [{**row, "key": result.key} for row in own]
        columns = part_columns()
        write_together(
            part,
            {
                f"{name}.parquet": partial(_write, columns=columns[name], rows=own)
                for name, own in rows.items()
            },
        )
        self._of_key |= dict.fromkeys((result.key for result in results), part)

    def tables(self, name: str, keys: Mapping[str, object]) -> Iterator[Any]:
        """The rows of a table that count, part by part; of a key that two parts have, the last."""
        import pyarrow as pa
        from pyarrow import compute

        for part in self.all():
            own = [key for key in keys if self._of_key.get(key) == part]
            if own:
                table = parquet().read_table(part / f"{name}.parquet")
                yield table.filter(compute.is_in(table["key"], pa.array(own, pa.string())))


def own_folder(out: Path, share: Share | None) -> Path:
    """Where a share, or whoever does the whole (None), keeps what it tracked."""
    return out / PARTS / (share.folder if share else "")


def share_folders(out: Path) -> list[Path]:
    """Of the shares that were begun."""
    return sorted((out / PARTS).glob(FOLDERS))


def _keys(part: Path) -> set[str]:
    """Keys of a part; none where a file of it is damaged, so that it is tracked again."""
    found: set[str] = set()
    try:
        for name in part_columns():
            keys = parquet().read_table(part / f"{name}.parquet", columns=["key"])["key"]
            found = found or set(keys.to_pylist())
    except (OSError, ValueError, KeyError):
        return set()
    return found


def schema(columns: Sequence[TableColumn]) -> Any:
    """Of a table in Parquet."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "number": pa.float64(),
        "count": pa.int32(),
        "curve": pa.list_(pa.float32(), 101),
    }
    return pa.schema([(column.name, types[column.kind]) for column in columns])


def table_of(columns: Sequence[TableColumn], rows: Sequence[TableRow]) -> Any:
    """Rows as a table; what a row lacks, and what is no number, is null."""
    import pyarrow as pa

    shape = schema(columns)
    arrays = [
        pa.array([_cell(row.get(column.name), column) for row in rows], shape.field(i).type)
        for i, column in enumerate(columns)
    ]
    return pa.table(arrays, schema=shape)


def _cell(value: Any, column: TableColumn) -> Any:
    if value is None:
        return None
    if column.kind == "curve":
        return np.asarray(value, np.float32)
    if column.kind == "text":
        return without_folders(str(value)) or None
    if not np.isfinite(value):
        return None
    return float(value) if column.kind == "number" else int(value)


def _write(path: Path, columns: Sequence[TableColumn], rows: Sequence[TableRow]) -> None:
    parquet().write_table(table_of(columns, rows), path, compression="zstd")
