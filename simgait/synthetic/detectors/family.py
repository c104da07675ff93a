"""A family of detectors as a value: what it shows of a walk, and the ranges of all its errors.

A family holds what was measured of a detector, or ranges wide enough for one that nobody has
measured. `seeing.see` sends exact points through it. Lengths of joint definitions are in lengths
of the leg (thigh and shank), so that children and adults are treated alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.detectors.draws import AS_IS, NOTHING, Draw
from simgait.synthetic.detectors.monocular_v1 import VIEWS, View

ARMS = tuple(
    name for name in KEYPOINT_NAMES if name.split()[-1] in ("Shoulder", "Elbow", "Wrist", "Hand")
)
TRUNK = ("Head", "Pelvis", "Sternum")


@dataclass(frozen=True)
class Offset:
    """Where a family puts a joint, seen from where it is: in leg lengths, in its segment's frame.

    Attributes:
        forward: as the leg's segment faces.
        outward: away from the other leg.
        up: along the segment, towards the hip.
    """

    forward: Draw = NOTHING
    outward: Draw = NOTHING
    up: Draw = NOTHING


@dataclass(frozen=True)
class Definitions:
    """What a family calls a hip, a knee, an ankle: the same in every recording, but for a rest.

    Attributes:
        joints: joint without its side -> where it lies.
        thigh_per_shank: ratio of the lengths between its points; the knee moves along the leg.
        hip_width_per_leg: distance between its hips.
        pelvis_turns, pelvis_tips: share of the pelvis's rotation and obliquity that hips show.
        sides_apart_sd: of each joint, drawn for each side of a recording, in leg lengths.
    """

    joints: Mapping[str, Offset] = field(default_factory=dict)
    thigh_per_shank: Draw | None = None
    hip_width_per_leg: Draw | None = None
    pelvis_turns: Draw = AS_IS
    pelvis_tips: Draw = AS_IS
    sides_apart_sd: float = 0.0


@dataclass(frozen=True)
class Placing:
    """Where its cameras stand.

    Attributes:
        views: share of each view.
        height_m: above the floor.
        closest_m: from the camera to where the person comes closest.
        pitch_deg, roll_deg: by which the vertical it tells is off, after levelling.
    """

    height_m: Draw
    closest_m: Draw
    pitch_deg: Draw
    roll_deg: Draw
    views: Mapping[View, float] = field(default_factory=lambda: dict.fromkeys(VIEWS, 0.25))


@dataclass(frozen=True)
class Swing:
    """Share of a leg's swing about the pelvis that is seen.

    Attributes:
        depth: along the camera's axis, of thigh, trunk and arms.
        shank: that of shank and foot is so many times as much.
        across: across the picture.
    """

    depth: Draw
    shank: Draw = AS_IS
    across: Draw = AS_IS


@dataclass(frozen=True)
class Depth:
    """Errors along the camera's viewing axis.

    Attributes:
        swing: what is seen of the legs' swing, by view.
        swing_within_sd: by which that changes slowly within a walk.
        travel: factor on the pelvis's way in depth, one for each camera and person.
        travel_within: factor on that, one for each recording.
        distance_exponent: e of a depth that is told as z·(z / 5 m)^e.
        root_white_per_m: SD of the pelvis's jitter, m per m of distance.
        root_wander: SD of its slow drift, share of the distance.
        joint_white_m, joint_drift_m: SD of each joint's jitter and slow drift.
        joint_bias_m: SD of each joint's constant error.
        skew_m: by which the ankle on the picture's left is put too near, the other too far;
            knees half. Which leg that is changes with the view.
    """

    swing: Mapping[View, Swing]
    swing_within_sd: float
    travel: Draw
    travel_within: Draw
    distance_exponent: Draw
    root_white_per_m: Draw
    root_wander: Draw
    joint_white_m: Draw
    joint_drift_m: Draw
    joint_bias_m: Draw
    skew_m: Draw


@dataclass(frozen=True)
class Picture:
    """Errors in the picture, in metres at the person: jitter, slow drift, constant; SD of each."""

    white_m: Draw
    drift_m: Draw
    bias_m: Draw


@dataclass(frozen=True)
class Timing:
    """How late the pose follows the pelvis, and the time constant of its smoothing filter."""

    lag_s: Draw = NOTHING
    smoothing_s: Draw = NOTHING


@dataclass(frozen=True)
class Size:
    """How large the person is taken for.

    Attributes:
        scale: factor on everything.
        child_travel, child_legs: further factors on the pelvis's way and on the legs' height, in
            full for children below 1.1 m and not at all from 1.5 m on.
    """

    scale: Draw
    child_travel: Draw = AS_IS
    child_legs: Draw = AS_IS


@dataclass(frozen=True)
class Lapses:
    """What is lost or exchanged for a while, and what a recording lacks for good.

    Attributes:
        lost_per_s: how often each point is lost, 1/s; twice that for the side that is hidden.
        exchanged: share of frames with left and right legs exchanged, by view.
        lacking: share of recordings -> points that they lack beyond the family's.
        root_relative: share of recordings without any travel of the pelvis.
    """

    lost_per_s: float = 0.04
    exchanged: Mapping[View, Draw] = field(default_factory=dict)
    lacking: tuple[tuple[float, tuple[str, ...]], ...] = ()
    root_relative: float = 0.0


@dataclass(frozen=True)
class DetectorFamily:
    """A named, versioned family: another version where any number of it changes.

    Attributes:
        name: "metrabs-17".
        version: counts from 1.
        shows: its points, of `KEYPOINT_NAMES`; hips, knees and ankles are among them.
    """

    name: str
    version: int
    shows: tuple[str, ...]
    definitions: Definitions
    placing: Placing
    depth: Depth
    picture: Picture
    timing: Timing
    size: Size
    lapses: Lapses

    def __post_init__(self) -> None:
        """Refuses a family that no tracker could use."""
        absent = [name for name in REQUIRED_KEYPOINTS if name not in self.shows]
        if absent:
            raise ValueError(f"{self.label} shows no {', '.join(absent)}")

    @property
    def label(self) -> str:
        """Name and version: "metrabs-17-v1"."""
        return f"{self.name}-v{self.version}"
