"""Arrays of keypoints from a detector, with what is known about them, to a checked `Recording`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import safe_id
from simgait.limits import check_fps, check_height, check_mass, check_times
from simgait.recordings.axes import axes_matrix, metres_per_unit
from simgait.recordings.checks import check_points, leg_length
from simgait.recordings.detectors.keypoint_sets import keypoint_columns
from simgait.recordings.treadmill import check_belt_speed, ignored_belt_note, pelvis_travels
from simgait.types import Recording


@dataclass(frozen=True)
class ArrayFacts:
    """What an array of keypoints does not say itself. `fps_hz` or `time_s` is needed."""

    unit: str | None = None
    axes: str | None = None
    fps_hz: float | None = None
    time_s: Float[np.ndarray, " T"] | None = None
    names: Sequence[str] | None = None
    keypoint_set: str | None = None
    confidence: Float[np.ndarray, "T K"] | None = None
    root_relative: bool = False
    scale_is_metric: bool = False
    subject_id: str = ""
    height_m: float | None = None
    mass_kg: float | None = None
    belt_speed_mps: float | None = None


def recording_from_array(
    keypoints: Float[np.ndarray, "T K 3"],
    facts: ArrayFacts,
    *,
    recording_id: str,
    source_format: str,
    where: str,
) -> Recording:
    """A `Recording` from T×K×3 numbers; zeros and NaN are missing points.

    Raises:
        InputError: shape, unit, axes, sides, times or names are wrong or not given.
    """
    array = np.asarray(keypoints)
    if array.ndim != 3 or array.shape[-1] != 3 or 0 in array.shape:
        raise InputError(
            f"{where}: the keypoints have shape {array.shape}, not frames × keypoints × 3; "
            "store 3D positions."
        )
    if array.dtype.kind not in "fiu":
        raise InputError(f"{where}: the keypoints are no numbers ({array.dtype}); store floats.")
    array = array.astype(float)
    if np.isinf(array).any():
        frame, point = np.argwhere(np.isinf(array))[0][:2]
        raise InputError(
            f"{where}: the keypoints hold an infinite number (frame {frame}, keypoint {point}); "
            "mend the source, with NaN for missing points."
        )
    if facts.unit is None:
        raise InputError(f"{where}: no length unit is given; state it (unit: m, cm or mm).")
    if facts.axes is None:
        raise InputError(
            f"{where}: no axes are given; state them, for example 'z-up', 'y-up' or "
            "'y-down z-forward' for a camera."
        )
    n_frames, width = array.shape[:2]
    columns, name_notes = keypoint_columns(
        width, where, names=facts.names, keypoint_set=facts.keypoint_set
    )
    notes = list(name_notes)
    if facts.time_s is not None:
        time_s = np.asarray(facts.time_s, dtype=float).ravel()
        if len(time_s) != n_frames:
            raise InputError(
                f"{where}: {len(time_s)} time stamps are given for {n_frames} frames; give one "
                "for each."
            )
    else:
        time_s = np.arange(n_frames) / check_fps(facts.fps_hz, where)
    check_times(time_s, where)
    array = array[:, list(columns.values())]
    missing = (array == 0).all(-1) | np.isnan(array).any(-1)
    array = np.where(missing[..., None], np.nan, array)
    array = array @ axes_matrix(facts.axes, where).T * metres_per_unit(facts.unit, where)
    points = {name: array[:, i] for i, name in enumerate(columns)}
    check_points(points, facts.unit, where)
    if _pelvis_is_mid_hip(points):
        del points["Pelvis"]
        notes.append("the point named Pelvis is the middle of the hips and was left out.")
    names = tuple(points)
    kept = [list(columns).index(name) for name in names]
    confidence = np.ones(array.shape[:2])
    if facts.confidence is not None:
        given = np.asarray(facts.confidence, dtype=float)
        if given.shape != (n_frames, width) or not ((given >= 0) & (given <= 1)).all():
            raise InputError(
                f"{where}: the confidence must be {n_frames} × {width} numbers from 0 to 1."
            )
        confidence = given[:, list(columns.values())]
    confidence = np.where(missing, 0.0, confidence)[:, kept]
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    fixed = float(np.nanmax(np.nanstd(mid_hip, axis=0))) < 0.002
    root_relative = facts.root_relative or fixed
    if fixed and not facts.root_relative:
        notes.append("the keypoints are root-relative (the hips never move): no pelvis travel.")
    fps_hz = float(1.0 / np.median(np.diff(time_s)))
    travels = not root_relative and pelvis_travels(points, fps_hz)
    belt_speed_mps = check_belt_speed(facts.belt_speed_mps, where)
    if travels:
        notes += ignored_belt_note(belt_speed_mps)
    if not travels and not root_relative:
        notes.append(
            "the pelvis does not travel while the feet move: a treadmill; "
            + ("the belt speed is as given." if belt_speed_mps else "give the belt speed.")
        )
    return Recording(
        recording_id=recording_id,
        source_format=source_format,
        time_s=time_s,
        keypoint_names=names,
        keypoints_m=array[:, kept],
        confidence=confidence,
        scale_is_metric=facts.scale_is_metric,
        pelvis_travels=travels,
        subject_id=safe_id(facts.subject_id) if facts.subject_id else "",
        height_m=check_height(facts.height_m, where),
        mass_kg=check_mass(facts.mass_kg, where),
        belt_speed_mps=None if travels else belt_speed_mps,
        notes=tuple(notes),
    )


def _pelvis_is_mid_hip(points: dict[str, Float[np.ndarray, "T 3"]]) -> bool:
    """Whether "Pelvis" is the hips' middle under another name, as in many sets."""
    if "Pelvis" not in points:
        return False
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    distance = np.linalg.norm(points["Pelvis"] - mid_hip, axis=-1)
    if not np.isfinite(distance).any():
        return True
    return float(np.nanmedian(distance)) < 0.03 * leg_length(points)
