"""A generic family: ranges wide enough for a detector that nobody has measured.

Every range holds that of the measured families (MeTRAbs, BlazePose) and goes beyond it where
detectors were seen to differ: in what they call a joint, in how much of a swing they see, in how
far a camera makes people travel.
"""

from __future__ import annotations

from simgait.skeleton.keypoints import FOOT_KEYPOINTS, KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.detectors.draws import LogNormal, Normal, Uniform
from simgait.synthetic.detectors.family import (
    ARMS,
    TRUNK,
    Definitions,
    Depth,
    DetectorFamily,
    Lapses,
    Offset,
    Picture,
    Placing,
    Size,
    Swing,
    Timing,
)

_FOOT = Offset(Uniform(-0.03, 0.03), Uniform(-0.015, 0.015), Uniform(-0.02, 0.03))
_SHANK = Uniform(0.6, 1.6)

_BUT_LEGS_AND_FEET = tuple(
    name for name in KEYPOINT_NAMES if name not in (*REQUIRED_KEYPOINTS, *FOOT_KEYPOINTS)
)

WIDE_V1 = DetectorFamily(
    name="wide",
    version=1,
    shows=KEYPOINT_NAMES,
    definitions=Definitions(
        joints={
            "Hip": Offset(Uniform(-0.045, 0.045), Uniform(-0.04, 0.04), Uniform(-0.025, 0.09)),
            "Knee": Offset(Uniform(-0.045, 0.055), Uniform(-0.025, 0.025), Uniform(-0.02, 0.02)),
            "Ankle": Offset(Uniform(-0.035, 0.035), Uniform(-0.02, 0.02), Uniform(-0.02, 0.03)),
            "Heel": _FOOT,
            "Big Toe": _FOOT,
            "Foot": _FOOT,
        },
        thigh_per_shank=Uniform(0.9, 1.35),
        hip_width_per_leg=Uniform(0.16, 0.36),
        pelvis_turns=Uniform(0.1, 1.1),
        pelvis_tips=Uniform(0.1, 1.1),
        sides_apart_sd=0.006,
    ),
    placing=Placing(
        views={"ahead": 0.35, "behind": 0.3, "oblique": 0.2, "sagittal": 0.15},
        height_m=Uniform(0.5, 1.8),
        closest_m=Uniform(1.5, 8.0),
        pitch_deg=Normal(0.0, 6.0),
        roll_deg=Normal(0.0, 1.5),
    ),
    depth=Depth(
        swing={
            "ahead": Swing(Uniform(0.2, 1.1), _SHANK),
            "behind": Swing(Uniform(0.1, 1.1), _SHANK),
            "oblique": Swing(Uniform(0.2, 1.1), _SHANK, Uniform(0.75, 1.05)),
            "sagittal": Swing(Uniform(0.2, 1.1), _SHANK, Uniform(0.6, 1.1)),
        },
        swing_within_sd=0.04,
        travel=LogNormal(1.06, 0.05),
        travel_within=LogNormal(1.0, 0.02),
        distance_exponent=Normal(0.0, 0.03),
        root_white_per_m=LogNormal(0.003, 0.5),
        root_wander=LogNormal(0.006, 0.5),
        joint_white_m=LogNormal(0.005, 0.5),
        joint_drift_m=LogNormal(0.010, 0.5),
        joint_bias_m=Uniform(0.0, 0.03),
        skew_m=Normal(0.0, 0.016),
    ),
    picture=Picture(
        white_m=LogNormal(0.002, 0.6),
        drift_m=LogNormal(0.003, 0.6),
        bias_m=Uniform(0.0, 0.008),
    ),
    timing=Timing(lag_s=Uniform(0.0, 0.05), smoothing_s=Uniform(0.0, 0.05)),
    size=Size(
        scale=LogNormal(1.0, 0.10), child_travel=Uniform(0.75, 1.0), child_legs=Uniform(0.93, 1.02)
    ),
    lapses=Lapses(
        lost_per_s=0.04,
        exchanged={"oblique": Uniform(0.0, 0.04), "sagittal": Uniform(0.0, 0.15)},
        lacking=(
            (0.30, FOOT_KEYPOINTS),
            (0.20, (*FOOT_KEYPOINTS, *TRUNK)),
            (0.10, TRUNK),
            (0.10, (*FOOT_KEYPOINTS, *TRUNK, *ARMS)),
            (0.05, ("Head", *(n for n in KEYPOINT_NAMES if n.endswith("Hand")))),
            (0.05, _BUT_LEGS_AND_FEET),
        ),
        root_relative=0.10,
    ),
)
