"""Walks of another style: so that a gait's shape does not tell its speed.

Walkers that all follow the same normative curves teach a network to read speed from them, and to
distrust the travel that it sees; on real people it is then wrong by 0.1 m/s or more. A restyled
walk is stretched along progression, bobs more or less at each joint, and runs faster or slower, by
factors that have nothing to do with each other; a walker's stance and pelvis vary more than
people's do. Walkers of the benchmark are never restyled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from simgait.skeleton.keypoints import FOOT_POINTS
from simgait.synthetic.walkers.specification import WalkerSpec
from simgait.types import Recording

STRETCH_SD, BOB_SD = 0.15, 0.15
"""Of the logarithms. In a prototype they took speeds of detectors' walks from .22 to .10 m/s."""
LARGEST_DEVIATE = 2.0
"""Standard deviations: one draw in twenty is cut, so that no walker loses human shape."""
WARP = 0.3
"""Largest logarithm of the change of tempo."""
SPEEDS_MPS = (0.3, 2.0)
"""Speeds of restyled walkers are drawn flat between these."""
PACE_SD = 0.25
"""Of the logarithm of the factor by which a real person's speed is changed."""
STANCE_SD = 0.025
"""By which the share of stance is moved; with the walkers' own 1.4 %, wider than people's 2.3 %."""
STANCE_LIMITS = (0.53, 0.72)
"""Of the cycle: below .5 both feet fly, healthy adults have .62, very slow walkers .7."""
PELVIS_SD, TILT_SD_DEG = 0.4, 4.0
"""Chosen: of the logarithm of how far the pelvis turns and tips, and of its mean tilt: wider than
people's, so that nothing learned leans on a usual pelvis."""
LOWEST_SHARE = 5.0
"""Percentile of a foot's height that counts as standing."""
_FEET = ("Ankle", *FOOT_POINTS)


@dataclass(frozen=True)
class Restyle:
    """What is done to a walk.

    Attributes:
        stretch: factor on ways along progression, steps included.
        hip_bob, knee_bob, foot_lift: factors on how far these go up and down; feet from the floor.
        tempo: factor on its rate.
    """

    stretch: float
    hip_bob: float
    knee_bob: float
    foot_lift: float
    tempo: float

    @property
    def pace(self) -> float:
        """Factor on its speed."""
        return self.stretch * self.tempo


def draw_restyle(rng: np.random.Generator, pace: float) -> Restyle | None:
    """A restyle that changes speed by the factor `pace`; None where tempo would change too much."""

    def factor(sd: float) -> float:
        return float(np.exp(sd * np.clip(rng.normal(), -LARGEST_DEVIATE, LARGEST_DEVIATE)))

    stretch = factor(STRETCH_SD)
    drawn = Restyle(stretch, factor(BOB_SD), factor(BOB_SD), factor(BOB_SD), pace / stretch)
    return drawn if abs(np.log(drawn.tempo)) <= WARP else None


def draw_pace(rng: np.random.Generator) -> float:
    """A factor on a real person's speed."""
    return float(np.exp(PACE_SD * np.clip(rng.normal(), -LARGEST_DEVIATE, LARGEST_DEVIATE)))


def widened(spec: WalkerSpec, rng: np.random.Generator) -> WalkerSpec:
    """The walker with another share of stance and another motion of the pelvis."""
    step_s = 0.5 * spec.stride_time_s
    share = 0.5 + 0.5 * float(np.mean(spec.double_support_s)) / step_s
    wanted = np.clip(share + STANCE_SD * rng.normal(), *STANCE_LIMITS)
    left, right = spec.double_support_s
    longer = (wanted - 0.5) / (share - 0.5)
    turn, tip = np.exp(PELVIS_SD * np.clip(rng.normal(size=2), -LARGEST_DEVIATE, LARGEST_DEVIATE))
    return replace(
        spec,
        double_support_s=(left * longer, right * longer),
        pelvis_tilt_deg=spec.pelvis_tilt_deg + TILT_SD_DEG * float(np.clip(rng.normal(), -2, 2)),
        pelvis_rotation_scale=spec.pelvis_rotation_scale * turn,
        pelvis_obliquity_scale=spec.pelvis_obliquity_scale * tip,
    )


def restyled(recording: Recording, forward: Float[np.ndarray, " 3"], by: Restyle) -> Recording:
    """An exact walk in another style; what was known of its pose and forces is not true of it.

    Args:
        recording: exact points, z up.
        forward: level direction of walking.
        by: what is done to it.
    """
    points = recording.keypoints_m
    along = points @ forward
    points = points + ((by.stretch - 1.0) * along)[..., None] * forward
    z = points[..., 2]
    known = {name: z[:, i] for i, name in enumerate(recording.keypoint_names)}
    mid_hip = 0.5 * (known["Left Hip"] + known["Right Hip"])
    raised = np.zeros_like(z)
    for column, name in enumerate(recording.keypoint_names):
        joint = name.split(" ", 1)[-1]
        own = z[:, column]
        if not np.isfinite(own).any():
            continue
        if joint in _FEET:
            rest = np.nanpercentile(own, LOWEST_SHARE)
            raised[:, column] = (by.foot_lift - 1.0) * (own - rest)
        elif joint == "Knee":
            raised[:, column] = (by.knee_bob - 1.0) * (own - np.nanmean(own))
        else:
            raised[:, column] = (by.hip_bob - 1.0) * (mid_hip - np.nanmean(mid_hip))
    points[..., 2] = z + raised
    return replace(
        recording,
        keypoints_m=points,
        time_s=recording.time_s / by.tempo,
        events=tuple(replace(e, time_s=e.time_s / by.tempo) for e in recording.events),
        pose=None,
        reference_angles_rad=None,
        force_plates=(),
    )
