"""Microsoft's Kinect V2: 25 joints from a depth camera, by what was published of it.

Published: joints lie 50 to 100 mm from those of motion capture (Wang et al. 2015, arXiv
1512.04134); feet and ankles are the noisiest (Otte et al. 2016, PLoS ONE 11:e0166532); curves of
hip and knee flexion follow the true ones at an offset, those of the frontal plane do not (Tanaka et
al. 2018, J Biomech 71:281); angles from its joints agree little with markers' before they are
refined (Ma et al. 2019, Sensors 19:1660: CMC up to .70). Those papers give no more that could be
put in here: the ranges below are choices.

Depth is measured, not guessed, so that swing and travel are nearly right; but the camera sees the
skin that faces it, and takes the joints from there. Of its 25 joints 18 are among the points that
are known here: it has no heel, its foot is the middle of the foot, and its SpineBase lies between
its hips, where it says nothing of how the pelvis tilts.
"""

from __future__ import annotations

from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.detectors.draws import LogNormal, Normal, Uniform
from simgait.synthetic.detectors.family import (
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

KINECT_V2_V1 = DetectorFamily(
    name="kinect-v2",
    version=1,
    shows=tuple(n for n in KEYPOINT_NAMES if n.split()[-1] not in ("Heel", "Toe", "Pelvis")),
    definitions=Definitions(
        joints={
            "Hip": Offset(forward=Normal(0.03, 0.015), up=Uniform(0.0, 0.07)),
            "Knee": Offset(forward=Normal(0.04, 0.02)),
            "Ankle": Offset(forward=Normal(0.02, 0.01), up=Normal(0.01, 0.01)),
        },
        hip_width_per_leg=Normal(0.19, 0.02),
        pelvis_turns=Uniform(0.3, 0.9),
        pelvis_tips=Uniform(0.2, 0.8),
        sides_apart_sd=0.01,
    ),
    placing=Placing(
        views={"ahead": 0.8, "oblique": 0.2},
        height_m=Normal(0.9, 0.15),
        closest_m=Uniform(1.2, 2.0),
        pitch_deg=Normal(0.0, 2.0),
        roll_deg=Normal(0.0, 1.0),
    ),
    depth=Depth(
        swing={
            "ahead": Swing(Normal(0.92, 0.05), shank=Normal(0.97, 0.05)),
            "oblique": Swing(Normal(0.92, 0.05), shank=Normal(0.97, 0.05)),
        },
        swing_within_sd=0.03,
        travel=LogNormal(1.0, 0.01),
        travel_within=LogNormal(1.0, 0.005),
        distance_exponent=Normal(0.0, 0.005),
        root_white_per_m=LogNormal(0.002, 0.3),
        root_wander=LogNormal(0.002, 0.3),
        joint_white_m=LogNormal(0.012, 0.3),
        joint_drift_m=LogNormal(0.018, 0.3),
        joint_bias_m=Uniform(0.006, 0.016),
        skew_m=Normal(0.0, 0.01),
    ),
    picture=Picture(
        white_m=LogNormal(0.008, 0.3),
        drift_m=LogNormal(0.010, 0.3),
        bias_m=Uniform(0.004, 0.012),
    ),
    timing=Timing(lag_s=Uniform(0.0, 0.03), smoothing_s=Uniform(0.0, 0.04)),
    size=Size(scale=LogNormal(1.0, 0.02)),
    lapses=Lapses(lost_per_s=0.06),
)
