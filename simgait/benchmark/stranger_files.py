"""A stranger's points as the file that its user has, and what he says of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.benchmark.stranger_detectors import Stranger
from simgait.benchmark.stranger_errors import Seen
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.recordings.formats.trc import write_trc
from simgait.recordings.options import ReadOptions
from simgait.skeleton.keypoints import KEYPOINT_INDEX

PER_METRE = {"m": 1.0, "cm": 100.0, "mm": 1000.0}
WORLD_TURN_RAD = 0.7
"""Worlds do not know which way people will walk."""
OF_SEVERAL_CAMERAS = {
    "RShoulder": "Right Shoulder", "RElbow": "Right Elbow", "RWrist": "Right Wrist",
    "LShoulder": "Left Shoulder", "LElbow": "Left Elbow", "LWrist": "Left Wrist",
    "RHip": "Right Hip", "RKnee": "Right Knee", "RAnkle": "Right Ankle", "LHip": "Left Hip",
    "LKnee": "Left Knee", "LAnkle": "Left Ankle", "LBigToe": "Left Big Toe",
    "LHeel": "Left Heel", "RBigToe": "Right Big Toe", "RHeel": "Right Heel",
}  # fmt: skip
"""OpenCap's names of video keypoints -> ours."""


def write_seen(folder: Path, name: str, stranger: Stranger, seen: Seen) -> Path:
    """Writes an array (.npy) on the stranger's axes in its unit and order of points, or a TRC.

    Raises:
        InputError: it cannot be written.
    """
    if stranger.output == "several cameras":
        path = folder / f"{name}.trc"
        columns = [KEYPOINT_INDEX[own] for own in OF_SEVERAL_CAMERAS.values()]
        write_trc(path, seen.time_s, tuple(OF_SEVERAL_CAMERAS), seen.points_m[:, columns])
        return path
    path = folder / f"{name}.npy"
    points = PER_METRE[stranger.unit] * _on_its_axes(stranger, seen)
    array = _in_its_order(stranger, points)
    if stranger.confidence:
        sure = np.isfinite(array).all(axis=-1, keepdims=True)
        array = np.concatenate([np.where(sure, array, 0.0), 0.9 * sure], axis=-1)
    np.save(path, array)
    return path


def said_of(stranger: Stranger) -> ReadOptions:
    """What its user says of the file."""
    if stranger.output == "several cameras":
        return ReadOptions()
    return ReadOptions(
        keypoint_set=stranger.keypoint_set,
        fps_hz=stranger.fps_hz,
        unit=stranger.unit,
        axes=stranger.axes,
        root_relative=True if stranger.output == "centred" else None,
    )


def _on_its_axes(stranger: Stranger, seen: Seen) -> Float[np.ndarray, "T 23 3"]:
    if stranger.output == "world":
        cos, sin = np.cos(WORLD_TURN_RAD), np.sin(WORLD_TURN_RAD)
        turned = seen.points_m @ np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
        if stranger.axes == "y-up":
            return np.asarray(turned[..., [1, 2, 0]])
        return np.asarray(turned)
    before = (seen.points_m - seen.camera.place_m) @ seen.camera.axes.T
    if stranger.output == "centred":
        hips = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
        before = before - before[:, hips].mean(axis=1, keepdims=True)
    return np.asarray(before)


def _in_its_order(
    stranger: Stranger, points: Float[np.ndarray, "T 23 3"]
) -> Float[np.ndarray, "T W 3"]:
    """The set's points; those that are none of ours lie between the shoulders."""
    known = find_keypoint_set(stranger.keypoint_set, stranger.name)
    shoulders = [KEYPOINT_INDEX["Left Shoulder"], KEYPOINT_INDEX["Right Shoulder"]]
    array = np.repeat(points[:, shoulders].mean(axis=1, keepdims=True), known.width, axis=1)
    for name, column in known.columns.items():
        array[:, column] = points[:, KEYPOINT_INDEX[name]]
    return array
