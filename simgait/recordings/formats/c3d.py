"""C3D recordings (ezc3d): markers by name, events, force plates, model angles, body measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import safe_id
from simgait.limits import check_height, check_mass
from simgait.recordings.axes import metres_per_unit
from simgait.recordings.formats.c3d_header import check_c3d_header
from simgait.recordings.formats.c3d_tables import (
    parameter,
    read_anthropometry,
    read_events,
    read_force_plates,
    read_model_angles,
    subject_code,
)
from simgait.recordings.markers.labelled_points import keypoints_from_labels, require_frames
from simgait.recordings.markers.names import strip_prefix
from simgait.recordings.treadmill import treadmill
from simgait.types import ForcePlate, Recording


def _open(path: Path) -> tuple[Any, bool]:
    """The parsed file and whether its force plates could be computed."""
    import ezc3d

    check_c3d_header(path)
    try:
        return ezc3d.c3d(str(path), extract_forceplat_data=True), True
    except Exception:  # ezc3d raises RuntimeError, OSError and others for plates it cannot handle
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


def read_c3d(
    path: str | Path,
    *,
    height_m: float | None = None,
    mass_kg: float | None = None,
    subject_id: str | None = None,
    belt_speed_mps: float | None = None,
    axes: str | None = None,
) -> Recording:
    """Read one C3D trial; joint centres come from the markers (see `joint_centres`).

    The vertical axis is the one along which hips lie above ankles (`axes.vertical_axis`) unless
    `axes` names it. Events count from the file's first frame. Height and mass given here win
    over the file's.

    Raises:
        InputError: no C3D file, broken, byte order not read, or landmarks missing.
    """
    path = Path(path)
    parsed, has_plates = _open(path)
    parameters = parsed["parameters"]
    points = np.asarray(parsed["data"]["points"])[:3].transpose(2, 1, 0)
    residual = np.asarray(parsed["data"]["meta_points"]["residuals"])[0].T
    fps_hz = float(parsed["header"]["points"]["frame_rate"])
    n_frames = len(points)
    if not 10.0 <= fps_hz <= 1000.0:
        raise InputError(
            f"{path.name}: the C3D file states {fps_hz:g} frames per second, which cannot be "
            "right; export it again."
        )
    require_frames(n_frames, path.name)
    labels = _labels(parameters, points.shape[1])
    infinite = np.isinf(points).any(axis=-1) & ~(residual < 0)
    if infinite.any():
        frame, point = np.argwhere(infinite)[0]
        raise InputError(
            f"{path.name}: the points hold an infinite number (frame {frame}, "
            f"{strip_prefix(labels[point])}); mend the source, with missing points marked as such."
        )
    missing = (residual < 0) | (points == 0).all(-1) | ~np.isfinite(points).all(-1)
    points = np.where(missing[..., None], np.nan, points)
    notes: list[str] = []
    column: dict[str, int] = {}
    repeated: list[str] = []
    first: dict[str, int] = {}
    for i, name in enumerate(map(strip_prefix, labels)):
        first.setdefault(name, i)
        if name in column:
            repeated.append(name)
        elif not missing[:, i].all():
            column[name] = i
    if repeated:
        twice = ", ".join(sorted(set(repeated)))
        notes.append(f"labels that occur twice, of which the first was taken: {twice}.")
    unit = str((parameter(parameters, "POINT", "UNITS") or ["mm"])[0])
    if parameter(parameters, "POINT", "UNITS") is None:
        notes.append("the file states no length unit; millimetres, the C3D default, were used.")
    scale = metres_per_unit(unit, path.name)
    labelled = {name: points[:, column.get(name, i)] * scale for name, i in first.items()}
    measures, file_height, file_mass = read_anthropometry(parameters)
    derived = keypoints_from_labels(
        labelled, measures, fps_hz=fps_hz, axes=axes, unit=unit, where=path.name,
        repeated=repeated,
    )  # fmt: skip
    keypoints, matrix = derived.points, derived.matrix
    events, event_notes = read_events(parameters, _first_frame(parsed), n_frames, fps_hz)
    notes += [*derived.notes, *event_notes]
    plates: tuple[ForcePlate, ...] = ()
    if has_plates:
        analog_fps = float(parsed["header"]["analogs"]["frame_rate"])
        plates = read_force_plates(parsed["data"].get("platform", []), matrix, analog_fps)
    elif parameter(parameters, "FORCE_PLATFORM", "USED") is not None:
        notes.append("the force plates could not be read and were left out.")

    def angle_series(name: str) -> Float[np.ndarray, "T 3"] | None:
        return points[:, column[name]] if name in column else None

    angle_unit = str((parameter(parameters, "POINT", "ANGLE_UNITS") or ["deg"])[0])
    angles = read_model_angles(angle_series, angle_unit.lower().startswith("deg"))
    stacked = np.stack(list(keypoints.values()), axis=1)
    travels, belt_speed_mps, belt_notes = treadmill(keypoints, fps_hz, belt_speed_mps)
    notes += belt_notes
    return Recording(
        recording_id=safe_id(path.stem),
        source_format="c3d",
        time_s=np.arange(n_frames) / fps_hz,
        keypoint_names=tuple(keypoints),
        keypoints_m=stacked,
        confidence=np.isfinite(stacked).all(-1).astype(float),
        scale_is_metric=True,
        pelvis_travels=travels,
        subject_id=safe_id(subject_id or subject_code(parameters) or path.stem),
        height_m=check_height(height_m, path.name) or file_height,
        mass_kg=check_mass(mass_kg, path.name) or file_mass,
        belt_speed_mps=belt_speed_mps,
        reference_angles_rad=angles,
        events=events,
        force_plates=plates,
        notes=tuple(notes),
    )
