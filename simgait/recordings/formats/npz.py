"""simgait's own .npz recordings, and plain .npy/.npz arrays of detectors.

The format is described in docs/recording-format.md.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import safe_id, whole_file
from simgait.footage import Camera
from simgait.limits import MOST_POSITION
from simgait.option_names import overruling
from simgait.plain_text import printable
from simgait.recordings.detectors.arrays import recording_from_array
from simgait.recordings.detectors.keypoint_set_file import detector_facts_of, stated_by
from simgait.recordings.formats.numpy_files import read_numpy_file
from simgait.recordings.options import ARRAY, NOTHING_SAID, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.recordings.treadmill import hips_are_fixed
from simgait.skeleton.default import ANGLE_NAMES, POSE_NAMES
from simgait.skeleton.sides import SIDES
from simgait.text_files import parse_json
from simgait.types import EVENT_KINDS, GaitEvent, Recording

ARRAY_KEYS = ("keypoints", "keypoints_3d", "keypoints3d", "poses3d", "pred_keypoints_3d")
_SCALARS = ("fps_hz", "height_m", "mass_kg", "belt_speed_mps", "distance_m", "travel_factor")
_LENSES = ("fov_deg", "assumed_fov_deg")
"""Of a detector's points; a recording has them no more, as they are put right."""
_TEXTS = ("unit", "axes", "subject_id", "keypoint_set")
_FLAGS = ("root_relative", "scale_is_metric")
_BELT_IS_ESTIMATED = "belt_is_estimated"
_RECORDED_ON = "recorded_on"
_CAMERA = ("camera_focal_px", "camera_size_px", "camera_position_m", "camera_rotation")
_CAMERA_SOURCE = "camera_source"
_IMAGE, _IMAGE_SD = "image_px", "image_sd_px"
_NOTES = "notes"
_DETECTOR_FACTS = "detector_facts"
_DRAWN_BY = "drawn_by"
MOST_NOTES, LONGEST_NOTE = 40, 600
"""Chosen: simgait's own are a third as many and as long; a stranger's file fills no page."""
_NUMBERS = (
    "time_s", "confidence", "pose", "reference_angles_rad", "event_time_s", _IMAGE, _IMAGE_SD,
    *_CAMERA,
)  # fmt: skip
_KNOWN = frozenset(
    (
        *ARRAY_KEYS,
        *_SCALARS,
        *_LENSES,
        *_TEXTS,
        *_FLAGS,
        *_NUMBERS,
        _BELT_IS_ESTIMATED,
        _RECORDED_ON,
        _CAMERA_SOURCE,
        _NOTES,
        _DETECTOR_FACTS,
        _DRAWN_BY,
        "names",
        "event_side",
        "event_kind",
    )
)
"""Files may hold anything else, which is never unpacked."""


def _checked_kinds(data: dict[str, Any], where: str) -> dict[str, Any]:
    """The same arrays, if each holds what it should.

    Raises:
        InputError: text where numbers should be.
    """
    for key in (*ARRAY_KEYS, *_NUMBERS):
        if key in data and data[key].dtype.kind not in "fiub":
            raise InputError(f"{where}: {key} holds no numbers ({data[key].dtype}); store floats.")
    return data


def _scalar(data: dict[str, Any], key: str, where: str) -> float | None:
    if key not in data:
        return None
    values = np.ravel(data[key])
    if len(values) != 1 or values.dtype.kind not in "fiub":
        raise InputError(f"{where}: {key} must be one number{overruling(key)}.")
    return None if np.isnan(float(values[0])) else float(values[0])


def _text(data: dict[str, Any], key: str, where: str) -> str | None:
    if key not in data:
        return None
    values = np.ravel(data[key])
    if len(values) != 1 or values.dtype.kind not in "US":
        raise InputError(f"{where}: {key} must be one piece of text{overruling(key)}.")
    value = values[0]
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.strip() or None


def _flag(data: dict[str, Any], key: str, where: str) -> bool:
    return bool(_scalar(data, key, where) or False)


def _tells_height(path: Path) -> bool:
    """Whether a file has a height, or points that need none; the points are not unpacked."""
    found = read_numpy_file(path, {"height_m", "scale_is_metric"}, ARRAY_KEYS[0])
    if ARRAY_KEYS[0] in found.arrays:
        return False  # an .npy, which holds one array
    height_m = _scalar(found.arrays, "height_m", path.name)
    return height_m is not None or _flag(found.arrays, "scale_is_metric", path.name)


@register_reader(
    ".npz",
    ".npy",
    takes=ARRAY,
    holds="one array, frames × keypoints × 3, of any detector (MeTRAbs, PosePipe, ...), or "
    "simgait's own, see below",
    asks="`keypoint_set` or `names`, `fps_hz`, `unit`, `axes`; of simgait's own, nothing",
    tells_height=_tells_height,
)
def read_npz(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Read simgait's own .npz, or a plain array with its facts as options.

    Raises:
        InputError: damaged or pickled file, no keypoints, or a fact that is missing or wrong.
    """
    where = path.name
    file = read_numpy_file(path, _KNOWN, ARRAY_KEYS[0])
    data = _checked_kinds(file.arrays, where)
    key = next((key for key in ARRAY_KEYS if key in data), None)
    if key is None:
        held = ", ".join(sorted(file.names)[:6])
        raise InputError(
            f"{where}: the file has no array 'keypoints' (it has {held}); "
            "see docs/recording-format.md."
        )
    if data[key].size == 0:
        nothing = "frames" if len(data[key]) == 0 else "keypoints"
        raise InputError(f"{where}: the array {key!r} holds no {nothing}; export it again.")
    recording = recording_from_array(
        data[key],
        options,
        _facts(data, options, where),
        recording_id=safe_id(path.stem),
        source_format="npz" if path.suffix.lower() == ".npz" else "npy",
        where=where,
    )
    if options.belt_speed_mps is not None:
        data.pop(_BELT_IS_ESTIMATED, None)  # who says a speed has not estimated it
    return _with_truth(recording, data, where)


def _facts(data: dict[str, Any], options: ReadOptions, where: str) -> ReadOptions:
    """What the file says about its array; what is said besides need not be readable."""
    facts: dict[str, Any] = {}
    for read, names in ((_scalar, (*_SCALARS, *_LENSES)), (_text, _TEXTS), (_flag, _FLAGS)):
        for name in names:
            with options.binding(name):
                facts[name] = read(data, name, where)
    if "names" in data and options.names is None:
        if data["names"].dtype.kind not in "US" or data["names"].ndim != 1:
            raise InputError(f"{where}: 'names' must be a list of keypoint names.")
        facts["names"] = tuple(
            n.decode("utf-8", "replace") if isinstance(n, bytes) else str(n) for n in data["names"]
        )
    facts |= {name: data[name] for name in ("time_s", "confidence") if name in data}
    return ReadOptions(**facts)


def _with_truth(recording: Recording, data: dict[str, Any], where: str) -> Recording:
    """What only simgait's own files hold: events, the true pose, a date, how the belt is known."""
    n_frames = len(recording.time_s)
    changes: dict[str, Any] = {}
    for key, names in (("pose", POSE_NAMES), ("reference_angles_rad", ANGLE_NAMES)):
        if key in data:
            if data[key].shape != (n_frames, len(names)):
                raise InputError(f"{where}: {key} must be {n_frames} × {len(names)} numbers.")
            changes[key] = values = data[key].astype(float)
            # NaN, which stands for missing, is beyond nothing.
            if (np.abs(values) > MOST_POSITION).any():
                raise InputError(
                    f"{where}: {key} holds a number beyond any measure (over {MOST_POSITION:g}); "
                    "write what is not known as NaN."
                )
    if _BELT_IS_ESTIMATED in data and recording.belt_speed_mps is not None:
        changes["belt_is_estimated"] = bool(_scalar(data, _BELT_IS_ESTIMATED, where))
    if _RECORDED_ON in data:
        changes["recorded_on"] = _date(data, where)
    if "event_time_s" in data:
        changes["events"] = _events(data, where)
    if _NOTES in data:
        changes["notes"] = (*_notes(data, where), *recording.notes)
    if _IMAGE in data and data[_IMAGE].shape == (n_frames, len(recording.keypoint_names), 2):
        changes["image_px"] = data[_IMAGE].astype(float)
        changes |= _image_sd(data, recording, where)
    changes |= _camera(data, where) | _stated(data, recording, where)
    changes |= _drawn_by(data, recording, where)
    return replace(recording, **changes) if changes else recording


def _stated(data: dict[str, Any], recording: Recording, where: str) -> dict[str, Any]:
    """What was stated of the detector when the file was made, where nothing else is said now."""
    stated, where = _text(data, _DETECTOR_FACTS, where), f"{where}, {_DETECTOR_FACTS}"
    if stated is None or recording.detector_facts is not None:
        return {}
    entries = parse_json(stated, where)
    if not isinstance(entries, dict):
        raise InputError(f"{where}: is no table of facts; write the file again, or take it out.")
    return {_DETECTOR_FACTS: detector_facts_of(entries, where)}


def _drawn_by(data: dict[str, Any], recording: Recording, where: str) -> dict[str, Any]:
    """Whose points they were when the file was made, where nothing else is said now."""
    name = _text(data, _DRAWN_BY, where)
    return {_DRAWN_BY: safe_id(name)} if name and not recording.drawn_by else {}


def _image_sd(data: dict[str, Any], recording: Recording, where: str) -> dict[str, Any]:
    """How far off the places in the pictures are, where the file says it."""
    if _IMAGE_SD not in data:
        return {}
    sd_px = data[_IMAGE_SD].astype(float)
    wanted = recording.confidence.shape
    if sd_px.shape != wanted or (sd_px <= 0.0).any() or np.isinf(sd_px).any():
        raise InputError(
            f"{where}: {_IMAGE_SD} must be {wanted[0]} × {wanted[1]} numbers of pixels above 0, "
            "NaN where a point is missing; mend it, or leave it out."
        )
    return {_IMAGE_SD: sd_px}


def _notes(data: dict[str, Any], where: str) -> tuple[str, ...]:
    """What was noted when the file was made."""
    if data[_NOTES].dtype.kind != "U" or data[_NOTES].ndim != 1 or len(data[_NOTES]) > MOST_NOTES:
        raise InputError(f"{where}: {_NOTES} must be a list of at most {MOST_NOTES} sentences.")
    return tuple(printable(str(note))[:LONGEST_NOTE] for note in data[_NOTES])


def _camera(data: dict[str, Any], where: str) -> dict[str, Any]:
    """The camera, where the file holds all of it."""
    if not all(name in data for name in (*_CAMERA, _CAMERA_SOURCE)):
        return {}
    focal, size, position, rotation = (data[name].astype(float) for name in _CAMERA)
    shapes = (focal.size, size.shape, position.shape, rotation.shape)
    finite = all(np.isfinite(one).all() for one in (focal, size, position, rotation))
    if shapes != (1, (2,), (3,), (3, 3)) or not finite or float(focal.ravel()[0]) <= 0:
        raise InputError(
            f"{where}: its camera is none; write it again with simgait extract, or leave it out."
        )
    source = _text(data, _CAMERA_SOURCE, where) or "assumed"
    width, height = map(int, size)
    return {"camera": Camera(float(focal.ravel()[0]), width, height, source, position, rotation)}


def _date(data: dict[str, Any], where: str) -> str:
    text = _text(data, _RECORDED_ON, where) or ""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise InputError(
            f"{where}: {_RECORDED_ON} is no date ({text[:20]}); give it as 2026-11-21."
        ) from error


def _events(data: dict[str, Any], where: str) -> tuple[GaitEvent, ...]:
    events = []
    try:
        columns = [data["event_time_s"], data["event_side"], data["event_kind"]]
        lengths = [len(column) for column in columns]
        if len(set(lengths)) > 1:
            raise ValueError("{} times, {} sides, {} kinds".format(*lengths))
        for time, side, kind in zip(*columns, strict=True):
            if str(side) not in SIDES or str(kind) not in EVENT_KINDS:
                raise ValueError(f"{side} {kind}")
            chosen_side = SIDES[SIDES.index(str(side))]
            chosen_kind = EVENT_KINDS[EVENT_KINDS.index(str(kind))]
            events.append(GaitEvent(float(time), chosen_side, chosen_kind))
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(
            f"{where}: the events cannot be read ({error}); give event_time_s, event_side "
            "(left, right) and event_kind (initial_contact, foot_off) of one length."
        ) from error
    return tuple(events)


def write_npz(path: str | Path, recording: Recording) -> None:
    """Write a recording as simgait's own .npz, whole or not at all.

    Raises:
        InputError: the folder does not exist or cannot be written.
    """
    arrays: dict[str, Any] = {
        "keypoints": recording.keypoints_m,
        "names": np.array(recording.keypoint_names),
        "time_s": recording.time_s,
        "unit": "m",
        "axes": "z-up",
        "confidence": recording.confidence,
        "subject_id": np.array(str(recording.subject_id)),
        _RECORDED_ON: np.array(recording.recorded_on),
        "root_relative": np.array(_is_root_relative(recording)),
        "scale_is_metric": np.array(recording.scale_is_metric),
        _BELT_IS_ESTIMATED: np.array(recording.belt_is_estimated),
    }
    for name in (*(name for name in _SCALARS if name != "fps_hz"), "pose", "reference_angles_rad"):
        value = getattr(recording, name)
        if value is not None:
            arrays[name] = np.asarray(value)
    if recording.events:
        arrays["event_time_s"] = np.array([e.time_s for e in recording.events])
        arrays["event_side"] = np.array([e.side for e in recording.events])
        arrays["event_kind"] = np.array([e.kind for e in recording.events])
    if recording.notes:
        arrays[_NOTES] = np.array(recording.notes)
    if recording.image_px is not None:
        arrays[_IMAGE] = recording.image_px
    if recording.image_sd_px is not None:
        arrays[_IMAGE_SD] = recording.image_sd_px
    if recording.camera is not None:
        camera = recording.camera
        size = np.array([camera.width_px, camera.height_px])
        values = (np.array(camera.focal_px), size, camera.position_m, camera.rotation)
        arrays |= dict(zip(_CAMERA, values, strict=True))
        arrays[_CAMERA_SOURCE] = np.array(camera.source)
    if recording.detector_facts is not None:
        arrays[_DETECTOR_FACTS] = np.array(json.dumps(stated_by(recording.detector_facts)))
    if recording.drawn_by:
        arrays[_DRAWN_BY] = np.array(recording.drawn_by)
    with whole_file(Path(path)) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)


def _is_root_relative(recording: Recording) -> bool:
    names = recording.keypoint_names
    hips = [names.index(name) for name in ("Left Hip", "Right Hip")]
    mid_hip: Float[np.ndarray, "T 3"] = recording.keypoints_m[:, hips].mean(axis=1)
    return not recording.pelvis_travels and hips_are_fixed(mid_hip)
