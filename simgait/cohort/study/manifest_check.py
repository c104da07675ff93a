"""Every problem of a manifest at once, each in one sentence, before anything is tracked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from simgait.cohort.inputs import failure_sentence
from simgait.cohort.study.columns import study_columns
from simgait.cohort.study.manifest import (
    CARRIED,
    CODES,
    FILES,
    NEEDED,
    TRUTH,
    Line,
    Manifest,
    Parsers,
    fact_columns,
    is_truth,
    nearest,
    truth_name,
)
from simgait.cohort.study.manifest_between import codes_given_twice, held_against_each_other
from simgait.cohort.study.manifest_bids import bids_cells
from simgait.cohort.study.manifest_cells import ManifestCells, read_manifest_cells
from simgait.cohort.study.manifest_folder import folder_cells
from simgait.cohort.study.own_columns import varying_columns
from simgait.errors import InputError
from simgait.files import safe_id
from simgait.limits import check_height
from simgait.option_names import FLAGS, option
from simgait.recordings.detectors.keypoint_set_file import is_set_file
from simgait.recordings.options import ReadOptions
from simgait.recordings.read import reader_for
from simgait.recordings.said import check_said
from simgait.recordings.subject_codes import is_called_like_a_person, looks_like_a_name
from simgait.text_files import MISSING_WORDS

NAMES = frozenset((
    "name", "surname", "forename", "firstname", "first_name", "lastname", "last_name", "birth",
    "dob", "birthday", "birthdate", "date_of_birth", "address", "email", "phone", "initials",
    "patient_name", "subject_name", "person_name",
))  # fmt: skip
"""Columns that say who somebody is."""
NO_AID = ("aids", "none")
"""Where "none" says something."""

_CODE = "give a code."


def read_manifest(path: Path | str, parsers: Parsers) -> Manifest:
    """A manifest with everything that is wrong with it.

    Args:
        path: CSV (commas, semicolons or tabs) or Parquet.
        parsers: what can be said of a recording, and how its text is read.

    Raises:
        InputError: the file cannot be read at all.
    """
    path = Path(path)
    return _checked(path.name, read_manifest_cells(path), parsers, path.resolve().parent)


def read_folder(
    folder: Path,
    pattern: str,
    parsers: Parsers,
    people: Path | None = None,
    exclude: Path | None = None,
) -> Manifest:
    """The recordings of a folder as a manifest, with everything that is wrong with it.

    Args:
        folder: with its subfolders; its name is written nowhere.
        pattern: of names, see `manifest_folder.folder_cells`.
        parsers: what can be said of a recording, and how its text is read.
        people: table of what is known of each person.
        exclude: folder that is passed over, that of the results.

    Raises:
        InputError: as `folder_cells`.
    """
    cells = folder_cells(folder, pattern, people, exclude)
    return _checked("one folder", cells, parsers, folder.resolve(), of_folder=True)


def read_dataset(folder: Path, parsers: Parsers) -> Manifest:
    """The recordings of a BIDS data set as a manifest, with everything that is wrong with it.

    Raises:
        InputError: as `bids_cells`.
    """
    cells = bids_cells(folder)
    return _checked("one data set", cells, parsers, folder.resolve(), of_folder=True)


def _checked(
    name: str, cells: ManifestCells, parsers: Parsers, folder: Path, *, of_folder: bool = False
) -> Manifest:
    """A manifest of these cells, whose relative paths start at `folder`."""
    problems = (*cells.problems, *_of_heading(cells.heading, parsers))
    own = tuple(
        column
        for column in cells.heading
        if column in CARRIED or (column and not (is_truth(column) or nearest(column, parsers)))
    )
    lines = tuple(
        _line(number, dict(zip(cells.heading, row, strict=True)), own, parsers, folder)
        for number, row in zip(cells.numbers, cells.rows, strict=True)
    )
    if of_folder:
        lines = tuple(replace(line, of_folder=True) for line in lines)
    truth = tuple(column.removeprefix(TRUTH) for column in cells.heading if is_truth(column))
    notes = (*cells.notes, *varying_columns(own, lines).values())
    lines = held_against_each_other(lines)
    return Manifest(name, lines, own, truth, (*problems, *codes_given_twice(lines)), notes)


def _of_heading(heading: Sequence[str], parsers: Parsers) -> Iterator[str]:
    """What is wrong with the names of the columns."""
    for name, count in Counter(heading).items():
        if not name:
            yield "heading: a column has no name; give it one, or take it out."
        elif count > 1:
            yield f"heading: two columns are called {name}; rename or drop one."
    for name in NEEDED:
        if name not in heading:
            yield f"heading: there is no column {name}; it needs {', '.join(NEEDED)}."
    for name in filter(None, dict.fromkeys(heading)):
        sentence = _of_column(name, parsers)
        if sentence:
            yield f"heading: {sentence}"


@cache
def _written() -> frozenset[str]:
    """Columns of simgait's own in the tables that carry those of the manifest along."""
    tables = study_columns()
    return frozenset(one.name for table in ("trials", "persons") for one in tables[table])


def _of_column(name: str, parsers: Parsers) -> str:
    """What is wrong with the name of one column; "" where nothing is."""
    if name.lower() in NAMES:
        return f"the column {name} says who people are, and the tables would hold it; take it out."
    meant = nearest(name, parsers)
    if is_truth(name):
        lacks = truth_name(name) is None
        return f"nothing is measured that is called {name}; the nearest is {meant}." * lacks
    if meant:
        return f"there is no column {name}; the nearest is {meant}." * (meant != name)
    if name in _written():
        return f"{name} is what simgait writes; call a truth {TRUTH}{name}, else rename it."
    return ""


def _line(
    number: int, cells: Mapping[str, str], own: Sequence[str], parsers: Parsers, folder: Path
) -> Line:
    """One line, and what is wrong with it alone."""
    codes = {name: cells.get(name, "") for name in CODES}
    facts, problems = _facts(cells, parsers, folder)
    truth, odd = _truth(cells)
    path = folder / cells["path"] if cells.get("path") else None
    carried = {name: "" if name in CARRIED and name not in facts else cells[name] for name in own}
    line = Line(number, codes, path, facts, truth, carried)
    problems += [*odd, *_of_codes(line), *_names(line, cells.get("path", ""))]
    problems += _of_file(line, bool(problems))
    return replace(_withheld(line), problems=tuple(problems))


def _withheld(line: Line) -> Line:
    """The line without what may be a person's name: its row stands in the tables all the same."""
    named = set(_named_cells(line))
    codes = {name: "" if name in named else cell for name, cell in line.codes.items()}
    if "trial" in named:
        codes["trial"] = f"line{line.number}"
    own = {name: "" if name in named else cell for name, cell in line.own.items()}
    return replace(line, codes=codes, own=own)


def _facts(
    cells: Mapping[str, str], parsers: Parsers, folder: Path
) -> tuple[dict[str, object], list[str]]:
    """What the line says of its recording, and which of it holds of no recording."""
    facts: dict[str, object] = {}
    problems: list[str] = []
    for column, fact in fact_columns(parsers).items():
        cell = cells.get(column, "")
        if cell.lower() in MISSING_WORDS and (fact, cell) != NO_AID:
            continue
        try:
            value = parsers[fact](cell)
        except InputError as error:
            problems.append(f"{column}: {error}")
            continue
        if value is None:
            continue
        called = partial(_called, column)
        value = _from_folder(fact, value, folder)
        try:
            if fact == "height_m":
                value = check_height(float(str(value)), column)
            else:
                check_said(_only(fact, value), called)
        except InputError as error:
            problems.append(in_manifest(str(error)))
        else:
            facts[fact] = value
    if "distance_m" in facts and "speed_mps" in facts:
        problems.append("distance_m and speed_mps: one says the other; leave one out.")
    return facts, problems


def _from_folder(fact: str, value: object, folder: Path) -> object:
    """What is said, with a path in it counted from the manifest's own folder."""
    if fact in FILES:
        return folder / str(value)
    is_path = fact == "keypoint_set" and is_set_file(str(value))
    return str(folder / str(value)) if is_path else value


def _called(column: str, fact: str) -> str:
    return column


def _only(fact: str, value: object) -> ReadOptions:
    return ReadOptions(**{fact: value})  # type: ignore[arg-type]


def in_manifest(sentence: str) -> str:
    """A sentence that advises options, with columns in their place."""
    for fact in FLAGS:
        column = "person" if fact == "subject_id" else fact
        sentence = sentence.replace(option(fact), f"the column {column}")
    return sentence


def _truth(cells: Mapping[str, str]) -> tuple[dict[str, float], list[str]]:
    truth: dict[str, float] = {}
    problems = []
    for column, cell in cells.items():
        if not is_truth(column) or cell.lower() in MISSING_WORDS:
            continue
        try:
            value = float(cell)
        except ValueError:
            value = math.inf
        if math.isfinite(value):
            truth[column.removeprefix(TRUTH)] = value
        else:
            problems.append(f"{column}: '{cell[:40]}' is not a number.")
    return truth, problems


def _of_codes(line: Line) -> Iterator[str]:
    for name in NEEDED:
        if name in CODES and not line.codes[name]:
            yield f"{name} is empty; give a code."
    trial = line.trial
    if trial and safe_id(trial) != trial and not is_called_like_a_person(trial):
        yield (
            f"trial: '{trial[:40]}' cannot name a file; write letters, digits, dots, dashes and "
            f"underscores, such as {safe_id(trial)}."
        )
    if line.codes["camera_place"] and not line.codes["visit"]:
        yield "camera_place says which walks of a visit belong together, but visit is empty."


def _names(line: Line, path: str) -> Iterator[str]:
    """Where a person's name would come into the tables, or a file's name may be one."""
    for name in _named_cells(line):
        yield f"{name}: this looks like a person's name, and the tables would hold it; " + _CODE
    if is_called_like_a_person(path):
        yield "path: the name of the file or its folder looks like a person's; rename it to a code."


def _named_cells(line: Line) -> Iterator[str]:
    """Columns of codes, and of your own, in which a person's name stands."""
    for name, cell in (*line.codes.items(), *line.own.items()):
        if looks_like_a_name(cell) if name == "person" else is_called_like_a_person(cell):
            yield name


def _of_file(line: Line, has_problems: bool) -> Iterator[str]:
    """Whether the recording is there, and could be read so."""
    if line.path is None:
        yield "path is empty; name the recording."
        return
    said = ReadOptions() if has_problems else line.said
    try:
        reader_for(line.path, said, to_track=not has_problems)
    except InputError as error:
        yield f"{line.path.name}: {in_manifest(failure_sentence(line.path.name, error))}"
