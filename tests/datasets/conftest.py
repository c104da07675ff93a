"""A marker recording that no file holds."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.types import Recording


@pytest.fixture(scope="session")
def marker_recording() -> Recording:
    """Exact keypoints of a walker, along a slanted line, some of the 23 never seen."""
    made = walk(draw_walker(walker_seed("train", 50)), 4.0)
    absent = ("Left Hand", "Right Hand")
    recording = trial_from_walk(made, monocular=False, missing=absent).recording
    angle = np.deg2rad(50.0)
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]]
    )
    keypoints = recording.keypoints_m @ turn.T
    keypoints[10:12, KEYPOINT_NAMES.index("Left Heel")] = np.nan
    keypoints[:3, KEYPOINT_NAMES.index("Right Knee")] = np.nan  # not whole from the first frame
    return Recording(**(vars(recording) | {"keypoints_m": keypoints, "pose": None, "events": ()}))
