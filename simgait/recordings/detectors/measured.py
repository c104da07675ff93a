"""What was measured of detectors: how far their paths read, and where their joints lie.

A single camera does not see how far away a person is. A detector guesses it, from a size of the
body and a field of view that it believes in, and so the pelvis's path, scaled with the body to the
person's height, is too long or too short, by about the same factor in all recordings of a camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from simgait.detector_facts import JointShifts
from simgait.types import Recording


@dataclass(frozen=True)
class Detector:
    """What is known of how long a detector's paths are.

    Attributes:
        travel_reads: length of the pelvis's path in depth, scaled to the height, over the true one.
        across_reads: the same of a path across the picture, with joints where people have them.
        travel_spread, across_spread: SD of the logarithm of each between recordings.
        says: where these come from.
        is_stated: the way in depth is as the user's file says, of points with their joints put
            where that file has them.
    """

    travel_reads: float
    across_reads: float
    travel_spread: float
    across_spread: float
    says: str
    is_stated: bool = False


@dataclass(frozen=True, kw_only=True)
class JointDefinitions(JointShifts):
    """Where a keypoint set has its hips and knees, and how to bring them to where people's are.

    Attributes:
        thigh_to_shank, hips_to_leg: as its points have them; by these it is known.
    """

    thigh_to_shank: float
    hips_to_leg: float


JOINT_DEFINITIONS = (
    JointDefinitions(
        name="metrabs-17", thigh_to_shank=1.28, hips_to_leg=0.28,
        hip_down=0.030, hip_inward=0.040, knee_back=0.044, knee_up=0.039,
        says="MeTRAbs on 327 frontal walks of healthy adults: knees k that become 1.127 k - 11.3° "
        "have the normal percentiles. These shifts do that within 0.3° from 15 to 62°, and make "
        "thigh and shank alike. How much of the long thigh is the hip's is a guess (0.03), which "
        "moves no knee by more than 0.6°.",
    ),
)  # fmt: skip


ANY_DETECTOR = Detector(
    1.05, 1.015, 0.07, 0.07,
    "in depth: 327 frontal walks through MeTRAbs 1.05, SD 0.07. Across: 1 by geometry, as points "
    "lie on their rays; MeTRAbs' families 0.98 once its joints are put back, BlazePose on five "
    "rendered people 1.06, whose legs it sees too short from all sides",
)  # fmt: skip
THROUGH_A_LENS = Detector(
    1.0, 1.0, 0.05, 0.05,
    "rays through a known lens, all pictures fitted together, joints where people have them: 200 "
    "rendered clips 1.00, SD 0.04 (docs/video.md); the rest is for real people and lenses",
)  # fmt: skip
THROUGH_AN_ASSUMED_LENS = Detector(
    1.0, 1.0, 0.12, 0.05,
    "the same; phones film 60 to 66°, other cameras 45 to 80°, which scale ways in depth as "
    "1 / tan(half of it), and ways across not at all",
)  # fmt: skip
ANY_DETECTOR_THROUGH_AN_ASSUMED_LENS = replace(
    ANY_DETECTOR,
    travel_spread=math.hypot(
        ANY_DETECTOR.travel_spread,
        math.sqrt(THROUGH_AN_ASSUMED_LENS.travel_spread**2 - THROUGH_A_LENS.travel_spread**2),
    ),
    says="the detector's own spread in depth, and what an assumed lens adds to it",
)


def detector_of(recording: Recording) -> Detector:
    """What was measured of the detector of a recording.

    What was measured of rays holds of points that simgait itself put on them. Another detector's
    points keep what is known of such, though their camera may be known; they are in more doubt
    where it is not, and was assumed for them.
    """
    assumed = recording.camera is not None and recording.camera.source == "assumed"
    if recording.is_lifted:
        return THROUGH_AN_ASSUMED_LENS if assumed else THROUGH_A_LENS
    known = ANY_DETECTOR_THROUGH_AN_ASSUMED_LENS if assumed else ANY_DETECTOR
    stated = recording.detector_facts
    if stated is None or stated.travel is None:
        return known
    return replace(
        known, travel_reads=1.0 / stated.travel.factor, travel_spread=stated.travel.spread,
        says=stated.says, is_stated=True,
    )  # fmt: skip
