"""Detectors that nobody here has, said as numbers: what they show, where, and how they err.

They share no code with `simgait.synthetic.detectors`, from which simgait learns. MeTRAbs's numbers
are measured ones of 327 frontal walks of 32 people (docs/benchmark.md, docs/gate.md,
docs/history/visits.md), BlazePose's swings those of rendered people (docs/gate.md); the others are
chosen, as such detectors are described: how noisy, how late, on which axes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

View = Literal["ahead", "behind", "oblique", "side"]
Output = Literal["camera", "world", "centred", "several cameras"]


@dataclass(frozen=True)
class Noise:
    """SDs in m, of every point: each frame anew, and slowly; across the picture and in depth.

    Attributes:
        root_white, root_slow: of the whole body in depth, m per metre from the camera.
    """

    picture_white: float = 0.0015
    picture_slow: float = 0.0025
    depth_white: float = 0.003
    depth_slow: float = 0.008
    root_white: float = 0.003
    root_slow: float = 0.004


@dataclass(frozen=True)
class Stranger:
    """One detector before its camera.

    Attributes:
        name: in the table.
        keypoint_set: that its user names.
        fps_hz, unit, axes: of its output.
        views: by turns over the walks.
        scene: `stranger_walks.Scene.kind`.
        output: before the camera, in a level world, centred on the hips, or a TRC file of places
            that several cameras measured.
        swing: by view, how much of a leg's way about the hip it sees; swing_sd between walks.
        swing_of_way: along the way rather than along the camera's axis.
        travel: way in depth over the true one; travel_sd between people, travel_within_sd between
            a person's walks.
        size_sd: of the whole body's and way's size, between people.
        skew_m: SD between people of left less right step that the camera makes towards it, and
            takes away from it.
        knees_deg: 5th, 50th and 95th percentile of its knees less the true ones; None: exact.
        thigh_per_shank: of its legs where `knees_deg` moves the knees.
        hips_apart_per_leg: width of its hips over its thigh and shank; None: exact.
        late_s: by how much it lags.
        smooth_hz: cut-off of its smoothing; None: none.
        lost_share, exchanged_share: of frames without anybody; with left and right leg exchanged.
        tilt_deg, roll_deg: of the camera, downwards and about its axis.
        confidence: as a fourth value.
    """

    name: str
    keypoint_set: str
    fps_hz: float = 30.0
    unit: str = "m"
    axes: str = "y-down z-forward"
    views: tuple[View, ...] = ("ahead", "behind")
    scene: str = "walk"
    output: Output = "camera"
    swing: Mapping[View, float] = field(default_factory=dict)
    swing_sd: float = 0.03
    swing_of_way: bool = False
    travel: float = 1.05
    travel_sd: float = 0.07
    travel_within_sd: float = 0.03
    size_sd: float = 0.06
    skew_m: float = 0.0
    knees_deg: tuple[float, float, float] | None = None
    thigh_per_shank: float = 1.28
    hips_apart_per_leg: float | None = None
    noise: Noise = Noise()
    late_s: float = 0.0
    smooth_hz: float | None = None
    lost_share: float = 0.0
    exchanged_share: float = 0.0
    tilt_deg: float = 0.0
    roll_deg: float = 0.0
    confidence: bool = False


def everywhere(share: float) -> dict[View, float]:
    """The same swing from all sides."""
    return {"ahead": share, "behind": share, "oblique": share, "side": share}


METRABS = Stranger(
    "MeTRAbs, 17 points, from ahead and behind", "h36m-17",
    unit="mm",
    swing=everywhere(0.72),
    skew_m=0.05,
    knees_deg=(11.0, 8.0, 2.0),
    hips_apart_per_leg=0.28,
)  # fmt: skip
BLAZEPOSE_SWING: dict[View, float] = {"ahead": 0.3, "behind": 0.07, "oblique": 0.55, "side": 0.6}
_CALM = Noise(0.001, 0.002, 0.001, 0.003, 0.0005, 0.001)
STRANGERS = (
    METRABS,
    replace(METRABS, name="the same, standing 2 s before and after", scene="standing"),
    replace(METRABS, name="the same, there, a turn, and back in one file", scene="there and back"),
    replace(METRABS, name="the same, camera tilted by 8°, rolled by 2°", tilt_deg=8.0,
            roll_deg=2.0),
    replace(METRABS, name="the same, obliquely and from the side, 60 Hz", fps_hz=60.0,
            views=("oblique", "side")),
    replace(METRABS, name="MeTRAbs, 87 points", keypoint_set="movi-87"),
    replace(METRABS, name="PosePipe (87 × 4), 5 % of frames lost", keypoint_set="posepipe",
            lost_share=0.05, confidence=True),
    Stranger(
        "ViTPose lifted, 17 points, 60 ms late, 24 Hz", "coco-17", fps_hz=24.0,
        swing=everywhere(0.85), travel=1.03, late_s=0.06, smooth_hz=6.0,
    ),
    Stranger(
        "Halpe 26 lifted, cm, z up, 50 Hz", "halpe-26", fps_hz=50.0, unit="cm", axes="z-up",
        output="world", views=("oblique", "side", "ahead"), swing=everywhere(0.85), travel=1.0,
    ),
    Stranger(
        "SMPL in the world (WHAM), y up", "smpl-24", axes="y-up", output="world",
        views=("ahead", "behind", "side"), swing=everywhere(0.97), travel=1.0, travel_sd=0.03,
        size_sd=0.03, smooth_hz=5.0, noise=_CALM,
    ),
    Stranger(
        "SMPL before the camera, depth by frame", "smpl-24", swing=everywhere(0.9),
        noise=replace(_CALM, root_white=0.015, root_slow=0.02),
    ),
    Stranger(
        "BlazePose, 33 points, placed by a path", "blazepose-33", axes="z-up", output="world",
        views=("ahead", "behind", "oblique", "side"), swing=BLAZEPOSE_SWING, swing_of_way=True,
        travel_sd=0.05, noise=Noise(0.002, 0.004, 0.004, 0.01),
    ),
    Stranger(
        "a poor 17-point lifter, frames lost, legs exchanged", "coco-17", unit="mm",
        views=("ahead", "oblique", "behind"), swing=everywhere(0.6), swing_sd=0.08, travel=1.0,
        travel_sd=0.1, noise=Noise(0.006, 0.008, 0.015, 0.025, 0.006, 0.01),
        lost_share=0.03, exchanged_share=0.03,
    ),
    Stranger(
        "several cameras: OpenCap (TRC)", "", fps_hz=60.0, output="several cameras",
        swing=everywhere(1.0), swing_sd=0.0, travel=1.0, travel_sd=0.0, travel_within_sd=0.0,
        size_sd=0.0, smooth_hz=6.0, noise=Noise(0.005, 0.005, 0.005, 0.005, 0.0, 0.0),
    ),
    Stranger(
        "centred on the body: MotionBERT, all views", "h36m-17", output="centred",
        views=("ahead", "side", "behind", "oblique"), swing=everywhere(0.85), smooth_hz=6.0,
    ),
    Stranger(
        "centred: VideoPose3D from ahead and behind, 50 Hz", "h36m-17", fps_hz=50.0,
        output="centred", swing=everywhere(0.7),
    ),
)  # fmt: skip
"""In the order of the table."""
