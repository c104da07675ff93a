"""The simulated body as the camera that filmed the person would have seen it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.types import Recording, Rollout, Trial
from simgait.video.overlay import Stroke, write_overlay

OVERLAY = "overlay.webm"
LEFT, RIGHT, MIDDLE = (179, 71, 0), (0, 114, 178), (245, 245, 245)
"""Colours of the report."""
BONES = (("Hip", "Knee"), ("Knee", "Ankle"), ("Ankle", "Heel"), ("Heel", "Big Toe"),
         ("Ankle", "Big Toe"))  # fmt: skip
_HIPS = ("Left Hip", "Right Hip")


def overlay_writer(
    recording: Recording, trial: Trial, rollout: Rollout
) -> Callable[[Path], None] | None:
    """What writes the video of the walk with the body on it; None without a camera and a video."""
    if recording.footage is None or recording.camera is None:
        return None
    footage = recording.footage
    strokes = body_strokes(recording, trial, rollout)
    return lambda out: write_overlay(
        out, footage.path, footage.faces, strokes,
        begin_s=trial.start_s, end_s=trial.start_s + float(rollout.time_s[-1]),
    )  # fmt: skip


def body_strokes(
    recording: Recording, trial: Trial, rollout: Rollout
) -> Callable[[float], Sequence[Stroke]]:
    """The body's bones in the picture at a time of the recording (s); none outside the walk."""
    assert recording.camera is not None
    points_px = recording.camera.seen_at_px(body_in_recording(recording, trial, rollout))
    times = trial.start_s + rollout.time_s
    column = {name: i for i, name in enumerate(rollout.skeleton.keypoints)}
    lines = [(*_HIPS, MIDDLE)] + [
        (f"{side} {a}", f"{side} {b}", colour)
        for side, colour in (("Left", LEFT), ("Right", RIGHT))
        for a, b in BONES
    ]
    lines = [line for line in lines if line[0] in column and line[1] in column]
    reach = 0.75 * float(np.median(np.diff(times)))

    def at(time_s: float) -> list[Stroke]:
        i = int(np.argmin(np.abs(times - time_s)))
        if abs(times[i] - time_s) > reach or not rollout.alive[i]:
            return []
        return [
            Stroke(points_px[i, column[a]], points_px[i, column[b]], colour)
            for a, b, colour in lines
        ]

    return at


def body_in_recording(
    recording: Recording, trial: Trial, rollout: Rollout
) -> Float[np.ndarray, "T K 3"]:
    """The simulated body's keypoints in the recording's axes and metres, on the trial's clock.

    The turn and the scale are those that bring the keypoints that were to be followed onto the
    recorded ones; the place is the recorded middle of the hips, picture by picture, and what the
    body is off the keypoints it is off in the picture, too.
    """
    times = trial.start_s + rollout.time_s
    known = [name for name in recording.keypoint_names if name in KEYPOINT_NAMES]
    recorded = np.stack(
        [_on_clock(recording, recording.keypoint_names.index(name), times) for name in known],
        axis=1,
    )
    followed = rollout.target_keypoints_m[:, [KEYPOINT_NAMES.index(name) for name in known]]
    hips = [known.index(name) for name in _HIPS]
    places = recorded[:, hips].mean(axis=1), followed[:, hips].mean(axis=1)
    turn, scale = turn_and_scale(
        (followed - places[1][:, None]).reshape(-1, 3),
        (recorded - places[0][:, None]).reshape(-1, 3),
    )
    body = rollout.keypoints_m - places[1][:, None]
    return scale * body @ turn.T + places[0][:, None]


def turn_and_scale(
    source: Float[np.ndarray, "N 3"], goal: Float[np.ndarray, "N 3"]
) -> tuple[Float[np.ndarray, "3 3"], float]:
    """Rotation and scale that bring points nearest to others (Umeyama 1991); NaN are left out."""
    both = np.isfinite(source).all(axis=1) & np.isfinite(goal).all(axis=1)
    left, values, right = np.linalg.svd(goal[both].T @ source[both])
    flip = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    turn = left @ (flip[:, None] * right)
    return turn, float((values * flip).sum() / max((source[both] ** 2).sum(), 1e-12))


def _on_clock(
    recording: Recording, column: int, times_s: Float[np.ndarray, " T"]
) -> Float[np.ndarray, "T 3"]:
    points = recording.keypoints_m[:, column]
    seen = np.isfinite(points).all(axis=1)
    if not seen.any():
        return np.full((len(times_s), 3), np.nan)
    return np.stack(
        [np.interp(times_s, recording.time_s[seen], points[seen, k]) for k in range(3)], axis=1
    )
