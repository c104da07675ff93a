"""What a person may say about a recording that its file does not say itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from simgait.errors import InputError
from simgait.recordings.rates import rate_notes, two_rates_notes


@dataclass(frozen=True)
class ReadOptions:
    """Facts about a recording; None is not said. What is said wins over the file.

    Each reader says which of them it uses (`readers.Reader.takes`), and checks them: nothing here
    is known to be right yet, shapes neither.

    Attributes:
        height_m, mass_kg: of the person.
        subject_id: a code, no name: it appears in outputs.
        age_years, sex, aids, diagnosis: of the person, for the report's head and normal ranges
            (`recordings.person_facts`); they change no measured number.
        belt_speed_mps: of a treadmill.
        distance_m: that the person walks, straight, from the first frame to the last.
        speed_mps: of the person, over ground, in place of a distance.
        travel_factor: what a detector's path, scaled to the height, is multiplied by.
        unit: length unit of the file: "m", "cm", "mm" or "in".
        axes: what the file's axes mean, see `axes.axes_matrix`.
        fps_hz: frame rate; or time_s: (T,) time stamps.
        keypoint_set: which set the points are, see `detectors.keypoint_sets`, or the file that
            states one (`detectors.keypoint_set_file`); or names: of each.
        confidence: (T, K) from 0 to 1.
        root_relative: the points do not hold the person's path through space.
        scale_is_metric: the points are measured, so that height does not rescale them.
        person: which of several people in the file, from 1.
        came_back: further numbers of that person, who left the picture and came back.
        fov_deg: field of view of the lens, on the long side of the picture, degrees; of a video,
            or of the camera that a detector's 3D points were found through.
        assumed_fov_deg: the one that this detector believed in.
        picture_px: width and height of the pictures that 2D points were found in.
        from_s, to_s: part of a video, in seconds as a player shows them.
        camera: file of the camera that filmed, see `video.camera_file`.
        detector: that looks at a video, "metrabs"; None for the one that comes with simgait.
        model, python: folder of its SavedModel, and the Python that has TensorFlow.
        detector_command: of another one, see `video.outside_program.command_words`.
        exchange: labels whose points are exchanged, two by two; or "sides", all of left and right.
        asf: skeleton that belongs to an .amc file.
    """

    height_m: float | None = None
    mass_kg: float | None = None
    subject_id: str | None = None
    age_years: float | None = None
    sex: str | None = None
    aids: Sequence[str] | None = None
    diagnosis: str | None = None
    belt_speed_mps: float | None = None
    distance_m: float | None = None
    speed_mps: float | None = None
    travel_factor: float | None = None
    unit: str | None = None
    axes: str | None = None
    fps_hz: float | None = None
    time_s: np.ndarray | None = None
    keypoint_set: str | None = None
    names: Sequence[str] | None = None
    confidence: np.ndarray | None = None
    root_relative: bool | None = None
    scale_is_metric: bool | None = None
    person: int | None = None
    came_back: Sequence[int] | None = None
    fov_deg: float | None = None
    assumed_fov_deg: float | None = None
    picture_px: tuple[int, int] | None = None
    from_s: float | None = None
    to_s: float | None = None
    camera: Path | None = None
    detector: str | None = None
    model: Path | None = None
    python: Path | None = None
    detector_command: str | None = None
    exchange: Sequence[str] | None = None
    asf: Path | None = None

    def said(self) -> dict[str, Any]:
        """The facts that are said, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    def record(self) -> dict[str, Any]:
        """The facts that are said, files by their name alone; who the person is is left out.

        It changes no number, and a provenance does not say whose walk it is of.
        """
        return {
            name: PurePath(value).name if isinstance(value, PurePath) or name in _NAMES else value
            for name, value in self.said().items()
            if name not in WHO
        }

    @contextmanager
    def binding(self, fact: str) -> Iterator[None]:
        """Where a file's own fact is read: that it is wrong matters only if nobody says it."""
        try:
            yield
        except InputError:
            if getattr(self, fact) is None:
                raise

    def notes_over(self, file: ReadOptions) -> tuple[str, ...]:
        """A sentence on each number and unit that is said otherwise than in the file.

        So are its time stamps, by a frame rate; and these can deny the rate that the file states.
        """
        of_numbers = tuple(
            note
            for fact in _OVERRULED
            for note in overruled(fact, getattr(self, fact), getattr(file, fact))
        )
        if file.time_s is None or self.time_s is not None:
            return of_numbers
        of_file = np.asarray(file.time_s)
        if self.fps_hz is not None:
            return (*of_numbers, *rate_notes(self.fps_hz, of_file))
        stated_hz = float("nan") if file.fps_hz is None else file.fps_hz
        return (*of_numbers, *two_rates_notes(stated_hz, "the file's frame rate", of_file))

    def over(self, file: ReadOptions) -> ReadOptions:
        """These facts where they are said, else the file's.

        A frame rate said takes the file's time stamps out, a keypoint set its names, a speed its
        distance.
        """
        if self.fps_hz is not None:
            file = replace(file, time_s=None)
        if self.speed_mps is not None:
            file = replace(file, distance_m=None)
        if self.keypoint_set is not None:
            file = replace(file, names=None)
        return replace(file, **self.said())


_OVERRULED = {
    "height_m": ("Height", "m"),
    "mass_kg": ("Mass", "kg"),
    "belt_speed_mps": ("Belt speed", "m/s"),
    "fps_hz": ("Frame rate", "Hz"),
    "unit": ("Length unit", ""),
}
"""Fact -> what sentences call it, and its unit. A subject is not quoted: it may be a name."""
_SAME = 1e-3
"""Share by which two spellings of one number differ."""


def overruled(fact: str, said: float | str | None, of_file: float | str | None) -> tuple[str, ...]:
    """A sentence where what is said of a recording is not what its file says; none else."""
    label, unit = _OVERRULED[fact]
    if said is None or of_file is None or said == of_file:
        return ()
    if isinstance(said, str) or isinstance(of_file, str):
        words = str(said), str(of_file)
    elif abs(said - of_file) > _SAME * abs(of_file):
        words = f"{said:.6g} {unit}", f"{of_file:.6g} {unit}"
    else:
        return ()
    return (f"{label}: the {words[0]} given were used, though the file says {words[1]}.",)


_NAMES = frozenset({"keypoint_set"})
"""Facts that are a name, or the path of a file."""
NOTHING_SAID = ReadOptions()
WHO = frozenset({"subject_id", "age_years", "sex", "aids", "diagnosis"})
"""Options that say who walks, and change no measured number."""
PERSON = frozenset({"height_m", "mass_kg"}) | WHO
"""Options that every reader uses."""
VIDEO = frozenset({
    "from_s", "to_s", "came_back", "camera", "detector", "model", "python",
    "detector_command",
})  # fmt: skip
"""Options of videos alone."""
ARRAY = frozenset(field.name for field in fields(ReadOptions)) - {"asf", "picture_px"} - VIDEO
"""Options of a reader of bare arrays, which say nothing about themselves."""
