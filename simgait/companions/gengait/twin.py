"""The normative twin of a trial: its points in place of the person's, frame by frame."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.companions.gengait.cycles import NormalisedWalk
from simgait.companions.gengait.joints import POINT_COLUMNS, POINT_INDEX, POINTS
from simgait.files import safe_id
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.types import Recording, Trial

_WITH_TRUNK = tuple(
    name
    for name in KEYPOINT_NAMES
    if name.split(" ")[-1] in ("Shoulder", "Elbow", "Wrist", "Hand", "Head")
)
"""Points that no token shows, and that move along with the sternum."""


def twin_keypoints(
    trial: Trial, walk: NormalisedWalk, twin: Float[np.ndarray, "N 12 3"]
) -> tuple[Float[np.ndarray, "F 23 3"], slice]:
    """The twin at the trial's own frames, metres about mid-hip, and which frames those are.

    What the twin changes is added to the person's own points, so that what it leaves alone stays
    as recorded. The forefoot moves with heel and toe, arms and head with the sternum.
    """
    frames = twin_frames(walk)
    at = np.arange(frames.start, frames.stop, dtype=float)
    change = np.zeros((len(at), len(POINTS), 3))
    for k in range(len(POINTS)):
        for axis in range(3):
            gap = twin[:, k, axis] - walk.points[:, k, axis]
            known = np.isfinite(gap)
            if known.any():
                change[:, k, axis] = np.interp(at, walk.frames[known, k], gap[known])
    change *= trial.height_m
    points = np.array(trial.keypoints_m[frames])
    points[:, POINT_COLUMNS] += change
    for side in ("Left", "Right"):
        feet = [POINT_INDEX[f"{side} {name}"] for name in ("Heel", "Big Toe")]
        points[:, KEYPOINT_INDEX[f"{side} Foot"]] += change[:, feet].mean(axis=1)
    for name in _WITH_TRUNK:
        points[:, KEYPOINT_INDEX[name]] += change[:, POINT_INDEX["Sternum"]]
    return points, frames


def twin_frames(walk: NormalisedWalk) -> slice:
    """The trial's frames at which every point of the walk is known in normalised time."""
    first = int(np.ceil(walk.frames[0].max() - 1e-9))
    last = int(np.floor(walk.frames[-1].min() + 1e-9))
    return slice(first, last + 1)


def twin_recording(
    trial: Trial, walk: NormalisedWalk, twin: Float[np.ndarray, "N 12 3"], made_by: str
) -> Recording:
    """The twin as a recording that `simgait track` reads.

    It is counted from mid-hip: how far the twin travels follows from its own feet, which take other
    steps than the person's.
    """
    points, frames = twin_keypoints(trial, walk, twin)
    seen = np.isfinite(points).all(axis=-1)
    return Recording(
        recording_id=safe_id(f"{trial.trial_id}-twin"),
        source_format="npz",
        time_s=trial.time_s[frames] - trial.time_s[frames][0],
        keypoint_names=KEYPOINT_NAMES,
        keypoints_m=points,
        confidence=np.where(seen, trial.confidence[frames], 0.0),
        scale_is_metric=trial.scale_is_metric,
        pelvis_travels=False,
        subject_id=trial.subject_id,
        height_m=trial.height_m,
        mass_kg=trial.mass_kg,
        error_model=trial.error_model,
        notes=(f"Normative twin, computed: nobody walked so ({made_by}).",),
    )
