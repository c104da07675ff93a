"""Keypoint sets by name: the 23 that simgait sees, and where they sit in other sets."""

from __future__ import annotations

import re
from collections.abc import Sequence

LEFT_RIGHT_JOINTS = (
    "Heel", "Big Toe", "Foot", "Ankle", "Knee", "Hip", "Elbow", "Shoulder", "Wrist", "Hand",
)  # fmt: skip
KEYPOINT_NAMES: tuple[str, ...] = (
    *(f"Left {joint}" for joint in LEFT_RIGHT_JOINTS),
    *(f"Right {joint}" for joint in LEFT_RIGHT_JOINTS),
    "Head",
    "Pelvis",
    "Sternum",
)
"""The paper's 23 keypoints (a subset of the MOVI-87 set of MeTRAbs)."""

KEYPOINT_INDEX: dict[str, int] = {name: i for i, name in enumerate(KEYPOINT_NAMES)}

REQUIRED_KEYPOINTS: tuple[str, ...] = (
    "Left Hip", "Right Hip", "Left Knee", "Right Knee", "Left Ankle", "Right Ankle",
)  # fmt: skip
"""No recording can be tracked without these."""

FOOT_POINTS = ("Heel", "Big Toe", "Foot")
"""What many detectors lack of a foot: all below the ankle."""
FOOT_TURNS_BY = ("Heel", "Big Toe")
"""What shows how a foot is turned. A point between them (Foot, the second metatarsal) adds little:
without it the ankle's curve of 12 legs of marker walks moved by 0.1 degrees (RMS, median; at most
0.6), without the toe by 1.1 (14), without the heel by 0.9 (5)."""
FOOT_KEYPOINTS: tuple[str, ...] = tuple(
    name for name in KEYPOINT_NAMES if name.split(" ", 1)[-1] in FOOT_POINTS
)

_OTHER_SIDE = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}


def mirrored_columns(names: Sequence[str]) -> list[int]:
    """For each name the column of its other side: "Left Hip" that of "Right Hip", "Head" its own.

    Raises:
        ValueError: a side's other side is not among the names.
    """
    others = [re.sub("left|right|Left|Right", lambda m: _OTHER_SIDE[m[0]], name) for name in names]
    return [list(names).index(other) for other in others]
