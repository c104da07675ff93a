"""Who says how fast a person walks: the recording's own path, a treadmill's belt, or the feet.

A path is known where it is measured in metres, where it was made with a belt speed that somebody
said, and where two witnesses agree on it: the stance feet stand still under it, and it does not
jitter. A single camera's path fails on one of the two (96 synthetic walkers through monocular-v1,
24 each from ahead, behind, oblique and the side): it jitters by 4 mm or more, exact points by less
than 0.2 mm; smoothed, it would still run 1.16 to 2.2 times as fast as the feet from ahead and
behind, and from the side it is as good as the height that scales it. That is all that they say:
other points may be as poor as any detector's, and what simgait itself fitted to rays does not
jitter and has standing feet because it was made so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.recordings.treadmill import stance_speed_mps
from simgait.series.gaps import bridge
from simgait.series.jitter import jitter_m
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.trials.bouts import travel_speed
from simgait.trials.viewing_direction import seen_along
from simgait.types import Trial

STILL_PATH_MM = 2.0
"""Jitter above 6 Hz below which a path is no single camera's (theirs: 4 to 30 mm)."""
STILL_FEET = (0.9, 1.15)
"""Speed of the path over that of the stance feet under it, where they stand still: exact walkers
and 93 real marker walks 1.00 to 1.18, a single camera from ahead or behind at least 1.16."""


@dataclass(frozen=True)
class TravelWitnesses:
    """What a walk shows of its speed; NaN where it does not show it.

    Attributes:
        travel_mps: median speed of the pelvis along its path.
        stance_mps: median speed of the stance foot under the pelvis.
        path_jitter_mm: of the path, above 6 Hz.
        seen_along: cosine of the angle between the way and the camera's line of sight, as its place
            or the path tells it (`trials.viewing_direction`).
    """

    travel_mps: float
    stance_mps: float
    path_jitter_mm: float
    seen_along: float

    @property
    def travel_to_stance(self) -> float:
        """Their ratio; 1 where the stance feet stand still."""
        return self.travel_mps / self.stance_mps if self.stance_mps > 0.0 else float("nan")

    @property
    def agree(self) -> bool:
        """Whether path and feet tell of the same way, as measured ones do."""
        low, high = STILL_FEET
        return self.path_jitter_mm < STILL_PATH_MM and low <= self.travel_to_stance <= high


def travel_witnesses(
    keypoints_m: Float[np.ndarray, "T 23 3"],
    path_m: Float[np.ndarray, "T 3"],
    mask: Bool[np.ndarray, " T"],
    fps_hz: float,
) -> TravelWitnesses:
    """What a walk in its heading frame shows of its speed.

    Args:
        keypoints_m: about mid-hip, NaN where missing.
        path_m: of mid-hip.
        mask: where the path may be believed.
        fps_hz: frame rate.
    """
    path = np.where(mask[:, None], path_m, np.nan).astype(float)
    names = zip(KEYPOINT_NAMES, np.moveaxis(keypoints_m.astype(float), 1, 0), strict=True)
    travel = float("nan")
    if mask.sum() > 1:
        # Medians, so that a pause within the walk weighs the same on both sides.
        travel = float(np.median(travel_speed(bridge(path), fps_hz)[mask]))
    return TravelWitnesses(
        travel_mps=travel,
        stance_mps=stance_speed_mps(dict(names), fps_hz),
        path_jitter_mm=1000.0 * float(np.max(jitter_m(path[:, None], fps_hz))),
        seen_along=seen_along(path, fps_hz),
    )


def witnesses_of_path(trial: Trial) -> TravelWitnesses:
    """Of a prepared walk, by its path as it was recorded."""
    return travel_witnesses(
        trial.keypoints_m, trial.pelvis_path_m, trial.pelvis_path_mask, trial.fps_hz
    )


def pelvis_path(
    path_m: Float[np.ndarray, "T 3"],
    time_s: Float[np.ndarray, " T"],
    belt_speed_mps: float | None,
    travels: bool,
    believed: bool,
) -> tuple[Float[np.ndarray, "T 3"], Bool[np.ndarray, " T"]]:
    """The pelvis's way over the ground or belt, and where it may be believed.

    Args:
        path_m: of mid-hip in the recording's space, from its place at frame 0.
        time_s: of its frames.
        belt_speed_mps: of a treadmill, which is added along x; None over ground.
        travels: that way tells how fast the person walks.
        believed: it agrees with where the pelvis faces.
    """
    mask = np.isfinite(path_m).all(axis=-1)
    if belt_speed_mps is not None:
        over_belt = np.array(path_m)
        over_belt[:, 0] += belt_speed_mps * (time_s - time_s[0])
        return over_belt, mask
    if not travels:
        return np.full_like(path_m, np.nan), np.zeros_like(mask)
    return path_m, mask & believed
