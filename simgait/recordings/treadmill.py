"""Whether the pelvis travels through the recording's space; the belt speed where it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

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
MIN_BELT_MPS, MAX_BELT_MPS = 0.05, 4.0


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
    implied = stance_speed_mps(points, fps_hz)
    return not (np.isfinite(implied) and speed < TRAVEL_PER_SWING * implied)


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
    if belt_speed_mps is not None:
        note = f"treadmill with the belt at {belt_speed_mps:.2f} m/s."
        return Travel(False, belt_speed_mps, notes=(note,))
    estimate = stance_speed_mps(points, fps_hz)
    note = (
        f"treadmill: the belt speed {estimate:.2f} m/s is an estimate from the stance foot; "
        "give the true one."
    )
    return Travel(False, estimate, belt_is_estimated=True, notes=(note,))
