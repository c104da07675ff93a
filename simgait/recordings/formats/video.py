"""Video: the walk of one person in it, found and lifted by `simgait.video`."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.recordings.filmed import asked_of, recording_of_walk
from simgait.recordings.options import NOTHING_SAID, PERSON, VIDEO, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.types import Recording

if TYPE_CHECKING:
    from simgait.video.detector.blazepose import BlazePose

EXTENSIONS = (
    ".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".3gp", ".mts", ".wmv",
    ".ts", ".m2ts", ".3g2", ".ogv", ".flv", ".asf",
)  # fmt: skip


@register_reader(
    *EXTENSIONS,
    takes=PERSON
    | VIDEO
    | {
        "person",
        "fov_deg",
        "assumed_fov_deg",
        "distance_m",
        "speed_mps",
        "travel_factor",
        "keypoint_set",
        "names",
        "unit",
        "axes",
    },
    holds="a walking person, filmed by a camera that stands still",
    asks="`fov_deg`, `camera`, `distance_m` or `speed_mps` where the person comes or goes; "
    "`person` of several, `came_back` where one left and returned; `from_s`, `to_s` of a part",
    in_folders=False,
    lifts=True,
)
def read_video(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Watch a video and lift the walk in it into space.

    Raises:
        InputError: PyAV is not installed, or nothing in the video can be used, and why.
    """
    from simgait.recordings.outside_detectors import check_detector, read_with_detector
    from simgait.video.decode import open_clip
    from simgait.video.filmed_walk import film_walk

    check_detector(options)
    if options.detector is not None or options.detector_command is not None:
        return read_with_detector(open_clip(path), options)
    asked = asked_of(options)
    return recording_of_walk(film_walk(path, asked, detector()), options)


def is_video(path: Path) -> bool:
    """Whether a file is a video by its name."""
    return path.suffix.lower() in EXTENSIONS


@functools.cache
def detector() -> BlazePose:
    """The released detector, loaded once."""
    from simgait.video.detector.blazepose import load_blazepose

    return load_blazepose()
