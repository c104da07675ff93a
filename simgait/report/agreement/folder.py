"""Which folders an agreement report may be written into."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal

from simgait.errors import InputError
from simgait.files import refuse_file
from simgait.report.agreement.files import PAGE, PRINTED

Kind = Literal["tables", "benchmark"]
PROVENANCE = "provenance.json"
WRITTEN = (PROVENANCE, PAGE, PRINTED, "measures.csv", "report.json")
"""What a report writes: another file of such a name would be lost."""
OTHER_RESULTS = (
    "summary.csv", "report.html", "policy.safetensors", "run.safetensors", "table.json",
    "scorecard.md",
)  # fmt: skip
"""What marks results of `track`, `train`, `ablate` and `scorecard`."""


def refuse_other_results(
    out: Path, kind: Kind = "benchmark", table_folders: Collection[Path] = ()
) -> str:
    """Refuse a folder that holds anything but an older report of the same kind.

    The two kinds write different files beside the page; one over the other would mix two runs.

    Args:
        out: folder for the report; need not exist.
        kind: what is to be written.
        table_folders: where the compared tables lie; their own results may be there.

    Returns:
        A sentence on the report that will be replaced, empty where there is none.

    Raises:
        InputError: the folder belongs to something else, such as a tracked walk, or is a file.
    """
    refuse_file(out)
    of_tables = out.resolve() in table_folders
    other = next((name for name in OTHER_RESULTS if not of_tables and (out / name).exists()), None)
    held_files = [name for name in WRITTEN if (out / name).exists()]
    if other is None and not held_files:
        return ""
    is_report = {PROVENANCE, PAGE} <= set(held_files)
    record = _provenance_of(out) if is_report else {}
    config = record.get("config")
    held = _kind_of(config if isinstance(config, dict) else {})
    if held is None:
        raise InputError(
            f"{out.name}: the output folder holds other results ({other or held_files[0]}); choose "
            "another with -o."
        )
    words = {"tables": "of two tables", "benchmark": "of the benchmark"}
    if held != kind:
        raise InputError(
            f"{out.name}: the output folder holds a report {words[held]}, and this is one "
            f"{words[kind]}; choose another with -o."
        )
    date = str(record.get("date_utc", ""))[:10]
    return f"{out.name} held an older report {words[kind]} ({date or 'undated'}); it was replaced."


def _provenance_of(folder: Path) -> dict[str, Any]:
    """What an earlier run said of itself; empty where that cannot be read."""
    try:
        record = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _kind_of(config: dict[str, Any]) -> Kind | None:
    if "benchmark" in config:
        return "benchmark"
    return "tables" if {"truth", "estimate"} <= config.keys() else None
