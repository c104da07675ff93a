"""Points over time as a detector's text file holds them: what JSON and CSV readers give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import safe_id
from simgait.limits import FPS_HZ, check_fps
from simgait.option_names import option
from simgait.recordings.detectors.arrays import recording_from_array
from simgait.recordings.detectors.frame_numbers import frame_places
from simgait.recordings.options import NOTHING_SAID, ReadOptions
from simgait.types import Recording

TIME_COLUMNS = {
    "time_s": "s", "seconds": "s", "time_sec": "s", "timestamp_s": "s",
    "time_ms": "ms", "timestamp_ms": "ms", "milliseconds": "ms",
    "time_us": "us", "timestamp_us": "us", "timestamp_ns": "ns",
    "time": "", "timestamp": "", "t": "",
}  # fmt: skip
"""Names of time stamps -> their unit, "" where the name does not say it."""
PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
_WORDS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}


@dataclass(frozen=True)
class DetectorTrack:
    """Points of one or several people.

    Attributes:
        points: on the detector's axes, in its unit, NaN where missing.
        confidence: 0 to 1; None where the file has none.
        names: of the points; None where they only have numbers.
        times: time stamps as they stand; None where there are none.
        time_unit: a key of `PER_SECOND`, "" where the file does not say it.
        frame_numbers: (T,) of the frames, each once; None where there are none. Without time stamps
            they say when each was.
        confidence_is_named: False where a confidence is but the last of a point's numbers.
        facts: what else the file says.
    """

    points: Float[np.ndarray, "T P K 3"]
    confidence: Float[np.ndarray, "T P K"] | None = None
    names: Sequence[str] | None = None
    times: Float[np.ndarray, " T"] | None = None
    time_unit: str = ""
    frame_numbers: Sequence[int] | None = None
    confidence_is_named: bool = True
    facts: ReadOptions = NOTHING_SAID


def recording_from_track(
    track: DetectorTrack, options: ReadOptions, path: Path, source_format: str, note: str = ""
) -> Recording:
    """A checked recording of a detector's points; what is said wins over the file.

    `note` is on how the text of the file was read.

    Raises:
        InputError: as `arrays.recording_from_array`.
    """
    track, options, number_notes = _with_lost_frames(track, options, path.name)
    time_s, notes = _seconds(track, path.name)
    facts = replace(track.facts, names=track.names, time_s=time_s)
    keypoints = track.points
    if track.confidence is not None:
        keypoints = np.concatenate([keypoints, track.confidence[..., None]], axis=-1)
    recording = recording_from_array(
        keypoints,
        options,
        facts,
        recording_id=safe_id(path.stem),
        source_format=source_format,
        where=path.name,
        confidence_is_named=track.confidence_is_named,
    )
    read = (note,) if note else ()
    return replace(recording, notes=(*read, *number_notes, *notes, *recording.notes))


def _with_lost_frames(
    track: DetectorTrack, options: ReadOptions, where: str
) -> tuple[DetectorTrack, ReadOptions, tuple[str, ...]]:
    """A frame for each number that is lacking, in which nothing is seen; the rate of the frames.

    Time stamps say themselves when each frame was, the file's or those that are given.

    Raises:
        InputError: the numbers are none of frames, or skip some at a rate that nobody says.
    """
    numbers, said = track.frame_numbers, options.over(track.facts)
    if numbers is None or len(numbers) < 2 or track.times is not None or said.time_s is not None:
        return track, options, ()
    seen = frame_places(numbers, where)
    if seen.every > 1:
        if said.fps_hz is None:
            raise InputError(
                f"{where}: its frames are numbered in steps of {seen.every}; give the frame rate "
                f"of the video with {option('fps_hz')}."
            )
        options = replace(options, fps_hz=check_fps(said.fps_hz, where) / seen.every)
    at = np.array(seen.places)
    points = np.full((seen.count, *track.points.shape[1:]), np.nan)
    points[at] = track.points
    confidence = track.confidence
    if confidence is not None:
        confidence = np.zeros((seen.count, *confidence.shape[1:]))
        confidence[at] = track.confidence
    return replace(track, points=points, confidence=confidence), options, seen.notes


def _seconds(
    track: DetectorTrack, where: str
) -> tuple[Float[np.ndarray, " T"] | None, tuple[str, ...]]:
    """Time stamps in seconds, and a note where their unit had to be found out.

    No unit said, it is the first that makes a camera's rate of the stamps; seconds go before the
    others, and no other unit is within a factor of 100 of that.
    """
    times = track.times
    if times is None or len(times) < 2:
        return None, ()
    if np.isnan(times).any():
        return times, ()  # refused with the frame that has none
    if track.time_unit:
        return times / PER_SECOND[track.time_unit], ()
    step = float(np.median(np.diff(times)))
    unit = next((u for u, n in PER_SECOND.items() if step > 0 and n / step in FPS_HZ), "s")
    if unit == "s" or (step == 1.0 and unit == "ms"):
        # Whole steps of one count frames: 1000 Hz in milliseconds would be the other reading.
        return times, ()
    return times / PER_SECOND[unit], (f"the time stamps were read as {_WORDS[unit]}.",)


def refuse_no_points(where: str, what: str) -> InputError:
    """The sentence on a file without 3D points."""
    return InputError(
        f"{where}: holds no 3D keypoints that simgait knows ({what}); see "
        "docs/how-to/detectors.md for what is read."
    )
