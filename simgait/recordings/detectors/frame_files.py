"""A folder in which a detector wrote one JSON for each frame of a video, as OpenPose does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simgait.errors import InputError
from simgait.recordings.detectors.frame_numbers import frame_places, number_in
from simgait.text_files import parse_json, read_outside_text

_NUMBER = re.compile(r"(\d+)(?=\D*$)")
HEAD_BYTES = 4096
_ONE_FRAME = re.compile(rb'\s*\{\s*("version"\s*:\s*[^,]{1,20},\s*)?"people"\s*:')
"""How a file of OpenPose's --write_json begins."""
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
    names = sorted(path.name for path in folder.glob("*.json") if not path.name.startswith("."))
    if len(names) < 2 or not all(_NUMBER.search(Path(name).stem) for name in names):
        return False
    if len({_NUMBER.sub("", Path(name).stem) for name in names}) > 1:
        return False
    try:
        head = (folder / names[0]).read_bytes()[:HEAD_BYTES]
    except OSError:
        return False
    return _ONE_FRAME.match(head) is not None


def first_frame_file(path: Path) -> Path | None:
    """The first of a folder of frames, which tells how all are read; None of anything else."""
    return min(path.glob("*.json")) if is_frame_folder(path) else None


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
