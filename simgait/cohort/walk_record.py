"""What a folder of results says of itself: which walk of which file, and how it was tracked.

The record is written with the folder, which appears as a whole: a folder that has one is finished.
From the records an interrupted call goes on, and the table is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

from simgait.cohort.outcome import Row
from simgait.files import without_folders
from simgait.option_names import FLAGS
from simgait.parameters.summary_table import summary_columns
from simgait.pipeline import TrackOptions, policy_name
from simgait.provenance import code_sha256, file_sha256
from simgait.tracking.policies import Policy

RECORD = "walk.json"
"""Holds the record. It is no part of the provenance, which does not say whose walk it is."""
Facts = Mapping[str, Any]
OF_ALL = ("policy", "policy_sha256", "simgait", "code_sha256")
"""Facts that every walk of a table shares; the others may differ from recording to recording."""
_BEHIND_NAME = {"policy_sha256": "policy", "code_sha256": "simgait"}
# Longest value that a sentence quotes.
_LONGEST_SAID = 40


@dataclass(frozen=True)
class WalkRecord:
    """What a folder of results says of itself.

    Attributes:
        folder: its name.
        source: label of the file.
        sha256: of the file.
        number, of: this walk's place among the walks of the file, from 1; how many there are.
        request: how it was tracked, see `request_facts`.
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


def request_facts(policy: Policy, options: TrackOptions) -> Facts:
    """All but the recording that the numbers rest on, JSON-ready; equal facts, equal numbers."""
    said = dict(options.reader.said())
    if options.reader.asf is not None:
        said["asf"] = file_sha256(options.reader.asf)
    facts = {
        "policy": policy_name(policy),
        "policy_sha256": policy.sha256,
        "simgait": metadata.version("simgait"),
        "code_sha256": code_sha256(),
        "height_m": options.height_m,
        "min_frames": options.min_frames,
        "keep_video": options.keep_video or None,
        **said,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    clean: Facts = json.loads(json.dumps(without_folders(known)))
    return clean


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


def differences(before: Facts, now: Facts) -> list[str]:
    """What is not the same in two requests: "--height (1.7, now 1.8; in Python height_m)"."""
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    said = {_BEHIND_NAME.get(name, name): name for name in changed}
    return [_difference(name, before.get(name), now.get(name)) for name in said]


def _difference(name: str, before: Any, now: Any) -> str:
    flag = FLAGS.get(name, name)
    in_python = "" if name in flag else f"; in Python {name}"
    words = [_value(name, before), _value(name, now)]
    if words[0] == words[1] or any(len(word) > _LONGEST_SAID for word in words):
        return f"{flag} (changed{in_python})"
    return f"{flag} ({words[0]}, now {words[1]}{in_python})"


def _value(fact: str, value: Any) -> str:
    """A value as it is typed on the shell."""
    if value is None:
        return "not said"
    if fact == "scale_is_metric":
        return "measured" if value else "estimated"
    if isinstance(value, list):
        return ("x" if fact == "picture_px" else ",").join(map(str, value))
    return "said" if value is True else str(value)
