"""What is known of a detector beside its landmarks: where and how surely it has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.video.joints import blazepose_joints
from simgait.video.landmark_sd import blazepose_sd_px
from simgait.video.landmarks import LandmarkTrack

LEGS_SURE = 0.5
"""Mean confidence of hips, knees and ankles below which BlazePose guesses them. On 53 rendered
clips that are in no benchmark these are 35 of 7335 pictures: the joints are 7 to 10 % of the height
off (2 to 3 % above .6), and place the person 14 % too near, SD 15 % (SD 2 to 3 %)."""
ImageSD = Callable[[LandmarkTrack], Float[np.ndarray, "F 33"]]
"""Tells how far off a detector's landmarks are in the picture (px)."""
ToJoints = Callable[[Float[np.ndarray, "F 33 3"]], Float[np.ndarray, "F 33 3"]]
"""Puts a detector's hips and ankles where a person's are."""


@dataclass(frozen=True)
class Traits:
    """Of one detector; what nobody knows of it is None.

    Attributes:
        bones: lengths (m) as `batch_fit.fit_walk` takes them; None = as the detector has them.
        sd_px_of: how far off its landmarks are in the picture.
        to_joints: puts its hips and ankles where a person's are.
        legs_sure: least mean confidence of hips, knees and ankles that are seen.
    """

    bones: tuple[float, ...] | None = None
    sd_px_of: ImageSD | None = None
    to_joints: ToJoints | None = None
    legs_sure: float = 0.0


BLAZEPOSE = Traits(None, blazepose_sd_px, blazepose_joints, LEGS_SURE)
