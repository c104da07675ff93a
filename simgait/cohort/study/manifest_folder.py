"""A manifest's cells from a folder whose files are named by a pattern."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from simgait.cohort.inputs import find_inputs, videos_in
from simgait.cohort.study.manifest import CODES
from simgait.cohort.study.manifest_cells import ManifestCells, read_manifest_cells
from simgait.errors import InputError
from simgait.files import safe_id
from simgait.parameters.wording import counted
from simgait.plain_text import listed
from simgait.recordings.read import is_read_by_name

EXAMPLE = "{person}/{visit}/{trial}.c3d"
SHOWN = 3
"""Files that a sentence names before it counts the rest."""
_PIECES = re.compile(r"\{([^{}]*)\}|(\*)|([{}])|([^{}*]+)")
_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
_FOUND_OTHERWISE = ("path",)
"""Columns that no pattern gives: it tells which file it is of."""


def folder_cells(
    folder: Path, pattern: str, people: Path | None = None, exclude: Path | None = None
) -> ManifestCells:
    """A line for each recording in a folder whose name fits.

    The trial's code is all that the braces stand for, joined by underscores, so that it is not
    another one when further files come.

    Args:
        folder: with its subfolders.
        pattern: of names below the folder; `{person}` is the column person, `*` is anything within
            one name. A column that stands twice says the same twice.
        people: table with a line for each person (or person and visit), whose columns are added.
        exclude: folder that is passed over, that of the results.

    Raises:
        InputError: the pattern cannot be understood, no file fits, or the table cannot be used.
    """
    if not folder.is_dir():
        raise InputError(f"{folder.name}: --pattern is for a folder, which this is not.")
    shape, columns = _compiled(pattern)
    labels, videos = _names(folder, pattern, exclude)
    fits = {label: found for label in labels if (found := shape.fullmatch(label))}
    others = [label for label in labels if label not in fits]
    if not labels:
        raise InputError(f"{folder.name}: there is no video in this folder.")
    if not fits:
        raise InputError(
            f"none of {counted(len(labels), 'recording')} fits --pattern {pattern}; the first is "
            f"{labels[0]}."
        )
    cells = [dict(found.groupdict()) for found in fits.values()]
    notes = (*_passed_over(others), *_unasked(videos))
    if people is not None:
        notes = (*notes, *_with_people(cells, columns, people))
    heading = tuple(dict.fromkeys(name for row in cells for name in row if name != "trial"))
    rows = tuple(
        (
            safe_id("_".join(found[name] for name in columns)),
            *(row.get(name, "") for name in heading),
            label,
        )
        for (label, found), row in zip(fits.items(), cells, strict=True)
    )
    numbers = tuple(range(1, len(rows) + 1))
    return ManifestCells(("trial", *heading, "path"), rows, numbers, notes=notes)


def _names(folder: Path, pattern: str, exclude: Path | None) -> tuple[list[str], list[str]]:
    """Names of the recordings that are meant, and of videos that are not.

    Videos are meant where the pattern ends as they do.

    Raises:
        InputError: a folder cannot be opened, or there is no recording.
    """
    videos = [one.label for one in videos_in(folder, exclude)]
    if is_read_by_name(PurePosixPath(pattern)):
        return videos, []
    inputs = find_inputs([folder], exclude)
    barred = [one.failure for one in inputs if one.failure]
    if barred:
        raise InputError(" ".join((*barred[:1], *_unasked(videos))))
    return [one.path.relative_to(folder).as_posix() for one in inputs], videos


def _unasked(videos: list[str]) -> tuple[str, ...]:
    """A note on videos that are passed over."""
    if not videos:
        return ()
    verb, ending = "is" if len(videos) == 1 else "are", PurePosixPath(videos[0]).suffix
    return (
        f"{counted(len(videos), 'video')} {verb} not tracked: {listed(videos, SHOWN)}; a pattern "
        f"that ends in {ending} asks for them.",
    )


def _compiled(pattern: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """What names have to look like, and the columns that they give, in their order."""
    columns: list[str] = []
    text = ""
    for column, star, brace, literal in _PIECES.findall(pattern):
        if star:
            text += "[^/]*"
        elif literal:
            text += re.escape(literal)
        elif brace or not _COLUMN.fullmatch(column) or column in _FOUND_OTHERWISE:
            raise InputError(
                f"--pattern {pattern}: braces hold the name of a column of a manifest, such as "
                f"{', '.join(CODES[:4])}: '{EXAMPLE}'."
            )
        elif column in columns:
            text += f"(?P={column})"
        else:
            columns.append(column)
            text += f"(?P<{column}>[^/]+?)"
    if "person" not in columns:
        raise InputError(
            f"--pattern {pattern}: does not say where the code of who walks stands; write "
            f"{{person}} there, as in '{EXAMPLE}'."
        )
    return re.compile(text), tuple(columns)


def _passed_over(labels: list[str]) -> tuple[str, ...]:
    if not labels:
        return ()
    verb = "does" if len(labels) == 1 else "do"
    which = listed(labels, SHOWN)
    return (
        f"{counted(len(labels), 'recording')} {verb} not fit the pattern and will not be tracked: "
        f"{which}.",
    )


def _with_people(
    cells: list[dict[str, str]], columns: tuple[str, ...], path: Path
) -> tuple[str, ...]:
    """Adds what a table says of each person; gives notes on who is in one of both only."""
    table = read_manifest_cells(path)
    where = path.name
    if table.problems:
        raise InputError(f"{where}: {table.problems[0]}")
    if "person" not in table.heading:
        raise InputError(f"{where}: there is no column person; name the column of codes so.")
    keys = tuple(name for name in ("person", "visit") if name in table.heading and name in columns)
    for name in table.heading:
        if name not in keys and (name in columns or name in ("trial", "path")):
            raise InputError(f"{where}: the column {name} is told by the files; take it out.")
    said: dict[tuple[str, ...], dict[str, str]] = {}
    for number, row in zip(table.numbers, table.rows, strict=True):
        own = dict(zip(table.heading, row, strict=True))
        key = tuple(own[name] for name in keys)
        if key in said:
            raise InputError(f"{where}: line {number}: {' '.join(key)} stands there twice.")
        said[key] = own
    met = [tuple(row[name] for name in keys) for row in cells]
    for cell, key in zip(cells, met, strict=True):
        cell.update(said.get(key, {}))
    unknown = [" ".join(key) for key in dict.fromkeys(met) if key not in said]
    absent = [" ".join(key) for key in said if key not in set(met)]
    notes = []
    if unknown:
        notes.append(f"{where} says nothing of {listed(unknown, SHOWN)}.")
    if absent:
        notes.append(f"there is no recording of {listed(absent, SHOWN)}, of whom {where} speaks.")
    return tuple(notes)
