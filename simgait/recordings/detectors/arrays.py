"""Arrays of keypoints from a detector, with what is known about them, to a checked `Recording`."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import safe_id
from simgait.limits import check_fps, check_height, check_mass, check_times
from simgait.recordings.axes import axes_matrix, metres_per_unit
from simgait.recordings.checks import check_points, leg_length
from simgait.recordings.detectors.keypoint_sets import choose_keypoint_set
from simgait.recordings.detectors.point_names import columns_by_name
from simgait.recordings.options import ReadOptions
from simgait.recordings.treadmill import check_belt_speed, ignored_belt_note, pelvis_travels
from simgait.recordings.wild_samples import wild_notes, wild_samples
from simgait.types import Recording

STILL_HIPS_M = 0.002
"""Mid-hip of a standing person sways more (SD); this little is rounding of root-relative points."""


def recording_from_array(
    keypoints: np.ndarray,
    facts: ReadOptions,
    *,
    recording_id: str,
    source_format: str,
    where: str,
) -> Recording:
    """A `Recording` from T×K×3 numbers; zeros and NaN are missing points.

    Args:
        keypoints: (T, K, 3) on the detector's axes, in its unit; any other shape is refused.
        facts: unit, axes, and a frame rate or time stamps are needed, unless the keypoint set
            always has the same.
        recording_id: of the recording.
        source_format: of the file.
        where: the file's name, for errors.

    Raises:
        InputError: shape, unit, axes, sides, times or names are wrong or not given.
    """
    array = _checked_array(keypoints, where)
    n_frames, width = array.shape[:2]
    notes: list[str] = []
    if facts.names is not None:
        columns, name_notes = columns_by_name(facts.names, width, where)
        notes += name_notes
    else:
        chosen = choose_keypoint_set(width, facts.keypoint_set, where)
        columns = chosen.columns
        facts = facts.over(ReadOptions(unit=chosen.unit, axes=chosen.axes, fps_hz=chosen.fps_hz))
    unit, axes = _unit_and_axes(facts, where)
    time_s = _times(facts, n_frames, where)
    array = array[:, list(columns.values())]
    missing = (array == 0).all(-1) | np.isnan(array).any(-1)
    array = np.where(missing[..., None], np.nan, array)
    wild = wild_samples(array)
    notes += wild_notes(wild, list(columns))
    array, missing = np.where(wild[..., None], np.nan, array), missing | wild
    array = array @ axes_matrix(axes, where).T * metres_per_unit(unit, where)
    points = {name: array[:, i] for i, name in enumerate(columns)}
    check_points(points, unit, where)
    if _pelvis_is_mid_hip(points):
        del points["Pelvis"]
        notes.append("the point named Pelvis is the middle of the hips and was left out.")
    kept = [list(columns).index(name) for name in points]
    confidence = _confidence(facts, (n_frames, width), where)[:, list(columns.values())]
    travels, belt_speed_mps, travel_notes = _travel(points, time_s, facts, where)
    return Recording(
        recording_id=recording_id,
        source_format=source_format,
        time_s=time_s,
        keypoint_names=tuple(points),
        keypoints_m=array[:, kept],
        confidence=np.where(missing, 0.0, confidence)[:, kept],
        scale_is_metric=bool(facts.scale_is_metric),
        pelvis_travels=travels,
        subject_id=safe_id(facts.subject_id) if facts.subject_id else "",
        height_m=check_height(facts.height_m, where),
        mass_kg=check_mass(facts.mass_kg, where),
        belt_speed_mps=belt_speed_mps,
        notes=(*notes, *travel_notes),
    )


def _checked_array(keypoints: np.ndarray, where: str) -> Float[np.ndarray, "T K 3"]:
    """Finite or NaN floats, frames x keypoints x 3; raises InputError for anything else."""
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
    return array


def _unit_and_axes(facts: ReadOptions, where: str) -> tuple[str, str]:
    if facts.unit is None:
        raise InputError(f"{where}: no length unit is given; state it (unit: m, cm or mm).")
    if facts.axes is None:
        raise InputError(
            f"{where}: no axes are given; state them, for example 'z-up', 'y-up' or "
            "'y-down z-forward' for a camera."
        )
    return facts.unit, facts.axes


def _times(facts: ReadOptions, n_frames: int, where: str) -> Float[np.ndarray, " T"]:
    if facts.time_s is None:
        time_s = np.arange(n_frames) / check_fps(facts.fps_hz, where)
    else:
        time_s = np.asarray(facts.time_s, dtype=float).ravel()
        if len(time_s) != n_frames:
            raise InputError(
                f"{where}: {len(time_s)} time stamps are given for {n_frames} frames; give one "
                "for each."
            )
    check_times(time_s, where)
    return time_s


def _confidence(facts: ReadOptions, shape: tuple[int, int], where: str) -> Float[np.ndarray, "T K"]:
    if facts.confidence is None:
        return np.ones(shape)
    given = np.asarray(facts.confidence, dtype=float)
    if given.shape != shape or not ((given >= 0) & (given <= 1)).all():
        raise InputError(
            f"{where}: the confidence must be {shape[0]} × {shape[1]} numbers from 0 to 1."
        )
    return given


def _travel(
    points: dict[str, Float[np.ndarray, "T 3"]],
    time_s: Float[np.ndarray, " T"],
    facts: ReadOptions,
    where: str,
) -> tuple[bool, float | None, tuple[str, ...]]:
    """Whether the pelvis travels, the belt's speed (m/s) where it does not, and notes."""
    notes: list[str] = []
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    fixed = hips_are_fixed(mid_hip)
    root_relative = facts.root_relative or fixed
    if fixed and not facts.root_relative:
        notes.append("the keypoints are root-relative (the hips never move): no pelvis travel.")
    travels = not root_relative and pelvis_travels(points, float(1.0 / np.median(np.diff(time_s))))
    belt_speed_mps = check_belt_speed(facts.belt_speed_mps, where)
    if travels:
        notes += ignored_belt_note(belt_speed_mps)
    elif not root_relative:
        notes.append(
            "the pelvis does not travel while the feet move: a treadmill; "
            + ("the belt speed is as given." if belt_speed_mps else "give the belt speed.")
        )
    return travels, None if travels else belt_speed_mps, tuple(notes)


def hips_are_fixed(mid_hip_m: Float[np.ndarray, "T 3"]) -> bool:
    """Whether the middle of the hips never moves, a frame in a hundred aside."""
    low, high = np.nanpercentile(mid_hip_m, [1.0, 99.0], axis=0)
    return float(np.max(high - low)) < 4.0 * STILL_HIPS_M


def _pelvis_is_mid_hip(points: dict[str, Float[np.ndarray, "T 3"]]) -> bool:
    """Whether "Pelvis" is the hips' middle under another name, as in many sets."""
    if "Pelvis" not in points:
        return False
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    distance = np.linalg.norm(points["Pelvis"] - mid_hip, axis=-1)
    if not np.isfinite(distance).any():
        return True
    return float(np.nanmedian(distance)) < 0.03 * leg_length(points)
