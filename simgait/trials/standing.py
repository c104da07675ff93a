"""A standing (static) trial: nobody walks in it, and nobody should.

Laboratories record one at the start of a visit to measure the person. It is not tracked and is no
failure either; nothing is taken from it.
"""

from __future__ import annotations

import warnings

import numpy as np
from jaxtyping import Float

from simgait.errors import StandingTrialError
from simgait.skeleton.sides import SIDES
from simgait.trials.heading import leg_length_m
from simgait.types import Recording

# Ranges over the recording, in leg lengths. Measured: in the 12 standing trials of the McGill data
# feet stay within 0.015 and the hips within 0.029 of a leg; in the walks of these data, of CMU's
# and of six other laboratories the feet move by 0.90 (treadmill) to 11. A detector's root jitters
# by 0.1 of a leg in depth; a squat sinks by 0.3.
FEET_STAY_LEGS = 0.15
HIPS_STAY_LEGS = 0.20
# The shortest of those 12 lasts 0.50 s. In less, a slow walker may keep both feet down.
LEAST_S = 0.4
_FEET = tuple(f"{side.title()} {part}" for side in SIDES for part in ("Ankle", "Heel", "Big Toe"))


def refuse_standing(recording: Recording) -> None:
    """Raises StandingTrialError where feet and pelvis stay where they are all the time.

    Args:
        recording: with hips, knees and ankles of both sides.
    """
    duration_s = float(recording.time_s[-1] - recording.time_s[0])
    points = dict(zip(recording.keypoint_names, recording.keypoints_m.swapaxes(0, 1), strict=True))
    feet = [points[name] for name in _FEET if name in points]
    hips = 0.5 * (points["Left Hip"] + points["Right Hip"])
    with warnings.catch_warnings(category=RuntimeWarning, action="ignore"):  # points never seen
        leg_m = leg_length_m(points.__getitem__)
    stays = max(map(range_m, feet)) < FEET_STAY_LEGS * leg_m
    if duration_s >= LEAST_S and stays and range_m(hips) < HIPS_STAY_LEGS * leg_m:
        raise StandingTrialError(recording.recording_id, duration_s)


def range_m(points_m: Float[np.ndarray, "T 3"]) -> float:
    """How far a point moves along the axis along which it moves most, but for 2 % at each end.

    0 where it is never seen.
    """
    known = points_m[np.isfinite(points_m).all(axis=-1)]
    if not len(known):
        return 0.0
    low, high = np.percentile(known, [2.0, 98.0], axis=0)
    return float(np.max(high - low))
