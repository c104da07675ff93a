"""A scrubbed C3D file is written once it reads as its original does."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simgait.errors import InputError
from simgait.files import cannot_be_written, whole_file
from simgait.recordings.formats.c3d import open_c3d, parse_c3d
from simgait.recordings.formats.c3d_scrub import Scrubbed, scrubbed
from simgait.recordings.markers.recording import MarkerTrial


def write_scrubbed(path: Path, out: Path) -> Scrubbed:
    """Writes the copy of a C3D file without what could tell who walked, and reads it again.

    Args:
        path: of the original, which is not changed.
        out: of the copy, which is not there yet.

    Raises:
        InputError: no C3D file, broken, the copy is there or cannot be written, or it does not read
            as the original does.
    """
    if out.exists():
        raise InputError(f"{out.name}: exists already; name another file.")
    copy = scrubbed(path)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_be_written(out.parent, error) from error
    with whole_file(out) as part:
        part.write_bytes(copy.content)
        if not reads_the_same(path, part):
            raise InputError(
                f"{path.name}: what was made of it does not read as the file does, and was not "
                "kept; export the file again."
            )
    return copy


def reads_the_same(path: Path, other: Path) -> bool:
    """Whether two C3D files hold the same points, events, plates and measures, by whatever labels.

    A file whose points have no names, or no frame rate, is compared by its points alone.
    """
    one = open_c3d(path)
    try:
        two = open_c3d(other)
    except InputError:
        return False
    same = np.array_equal(one.points, two.points, equal_nan=True)
    if not same or not np.array_equal(one.invalid, two.invalid):
        return False
    try:
        trial = parse_c3d(path)
    except InputError:
        return True
    try:
        return _same_trial(trial, parse_c3d(other))
    except InputError:
        return False


def _same_trial(one: MarkerTrial, two: MarkerTrial) -> bool:
    points = list(one.points) == list(two.points) and all(
        np.array_equal(one.points[name], two.points[name], equal_nan=True) for name in one.points
    )
    plates = len(one.force_plates) == len(two.force_plates) and all(
        np.array_equal(a.force_n, b.force_n, equal_nan=True)
        and np.array_equal(a.centre_of_pressure_m, b.centre_of_pressure_m, equal_nan=True)
        and np.array_equal(a.corners_m, b.corners_m, equal_nan=True)
        for a, b in zip(one.force_plates, two.force_plates, strict=True)
    )
    said = [(t.events, t.unit, t.measures, t.mass_kg, len(t.people), t.fps_hz) for t in (one, two)]
    return points and plates and said[0] == said[1]
