"""Points as no person has them, made of a sound recording: what bad detectors have been seen to do.

VideoPose3D, from the front and centred on the body, made knees between 45 and 80° and trunks that
lean back by 27° (docs/trust.md). Whoever reads such points may call nothing of them usable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.skeleton.sides import SIDES
from simgait.types import Recording

KNEES_DEG = (45.0, 80.0)
LEAN_DEG = 27.0
BREATH = (0.40, 0.60)
"""Share of a shank that is lost and found again; 40 % is twice the limit of what is believed."""
BREATH_HZ = 0.9
SWING_LEFT = 0.2
"""Share of a leg's swing that is left; people with less than a fourth of theirs do not walk on."""
_TRUNK = ("Sternum", "Left Shoulder", "Right Shoulder", "Head")


def root_relative(recording: Recording) -> Recording:
    """Every frame with the middle of the hips at the origin: nothing travels."""
    middle = _hips_m(recording)[:, None]
    return replace(recording, keypoints_m=recording.keypoints_m - middle, pelvis_travels=False)


def bent_knees(recording: Recording, knee_deg: float) -> Recording:
    """Legs of their length that are folded: knees ahead, hardly ever straighter than an angle."""
    ahead, points = _ahead(recording), recording.keypoints_m.copy()
    half = np.radians(knee_deg) / 2.0
    by_m = 0.5 * _leg_m(recording) * np.sin(half)
    for side in _sides():
        hip, knee, ankle = (_at(recording, f"{side} {joint}") for joint in ("Hip", "Knee", "Ankle"))
        lifted = (np.cos(half) - 1.0) * (ankle - hip)
        points[:, _column(recording, f"{side} Knee")] = (
            hip + np.cos(half) * (knee - hip) + by_m * ahead
        )
        for name in ("Ankle", "Heel", "Foot", "Big Toe"):
            if f"{side} {name}" in recording.keypoint_names:
                points[:, _column(recording, f"{side} {name}")] += lifted
    return replace(recording, keypoints_m=points)


def leaning_back(recording: Recording, lean_deg: float) -> Recording:
    """A trunk that is sheared back over the hips; below 0 it leans forward.

    Where no point of a trunk is seen, none can lean: the recording stays as it is.
    """
    trunk = [_at(recording, name) for name in _TRUNK if name in recording.keypoint_names]
    if not any(np.isfinite(points).any() for points in trunk):
        return recording
    ahead, points, middle = _ahead(recording), recording.keypoints_m.copy(), _hips_m(recording)
    for name in (*_TRUNK, "Pelvis"):
        if name in recording.keypoint_names:
            column = _column(recording, name)
            up = (points[:, column] - middle)[:, 2:]
            points[:, column] -= np.tan(np.radians(lean_deg)) * up * ahead
    return replace(recording, keypoints_m=points)


def breathing_shanks(recording: Recording, share: float) -> Recording:
    """Shanks that lose up to a share of their length, and find it again, nearly once a second."""
    points = recording.keypoints_m.copy()
    beat = 0.5 + 0.5 * np.sin(2.0 * np.pi * BREATH_HZ * recording.time_s)
    for side in _sides():
        knee, ankle = (_column(recording, f"{side} {joint}") for joint in ("Knee", "Ankle"))
        points[:, ankle] -= share * beat[:, None] * (points[:, ankle] - points[:, knee])
    return replace(recording, keypoints_m=points)


def without_swing(recording: Recording, left: float) -> Recording:
    """Legs of which only a share of the way before and behind the hips is left."""
    ahead, points, middle = _ahead(recording), recording.keypoints_m.copy(), _hips_m(recording)
    for name in ("Knee", "Ankle"):
        for side in _sides():
            column = _column(recording, f"{side} {name}")
            swing = (points[:, column] - middle) @ ahead
            points[:, column] -= (1.0 - left) * np.outer(swing, ahead)
    return replace(recording, keypoints_m=points)


def still_leg(recording: Recording, side: str) -> Recording:
    """One leg ("Left" or "Right") that hangs under the hips, as it does on average."""
    points, middle = recording.keypoints_m.copy(), _hips_m(recording)
    for name in ("Knee", "Ankle", "Heel", "Foot", "Big Toe"):
        if f"{side} {name}" in recording.keypoint_names:
            column = _column(recording, f"{side} {name}")
            under = points[:, column] - middle
            seen = np.isfinite(under).all(axis=-1)
            if seen.any():
                points[seen, column] = middle[seen] + under[seen].mean(axis=0)
    return replace(recording, keypoints_m=points)


GARBAGE: Mapping[str, Callable[[Recording, np.random.Generator], Recording]] = {
    "knees never below 45 to 80°": lambda one, rng: bent_knees(one, rng.uniform(*KNEES_DEG)),
    "trunk 27° back": lambda one, _: leaning_back(one, LEAN_DEG),
    "bones that breathe": lambda one, rng: breathing_shanks(one, rng.uniform(*BREATH)),
    "swing that vanishes": lambda one, _: without_swing(one, SWING_LEFT),
    "one leg that hangs": lambda one, rng: still_leg(one, str(rng.choice(_sides()))),
}
"""Kind -> what it makes of a recording, which must show hips, knees and ankles."""


def _sides() -> list[str]:
    return [side.capitalize() for side in SIDES]


def _column(recording: Recording, name: str) -> int:
    return recording.keypoint_names.index(name)


def _at(recording: Recording, name: str) -> Float[np.ndarray, "T 3"]:
    return recording.keypoints_m[:, _column(recording, name)]


def _hips_m(recording: Recording) -> Float[np.ndarray, "T 3"]:
    return np.asarray(0.5 * (_at(recording, "Left Hip") + _at(recording, "Right Hip")))


def _ahead(recording: Recording) -> Float[np.ndarray, " 3"]:
    """Level direction that the person looks to: across the mean line of the hips."""
    left = np.nanmean(_at(recording, "Left Hip") - _at(recording, "Right Hip"), axis=0)
    left = left * [1.0, 1.0, 0.0] / np.hypot(left[0], left[1])
    return np.cross(left, [0.0, 0.0, 1.0])


def _leg_m(recording: Recording) -> float:
    bones = [
        _at(recording, f"{side} {upper}") - _at(recording, f"{side} {lower}")
        for side in _sides()
        for upper, lower in (("Hip", "Knee"), ("Knee", "Ankle"))
    ]
    return float(sum(np.nanmedian(np.linalg.norm(bone, axis=1)) for bone in bones)) / 2.0
