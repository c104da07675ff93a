"""CSV of a detector's 3D keypoints: one row per frame, or one row per point and frame.

Layouts that people have: `left_hip_x, left_hip_y, left_hip_z, ...` (FreeMoCap, exports of
MediaPipe), `x0, y0, z0, v0, ...`, and long tables `frame, landmark, x, y, z, visibility`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from simgait.errors import InputError
from simgait.limits import MOST_COLUMNS, check_size
from simgait.parameters.wording import counted
from simgait.recordings.detectors.frame_numbers import NUMBER_NAMES, number_in
from simgait.recordings.detectors.track import (
    TIME_COLUMNS,
    DetectorTrack,
    recording_from_track,
    refuse_no_points,
)
from simgait.recordings.options import ARRAY, NOTHING_SAID, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.text_files import MISSING_WORDS, decoded, read_outside_text, table_text
from simgait.types import Recording

LEAST_POINTS = 6
"""Both hips, knees and ankles."""
# "left_hip_x", "x_left_hip" or "x11", "LHipX".
_COLUMNS = (
    re.compile(r"(?P<point>.+)[ _.:-](?P<axis>[xyz])", re.IGNORECASE),
    re.compile(r"(?P<axis>[xyz])[ _.:-]?(?P<point>.+)", re.IGNORECASE),
    re.compile(r"(?P<point>.+?)(?P<axis>[XYZ])"),
)
_UNIT_BEHIND = re.compile(
    r"(?P<name>.+?) ?[\[(](?:(?P<length>mm|cm|m)|(?P<time>s|ms|us|ns))[\])]", re.IGNORECASE
)
_CONFIDENCE = ("visibility", "confidence", "score", "likelihood", "conf", "vis", "v", "c", "p")
_POINT = (
    "landmark_name", "keypoint_name", "joint_name", "marker_name", "landmark", "keypoint", "joint",
    "marker", "bodypart", "point", "name", "landmark_id", "keypoint_id", "joint_id",
    "landmark_index", "keypoint_index", "id",
)  # fmt: skip
_KINDS = {"model": ".body", "trajectory": ""}
"""Columns of FreeMoCap's long tables, in which one point has several rows in a frame -> how the
kind that is read ends; the first where nothing is said."""
_PERSON = ("person", "person_id", "track_id", "pose_id")
_PREFIX = re.compile(r"^(?:mediapipe_)?(?:body|pose|world)[_.]", re.IGNORECASE)


def _is_keypoints(head: bytes) -> bool:
    """Whether the first line names points with x, y and z, or a long table's columns."""
    try:
        table = table_text(decoded(head[: len(head) // 4 * 4], "").text)
    except InputError:
        return False
    first = table.text.lstrip().split("\n", 1)[0]
    heading, _ = _without_units([cell.strip('" ') for cell in first.split(table.delimiter)])
    return _long_columns(heading) is not None or len(_wide_columns(heading)) >= LEAST_POINTS


@register_reader(
    ".csv",
    ".tsv",
    takes=ARRAY,
    holds="3D keypoints of a detector, one row per frame (`left_hip_x`, ... or `x0`, `y0`, `z0`) "
    "or per point (`frame`, `landmark`, `x`, `y`, `z`): BlazePose, FreeMoCap, ...",
    asks="`fps_hz` where there are no times, `unit`, `axes`; `keypoint_set` where points have "
    "numbers only",
    sniff=_is_keypoints,
    tells_height=lambda path: False,
)
def read_csv_keypoints(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Read a CSV of keypoints over time.

    Raises:
        InputError: no such columns, a cell that is no number, or a fact that is missing or wrong.
    """
    read = read_outside_text(path)
    table = _table(read.text, path.name)
    long = _long_columns(table.heading)
    track, notes = (_wide_track(table), ()) if long is None else _long_track(table, long)
    if table.unit:
        track = replace(track, facts=replace(track.facts, unit=table.unit))
    recording = recording_from_track(track, options, path, "csv", read.note)
    return replace(recording, notes=(*table.notes, *notes, *recording.notes))


@dataclass(frozen=True)
class _Table:
    """Cells of a CSV file below its heading; `comma` where decimals have one; notes on reading.

    `unit` is what the heading says of all positions, "" where it says nothing.
    """

    where: str
    heading: list[str]
    rows: list[list[str]]
    comma: bool
    notes: tuple[str, ...] = ()
    unit: str = ""

    def numbers(self, column: int) -> Float[np.ndarray, " N"]:
        """One column, NaN where a cell is empty or says that it is missing."""
        return np.array([self._number(row, i, column) for i, row in enumerate(self.rows)])

    def texts(self, column: int) -> list[str]:
        """One column as it stands; empty where a row ends before it."""
        return [row[column].strip() if column < len(row) else "" for row in self.rows]

    def _number(self, row: list[str], line: int, column: int) -> float:
        cell = row[column].strip() if column < len(row) else ""
        try:
            return float(cell.replace(",", ".") if self.comma else cell)
        except ValueError:
            if cell.lower() in MISSING_WORDS:
                return float("nan")
            raise InputError(
                f"{self.where}: row {line + 1} of column {self.heading[column]} holds "
                f"{cell[:30]!r}, which is no number; mend the source."
            ) from None


def _table(text: str, where: str) -> _Table:
    read = table_text(text)
    heading, delimiter = read.text.lstrip().split("\n", 1)[0], read.delimiter
    check_size(heading.count(delimiter) + 1, MOST_COLUMNS, "columns", where)
    try:
        reader = csv.reader(io.StringIO(read.text, newline=""), delimiter=delimiter)
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise InputError(f"{where}: cannot be read as CSV ({error}); export it again.") from None
    if len(rows) < 2:
        raise InputError(f"{where}: has a heading but no frames; export it again.")
    (line, names), *frames = rows
    last, cells = frames[-1]
    notes: tuple[str, ...] = (read.note,) if read.note else ()
    if len(frames) > 1 and len(cells) < len(names):
        notes += (f"line {last}, the last one, is cut off and was left out.",)
        frames = frames[:-1]
    for number, row in frames:
        _refuse_shifted(row, number, len(names), line, where)
    heading_cells, unit = _without_units(names)
    cells_of = [row for _, row in frames]
    return _Table(where, heading_cells, cells_of, delimiter != ",", notes, unit)


def _without_units(heading: Sequence[str]) -> tuple[list[str], str]:
    """Names of columns without the unit in brackets behind some, and that of all positions.

    "LHip X [mm]" is "LHip X" in millimetres; "Time (ms)" is "Time_ms", as `TIME_COLUMNS` knows it.
    """
    found = [_UNIT_BEHIND.fullmatch(cell.strip()) for cell in heading]
    said = {m["length"].lower() for m in found if m and m["length"]}
    names = [
        cell.strip() if m is None else m["name"] if m["length"] else f"{m['name']}_{m['time']}"
        for cell, m in zip(heading, found, strict=True)
    ]
    return names, said.pop() if len(said) == 1 else ""


def _refuse_shifted(row: Sequence[str], line: int, wanted: int, heading: int, where: str) -> None:
    """A row must have a cell for every column; empty ones at its end do not count.

    Raises:
        InputError: it has more or fewer; names the line.
    """
    many = len(row) > wanted and any(cell.strip() for cell in row[wanted:])
    if many or len(row) < wanted:
        advice = ", and write decimals with a point" if many else ""
        raise InputError(
            f"{where}: line {line} has {counted(len(row), 'cell')}, but the heading (line "
            f"{heading}) has {wanted}, so that nobody can tell which is which; mend that "
            f"line{advice}."
        )


def _refuse_repeated(table: _Table) -> None:
    """A coordinate that stands in two columns.

    Raises:
        InputError: one does.
    """
    names = [name for name in table.heading if any(one.fullmatch(name) for one in _COLUMNS)]
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise InputError(
            f"{table.where}: the column {twice[0]!r} occurs twice; rename or remove one of them."
        )


def _wide_columns(heading: Sequence[str]) -> dict[str, dict[str, int]]:
    """Point -> axis -> column, by the way of naming that makes the most whole points."""
    best: dict[str, dict[str, int]] = {}
    for pattern in _COLUMNS:
        found: dict[str, dict[str, int]] = {}
        for i, name in enumerate(heading):
            match = pattern.fullmatch(name)
            if match:
                found.setdefault(match["point"], {}).setdefault(match["axis"].lower(), i)
        whole = {point: axes for point, axes in found.items() if len(axes) == 3}
        if len(whole) > len(best):
            best = whole
    return best


def _long_columns(heading: Sequence[str]) -> dict[str, int] | None:
    """Role -> column of a table with one row per point and frame; None where it is another."""
    places = {name.lower(): i for i, name in reversed(list(enumerate(heading)))}
    found = {axis: places[axis] for axis in "xyz" if axis in places}
    for role, names in (("frame", NUMBER_NAMES), ("point", _POINT), ("person", _PERSON)):
        name = next((n for n in names if n in places), None)
        if name is not None:
            found[role] = places[name]
    name = next((n for n in _CONFIDENCE if n in places), None)
    if name is not None:
        found["confidence"] = places[name]
    return found if {"x", "y", "z", "frame", "point"} <= found.keys() else None


def _wide_track(table: _Table) -> DetectorTrack:
    """One row per frame."""
    _refuse_repeated(table)
    points = _wide_columns(table.heading)
    if len(points) < LEAST_POINTS:
        shown = ", ".join(table.heading[:6])
        raise refuse_no_points(table.where, f"its columns are {shown} ...")
    names = list(points)
    order = _numbered(names)
    if order is not None:
        names = [names[i] for i in order]
    xyz = np.stack(
        [np.stack([table.numbers(points[n][axis]) for axis in "xyz"], axis=-1) for n in names],
        axis=1,
    )
    confidence = _wide_confidence(table, names)
    times, unit = _times(table)
    return DetectorTrack(
        xyz[:, None],
        None if confidence is None else confidence[:, None],
        None if order is not None else [_PREFIX.sub("", name) for name in names],
        times,
        unit,
        None if times is not None else _frame_numbers(table),
    )


def _frame_numbers(table: _Table) -> list[int] | None:
    """Numbers of the rows' frames; None where no column has them.

    Raises:
        InputError: a row has none, or that of the row before or a lower one.
    """
    places = {name.lower(): i for i, name in reversed(list(enumerate(table.heading)))}
    column = next((places[name] for name in NUMBER_NAMES if name in places), None)
    if column is None:
        return None
    name, cells = table.heading[column], table.texts(column)
    numbers: list[int] = []
    for row, cell in enumerate(cells):
        number = number_in(cell)
        if number is None or (numbers and number <= numbers[-1]):
            raise InputError(
                f"{table.where}: row {row + 1} of column {name} holds {cell[:30]!r}, where a "
                "number higher than that of the row before is expected; mend it, or take the "
                "column out."
            )
        numbers.append(number)
    return numbers


def _wide_confidence(table: _Table, names: Sequence[str]) -> Float[np.ndarray, "T K"] | None:
    """Columns like "left_hip_visibility" or "v11" beside those of the positions."""
    places = {re.sub(r"[ _.:-]", "", name.lower()): i for i, name in enumerate(table.heading)}
    for word in _CONFIDENCE:
        plain = [re.sub(r"[ _.:-]", "", name.lower()) for name in names]
        for found in ([f"{n}{word}" for n in plain], [f"{word}{n}" for n in plain]):
            if all(name in places for name in found):
                return np.stack([table.numbers(places[name]) for name in found], axis=1)
    return None


def _numbered(names: Sequence[str]) -> list[int] | None:
    """The order of points that are numbered ("0", "landmark_0"); None where they have names."""
    matches = [re.fullmatch(r"(\D*)(\d+)", name) for name in names]
    if not all(matches) or len({m[1] for m in matches if m}) > 1:
        return None
    numbers = [int(m[2]) for m in matches if m]
    order = sorted(range(len(names)), key=numbers.__getitem__)
    first = numbers[order[0]]
    whole = [numbers[i] for i in order] == list(range(first, first + len(names)))
    return order if whole and first in (0, 1) else None


def _times(table: _Table) -> tuple[Float[np.ndarray, " T"] | None, str]:
    places = {name.lower(): i for i, name in enumerate(table.heading)}
    for name, unit in TIME_COLUMNS.items():
        if name in places:
            return table.numbers(places[name]), unit
    return None, ""


def _of_one_kind(table: _Table) -> tuple[_Table, tuple[str, ...]]:
    """The rows of the body, and of one of several ways to place it; a note on those left out."""
    places = {name.lower(): i for i, name in enumerate(table.heading)}
    notes: tuple[str, ...] = ()
    for column in (name for name in _KINDS if name in places):
        kinds = list(dict.fromkeys(table.texts(places[column])))
        if len(kinds) < 2:
            continue
        taken = next((kind for kind in kinds if kind.endswith(_KINDS[column])), kinds[0])
        cells = table.texts(places[column])
        rows = [row for row, cell in zip(table.rows, cells, strict=True) if cell == taken]
        table = replace(table, rows=rows)
        notes += (f"the file has several kinds of {column}; {taken!r} was read.",)
    return table, notes


def _refuse_second_rows(table: _Table, places: Int[np.ndarray, "N 3"]) -> None:
    """No point may have two rows in one frame: nobody can tell which is true.

    Raises:
        InputError: names the first that has.
    """
    _, first, counts = np.unique(places, axis=0, return_index=True, return_counts=True)
    if (counts > 1).any():
        row = int(first[counts > 1].min())
        raise InputError(
            f"{table.where}: the point of row {row + 1} has another row in the same frame; give "
            "one for each point, and a column 'person' where there are several people."
        )


def _long_track(table: _Table, columns: Mapping[str, int]) -> tuple[DetectorTrack, tuple[str, ...]]:
    """One row per point and frame (and person); frames without a row are missing."""
    table, notes = _of_one_kind(table)
    of_rows = [number_in(cell) for cell in table.texts(columns["frame"])]
    if None in of_rows:
        raise InputError(f"{table.where}: a row has no number of its frame; mend the source.")
    numbers, frame = np.unique(np.array(of_rows, float), return_inverse=True)
    labels = table.texts(columns["point"])
    names = list(dict.fromkeys(labels))
    order = _numbered(names)
    names = names if order is None else [names[i] for i in order]
    place = {name: i for i, name in enumerate(names)}
    point = np.array([place[label] for label in labels])
    people = table.texts(columns["person"]) if "person" in columns else [""] * len(table.rows)
    which = {name: i for i, name in enumerate(dict.fromkeys(people))}
    person = np.array([which[name] for name in people])
    _refuse_second_rows(table, np.stack([frame, person, point], axis=1))
    xyz = np.full((len(numbers), len(which), len(names), 3), np.nan)
    xyz[frame, person, point] = np.stack([table.numbers(columns[a]) for a in "xyz"], axis=-1)
    confidence = None
    if "confidence" in columns:
        confidence = np.zeros(xyz.shape[:3])
        confidence[frame, person, point] = table.numbers(columns["confidence"])
    times, unit = _times(table)
    if times is not None:
        first = np.unique(frame, return_index=True)[1]
        times = times[first]
    named = None if order is not None else names
    of_frames = [int(number) for number in numbers]
    return DetectorTrack(xyz, confidence, named, times, unit, of_frames), notes
