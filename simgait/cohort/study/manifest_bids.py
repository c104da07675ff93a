"""A manifest's cells from a data set of BIDS-Motion: people and sessions, as its names say them."""

from __future__ import annotations

from pathlib import Path

from simgait.cohort.study.manifest_cells import ManifestCells
from simgait.errors import InputError
from simgait.files import safe_id
from simgait.parameters.wording import counted
from simgait.plain_text import listed
from simgait.recordings.bids_dataset import (
    MOTION,
    PARTICIPANTS,
    Participant,
    channels_of,
    entities,
    participants_of,
)

SHOWN = 3
PATTERN = f"motion/*{MOTION}"
"""Of recordings, below the folder of a person or of one of their sessions."""
FACTS = ("height_m", "mass_kg", "age_years", "sex")
"""Columns that participants.tsv gives."""


def bids_cells(dataset: Path) -> ManifestCells:
    """A line for each recording of positions.

    `person` is sub-..., `visit` ses-..., `condition` the task, `trial` the file's own name. Systems
    without positions, such as inertial sensors, are passed over with a note.

    Raises:
        InputError: there is no recording, or the table of participants cannot be read.
    """
    paths = sorted((*dataset.glob(f"sub-*/{PATTERN}"), *dataset.glob(f"sub-*/ses-*/{PATTERN}")))
    if not paths:
        raise InputError(
            f"{dataset.name}: a BIDS data set without a recording of motion (sub-*/.../{PATTERN})."
        )
    people = participants_of(dataset)
    without = [path for path in paths if not _may_have_positions(path)]
    kept = [path for path in paths if path not in without]
    if not kept:
        raise InputError(
            f"{dataset.name}: none of {counted(len(paths), 'recording')} holds positions (channels "
            "of the type POS)."
        )
    rows = tuple(_row(path, dataset, people) for path in kept)
    notes = _notes(kept, without, people)
    heading = ("trial", "person", "visit", "condition", "path", *FACTS)
    return ManifestCells(heading, rows, tuple(range(1, len(rows) + 1)), notes=notes)


def _may_have_positions(path: Path) -> bool:
    """Whether a recording is to be listed; one whose table is wrong is, with what is wrong."""
    try:
        return any(row.get("type", "").upper() == "POS" for row in channels_of(path))
    except InputError:
        return True


def _row(path: Path, dataset: Path, people: dict[str, Participant]) -> tuple[str, ...]:
    named = entities(path.name)
    who = people.get(named.get("sub", ""), Participant())
    session = named.get("ses", "")
    return (
        safe_id(path.name.removesuffix(MOTION)),
        f"sub-{named.get('sub', '')}",
        f"ses-{session}" if session else "",
        named.get("task", ""),
        path.relative_to(dataset).as_posix(),
        *(_cell(getattr(who, name)) for name in FACTS),
    )


def _cell(fact: float | str | None) -> str:
    if fact is None:
        return ""
    return f"{fact:g}" if isinstance(fact, float) else fact


def _notes(
    kept: list[Path], without: list[Path], people: dict[str, Participant]
) -> tuple[str, ...]:
    met = dict.fromkeys(entities(path.name).get("sub", "") for path in kept)
    notes = []
    if without:
        verb = "holds" if len(without) == 1 else "hold"
        notes.append(
            f"{counted(len(without), 'recording')} {verb} no positions and will not be tracked: "
            f"{listed([path.name for path in without], SHOWN)}."
        )
    unknown = [f"sub-{one}" for one in met if one not in people]
    absent = [f"sub-{one}" for one in people if one not in met]
    if unknown:
        notes.append(f"{PARTICIPANTS}.tsv says nothing of {listed(unknown, SHOWN)}.")
    if absent:
        notes.append(
            f"there is no recording of {listed(absent, SHOWN)}, of whom {PARTICIPANTS}.tsv speaks."
        )
    return tuple(notes)
