"""What a body cannot do: feet that slide or sink while they stand, motion that jerks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from simgait.recording.types import SIDES, GaitEvent

FOOT_POINTS = ("Heel", "Big Toe", "Ankle")
LEG_POINTS = ("Hip", "Knee", "Ankle")


def standing_mask(
    time_s: Float[np.ndarray, " T"], events: Sequence[GaitEvent]
) -> Bool[np.ndarray, "T 2"]:
    """True between a foot's initial contact and its next foot off; columns left, right."""
    standing = np.zeros((len(time_s), 2), dtype=bool)
    for column, side in enumerate(SIDES):
        contacts = [e.time_s for e in events if e.side == side and e.kind == "initial_contact"]
        offs = [e.time_s for e in events if e.side == side and e.kind == "foot_off"]
        for contact in contacts:
            after = [t for t in offs if t > contact]
            if after:
                standing[:, column] |= (time_s >= contact) & (time_s <= min(after))
    return standing


def _foot_paths(
    keypoints_m: Float[np.ndarray, "T K 3"], names: Sequence[str], side: str
) -> Float[np.ndarray, "T P 3"]:
    wanted = [f"{side.capitalize()} {part}" for part in FOOT_POINTS]
    columns = [names.index(name) for name in wanted if name in names]
    return keypoints_m[:, columns]


def foot_sliding_mps(
    time_s: Float[np.ndarray, " T"],
    keypoints_m: Float[np.ndarray, "T K 3"],
    names: Sequence[str],
    events: Sequence[GaitEvent],
) -> float:
    """Mean horizontal speed of the slowest point of a standing foot; NaN without contacts.

    A foot that rolls keeps one of heel, ankle and toe nearly still at any time; one that slides
    keeps none.
    """
    standing = standing_mask(time_s, events)
    found = []
    for column, side in enumerate(SIDES):
        velocity = np.gradient(_foot_paths(keypoints_m, names, side)[..., :2], time_s, axis=0)
        speed = np.linalg.norm(velocity, axis=-1)
        known = np.isfinite(speed).any(axis=1) & standing[:, column]
        found.append(np.nanmin(speed[known], axis=1))
    speeds = np.concatenate(found)
    return float(speeds.mean()) if len(speeds) else float("nan")


def floor_penetration_m(
    time_s: Float[np.ndarray, " T"],
    keypoints_m: Float[np.ndarray, "T K 3"],
    names: Sequence[str],
    events: Sequence[GaitEvent],
) -> float:
    """Mean depth of a foot's lowest point below the height at which that foot usually stands.

    The floor under a foot is the median height of its lowest point while it stands, so that no
    tracker gains or loses by where it draws the floor. NaN without contacts.
    """
    standing = standing_mask(time_s, events)
    depths = []
    for column, side in enumerate(SIDES):
        points = _foot_paths(keypoints_m, names, side)[..., 2]
        known = np.isfinite(points).any(axis=1)
        lowest = np.nanmin(points[known], axis=1)
        down = lowest[standing[known, column]]
        if len(down):
            depths.append(np.maximum(np.median(down) - lowest, 0.0))
    return float(np.concatenate(depths).mean()) if depths else float("nan")


def jerk_mps3(
    time_s: Float[np.ndarray, " T"],
    keypoints_m: Float[np.ndarray, "T K 3"],
    names: Sequence[str],
) -> float:
    """Root mean square of the third derivative of hip, knee and ankle positions."""
    columns = [names.index(f"{s.capitalize()} {p}") for s in SIDES for p in LEG_POINTS]
    step_s = float(np.median(np.diff(time_s)))
    third = np.diff(keypoints_m[:, columns], n=3, axis=0) / step_s**3
    squares = np.sum(third**2, axis=-1)
    return float(np.sqrt(np.nanmean(squares))) if np.isfinite(squares).any() else float("nan")
