"""A folder in which a detector wrote one JSON for each frame of a video: OpenPose, MMPose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simgait.errors import InputError
from simgait.recordings.detectors.frame_numbers import frame_places, number_in
from simgait.text_files import parse_json, read_outside_text

_NUMBER = re.compile(r"(\d+)(?=\D*$)")
MOST_BYTES = 1_000_000
"""Of a frame's file; fifty people of 133 points have a third of it."""
MOST_PEOPLE = 12
"""In a list of MMPose's for one picture; of so few frames no recording is made."""
MOST_LACKING = 10
"""Times the files that are there: what is numbered more sparsely is no video's frames."""


@dataclass(frozen=True)
class FrameFiles:
    """The content of a video's frames.

    Attributes:
        frames: one after the other, at even times, or what a file of all frames holds; where the
            file of a frame is lacking nobody is seen.
        every: frames of the video from one to the next: 2 where every second was looked at.
        notes: sentences on files that are lacking.
    """

    frames: Any
    every: int = 1
    notes: tuple[str, ...] = ()


def is_frame_folder(folder: Path) -> bool:
    """Whether a folder holds the files of one video's frames, by their names and the first one.

    Recordings that are numbered (`walk_01.json`) hold many frames each.
    """
    if not folder.is_dir():
        return False
    files = sorted(path for path in folder.glob("*.json") if not path.name.startswith("."))
    if len(files) < 2 or not all(_NUMBER.search(file.stem) for file in files):
        return False
    if len({_NUMBER.sub("", file.stem) for file in files}) > 1:
        return False
    first = _first_of_somebody(files)
    return first is not None and _is_one_frame(first)


def _first_of_somebody(files: Iterable[Path]) -> Path | None:
    """The first file that is longer than an empty list."""
    try:
        return next((file for file in files if file.stat().st_size > len("[ ]\r\n")), None)
    except OSError:
        return None


def _is_one_frame(file: Path) -> bool:
    """Whether a file holds the people of one picture, as OpenPose or MMPose write them."""
    try:
        if file.stat().st_size > MOST_BYTES:
            return False
        held = parse_json(read_outside_text(file).text, file.name)
    except (OSError, InputError):
        return False
    if isinstance(held, dict):
        return isinstance(held.get("people"), list)
    return (
        isinstance(held, list)
        and 0 < len(held) <= MOST_PEOPLE
        and all(isinstance(one, dict) and "keypoint_scores" in one for one in held)
    )


def first_frame_file(path: Path) -> Path | None:
    """The one of a folder of frames that tells how all are read; None of anything else."""
    return _first_of_somebody(sorted(path.glob("*.json"))) if is_frame_folder(path) else None


def read_frame_files(folder: Path, where: str) -> FrameFiles:
    """Joins the files by the frame numbers in their names, so that times follow the numbers.

    Raises:
        InputError: they are no frames of one video, or one of them cannot be read.
    """
    numbered = _numbered(folder, where)
    seen = frame_places(list(numbered), where)
    frames: list[Any] = [{"people": []} for _ in range(seen.count)]
    for place, held in zip(seen.places, numbered.values(), strict=True):
        one = parse_json(read_outside_text(held).text, f"{where}/{held.name}")
        frames[place] = one if isinstance(one, dict) else {"people": one}
    return FrameFiles(frames, seen.every, seen.notes)


def _numbered(folder: Path, where: str) -> dict[int, Path]:
    numbered: dict[int, Path] = {}
    for file in sorted(folder.glob("*.json")):
        number = number_in(file.stem)
        if number is None:
            raise InputError(f"{where}: {file.name} has no frame number in its name; rename it.")
        if number in numbered:
            raise InputError(
                f"{where}: {numbered[number].name} and {file.name} have the same frame number; "
                "keep one video's frames in a folder."
            )
        numbered[number] = file
    if len(numbered) < 2:
        raise InputError(
            f"{where}: does not hold the JSON files of several frames; name the folder that "
            "OpenPose wrote with --write_json."
        )
    return numbered
