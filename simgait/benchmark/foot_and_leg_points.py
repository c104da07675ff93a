"""What sliding, sinking and jerk are measured on: feet and legs by name, and when feet stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from simgait.agreement import standing_frames
from simgait.skeleton.sides import SIDES
from simgait.types import GaitEvent, event_times_s

FOOT_POINTS = ("Heel", "Big Toe", "Ankle")
LEG_POINTS = ("Hip", "Knee", "Ankle")


def standing_mask(
    time_s: Float[np.ndarray, " T"], events: Sequence[GaitEvent]
) -> Bool[np.ndarray, "T 2"]:
    """True between a foot's initial contact and its next foot off; columns left, right."""
    columns = []
    for side in SIDES:
        landed = event_times_s(events, side, "initial_contact")
        columns.append(standing_frames(time_s, landed, event_times_s(events, side, "foot_off")))
    return np.stack(columns, axis=1)


def feet_m(
    keypoints_m: Float[np.ndarray, "T K 3"], names: Sequence[str]
) -> Float[np.ndarray, "T 2 3 3"]:
    """Heel, toe and ankle of the left and of the right foot; NaN where a keypoint has no name."""
    return np.stack([_side(keypoints_m, names, side, FOOT_POINTS) for side in SIDES], axis=1)


def legs_m(
    keypoints_m: Float[np.ndarray, "T K 3"], names: Sequence[str]
) -> Float[np.ndarray, "T 6 3"]:
    """Hip, knee and ankle of the left and then of the right leg."""
    return np.concatenate([_side(keypoints_m, names, side, LEG_POINTS) for side in SIDES], axis=1)


def _side(
    keypoints_m: Float[np.ndarray, "T K 3"], names: Sequence[str], side: str, parts: Sequence[str]
) -> Float[np.ndarray, "T P 3"]:
    points = np.full((len(keypoints_m), len(parts), 3), np.nan)
    for place, part in enumerate(parts):
        name = f"{side.capitalize()} {part}"
        if name in names:
            points[:, place] = keypoints_m[:, names.index(name)]
    return points
