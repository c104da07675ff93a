"""MeTRAbs as 327 frontal walks of 32 people show it: its 17 points, and its 87.

Definitions, swing, travel and jitter are those measured there (docs/benchmark.md); the 87 points
were not measured apart, and have the same errors.
"""

from __future__ import annotations

from dataclasses import replace

from simgait.skeleton.keypoints import FOOT_KEYPOINTS, KEYPOINT_NAMES
from simgait.synthetic.detectors.draws import AS_IS, LogNormal, Normal, Uniform
from simgait.synthetic.detectors.family import (
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
from simgait.synthetic.detectors.monocular_v1 import VIEWS

_HANDS = tuple(name for name in KEYPOINT_NAMES if name.endswith("Hand"))
METRABS_17_V1 = DetectorFamily(
    name="metrabs-17",
    version=1,
    shows=tuple(n for n in KEYPOINT_NAMES if n not in (*FOOT_KEYPOINTS, *_HANDS, *TRUNK)),
    definitions=Definitions(
        joints={
            "Hip": Offset(up=Normal(0.03, 0.01)),
            # Healthy knees read 15, 23.5 and 62 degrees (5th, 50th, 95th percentile): so far ahead.
            "Knee": Offset(forward=Normal(0.056, 0.006)),
            "Ankle": Offset(up=Normal(0.01, 0.005)),
        },
        thigh_per_shank=Normal(1.24, 0.03),
        hip_width_per_leg=Normal(0.285, 0.01),
        pelvis_turns=Uniform(0.3, 0.8),
        pelvis_tips=Uniform(0.3, 0.8),
        sides_apart_sd=0.004,
    ),
    placing=Placing(
        views={"ahead": 0.4, "behind": 0.4, "oblique": 0.12, "sagittal": 0.08},
        height_m=Normal(0.89, 0.04),
        closest_m=Uniform(2.5, 5.0),
        pitch_deg=Normal(0.0, 4.0),
        roll_deg=Normal(0.0, 1.0),
    ),
    depth=Depth(
        swing=dict.fromkeys(VIEWS, Swing(Normal(0.745, 0.055), shank=Normal(1.05, 0.03))),
        swing_within_sd=0.04,
        travel=LogNormal(1.07, 0.05),
        travel_within=LogNormal(1.0, 0.022),
        distance_exponent=Normal(0.0, 0.02),
        root_white_per_m=LogNormal(0.0031, 0.35),
        root_wander=LogNormal(0.0035, 0.3),
        joint_white_m=LogNormal(0.0027, 0.25),
        joint_drift_m=LogNormal(0.006, 0.3),
        joint_bias_m=Uniform(0.004, 0.012),
        skew_m=Normal(0.0, 0.013),
    ),
    picture=Picture(
        white_m=LogNormal(0.0012, 0.2),
        drift_m=LogNormal(0.002, 0.3),
        bias_m=Uniform(0.002, 0.006),
    ),
    timing=Timing(),
    size=Size(scale=LogNormal(1.055, 0.08), child_legs=AS_IS),
    lapses=Lapses(lost_per_s=0.03),
)

METRABS_87_V1 = replace(METRABS_17_V1, name="metrabs-87", shows=KEYPOINT_NAMES)
