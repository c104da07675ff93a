"""One door for every file format: `read_recording(path)`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from simgait.errors import InputError
from simgait.limits import body_mass_note
from simgait.option_names import option
from simgait.recordings.detectors.frame_files import is_frame_folder
from simgait.recordings.options import ReadOptions
from simgait.recordings.readers import Reader, choose_reader, readers_of, registered_readers
from simgait.types import Recording


def formats_text(*, in_folders: bool = False) -> str:
    """The extensions that are read, as in a sentence: ".c3d, .npz and .amc (with ...)".

    Args:
        in_folders: without those that are read only where they are named.
    """
    shown: dict[str, str] = {}
    for reader in registered_readers():
        if in_folders and not reader.in_folders:
            continue
        for extension in reader.extensions:
            text = f"{extension} ({reader.beside})" if reader.beside else extension
            shown.setdefault(extension, text)
    *most, last = shown.values()
    return f"{', '.join(most)} and {last}"


def is_readable(path: str | Path) -> bool:
    """Whether a file in a folder is a recording to be read, by its name.

    Videos lie beside the recordings that they show, and are read when they are named. Where many
    other files end alike (.csv, .json), its first bytes must be those of a recording.
    """
    path = Path(path)
    candidates = [one for one in readers_of(path.suffix.lower()) if one.in_folders]
    if any(reader.sniff is None for reader in candidates):
        return True
    try:
        return bool(candidates) and choose_reader(path) is not None
    except OSError:
        return True  # to be read, and refused with the reason


def is_read_by_name(path: PurePath) -> bool:
    """Whether a file is read where it is named, and passed over where it lies in a folder."""
    readers = readers_of(path.suffix.lower())
    return bool(readers) and not any(reader.in_folders for reader in readers)


def read_recording(path: str | Path, options: ReadOptions | None = None, **said: Any) -> Recording:
    """Read one recording, whatever its format.

    Args:
        path: of the file.
        options: what is known about it.
        **said: the same facts as keywords (`height_m=1.72`), where calls are written by hand.

    Raises:
        InputError: the file is missing, a folder, empty, unreadable, of a format that is not read
            or damaged, or an option does not apply to its format.
        TypeError: there is no such option, or options are given in both ways.
    """
    if options is not None and said:
        raise TypeError("give options as one value or as keywords, not both")
    options = ReadOptions(**said) if options is None else options
    path = Path(path)
    try:
        recording = reader_for(path, options).read(path, options)
    except OSError as error:
        raise _unreadable(path, error) from error
    doubt = body_mass_note(recording.height_m, recording.mass_kg)
    return replace(recording, notes=(*recording.notes, doubt)) if doubt else recording


def reader_for(path: Path, options: ReadOptions, *, to_track: bool = False) -> Reader:
    """The reader of a file, and whether it could be read so, before anything long is done.

    Args:
        path: of the file.
        options: what is known about it.
        to_track: whether it is to be tracked, which needs the person's height.

    Raises:
        InputError: the file is missing, a folder, empty, of a format that is not read, an option
            does not apply to it, or it is to be tracked and cannot tell the height.
    """
    name = path.name or str(path)
    _check_file(path, name)
    try:
        reader = choose_reader(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    if reader is None:
        holds = "; ".join(reader.holds for reader in readers_of(path.suffix.lower()))
        raise InputError(
            f"{name}: holds nothing that a reader of {path.suffix.lower()} files knows (they "
            f"read {holds.replace('`', '')}); check where it comes from."
        )
    wrong = sorted(set(options.said()) - reader.takes)
    if wrong:
        raise InputError(
            f"{name}: the option {option(wrong[0])} does not apply to {path.suffix.lower()} "
            "files; leave it out."
        )
    if reader.check is not None:
        reader.check(path)
    if to_track and reader.lifts and options.height_m is None:
        raise InputError(
            f"{name}: no height is given, and one camera cannot tell how tall somebody is; give it "
            f"in metres with {option('height_m')}."
        )
    return reader


def lacks_height(path: Path, options: ReadOptions) -> bool:
    """Whether a recording cannot be tracked because nobody says how tall the person is.

    A look at the file; one that cannot be read lacks other things.
    """
    if options.height_m is not None or options.scale_is_metric:
        return False
    try:
        tells = reader_for(path, options).tells_height
        return tells is not None and not tells(path)
    except (InputError, OSError):
        return False


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"{path.name}: the file cannot be read ({error.strerror or error}); check its permissions."
    )


def _what_folder(path: Path) -> str:
    """Why a folder is no recording, and what to do."""
    names = [one.name for one in path.iterdir()]
    if path.suffix.lower() == ".iuv" or any(name.endswith("_IUV.png") for name in names):
        return (
            "this is a folder of DensePose's I, U, V, which hold no keypoints; "
            "simgait companion run gdi-net reads it."
        )
    if not names:
        return "this is a folder, and it is empty; check the path."
    return "this is a folder; give the files in it one by one."


def _check_file(path: Path, name: str) -> None:
    """A file that is there, may be read, holds something, and ends as recordings do.

    Raises:
        InputError: it is none.
    """
    try:
        if is_frame_folder(path):
            return
        if path.is_dir():
            raise InputError(f"{name}: {_what_folder(path)}")
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
    for reader in registered_readers():
        if suffix in reader.no_recordings:
            raise InputError(f"{name}: {reader.no_recordings[suffix]}")
    if not readers_of(suffix):
        raise InputError(
            f"{name}: files of type {suffix or 'none'} are not read; {formats_text()} are."
        )
    if empty:
        raise InputError(f"{name}: the file is empty; export it again.")
