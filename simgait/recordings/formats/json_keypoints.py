"""JSON of a detector's 3D keypoints: BlazePose, OpenPose-style 3D, FreeMoCap, or plain lists.

Read are: an object with an array `keypoints` and simgait's own keys; a list of frames (or an object
that holds one as `frames`), each with its landmarks as objects, lists of numbers or one flat list,
of one or several people; and FreeMoCap's `data_by_frame`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from simgait.errors import InputError
from simgait.option_names import overruling
from simgait.recordings.detectors.frame_files import read_frame_files
from simgait.recordings.detectors.frame_numbers import NUMBER_NAMES, number_in
from simgait.recordings.detectors.keypoint_sets import keypoint_sets
from simgait.recordings.detectors.track import (
    TIME_COLUMNS,
    DetectorTrack,
    recording_from_track,
    refuse_no_points,
)
from simgait.recordings.options import ARRAY, NOTHING_SAID, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.text_files import parse_json, read_outside_text
from simgait.types import Recording

_WORLD = (
    "pose_world_landmarks", "poseWorldLandmarks", "world_landmarks", "worldLandmarks",
    "keypoints3D", "keypoints_3d", "keypoints3d", "pose_keypoints_3d", "landmarks_3d",
    "joints_3d", "joints3d", "poses3d", "pred_keypoints_3d",
)  # fmt: skip
"""Names of 3D points; they go before others, which may be of the image."""
_POINTS = (*_WORLD, "landmarks", "pose_landmarks", "poseLandmarks", "keypoints", "joints", "pose")
_FRAMES = ("frames", "data", "results", "annotations", "poses", "predictions")
_PEOPLE = ("people", "persons", "instances")
_CONFIDENCE = ("visibility", "score", "confidence", "likelihood", "c", "v")
_NAME = ("name", "part", "landmark", "keypoint", "joint", "id")
_FACTS = {
    "fps_hz": ("fps_hz", "fps", "frame_rate", "framerate"),
    "height_m": ("height_m",), "mass_kg": ("mass_kg",), "belt_speed_mps": ("belt_speed_mps",),
    "distance_m": ("distance_m",), "travel_factor": ("travel_factor",),
    "fov_deg": ("fov_deg",), "assumed_fov_deg": ("assumed_fov_deg",),
    "unit": ("unit",), "axes": ("axes",), "subject_id": ("subject_id",),
    "keypoint_set": ("keypoint_set",),
    "root_relative": ("root_relative",), "scale_is_metric": ("scale_is_metric",),
}  # fmt: skip
_TEXTS = ("unit", "axes", "subject_id", "keypoint_set")
_FLAGS = ("root_relative", "scale_is_metric")
_SNIFFED = (*_WORLD, "landmarks", "pose_landmarks", "poseLandmarks", "keypoints", "data_by_frame",
            *_PEOPLE)  # fmt: skip
# Of lists of names no recording is made: "keypoints": ["Left Heel", ...].
_NAMED_POINTS = re.compile(rf'"({"|".join(_SNIFFED)})"\s*:\s*(\[\s*([\[{{\]]|null|-?\d)|\{{)')
_NAMED_POINT = re.compile(r'"(l|r|left|right)[ _.-]?(hip|knee|ankle)"\s*:\s*[\[{]', re.IGNORECASE)
Point = tuple[float, float, float, float]
"""x, y, z, and a confidence, NaN where the file has none."""
LARGEST = 1e15
"""No position, time stamp or rate is larger, in any unit."""
_GONE: Point = (math.nan, math.nan, math.nan, 0.0)


def _is_keypoints(head: bytes) -> bool:
    """Whether the beginning of a JSON file names points, or is nested lists of numbers."""
    text = head.replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe \r\n\t")
    plain = re.sub(r"\s+", "", text[:400])
    if re.match(r"\[\[+(null|-?\d)", plain):
        return True
    if plain[:1] not in ("{", "["):
        return False
    return (
        _NAMED_POINTS.search(text) is not None
        or all(f'"{axis}":' in re.sub(r"\s+", "", text) for axis in "xyz")
        or _NAMED_POINT.search(text) is not None
    )


def _tells_height(path: Path) -> bool:
    """Whether a file speaks of a height, or of points that need none; it is not parsed."""
    content = b"" if path.is_dir() else path.read_bytes()
    return any(f'"{name}"'.encode() in content for name in ("height_m", "scale_is_metric"))


@register_reader(
    ".json",
    takes=ARRAY,
    holds="frames of 3D keypoints: BlazePose (world landmarks), OpenPose-style 3D, FreeMoCap, or "
    "simgait's own keys with lists",
    asks="`fps_hz` where there are no times, `unit`, `axes`; `keypoint_set` where points have no "
    "names",
    sniff=_is_keypoints,
    tells_height=_tells_height,
)
def read_json_keypoints(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Read JSON of keypoints over time.

    Raises:
        InputError: no such JSON, no 3D points in it, or a fact that is missing or wrong.
    """
    if path.is_dir():
        return _of_frame_files(path, options)
    read = read_outside_text(path)
    try:
        track = _Reader(path.name, options).track(parse_json(read.text, path.name))
    except RecursionError:
        raise InputError(f"{path.name}: its JSON is nested too deeply; export it again.") from None
    return recording_from_track(track, options, path, "json", read.note)


def _of_frame_files(folder: Path, options: ReadOptions) -> Recording:
    """The recording of a folder of frames, which has no times but its files' numbers."""
    files = read_frame_files(folder, folder.name)
    if options.fps_hz is not None:
        options = replace(options, fps_hz=options.fps_hz / files.every)
    track = _Reader(folder.name, options).track(files.frames)
    recording = recording_from_track(track, options, folder, "json")
    return replace(recording, notes=(*files.notes, *recording.notes))


@dataclass(frozen=True)
class _Frame:
    """The people of one frame, each a list of points; their names, and the time stamp."""

    people: list[list[Point]]
    names: list[str] | None = None
    time: float = math.nan
    time_unit: str = ""
    number: int | None = None


@dataclass
class _Reader:
    """Walks through a JSON value; `where` names the file in sentences.

    What `options` say need not be readable in the file. Whether a point's confidence has a name
    there is known once the points are read.
    """

    where: str
    options: ReadOptions = NOTHING_SAID
    confidence_is_named: bool = False

    def track(self, value: Any) -> DetectorTrack:
        """The points of all frames."""
        facts, names = NOTHING_SAID, None
        if isinstance(value, Mapping):
            facts, names = self._facts(value)
            if isinstance(value.get("data_by_frame"), Mapping):
                value = [
                    {NUMBER_NAMES[0]: number} | dict(frame) if isinstance(frame, Mapping) else frame
                    for number, frame in value["data_by_frame"].items()
                ]
            else:
                held = next((key for key in _FRAMES if isinstance(value.get(key), list)), None)
                own = next((key for key in _POINTS if isinstance(value.get(key), list)), None)
                if held is not None:
                    value = value[held]
                elif own is not None and _depth(value[own]) >= 3:
                    value = value[own]
                else:
                    value = [value]
        if not isinstance(value, list) or not value:
            raise refuse_no_points(self.where, "it is no list of frames")
        frames = [self._frame(frame) for frame in value]
        if len(frames) == 1:
            raise InputError(
                f"{self.where}: holds one frame, as programs write that make one file of each "
                "frame; join the frames into one list (docs/how-to/detectors.md)."
            )
        return self._joined(frames, facts, names)

    def _facts(self, value: Mapping[str, Any]) -> tuple[ReadOptions, list[str] | None]:
        """What an object says about its points, and their names."""
        facts: dict[str, Any] = {}
        for fact, keys in _FACTS.items():
            said = next((value[key] for key in keys if value.get(key) is not None), None)
            if said is None:
                continue
            kind = str if fact in _TEXTS else bool if fact in _FLAGS else (int, float)
            if not isinstance(said, kind) or (isinstance(said, bool) and fact not in _FLAGS):
                word = (
                    "text" if fact in _TEXTS else "true or false" if fact in _FLAGS else "a number"
                )
                with self.options.binding(fact):
                    raise InputError(f"{self.where}: {fact} must be {word}{overruling(fact)}.")
                continue
            facts[fact] = said
        names = value.get("names")
        if names is not None and not (
            isinstance(names, list) and all(isinstance(name, str) for name in names)
        ):
            raise InputError(f"{self.where}: 'names' must be a list of keypoint names.")
        return ReadOptions(**facts), names

    def _joined(
        self, frames: Sequence[_Frame], facts: ReadOptions, names: list[str] | None
    ) -> DetectorTrack:
        """One array of all frames; people and frames without points are missing."""
        frames, numbers = self._numbered(frames)
        n_people = max((len(frame.people) for frame in frames), default=0)
        widths = {len(points) for frame in frames for points in frame.people if points}
        if not widths:
            raise refuse_no_points(self.where, "its frames hold no points with x, y and z")
        if len(widths) > 1:
            raise InputError(
                f"{self.where}: frames have different numbers of keypoints "
                f"({', '.join(map(str, sorted(widths)))}); give the same in every frame, null "
                "where one is missing."
            )
        (width,) = widths
        array = np.tile(np.array(_GONE), (len(frames), n_people, width, 1))
        for t, frame in enumerate(frames):
            for p, points in enumerate(frame.people):
                if points:
                    array[t, p] = points
        if names is None:
            names = next((frame.names for frame in frames if frame.names), None)
        times = np.array([frame.time for frame in frames])
        said = np.isfinite(array[..., 3]) & np.isfinite(array[..., 0])
        return DetectorTrack(
            array[..., :3],
            np.where(np.isfinite(array[..., 3]), array[..., 3], 1.0) if said.any() else None,
            names,
            None if np.isnan(times).all() else times,
            next((frame.time_unit for frame in frames if frame.time_unit), ""),
            numbers,
            self.confidence_is_named,
            facts,
        )

    def _numbered(self, frames: Sequence[_Frame]) -> tuple[Sequence[_Frame], list[int] | None]:
        """The frames, those of one number made one, and their numbers; None where not all have one.

        Some write an entry for each person and frame.

        Raises:
            InputError: all have one number.
        """
        numbers = [frame.number for frame in frames if frame.number is not None]
        if len(numbers) < len(frames):
            return frames, None
        held: dict[int, _Frame] = {}
        for number, frame in zip(numbers, frames, strict=True):
            first = held.get(number)
            held[number] = (
                frame if first is None else replace(first, people=[*first.people, *frame.people])
            )
        if len(held) == 1:
            raise InputError(
                f"{self.where}: all of its {len(frames)} frames have the number {numbers[0]}; "
                "number them one after the other."
            )
        return list(held.values()), list(held)

    def _frame(self, value: Any) -> _Frame:
        """The people in one frame."""
        if not isinstance(value, Mapping):
            people, names = self._people(value)
            return _Frame(people, names)
        time, unit = self._time(value)
        number = _number_of(value)
        held = next((value[key] for key in _PEOPLE if key in value), None)
        if isinstance(held, list):
            found = [self._frame(one) for one in held]
            people = [points for frame in found for points in frame.people]
            return _Frame(
                people, next((f.names for f in found if f.names), None), time, unit, number
            )
        body = value.get("body")
        if isinstance(body, Mapping):  # FreeMoCap keeps hands and face beside
            value = body.get("trajectories", body)
            people, names = self._people(value)
            return _Frame(people, names, time, unit, number)
        key = next((key for key in _POINTS if value.get(key)), None)
        if key is None and any(
            str(k).endswith(("_2d", "2D", "2d")) and v for k, v in value.items()
        ):
            raise InputError(
                f"{self.where}: its keypoints are 2D; simgait needs 3D positions, so run a 3D "
                "detector, or lift them first."
            )
        people, names = self._people(value[key]) if key is not None else ([], None)
        if key is None and value and all(_is_point(one) for one in value.values()):
            people, names = self._people(value)
        return _Frame(people, names, time, unit, number)

    def _time(self, frame: Mapping[str, Any]) -> tuple[float, str]:
        """The time stamp of a frame as it stands, and its unit where the name says it."""
        stamps = frame.get("timestamps")
        if isinstance(stamps, Mapping):
            frame = {"timestamp": stamps.get("mean")} | dict(frame)
        for name, unit in TIME_COLUMNS.items():
            if frame.get(name) is not None and not isinstance(frame[name], str):
                return self._number(frame[name], name), unit
        return math.nan, ""

    def _people(self, value: Any) -> tuple[list[list[Point]], list[str] | None]:
        """Points of each person, and their names: of objects, lists, or one flat list."""
        if value is None or value == []:
            return [], None
        if isinstance(value, Mapping):
            return [[self._point(one) for one in value.values()]], [str(name) for name in value]
        if not isinstance(value, list):
            raise refuse_no_points(self.where, f"{str(value)[:30]!r} stands where points should")
        if all(isinstance(one, (int, float)) for one in value):
            return [self._of_flat(value)], None
        if _are_plain(value):  # nearly all of a million points
            return [[(*row, math.nan)[:4] for row in value]], None
        if _is_point(value[0]) or value[0] is None:
            return [[self._point(one) for one in value]], _names(value)
        people = [self._people(one) for one in value]
        points = [person for found, _ in people for person in found]
        return points, next((names for _, names in people if names), None)

    def _of_flat(self, values: Sequence[float]) -> list[Point]:
        """Points of "x, y, z, score, ..." as OpenPose writes them, or without scores."""
        widths = {known.width for known in keypoint_sets()}
        sizes = [n for n in (4, 3) if len(values) % n == 0]
        if not sizes:
            raise refuse_no_points(
                self.where, f"{len(values)} numbers are neither x, y, z nor x, y, z, score"
            )
        size = next((n for n in sizes if len(values) // n in widths), sizes[0])
        rows = [values[i : i + size] for i in range(0, len(values), size)]
        return [self._point(list(row)) for row in rows]

    def _point(self, value: Any) -> Point:
        """Position and confidence; missing for null, or where a coordinate is null."""
        if value is None:
            return _GONE
        if isinstance(value, Mapping):
            confidence = next((value[k] for k in _CONFIDENCE if k in value), math.nan)
            self.confidence_is_named = True
            parts = [value.get("x"), value.get("y"), value.get("z"), confidence]
        elif isinstance(value, list) and len(value) in (3, 4):
            parts = value if len(value) == 4 else [*value, math.nan]
        else:
            raise refuse_no_points(self.where, f"{str(value)[:30]!r} stands where a point should")
        if any(part is None for part in parts):
            return _GONE
        x, y, z, c = (self._number(part, "a keypoint") for part in parts)
        return x, y, z, c

    def _number(self, value: Any, what: str) -> float:
        """A number that is one; not true or false, text, or an integer beyond any measure."""
        if isinstance(value, float) or (type(value) is int and abs(value) < LARGEST):
            return float(value)
        raise InputError(
            f"{self.where}: {what} holds {str(value)[:30]!r}, which is no number; mend the source."
        )


def _number_of(frame: Mapping[str, Any]) -> int | None:
    """The number of a frame, where it says one."""
    small = {str(key).lower(): value for key, value in frame.items()}
    return next((number_in(small[name]) for name in NUMBER_NAMES if name in small), None)


def _are_plain(value: Sequence[Any]) -> bool:
    """Whether all points are lists of as many floats, three or four of them."""
    if {*map(type, value)} != {list} or {*map(len, value)} not in ({3}, {4}):
        return False
    return {*map(type, chain.from_iterable(value))} == {float}


def _is_point(value: Any) -> bool:
    """Whether a value is one point: an object with x, or three or four numbers."""
    if isinstance(value, Mapping):
        return "x" in value
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and all(part is None or isinstance(part, (int, float)) for part in value)
    )


def _names(points: Sequence[Any]) -> list[str] | None:
    """Names of points that carry them; None where any does not, or they are numbers."""
    found = []
    for point in points:
        name = next((point[k] for k in _NAME if k in point), None) if point else None
        if not isinstance(name, str):
            return None
        found.append(name)
    return found


def _depth(value: Any) -> int:
    """How many lists lie in one another, along the first elements."""
    depth = 0
    while isinstance(value, list) and value:
        value, depth = value[0], depth + 1
    return depth + (1 if isinstance(value, Mapping) else 0)
