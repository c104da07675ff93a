"""Which folders an agreement report may be written into."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from simgait.errors import InputError
from simgait.report.agreement.files import PAGE

Kind = Literal["tables", "benchmark"]


def refuse_other_results(out: Path, kind: Kind = "benchmark") -> str:
    """Refuse a folder that holds anything but an older report of the same kind.

    The two kinds write different files beside the page; one over the other would mix two runs.

    Args:
        out: folder for the report; need not exist.
        kind: what is to be written.

    Returns:
        A sentence on the report that will be replaced, empty where there is none.

    Raises:
        InputError: the folder belongs to something else, such as a tracked walk, or is a file.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"{out.name}: is a file, not a folder; choose another one with -o.")
    has_record, has_page = (out / "provenance.json").exists(), (out / PAGE).exists()
    if not has_record and not has_page:
        return ""
    record = _provenance_of(out) if has_record and has_page else {}
    config = record.get("config")
    held = _kind_of(config if isinstance(config, dict) else {})
    if held is None:
        raise InputError(
            f"{out.name}: the output folder holds other results with their provenance; choose "
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
        record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _kind_of(config: dict[str, Any]) -> Kind | None:
    if "benchmark" in config:
        return "benchmark"
    return "tables" if {"truth", "estimate"} <= config.keys() else None
