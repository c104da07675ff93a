"""What somebody else's package would hold: a reader of a made-up format, and a made-up set.

Registered by being imported, as an entry point in the group "simgait.recordings" does it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simgait.errors import InputError
from simgait.recordings import (
    KeypointSet,
    ReadOptions,
    register_keypoint_set,
    register_reader,
)
from simgait.recordings.detectors.arrays import recording_from_array
from simgait.recordings.detectors.keypoint_sets import index_of
from simgait.types import Recording

STICKS = KeypointSet(
    "sticks-7",
    7,
    index_of("lhip lkne lank - rank rkne rhip"),
    "a made-up detector's: down the left leg and up the right one",
    aliases=("sticks",),
    unit="cm",
    axes="y-up z-forward",
    fps_hz=60.0,
)
register_keypoint_set(STICKS)


@register_reader(
    ".sticks",
    takes=frozenset({"height_m", "mass_kg", "subject_id", "fps_hz"}),
    holds='a first line "sticks", then 21 numbers a line',
    asks="height",
    sniff=lambda head: head.startswith(b"sticks"),
)
def read_sticks(path: Path, options: ReadOptions) -> Recording:
    """A text file of the made-up detector."""
    try:
        rows = np.loadtxt(path, skiprows=1)
    except ValueError as error:
        raise InputError(f"{path.name}: a line holds no 21 numbers; export it again.") from error
    return recording_from_array(
        rows.reshape(len(rows), STICKS.width, 3),
        options.over(ReadOptions(keypoint_set="sticks-7")),
        recording_id=path.stem,
        source_format="sticks",
        where=path.name,
    )
