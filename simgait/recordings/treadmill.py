"""Whether the pelvis travels through the recording's space; the belt speed where it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.lib.stride_tricks import sliding_window_view

from simgait.errors import InputError
from simgait.option_names import option
from simgait.skeleton.keypoints import REQUIRED_KEYPOINTS

Points = dict[str, Float[np.ndarray, "T 3"]]

FOOT_SWING_M = 0.15
"""A foot's sweep under the pelvis is as long as a step: shorter ones are no walk but a shuffle, or
somebody who stands and shifts weight (`parameters.plausible`: strides from .15 m on)."""
TRAVEL_PER_SWING = 0.5
"""Halfway between a treadmill (0) and the ground (1)."""
RATE_SPAN_S = 2.0 / 30.0
"""Two frames of 30 Hz. At 120 Hz noise of 20 mm from frame to frame is a speed of 2 m/s."""
STANCE_SPAN_S = 0.3
"""Half of what a foot stands in a usual walk. Noise of 80 mm in every frame changes the speed of a
line through so much of its way by 0.4 m/s at 30 Hz; from frame to frame it is 2.5 m/s by itself,
beside which a pelvis that travels at 1.2 m/s stood still."""
MIN_BELT_MPS, MAX_BELT_MPS = 0.05, 4.0
"""Chosen: from a belt that hardly turns to a run; nobody walks faster (walk to run at 2.1 m/s)."""
FLAT_PAIRS = (("Heel", "Big Toe"), ("Ankle", "Big Toe"), ("Ankle", "Foot"))
"""Two points of a foot that move back together while it is flat; the first pair that is seen."""
LOW_SHARE, FLAT_SHARE_OF_LOW = 0.7, 0.3
"""Of the frames in which a foot moves with the belt the lower 70 %, of these the 30 % in which its
two points move most alike. Shares of .5 to .7 and .3 to .5 give the same to 0.3 %."""
ANKLE_READS = 0.89
"""The lower ankle's median speed over the belt's: it rolls forward over the standing foot. SD .014
on 47 real walks over ground, moved by a constant speed or on a belt."""
STILL_HIPS_M = 0.008
"""Over a recording the middle of the hips of whoever walks moves level by centimetres, on a belt,
too (3 to 6 in real ones); in points that are counted from the hips it stays where it is."""
ROOTS = ("Pelvis", "Left Hip", "Right Hip")
"""Points that others are counted from, besides the middle of the hips."""
HIPS_FIXED = "the keypoints are root-relative (the hips never move level): no pelvis travel."
BELT_SPREAD = 0.02
"""SD of the logarithm of an estimated belt's speed. Of 45 real walks over ground (CMU, BMClab and
others) put on a belt of the walker's own mean speed, heel and toe gave 0.986 ± 0.011 of it
(root mean square off 1: .017; worst .958; at 30 Hz with 4 mm of noise 0.980 ± 0.016), .998 to 1.001
of three whose belt is known best, 1.000 of 28 exact synthetic walkers; without heels 0.982 ± 0.011,
with ankles alone, corrected, 1.004 ± 0.015 (synthetic ones, which roll less, up to 1.09)."""


def check_belt_speed(belt_speed_mps: float | None, where: str) -> float | None:
    """The speed of a treadmill's belt in m/s, or None.

    Raises:
        InputError: outside 0.05-4 m/s; says so if km/h, cm/s or mm/s would fit.
    """
    if belt_speed_mps is None:
        return None
    speed = float(belt_speed_mps)
    if MIN_BELT_MPS <= speed <= MAX_BELT_MPS:
        return speed
    said = option("belt_speed_mps")
    units = {"km/h": speed / 3.6, "cm/s": speed / 100.0, "mm/s": speed / 1000.0}
    # Faster than people walk, a unit explains nothing.
    advice = next(
        (
            f"if it is in {unit}, give {mps:.2f} with {said}"
            for unit, mps in units.items()
            if 0.2 <= mps <= 2.5
        ),
        "leave it out where there is no treadmill",
    )
    raise InputError(
        f"{where}: a belt speed of {speed:g} m/s is no walker's; give it in metres per second, "
        f"from {MIN_BELT_MPS:g} to {MAX_BELT_MPS:g}; {advice}."
    )


def ignored_belt_note(belt_speed_mps: float | None) -> tuple[str, ...]:
    """Says that a belt speed, if one was given, has no use because the pelvis travels."""
    if belt_speed_mps is None:
        return ()
    return (
        f"the belt speed given ({belt_speed_mps:.2f} m/s) was not used: the pelvis travels "
        "through the recording's space, so this is no treadmill.",
    )


def hips_are_fixed(point_m: Float[np.ndarray, "T 3"]) -> bool:
    """Whether the middle of the hips, or another point, never moves level, a frame in 100 aside."""
    seen = point_m[np.isfinite(point_m).all(axis=-1), :2]
    if not len(seen):
        return False
    low, high = np.percentile(seen, [1.0, 99.0], axis=0)
    return float(np.max(high - low)) < STILL_HIPS_M


def _feet_and_hips(
    points: Points,
) -> tuple[Float[np.ndarray, "T 3"], dict[str, Float[np.ndarray, "T 3"]]]:
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    feet = {side: points[f"{side} Ankle"] - mid_hip for side in ("Left", "Right")}
    return mid_hip, feet


def pelvis_travels(points: Points, fps_hz: float) -> bool:
    """Whether mid-hip moves through space as far as the feet's swing says that the person walks.

    False for a treadmill or root-relative keypoints: the feet sweep horizontally relative to the
    pelvis (more than 0.15 m), yet mid-hip's speed, averaged over 2 s, stays below half of what the
    feet's backward speed relative to the pelvis in stance implies. A person who stands still has
    no such sweep and counts as travelling (nothing contradicts it).

    `points` holds the required keypoints, each (T, 3) in metres, z up.
    """
    if any(name not in points for name in REQUIRED_KEYPOINTS):
        raise ValueError("pelvis_travels needs hips, knees and ankles")
    mid_hip, feet = _feet_and_hips(points)
    if not all(np.isfinite(foot).all(axis=-1).any() for foot in feet.values()):
        return True  # hips and ankles that are never seen together contradict nothing
    sweep = max(
        float(np.linalg.norm(np.nanpercentile(f[:, :2], 95, axis=0)
                             - np.nanpercentile(f[:, :2], 5, axis=0)))
        for f in feet.values()
    )  # fmt: skip
    if not sweep > FOOT_SWING_M:
        return True
    window = max(1, min(len(mid_hip) - 1, round(2.0 * fps_hz)))
    step = np.linalg.norm(mid_hip[window:, :2] - mid_hip[:-window, :2], axis=-1)
    if not np.isfinite(step).any():
        return True  # hips that are never seen 2 s apart contradict nothing
    speed = float(np.nanmedian(step)) * fps_hz / window
    implied = _stance_speed_in_noise_mps(feet, fps_hz)
    if not np.isfinite(implied):  # so many gaps that no foot is seen for so long
        implied = stance_speed_mps(points, fps_hz)
    return not (np.isfinite(implied) and speed < TRAVEL_PER_SWING * implied)


def _stance_speed_in_noise_mps(feet: dict[str, Float[np.ndarray, "T 3"]], fps_hz: float) -> float:
    """As `stance_speed_mps` of feet (m, from mid-hip), coarser, also of noise that hides it."""
    n_frames = len(next(iter(feet.values())))
    span = min(2 * max(1, round(0.5 * STANCE_SPAN_S * fps_hz)) + 1, n_frames)
    about = np.arange(span) - 0.5 * (span - 1)
    slope = about * fps_hz / max(float(about @ about), 1.0)
    windows = [sliding_window_view(foot, span, axis=0) for foot in feet.values()]
    speeds = [np.linalg.norm(window[:, :2] @ slope, axis=-1) for window in windows]
    heights = [window[:, 2].mean(axis=-1) for window in windows]
    stance = np.where(heights[0] <= heights[1], *speeds)
    return float(np.nanmedian(stance)) if np.isfinite(stance).any() else float("nan")


def stance_speed_mps(points: Points, fps_hz: float) -> float:
    """Walking speed (m/s) implied by the stance foot's backward speed relative to the pelvis.

    In each frame the lower of the two ankles is in stance; the median of its horizontal speed
    relative to mid-hip is the person's speed over the ground or belt. An estimate.
    """
    mid_hip, feet = _feet_and_hips(points)
    speeds = {
        side: np.linalg.norm(_rate(foot[:, :2], fps_hz), axis=-1) for side, foot in feet.items()
    }
    left_low = feet["Left"][:, 2] <= feet["Right"][:, 2]
    stance = np.where(left_low, speeds["Left"], speeds["Right"])
    return float(np.nanmedian(stance)) if np.isfinite(stance).any() else float("nan")


def belt_from_feet_mps(points: Points, fps_hz: float) -> float:
    """Speed (m/s) of the belt under feet that stand flat on it, where the pelvis does not travel.

    Of each foot the median velocity in space of two of its points while they move alike and are
    low; where no foot shows two, the lower ankle's relative to mid-hip, corrected. An estimate:
    `BELT_SPREAD`. NaN where nothing shows it.
    """
    stance = stance_velocity_mps(points, fps_hz)
    feet = [_flat_foot_mps(points, side, fps_hz, stance) for side in ("Left", "Right")]
    known = [velocity for velocity in feet if velocity is not None]
    if not known:
        return stance_speed_mps(points, fps_hz) / ANKLE_READS
    return float(np.linalg.norm(np.mean(known, axis=0)))


def stance_velocity_mps(points: Points, fps_hz: float) -> Float[np.ndarray, "2"]:
    """Median horizontal velocity (m/s) of the lower ankle relative to mid-hip, whichever it is.

    `points` holds hips and ankles, each (T, 3) in metres, z up.
    """
    _, feet = _feet_and_hips(points)
    rates = {side: _rate(foot[:, :2], fps_hz) for side, foot in feet.items()}
    left_low = feet["Left"][:, 2] <= feet["Right"][:, 2]
    return np.asarray(np.nanmedian(np.where(left_low[:, None], *rates.values()), axis=0))


def _flat_foot_mps(
    points: Points, side: str, fps_hz: float, stance_mps: Float[np.ndarray, "2"]
) -> Float[np.ndarray, "2"] | None:
    """Median horizontal velocity of one foot while it is flat; None where it cannot be told."""
    for pair in FLAT_PAIRS:
        names = [f"{side} {name}" for name in pair]
        if any(name not in points for name in names):
            continue
        both = np.stack([points[name] for name in names])
        rates = np.stack([_rate(one, fps_hz) for one in both])
        # A foot that swings low and level is as flat, but goes the other way.
        back = rates[..., :2].mean(axis=0) @ stance_mps > 0.5 * stance_mps @ stance_mps
        known = np.isfinite(rates).all(axis=(0, 2)) & np.isfinite(both).all(axis=(0, 2)) & back
        if not known.any():
            continue
        height, rates = both[:, known, 2].mean(axis=0), rates[:, known]
        low = height <= np.quantile(height, LOW_SHARE)
        unlike = np.linalg.norm(rates[0] - rates[1], axis=-1)
        flat = low & (unlike <= np.quantile(unlike[low], FLAT_SHARE_OF_LOW))
        return np.asarray(np.median(rates[:, flat, :2].mean(axis=0), axis=0))
    return None


def _rate(values: Float[np.ndarray, "T C"], fps_hz: float) -> Float[np.ndarray, "T C"]:
    """Change per second by central differences over `RATE_SPAN_S`, NaN where missing."""
    reach = max(1, round(0.5 * RATE_SPAN_S * fps_hz))
    if reach == 1 or len(values) <= 2 * reach:
        return np.asarray(np.gradient(values, 1.0 / fps_hz, axis=0))
    rate = np.full_like(values, np.nan)
    rate[reach:-reach] = (values[2 * reach :] - values[: -2 * reach]) * fps_hz / (2 * reach)
    return rate


@dataclass(frozen=True)
class Travel:
    """How a recording's pelvis gets on.

    Attributes:
        travels: it moves through the recording's space.
        belt_speed_mps: of the treadmill, where it does not.
        belt_is_estimated: nobody said that speed.
        notes: one sentence each.
    """

    travels: bool
    belt_speed_mps: float | None = None
    belt_is_estimated: bool = False
    notes: tuple[str, ...] = ()


def treadmill(points: Points, fps_hz: float, belt_speed_mps: float | None, where: str) -> Travel:
    """Whether the pelvis travels, and the belt speed where it does not.

    Raises:
        InputError: no belt runs at the speed given.
    """
    belt_speed_mps = check_belt_speed(belt_speed_mps, where)
    if pelvis_travels(points, fps_hz):
        return Travel(True, notes=ignored_belt_note(belt_speed_mps))
    mid_hip, _ = _feet_and_hips(points)
    if any(hips_are_fixed(at) for at in (mid_hip, *(points[n] for n in ROOTS if n in points))):
        # No belt is told by feet that are counted from the hips: they stand flat under a pelvis
        # that is slow then, and gave 9 % too little.
        return Travel(False, belt_speed_mps, notes=(HIPS_FIXED,))
    if belt_speed_mps is not None:
        note = f"treadmill with the belt at {belt_speed_mps:.2f} m/s."
        return Travel(False, belt_speed_mps, notes=(note,))
    estimate = belt_from_feet_mps(points, fps_hz)
    note = (
        f"treadmill: the belt speed {estimate:.2f} m/s is an estimate from the stance foot; "
        "give the true one."
    )
    return Travel(False, estimate, belt_is_estimated=True, notes=(note,))
