"""JSON of 2D keypoints over a video's frames: OpenPose, MMPose, AlphaPose, easy_ViTPose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from simgait.errors import InputError
from simgait.limits import check_fps
from simgait.recordings.detectors.frame_files import FrameFiles, read_frame_files
from simgait.recordings.detectors.frames_2d import is_2d
from simgait.recordings.detectors.points_2d import people_in_pictures
from simgait.recordings.filmed import asked_of, recording_of_walk
from simgait.recordings.options import NOTHING_SAID, PERSON, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.text_files import read_json
from simgait.types import Recording


@register_reader(
    ".json",
    takes=PERSON
    | {
        "person",
        "came_back",
        "fps_hz",
        "keypoint_set",
        "fov_deg",
        "camera",
        "distance_m",
        "speed_mps",
        "travel_factor",
        "picture_px",
    },
    holds="2D keypoints in pixels of a video's frames: OpenPose (its folder, or frames joined into "
    "one list), MMPose, AlphaPose, easy_ViTPose",
    asks="`fps_hz`, `picture_px`; `fov_deg`, `distance_m` or `speed_mps` where the person comes or "
    "goes",
    sniff=is_2d,
    lifts=True,
)
def read_2d_points(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Lift the walk that 2D points show.

    Raises:
        InputError: no such points, or the frame rate or the size of the pictures is not said.
    """
    from simgait.video.decode import Clip
    from simgait.video.filmed_walk import walk_of_points

    where = path.name
    fps_hz = check_fps(options.fps_hz, where)
    files = read_frame_files(path, where) if path.is_dir() else FrameFiles(read_json(path))
    seen = people_in_pictures(files.frames, options.keypoint_set, where)
    if options.picture_px is None:
        raise InputError(
            f"{where}: the size of the pictures is not said, without which nothing is known of the "
            "camera; give it as --picture 1920x1080 (in Python picture_px=(1920, 1080))."
        )
    asked = asked_of(options)
    clip = Clip(path, where, *options.picture_px, 0, None)
    time_s = np.arange(len(seen.people)) * files.every * seen.every / fps_hz
    walk = walk_of_points(clip, seen.people, time_s, asked)
    recording = recording_of_walk(
        walk, options, source_format="2d json", drawn_by=seen.keypoint_set
    )
    return replace(recording, notes=(*files.notes, *seen.notes, *recording.notes))
