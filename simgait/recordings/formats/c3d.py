"""C3D recordings (ezc3d): markers by name, events, force plates, model angles, body measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.limits import FPS_HZ
from simgait.recordings.formats.c3d_header import check_c3d_header
from simgait.recordings.formats.c3d_tables import (
    parameter,
    read_anthropometry,
    read_events,
    read_force_plates,
    read_model_angles,
    subject_code,
)
from simgait.recordings.markers.labelled_points import require_frames
from simgait.recordings.markers.names import strip_prefix
from simgait.recordings.markers.recording import MARKERS, MarkerTrial, recording_from_markers
from simgait.recordings.options import NOTHING_SAID, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.types import ForcePlate, Recording


def _open(path: Path) -> tuple[Any, bool]:
    """The parsed file and whether its force plates could be computed."""
    import ezc3d

    check_c3d_header(path)
    try:
        return ezc3d.c3d(str(path), extract_forceplat_data=True), True
    # ezc3d raises RuntimeError, OSError and others for plates it cannot handle.
    except Exception:  # noqa: BLE001
        try:
            return ezc3d.c3d(str(path)), False
        except Exception as error:
            reason = " ".join(str(error).split()).split(". ")[0][:80]
            raise InputError(
                f"{path.name}: the C3D file is broken ({reason}); export it again from the "
                "capture software."
            ) from error


def _first_frame(parsed: Any) -> int:
    """0-based number of the first stored frame within the capture."""
    words = parameter(parsed["parameters"], "TRIAL", "ACTUAL_START_FIELD")
    if words is not None:
        low, high = (int(word) & 0xFFFF for word in (*np.ravel(words), 0)[:2])
        if low + high > 0:
            return low + (high << 16) - 1
    return max(0, int(parsed["header"]["points"]["first_frame"]))


def _labels(parameters: Any, n_points: int) -> list[str]:
    labels: list[str] = []
    for suffix in ("", *(str(i) for i in range(2, 20))):
        labels += list(parameter(parameters, "POINT", f"LABELS{suffix}") or [])
    labels = [str(label) for label in labels[:n_points]]
    return labels + [f"unnamed {i}" for i in range(len(labels), n_points)]


def _points(parsed: Any, labels: list[str], where: str) -> Float[np.ndarray, "T K 3"]:
    """Positions in the file's unit; NaN where the residual or the numbers say missing."""
    points = np.asarray(parsed["data"]["points"])[:3].transpose(2, 1, 0)
    residual = np.asarray(parsed["data"]["meta_points"]["residuals"])[0].T
    infinite = np.isinf(points).any(axis=-1) & ~(residual < 0)
    if infinite.any():
        frame, point = np.argwhere(infinite)[0]
        raise InputError(
            f"{where}: the points hold an infinite number (frame {frame}, "
            f"{strip_prefix(labels[point])}); mend the source, with missing points marked as such."
        )
    missing = (residual < 0) | (points == 0).all(-1) | ~np.isfinite(points).all(-1)
    return np.where(missing[..., None], np.nan, points)


def _columns(
    labels: list[str], points: Float[np.ndarray, "T K 3"]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Label without prefix -> its column, and the labels that several columns with points share.

    Of columns that share a label the first with points in it is taken, so that an empty one in
    front hides nothing.
    """
    empty = np.isnan(points).all(axis=(0, 2))
    columns: dict[str, int] = {}
    repeated: list[str] = []
    for i, label in enumerate(map(strip_prefix, labels)):
        if label not in columns or (empty[columns[label]] and not empty[i]):
            columns[label] = i
        elif not empty[columns[label]]:
            repeated.append(label)
    return columns, tuple(repeated)


def parse_c3d(path: Path) -> MarkerTrial:
    """What the file holds, on its own axes. Events count from its first frame.

    Raises:
        InputError: no C3D file, broken, a byte order or a frame rate that is not read, or no walk.
    """
    parsed, has_plates = _open(path)
    parameters, header = parsed["parameters"], parsed["header"]
    fps_hz, n_frames = float(header["points"]["frame_rate"]), parsed["data"]["points"].shape[2]
    if fps_hz not in FPS_HZ:
        raise InputError(
            f"{path.name}: the C3D file states {fps_hz:g} frames per second, which cannot be "
            "right; export it again."
        )
    require_frames(n_frames, path.name)
    labels = _labels(parameters, parsed["data"]["points"].shape[1])
    points = _points(parsed, labels, path.name)
    columns, repeated = _columns(labels, points)
    by_label = {label: points[:, i] for label, i in columns.items()}
    notes = []
    if repeated:
        twice = ", ".join(sorted(set(repeated)))
        notes.append(f"labels that occur twice, of which the first was taken: {twice}.")
    units = parameter(parameters, "POINT", "UNITS")
    if units is None:
        notes.append("the file states no length unit; millimetres, the C3D default, were used.")
    events, other_notes = read_events(parameters, _first_frame(parsed), n_frames, fps_hz)
    plates: tuple[ForcePlate, ...] = ()
    if has_plates:
        analog_fps_hz = float(header["analogs"]["frame_rate"])
        plates = read_force_plates(parsed["data"].get("platform", []), analog_fps_hz)
    elif parameter(parameters, "FORCE_PLATFORM", "USED") is not None:
        other_notes = (*other_notes, "the force plates could not be read and were left out.")
    angle_unit = str((parameter(parameters, "POINT", "ANGLE_UNITS") or ["deg"])[0])
    measures, height_m, mass_kg = read_anthropometry(parameters)
    return MarkerTrial(
        time_s=np.arange(n_frames) / fps_hz,
        fps_hz=fps_hz,
        points=by_label,
        unit=str((units or ["mm"])[0]),
        repeated=repeated,
        is_measured=True,
        measures=measures,
        subject_id=subject_code(parameters) or path.stem,
        height_m=height_m,
        mass_kg=mass_kg,
        reference_angles_rad=read_model_angles(by_label, angle_unit.lower().startswith("deg")),
        events=events,
        force_plates=plates,
        notes=tuple(notes),
        other_notes=other_notes,
    )


@register_reader(
    ".c3d",
    takes=MARKERS,
    holds="markers of a lower-body set (Plug-in Gait, CGM2, Helen Hayes, HBM2, Codamotion, ...)",
    asks="height, where the file has none; belt speed on a treadmill",
)
def read_c3d(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Read one C3D trial; joint centres come from the markers (see `joint_centres`).

    The vertical axis is the one along which hips lie above ankles (`axes.vertical_axis`) unless
    `axes` names it. Height and mass that are said win over the file's.

    Raises:
        InputError: no C3D file, broken, byte order not read, or landmarks missing.
    """
    return recording_from_markers(parse_c3d(path), options, path, source_format="c3d")
