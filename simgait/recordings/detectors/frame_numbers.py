"""Numbers of frames: which of a video's frames a file holds, and which are lacking."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from simgait.errors import InputError

MOST_LACKING = 10
"""Times the frames that are there: what is numbered more sparsely is no video's frames."""
NUMBER_NAMES = (
    "frame", "frame_id", "frame_number", "frame_idx", "frame_index", "frame_no", "image_id",
    "frameid", "framenumber", "frameindex",
)  # fmt: skip
"""What files call the number of a frame, in small letters."""
_LAST_DIGITS = re.compile(r"(\d+)(?:\.0+)?(?=\D*$)")


@dataclass(frozen=True)
class FramePlaces:
    """Where numbered frames lie among those of their video.

    Attributes:
        places: of each frame, from 0; none lies there where one is lacking.
        count: of all places.
        every: frames of the video from one place to the next: 2 where every second was looked at.
        notes: sentences on frames that are lacking.
    """

    places: tuple[int, ...]
    count: int
    every: int = 1
    notes: tuple[str, ...] = ()


def number_in(value: Any) -> int | None:
    """The number that a cell, a name or a file's name ends with ("img_0012.jpg"); None without."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else None
    if isinstance(value, int):
        return value
    found = _LAST_DIGITS.search(value)
    return int(found[1]) if found else None


def frame_places(numbers: Sequence[int], where: str) -> FramePlaces:
    """Where frames of these numbers lie, so that times follow the numbers.

    Args:
        numbers: of the frames, in any order, each once.
        where: the file's or folder's name, for sentences.

    Raises:
        InputError: fewer than two, or so few of so many that they are no numbers of frames.
    """
    if len(numbers) < 2:
        raise InputError(f"{where}: holds one frame; give those of a few seconds.")
    ordered = sorted(numbers)
    steps = [b - a for a, b in zip(ordered, ordered[1:], strict=False)]
    every = reduce(math.gcd, steps)
    first, last = ordered[0], ordered[-1]
    count = (last - first) // every + 1
    if count > MOST_LACKING * len(numbers):
        raise InputError(
            f"{where}: {len(numbers)} frames are numbered from {first} to {last}; number them one "
            "after the other."
        )
    places = tuple((number - first) // every for number in numbers)
    return FramePlaces(places, count, every, _notes(ordered, every))


def _notes(numbers: Sequence[int], every: int) -> tuple[str, ...]:
    notes = []
    if every > 1:
        notes.append(
            f"The frames are numbered in steps of {every}: one in {every} frames of a video whose "
            "frame rate is the one given; number them one after the other if that rate is theirs."
        )
    steps = np.diff(numbers) // every
    lacking = int((steps - 1).sum())
    if lacking:
        worst = int(steps.argmax())
        low, high = numbers[worst] + every, numbers[worst + 1] - every
        which = f"{low}" if low == high else f"{low} to {high}"
        most = "" if lacking == 1 or int((steps > 1).sum()) == 1 else ", most on end"
        notes.append(
            f"{lacking} of {len(numbers) + lacking} frames are lacking (numbers {which}{most}): "
            "nobody is seen in them, and times go on by the numbers."
        )
    return tuple(notes)
