"""A made-up walk of six seconds in 2D, and the files that OpenPose would write of it."""

import json
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.companions.openpose_gdi.columns import LEG_POINTS
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set

BODY_25 = find_keypoint_set("body-25", "test").columns


def legs(
    seconds: float = 6.2, fps_hz: float = 25.0, bend: float = 0.6
) -> Float[np.ndarray, "T 8 2"]:
    """Points `LEG_POINTS` (px) of somebody who walks to the right; knees bend by `bend` rad."""
    time = np.arange(round(seconds * fps_hz)) / fps_hz
    out = np.empty((len(time), 8, 2))
    for k, phase in enumerate((0.0, np.pi)):
        swing = 0.4 * np.sin(2 * np.pi * time + phase)
        flexion = bend * np.clip(np.sin(2 * np.pi * time + phase + 1.0), 0.0, 1.0)
        hip = np.column_stack([100.0 + 120.0 * time, np.full(len(time), 300.0 + 4.0 * k)])
        knee = hip + 100.0 * np.column_stack([np.sin(swing), np.cos(swing)])
        shank = swing - flexion
        ankle = knee + 95.0 * np.column_stack([np.sin(shank), np.cos(shank)])
        toe = ankle + 40.0 * np.column_stack([np.cos(shank), -np.sin(shank) + 0.2])
        out[:, 4 * k : 4 * k + 4] = np.stack([hip, knee, ankle, toe], axis=1)
    return out


def write(folder: Path, points: Float[np.ndarray, "T 8 2"], beside: float | None = None) -> Path:
    """A folder as --write_json makes it; `beside` puts the same person there too (px right)."""
    folder.mkdir(parents=True)
    for frame, own in enumerate(points):
        people = []
        for shift in (0.0,) if beside is None else (0.0, beside):
            flat = np.zeros((25, 3))
            for name, place in zip(LEG_POINTS, own, strict=True):
                if np.isfinite(place).all():
                    flat[BODY_25[name]] = (place[0] + shift, place[1], 0.9)
            people.append({"pose_keypoints_2d": flat.ravel().tolist()})
        path = folder / f"walk_{frame:012d}_keypoints.json"
        path.write_text(json.dumps({"people": people}), encoding="utf-8")
    return folder
