"""Trajectories of pelvis, heels and toes through space, and the directions that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.series.resampling import local_cubic
from simgait.skeleton.keypoints import KEYPOINT_NAMES

HEEL_CHOICES = ("Heel", "Ankle")
TOE_CHOICES = ("Big Toe", "Foot", "Ankle")
MIN_SEEN = 0.8  # of the frames in which the pelvis is seen
STANDING_MPS = 0.05  # of a foot under the pelvis; the slowest plausible walk has 0.08 m/s
TREADMILL_RATIO = 0.3  # pelvis speed / speed of the stance foot under the pelvis


@dataclass(frozen=True)
class Trajectories:
    """Trajectories of one walk; columns of `heel_m`, `toe_m` are left, right; NaN where missing.

    Attributes:
        pelvis_m: (T, 3) midpoint of the hip joint centres.
        heel_name, toe_name: the keypoint that stands for heel and toe on both sides.
        leftward_m: (T, 3) right hip to left hip.
        leg_length_m: median hip-knee-ankle length of both legs.
        travels: the pelvis moves through space as the feet say (False on a treadmill).
        ways: times that `progression` was asked for -> what it said, as every number of a cycle
            asks again.
    """

    time_s: Float[np.ndarray, " T"]
    pelvis_m: Float[np.ndarray, "T 3"]
    heel_m: Float[np.ndarray, "T 2 3"]
    toe_m: Float[np.ndarray, "T 2 3"]
    leftward_m: Float[np.ndarray, "T 3"]
    heel_name: str
    toe_name: str
    leg_length_m: float
    travels: bool
    ways: dict[tuple[float, float], Float[np.ndarray, " 3"]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )


def unit_horizontal(vector: Float[np.ndarray, "... 3"]) -> Float[np.ndarray, "... 3"]:
    """Horizontal part scaled to length 1; NaN where it has no length."""
    flat = vector * np.array([1.0, 1.0, 0.0])
    length = np.linalg.norm(flat, axis=-1, keepdims=True)
    return np.where(length > 1e-9, flat / np.where(length > 1e-9, length, 1.0), np.nan)


def forward_of(leftward: Float[np.ndarray, "... 3"]) -> Float[np.ndarray, "... 3"]:
    """Horizontal unit vector to which a person with this right-to-left vector faces (z up)."""
    left = unit_horizontal(leftward)
    return np.stack([left[..., 1], -left[..., 0], np.zeros_like(left[..., 0])], axis=-1)


def left_of(direction: Float[np.ndarray, "... 3"]) -> Float[np.ndarray, "... 3"]:
    """Horizontal unit vector to the left of a direction (z up)."""
    ahead = unit_horizontal(direction)
    return np.stack([-ahead[..., 1], ahead[..., 0], np.zeros_like(ahead[..., 0])], axis=-1)


def _travels(
    time_s: Float[np.ndarray, " T"],
    pelvis_m: Float[np.ndarray, "T 3"],
    foot_m: Float[np.ndarray, "T 2 3"],
    leftward_m: Float[np.ndarray, "T 3"],
) -> bool:
    """Whether the pelvis goes as fast as the stance foot slides back under it.

    On a treadmill it stands.
    """
    forward = forward_of(leftward_m)
    pelvis_speed = np.sum(np.gradient(pelvis_m, time_s, axis=0) * forward, axis=-1)
    relative = np.sum((foot_m - pelvis_m[:, None]) * forward[:, None], axis=-1)
    backward = -np.gradient(relative, time_s, axis=0)
    known = np.isfinite(backward)
    if not known.any() or not np.isfinite(pelvis_speed).any():
        return True
    foot_speed = np.median(np.abs(backward[known]))
    if foot_speed < STANDING_MPS:
        return True
    return bool(abs(np.nanmedian(pelvis_speed)) > TREADMILL_RATIO * foot_speed)


def trajectories_of(
    time_s: Float[np.ndarray, " T"],
    keypoints_m: Float[np.ndarray, "T K 3"],
    keypoint_names: Sequence[str] = KEYPOINT_NAMES,
    belt_speed_mps: float | None = None,
) -> Trajectories:
    """Pelvis, heel and toe paths from world keypoints (z up, pelvis travel included).

    Heel and toe are replaced by the ankle, on both sides alike, where a recording has none
    (`heel_name`, `toe_name` say so). With `belt_speed_mps` the belt's travel is added along the
    direction the person faces.

    Raises:
        InputError: shapes that do not match the names or the times, or hips or ankles missing.
    """
    _check_shapes(time_s, keypoints_m, keypoint_names)
    points = np.asarray(keypoints_m, dtype=float)
    hips = _pair(points, keypoint_names, "Hip")
    leftward = hips[:, 0] - hips[:, 1]
    if belt_speed_mps is not None:
        ahead = unit_horizontal(np.nanmean(forward_of(leftward), axis=0))
        travel = belt_speed_mps * (time_s - time_s[0])[:, None] * ahead
        points = points + travel[:, None]
        hips = _pair(points, keypoint_names, "Hip")
    pelvis = hips.mean(axis=1)
    seen = np.isfinite(pelvis).all(axis=-1)
    if not seen.any():
        raise InputError("Both hips are never seen together; gait needs hips and ankles.")
    heel_name, heel = _first_seen(points, keypoint_names, HEEL_CHOICES, seen)
    toe_name, toe = _first_seen(points, keypoint_names, TOE_CHOICES, seen)
    knee, ankle = _pair(points, keypoint_names, "Knee"), _pair(points, keypoint_names, "Ankle")
    legs = np.linalg.norm(hips - knee, axis=-1) + np.linalg.norm(knee - ankle, axis=-1)
    if not np.isfinite(legs).any():
        legs = np.linalg.norm(hips - heel, axis=-1)
    return Trajectories(
        time_s=np.asarray(time_s, dtype=float),
        pelvis_m=pelvis,
        heel_m=heel,
        toe_m=toe,
        leftward_m=leftward,
        heel_name=heel_name,
        toe_name=toe_name,
        leg_length_m=float(np.nanmedian(legs)),
        travels=_travels(time_s, pelvis, heel, leftward),
    )


def _check_shapes(
    time_s: Float[np.ndarray, " T"],
    keypoints_m: Float[np.ndarray, "T K 3"],
    keypoint_names: Sequence[str],
) -> None:
    if keypoints_m.ndim != 3 or keypoints_m.shape[1:] != (len(keypoint_names), 3):
        raise InputError(
            f"Keypoints must have shape (T, {len(keypoint_names)}, 3) to match their names, got "
            f"{keypoints_m.shape}; name the columns."
        )
    if len(time_s) != len(keypoints_m) or len(time_s) < 4 or np.any(np.diff(time_s) <= 0):
        raise InputError(
            f"{len(time_s)} times for {len(keypoints_m)} frames (at least 4, increasing) do not "
            "describe a walk; check the time stamps."
        )


def _pair(
    points_m: Float[np.ndarray, "T K 3"], names: Sequence[str], joint: str
) -> Float[np.ndarray, "T 2 3"]:
    """The left and the right point of this joint; NaN where the keypoints have none."""
    absent = np.full((len(points_m), 3), np.nan)
    wanted = [f"{side} {joint}" for side in ("Left", "Right")]
    return np.stack(
        [points_m[:, names.index(name)] if name in names else absent for name in wanted], axis=1
    )


def _first_seen(
    points_m: Float[np.ndarray, "T K 3"],
    names: Sequence[str],
    joints: tuple[str, ...],
    seen: Bool[np.ndarray, " T"],
) -> tuple[str, Float[np.ndarray, "T 2 3"]]:
    """The first of the joints that both sides show while the pelvis is seen; the last if ever."""
    for joint in joints:
        path = _pair(points_m, names, joint)
        share = np.isfinite(path[seen]).all(axis=-1).mean(axis=0).min()
        if share >= MIN_SEEN or (joint == joints[-1] and share > 0.0):
            return joint, path
    raise InputError("No heels and no ankles are seen on both sides; gait needs ankles.")


def feet_named(names: Sequence[str]) -> tuple[str | None, str | None]:
    """Which keypoints stand for heel and toe where all that are named are seen; None of none."""
    heel, toe = (
        next((of for of in choices if {f"Left {of}", f"Right {of}"} <= set(names)), None)
        for choices in (HEEL_CHOICES, TOE_CHOICES)
    )
    return heel, toe


def progression(paths: Trajectories, start_s: float, end_s: float) -> Float[np.ndarray, " 3"]:
    """Horizontal unit vector of the pelvis's displacement between two times.

    Over a whole gait cycle the pelvis's sway returns to where it was, so the displacement is the
    direction of progression. On a treadmill: the mean direction that the hips face.
    """
    found = paths.ways.get((start_s, end_s))
    if found is None:
        found = paths.ways[start_s, end_s] = _progression(paths, start_s, end_s)
        found.setflags(write=False)
    return found


def _progression(paths: Trajectories, start_s: float, end_s: float) -> Float[np.ndarray, " 3"]:
    if paths.travels:
        ends = local_cubic(paths.pelvis_m, paths.time_s, np.array([start_s, end_s]))
        return unit_horizontal(ends[1] - ends[0])
    window = (paths.time_s >= start_s) & (paths.time_s <= end_s)
    if not np.isfinite(paths.leftward_m[window]).any():
        return np.full(3, np.nan)
    return unit_horizontal(np.nanmean(forward_of(paths.leftward_m[window]), axis=0))


def walk_direction(paths: Trajectories) -> Float[np.ndarray, " 3"]:
    """Direction of progression of the whole walk."""
    seen = np.flatnonzero(np.isfinite(paths.pelvis_m).all(axis=-1))
    return progression(paths, paths.time_s[seen[0]], paths.time_s[seen[-1]])
