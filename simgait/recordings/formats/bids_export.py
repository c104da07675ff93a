"""A recording of measured positions as BIDS-Motion: what `bids_motion` reads, in a data set.

Layout: BIDS specification 1.10, "Motion": a table of numbers without a heading, a table of its
channels, facts as JSON; people in `participants.tsv`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from simgait.clock import frame_rate_hz
from simgait.errors import InputError
from simgait.files import write_text, write_together, write_whole
from simgait.recordings.bids_dataset import CHANNELS, DESCRIPTION, MOTION, PARTICIPANTS, read_tsv
from simgait.types import Recording

VERSION = "1.10.0"
SYSTEM = "simgait"
"""Label of the tracking system, which every name of a motion file has: these are keypoints that
simgait read, whichever system they are of."""
NOTHING = "n/a"
DIGITS = 6
"""Of positions in metres: a micrometre."""
CHANNEL_COLUMNS = ("name", "component", "type", "tracked_point", "units", "sampling_frequency")
PARTICIPANT_COLUMNS = ("participant_id", "height_m", "weight_kg")
_NO_LABEL = re.compile(r"[^A-Za-z0-9]+")
AXES = ("x", "y", "z")


def write_bids_motion(dataset: Path, recording: Recording, task: str) -> Path:
    """Writes a recording into a data set, which is made where there is none.

    Positions, times, height and mass are written; foot events, force plates, angles and a belt's
    speed have no place in a motion file.

    Args:
        dataset: its folder; people and recordings that it holds stay.
        recording: of measured positions.
        task: what the person does, "walk".

    Returns:
        Path of the table of motion.

    Raises:
        InputError: positions are a detector's, which readers of BIDS-Motion take for measured; on a
            belt, whose speed would be lost; nobody is named; the recording is there already; or
            the folder cannot be written to.
    """
    _refuse(recording)
    person, label = _label(recording.subject_id), _label(task)
    if not (person and label):
        what = "a task" if person else "the person's code (--subject)"
        raise InputError(f"{recording.recording_id}: BIDS needs {what} of letters and digits.")
    name = f"sub-{person}_task-{label}_tracksys-{SYSTEM}"
    folder = dataset / f"sub-{person}" / "motion"
    if (folder / f"{name}{MOTION}").exists():
        raise InputError(f"{name}{MOTION}: is there already; give another --task.")
    people = _people(dataset, person, recording)
    rate_hz = frame_rate_hz(recording.time_s)
    texts = {
        f"{name}{CHANNELS}": _table(CHANNEL_COLUMNS, _channels(recording, rate_hz)),
        f"{name}_motion.json": _json(_facts(recording, task, rate_hz)),
        f"{name}{MOTION}": _numbers(recording),
    }
    write_together(folder, {one: partial(write_text, text=text) for one, text in texts.items()})
    write_whole(dataset / f"{PARTICIPANTS}.tsv", people)
    if not (dataset / DESCRIPTION).exists():
        described = {"Name": dataset.name, "BIDSVersion": VERSION, "DatasetType": "raw"}
        write_whole(dataset / DESCRIPTION, _json(described))
    return folder / f"{name}{MOTION}"


def _refuse(recording: Recording) -> None:
    where = recording.recording_id
    if not recording.scale_is_metric:
        raise InputError(
            f"{where}: its positions are a detector's, and readers of BIDS-Motion take them for "
            "measured; write it as .npz."
        )
    if recording.belt_speed_mps is not None:
        raise InputError(
            f"{where}: a motion file has no place for the belt's speed, without which nobody walks "
            "in it; write it as .npz."
        )


def _label(text: str) -> str:
    return _NO_LABEL.sub("", text)


def _channels(recording: Recording, rate_hz: float) -> list[tuple[str, ...]]:
    points = [name.lower().replace(" ", "_") for name in recording.keypoint_names]
    rate = f"{rate_hz:.6g}"
    positions = [
        (f"{point}_{axis}", axis, "POS", point, "m", rate) for point in points for axis in AXES
    ]
    return [("latency", NOTHING, "LATENCY", NOTHING, "s", rate), *positions]


def _facts(recording: Recording, task: str, rate_hz: float) -> dict[str, object]:
    return {
        "TaskName": task,
        "SamplingFrequency": rate_hz,
        "TrackingSystemName": SYSTEM,
        "MotionChannelCount": 1 + 3 * len(recording.keypoint_names),
        "POSChannelCount": 3 * len(recording.keypoint_names),
        "LATENCYChannelCount": 1,
        "TrackedPointsCount": len(recording.keypoint_names),
        "RecordingDuration": float(recording.time_s[-1] - recording.time_s[0]),
        "MissingValues": NOTHING,
    }


def _numbers(recording: Recording) -> str:
    table = np.column_stack(
        [recording.time_s - recording.time_s[0],
         recording.keypoints_m.reshape(len(recording.time_s), -1)]
    )  # fmt: skip
    rows = ("\t".join(_cell(value) for value in row) for row in table.tolist())
    return "\n".join(rows) + "\n"


def _cell(value: float) -> str:
    return f"{value:.{DIGITS}f}" if np.isfinite(value) else NOTHING


def _people(dataset: Path, person: str, recording: Recording) -> str:
    """participants.tsv with this person in it; whoever is in it already stays as they are."""
    path = dataset / f"{PARTICIPANTS}.tsv"
    known = read_tsv(path) if path.is_file() else []
    own = {"participant_id": f"sub-{person}"}
    if recording.height_m is not None and not recording.height_is_estimated:
        own["height_m"] = f"{recording.height_m:.3f}"
    if recording.mass_kg is not None:
        own["weight_kg"] = f"{recording.mass_kg:.1f}"
    if all(row.get("participant_id") != own["participant_id"] for row in known):
        known.append(own)
    columns = list(dict.fromkeys([*PARTICIPANT_COLUMNS, *(name for row in known for name in row)]))
    return _table(columns, [[row.get(name, NOTHING) for name in columns] for row in known])


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(row) for row in (columns, *rows)) + "\n"


def _json(facts: Mapping[str, object]) -> str:
    return json.dumps(facts, indent=2, allow_nan=False) + "\n"
