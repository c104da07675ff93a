"""Heel, Foot and Big Toe keypoints from the heel and metatarsal markers.

Labs glue the two markers at different heights above the sole, so the line between them does not
show where the sole points: its tilt with the foot flat was -3 to +10 degrees in the recordings of
five labs at hand. The tilt in the foot-flat frames of the trial itself is therefore taken out.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.recordings.markers.segment_angles import unit
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.lengths import Place

# A rolling heel rises faster than 0.10 m/s within 20 ms; marker noise of 1 mm at 100 Hz makes 0.07.
FLAT_SPEED_MPS = 0.10
# Over the lowest: what a sole gives and floors are uneven; a heel that leaves is past it at once.
FLAT_HEIGHT_M = 0.025
# Of the 0.3 s in which a foot is flat in each step: eight frames at 100 Hz make a median.
MIN_FLAT_S = 0.08
# Beyond these the heel or the ball was really off the floor (equinus, calcaneus): left as it is.
PLAUSIBLE_TILT_DEG = (-6.0, 13.0)


def site_tilt_rad() -> float:
    """Upward tilt of the skeleton's own Heel-to-Foot line with the foot flat (it falls by 2°)."""
    dims = dimensions_from_height(1.0)
    heel, foot = (np.array(_site(name).of(dims)) for name in ("Heel", "Foot"))
    forward, _, rise = foot - heel
    return float(np.arctan2(rise, forward))


def _site(name: str) -> Place:
    """Where the skeleton has a keypoint of the foot, from the ankle."""
    return TRIMMED_HUMANOID.site(f"Left {name}").at


def flat_foot_tilt_rad(
    heel: Float[np.ndarray, "T 3"], ball: Float[np.ndarray, "T 3"], fps_hz: float
) -> float | None:
    """Median upward tilt of heel to ball with the foot flat, None where it never plainly is.

    Flat: neither point moves vertically (0.10 m/s) and each is within 25 mm of its own lowest
    height (5th percentile), for 0.08 s in all. Vertical motion only, so that belts do not matter.
    """
    heights = np.stack([heel[:, 2], ball[:, 2]], axis=1)
    if np.isfinite(heights).all(1).sum() < 3:
        return None
    low = np.nanpercentile(heights, 5, axis=0)
    speed = np.abs(np.gradient(heights, 1.0 / fps_hz, axis=0))
    with np.errstate(invalid="ignore"):
        flat = ((speed < FLAT_SPEED_MPS) & (heights < low + FLAT_HEIGHT_M)).all(axis=1)
    if flat.sum() < MIN_FLAT_S * fps_hz:
        return None
    line = (ball - heel)[flat]
    tilt = float(np.median(np.arctan2(line[:, 2], np.hypot(line[:, 0], line[:, 1]))))
    low_deg, high_deg = PLAUSIBLE_TILT_DEG
    return tilt if low_deg <= np.degrees(tilt) <= high_deg else None


def foot_keypoints(
    heel: Float[np.ndarray, "T 3"] | None,
    ball: Float[np.ndarray, "T 3"] | None,
    shank_up: Float[np.ndarray, "T 3"],
    fps_hz: float,
) -> tuple[dict[str, Float[np.ndarray, "T 3"]], float | None]:
    """Heel, Foot and Big Toe (T, 3) as far as the markers allow, and the tilt taken out (rad).

    The heel marker stays; the ball is turned about it until the line lies as the skeleton's own
    sites do when the sole is flat. Big Toe prolongs that line in proportion to the sites.
    """
    points: dict[str, Float[np.ndarray, "T 3"]] = {}
    if heel is not None:
        points["Heel"] = heel
    if ball is None or heel is None:
        if ball is not None:
            points["Foot"] = ball
        return points, None
    tilt = flat_foot_tilt_rad(heel, ball, fps_hz)
    line = ball - heel
    if tilt is not None:
        turn = tilt - site_tilt_rad()
        upwards = np.where(np.isfinite(shank_up), shank_up, np.array([0.0, 0.0, 1.0]))
        left = unit(np.cross(upwards, line))
        line = line * np.cos(turn) + np.cross(left, line) * np.sin(turn)
    dims = dimensions_from_height(1.0)
    at_heel, at_ball, at_toe = (_site(n).x.of(dims) for n in ("Heel", "Foot", "Big Toe"))
    points["Foot"] = heel + line
    points["Big Toe"] = heel + line * (at_toe - at_heel) / (at_ball - at_heel)
    return points, tilt
