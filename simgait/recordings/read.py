"""One door for every file format: `read_recording(path)`."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simgait.errors import InputError
from simgait.recordings.formats.acclaim import read_amc_recording
from simgait.recordings.formats.c3d import read_c3d
from simgait.recordings.formats.npz import read_npz
from simgait.recordings.formats.trc import read_trc
from simgait.types import Recording

FORMATS = ".npz, .npy, .c3d, .trc and .amc (with its .asf beside it)"
_READERS: dict[str, Callable[..., Recording]] = {
    ".npz": read_npz, ".npy": read_npz, ".c3d": read_c3d, ".trc": read_trc,
    ".amc": read_amc_recording,
}  # fmt: skip
_VIDEO = {".mp4", ".avi", ".mov", ".mkv", ".m4v", ".webm", ".mpg", ".mpeg"}
_ARRAY_FACTS = {
    "unit", "axes", "fps_hz", "time_s", "names", "keypoint_set", "confidence", "root_relative",
    "scale_is_metric", "subject_id", "height_m", "mass_kg", "belt_speed_mps",
}  # fmt: skip


def options_of(path: str | Path) -> frozenset[str]:
    """Names of the options that `read_recording` uses for a file of this name."""
    suffix = Path(path).suffix.lower()
    if suffix in (".npz", ".npy"):
        return frozenset(_ARRAY_FACTS)
    reader = _READERS.get(suffix)
    if reader is None:
        return frozenset()
    return frozenset(inspect.signature(reader).parameters) - {"path"}


def read_recording(path: str | Path, **options: Any) -> Recording:
    """Read one recording, whatever its format.

    Options that are None are as if not given. They are those of the format's reader: height_m,
    mass_kg, subject_id for all; belt_speed_mps and axes for C3D, TRC and arrays; unit, fps_hz,
    time_s, names, keypoint_set, root_relative for arrays; fps_hz and asf for AMC.

    Raises:
        InputError: the file is missing, a folder, empty, unreadable, of a format that is not read
            or damaged, or an option does not apply to its format.
    """
    path = Path(path)
    name = path.name or str(path)
    try:
        if path.is_dir():
            raise InputError(f"{name}: this is a folder; give the files in it one by one.")
        if not path.exists():
            raise InputError(f"{name}: there is no such file; check the path.")
        if not os.access(path, os.R_OK):
            raise InputError(f"{name}: the file cannot be read; check its permissions.")
        empty = path.stat().st_size == 0
    except OSError as error:
        raise InputError(
            f"{name}: the file cannot be reached ({error.strerror}); check the path and its "
            "folder's permissions."
        ) from error
    suffix = path.suffix.lower()
    if suffix in _VIDEO:
        raise InputError(
            f"{name}: a video holds no 3D keypoints; run a 3D keypoint detector (MeTRAbs, "
            f"PosePipe) on it first and give its output; {FORMATS} are read."
        )
    if suffix == ".asf":
        raise InputError(f"{name}: this is a skeleton without motion; give the .amc beside it.")
    if suffix not in _READERS:
        raise InputError(f"{name}: files of type {suffix or 'none'} are not read; {FORMATS} are.")
    if empty:
        raise InputError(f"{name}: the file is empty; export it again.")
    given = {key: value for key, value in options.items() if value is not None}
    wrong = sorted(set(given) - options_of(path))
    if wrong:
        raise InputError(
            f"{name}: the option {wrong[0]} does not apply to {suffix} files; leave it out."
        )
    try:
        return _READERS[suffix](path, **given)
    except OSError as error:
        raise InputError(
            f"{name}: the file cannot be read ({error.strerror or error}); check its permissions."
        ) from error
