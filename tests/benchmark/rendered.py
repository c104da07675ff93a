"""The truth of a small rendered clip, and landmarks as a perfect detector would give them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from simgait.benchmark.detector_errors import Seen
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.synthetic.people.clip import make_clip
from simgait.synthetic.people.plan import plan_clip
from simgait.synthetic.people.posing import JOINTS
from simgait.synthetic.people.truth import Truth, truth_of
from simgait.video.landmarks import LandmarkTrack
from simgait.video.placing import ray_rotations


def small_truth(view: str = "sagittal", seed: int = 5) -> Truth:
    plan = plan_clip(seed, view, "man", "normal", 4.0)  # type: ignore[arg-type]
    return truth_of(make_clip(replace(plan, size_px=(640, 360), fps_hz=30.0, duration_s=6.0)))


def perfect(truth: Truth) -> Any:
    return Seen(truth.joints_px[:, :6].copy(), truth.joints_m[:, :6].copy())


def perfect_track(truth: Truth) -> LandmarkTrack:
    """Every landmark that has a truth; those that have none at the hips."""
    rotation, position = truth.camera.rotation, truth.camera.position_m
    inside = (truth.joints_m - position) @ rotation.T
    middle = inside[:, :2].mean(axis=1, keepdims=True)
    offsets = np.zeros((len(inside), 33, 3))
    image = np.repeat(truth.joints_px[:, :2].mean(axis=1, keepdims=True), 33, axis=1)
    rays = middle[:, 0, :2] / middle[:, 0, 2:]
    for name, k in find_keypoint_set("blazepose-33", "made up").index.items():
        if name in JOINTS:
            j = JOINTS.index(name)
            turned = np.swapaxes(ray_rotations(rays), -1, -2) @ (inside - middle)[:, j, :, None]
            offsets[:, k], image[:, k] = turned[..., 0], truth.joints_px[:, j]
    n, seen = np.arange(len(inside)), truth.whole
    return LandmarkTrack(n, truth.time_s, image, offsets, np.full((len(n), 33), 0.95)).part(seen)
