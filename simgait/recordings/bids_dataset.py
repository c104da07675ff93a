"""A data set by the Brain Imaging Data Structure: what lies beside a recording of motion.

Layout: BIDS specification, "Motion" (Jeung et al. 2024, Scientific Data 11:716) and "The
inheritance principle": a file that says something of a recording lies beside it or in a folder
above it, and its name holds none but the recording's own entities; of two the nearer one wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simgait.errors import InputError
from simgait.text_files import MISSING_WORDS, read_facts, read_outside_text

DESCRIPTION = "dataset_description.json"
"""Lies at the top of every data set."""
MOTION, CHANNELS = "_motion.tsv", "_channels.tsv"
PARTICIPANTS = "participants"
NEEDED_COLUMNS = ("name", "component", "type", "tracked_point", "units")
LEVELS = 3
"""Folders from a recording up to the data set: motion, session, subject."""
HEIGHTS = ("height_m", "height_cm", "height", "body_height")
MASSES = ("mass_kg", "weight_kg", "mass", "weight", "body_mass")
"""What people call them in participants.tsv: the specification has no names for them."""
CENTIMETRES_FROM = 3.0
"""A height above it is in centimetres: nobody is taller in metres, or smaller in centimetres."""
SEXES = {"m": "male", "male": "male", "f": "female", "female": "female", "o": "other",
         "other": "other"}  # fmt: skip
Cells = Mapping[str, str]


def entities(name: str) -> dict[str, str]:
    """Of a file's name: "sub-01_task-walk_motion.tsv" -> {"sub": "01", "task": "walk"}."""
    pairs = (part.split("-", 1) for part in name.split("_") if "-" in part)
    return {key: value.split(".")[0] for key, value in pairs}


def is_dataset(folder: Path) -> bool:
    """Whether a folder is the top of a data set."""
    return (folder / DESCRIPTION).is_file()


def _folders(path: Path) -> Iterator[Path]:
    """From the recording's own folder up to the data set's, or its own alone without a data set."""
    above = [path.parent, *path.parent.parents[:LEVELS]]
    top = next((i for i, folder in enumerate(above) if is_dataset(folder)), 0)
    yield from above[: top + 1]


def beside(path: Path, ending: str) -> list[Path]:
    """Files with this ending that say something of a recording, the nearest first."""
    own = entities(path.name).items()
    return [
        found
        for folder in _folders(path)
        for found in sorted(folder.glob(f"*{ending}"), key=lambda one: -len(one.name))
        if entities(found.name).items() <= own
    ]


def sidecars(path: Path) -> list[Path]:
    """Every file but the recording itself that its points rest on; none where it is no motion."""
    if not path.name.endswith(MOTION):
        return []
    return [*beside(path, CHANNELS)[:1], *beside(path, "_motion.json")]


def read_tsv(path: Path) -> list[dict[str, str]]:
    """Rows of a table with a heading, cells that say nothing left out.

    Raises:
        InputError: it cannot be read, or a row has more or fewer cells than the heading.
    """
    lines = [line for line in read_outside_text(path).text.splitlines() if line.strip()]
    heading = [cell.strip() for cell in lines[0].split("\t")] if lines else []
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(heading):
            raise InputError(
                f"{path.name}: line {number} has {len(cells)} cells, but the heading "
                f"{len(heading)}; mend that line."
            )
        found = zip(heading, cells, strict=True)
        rows.append({name: cell for name, cell in found if cell.lower() not in MISSING_WORDS})
    return rows


def channels_of(path: Path) -> list[dict[str, str]]:
    """Rows of the table of channels, one for each column of the recording.

    Raises:
        InputError: there is none, or it lacks a column.
    """
    found = beside(path, CHANNELS)
    if not found:
        wanted = path.name.removesuffix(MOTION) + CHANNELS
        raise InputError(
            f"{path.name}: there is no {wanted} beside it, which says what its columns hold."
        )
    rows = read_tsv(found[0])
    known = {name for row in rows for name in row}
    lacking = next((name for name in NEEDED_COLUMNS if name not in known), None)
    if lacking is not None:
        raise InputError(f"{found[0].name}: nothing in a column {lacking}; add it.")
    return rows


def motion_facts(path: Path) -> dict[str, Any]:
    """What the files of facts about a recording say, the nearest one first.

    Raises:
        InputError: one of them is no JSON.
    """
    facts: dict[str, Any] = {}
    for file in reversed(beside(path, "_motion.json")):
        facts |= read_facts(file)
    return facts


@dataclass(frozen=True)
class Participant:
    """What a data set says of a person; None is not said."""

    height_m: float | None = None
    mass_kg: float | None = None
    age_years: float | None = None
    sex: str | None = None


def participants_of(dataset: Path) -> dict[str, Participant]:
    """Label without "sub-" -> what participants.tsv says; empty where there is none.

    Raises:
        InputError: the table cannot be read.
    """
    path = dataset / f"{PARTICIPANTS}.tsv"
    if not path.is_file():
        return {}
    return {
        row["participant_id"].removeprefix("sub-"): _participant(row)
        for row in read_tsv(path)
        if "participant_id" in row
    }


def _participant(row: Cells) -> Participant:
    height = _first(row, HEIGHTS)
    if height is not None and height > CENTIMETRES_FROM:
        height = height / 100.0
    sex = SEXES.get(row.get("sex", "").lower())
    return Participant(height, _first(row, MASSES), _first(row, ("age",)), sex)


def _first(row: Cells, names: tuple[str, ...]) -> float | None:
    """The first number under one of these names."""
    for name in names:
        try:
            return float(row[name])
        except (KeyError, ValueError):
            continue
    return None


def participant_of(path: Path) -> Participant:
    """What the data set of a recording says of who walks in it.

    Raises:
        InputError: its table cannot be read.
    """
    *_, top = _folders(path)
    return participants_of(top).get(entities(path.name).get("sub", ""), Participant())
