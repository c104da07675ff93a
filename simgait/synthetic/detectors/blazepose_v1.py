"""BlazePose (mediapipe's full model) as 16 walks of rendered people with exact truth show it.

The pelvis's way comes from the picture (its world landmarks have none). Legs hardly swing when the
camera looks along the walk, and are exchanged when it looks across. What of the people's posture it
reads wrong, it reads wrong slowly: knees follow the true ones with r .3 to .5 from ahead.
"""

from __future__ import annotations

from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.detectors.draws import LogNormal, Normal, Uniform
from simgait.synthetic.detectors.family import (
    ARMS,
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

_NOT_SHOWN = (
    *(n for n in KEYPOINT_NAMES if n.split()[-1] in ("Foot", "Hand")),
    "Head", "Pelvis", "Sternum",
)  # fmt: skip

BLAZEPOSE_V1 = DetectorFamily(
    name="blazepose",
    version=1,
    shows=tuple(n for n in KEYPOINT_NAMES if n not in _NOT_SHOWN),
    definitions=Definitions(
        joints={
            "Hip": Offset(up=Normal(0.01, 0.01)),
            "Knee": Offset(forward=Normal(0.01, 0.01)),
            "Ankle": Offset(),
        },
        thigh_per_shank=Normal(1.05, 0.04),
        hip_width_per_leg=Normal(0.24, 0.02),
        pelvis_turns=Uniform(0.2, 0.6),
        pelvis_tips=Uniform(0.2, 0.6),
        sides_apart_sd=0.006,
    ),
    placing=Placing(
        views={"ahead": 0.35, "behind": 0.2, "oblique": 0.25, "sagittal": 0.2},
        height_m=Normal(1.2, 0.2),
        closest_m=Uniform(2.0, 4.5),
        pitch_deg=Normal(0.0, 4.0),
        roll_deg=Normal(0.0, 1.5),
    ),
    depth=Depth(
        swing={
            "ahead": Swing(Uniform(0.3, 0.6), shank=Uniform(0.2, 0.7)),
            "behind": Swing(Uniform(0.05, 0.09)),
            "oblique": Swing(Uniform(0.25, 0.45), across=Uniform(0.9, 1.02)),
            "sagittal": Swing(Uniform(0.2, 0.5), across=Uniform(0.6, 0.75)),
        },
        swing_within_sd=0.03,
        travel=LogNormal(1.02, 0.015),
        travel_within=LogNormal(1.0, 0.01),
        distance_exponent=Normal(0.0, 0.01),
        root_white_per_m=LogNormal(0.004, 0.3),
        root_wander=LogNormal(0.004, 0.3),
        joint_white_m=LogNormal(0.012, 0.3),
        joint_drift_m=LogNormal(0.026, 0.25),
        joint_bias_m=Uniform(0.01, 0.03),
        skew_m=Normal(0.0, 0.02),
    ),
    picture=Picture(
        white_m=LogNormal(0.013, 0.35),
        drift_m=LogNormal(0.010, 0.3),
        bias_m=Uniform(0.005, 0.012),
    ),
    timing=Timing(lag_s=Uniform(0.0, 0.02)),
    size=Size(
        scale=LogNormal(1.03, 0.02), child_travel=Normal(0.79, 0.04), child_legs=Normal(0.95, 0.03)
    ),
    lapses=Lapses(
        lost_per_s=0.04,
        exchanged={"oblique": Uniform(0.0, 0.04), "sagittal": Uniform(0.06, 0.18)},
        lacking=((0.15, ARMS),),
    ),
)
