"""Points that a family loses or exchanges for a while, and those that a recording lacks."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES, mirrored_columns
from simgait.synthetic.detectors.definitions import LEG_COLUMNS
from simgait.synthetic.detectors.draws import drawn
from simgait.synthetic.detectors.family import DetectorFamily
from simgait.synthetic.detectors.monocular_v1 import View, points_lost

Points = Float[np.ndarray, "T 23 3"]
EXCHANGE_MEAN_S = 0.2
"""Of a spell, a choice: six frames of a video. What was measured is the share of time."""


def exchanged(
    family: DetectorFamily, points: Points, view: View, dt_s: float, rng: np.random.Generator
) -> Points:
    """Points with left and right legs exchanged in spells of a fifth of a second."""
    of = family.lapses.exchanged.get(view)
    share = 0.0 if of is None else float(np.clip(drawn(rng, of), 0.0, 0.5))
    return points if share == 0.0 else legs_exchanged(points, share, dt_s, rng)


def legs_exchanged(
    points: Float[np.ndarray, "T 23 K"], share: float, dt_s: float, rng: np.random.Generator
) -> Float[np.ndarray, "T 23 K"]:
    """Points with left and right legs exchanged in spells, in this share of the frames."""
    ends = min(dt_s / EXCHANGE_MEAN_S, 1.0)
    begins = ends * share / (1.0 - share)
    wrong, state = np.zeros(len(points), bool), rng.random() < share
    for frame, chance in enumerate(rng.random(len(points))):
        state = chance >= ends if state else chance < begins
        wrong[frame] = state
    other = np.array(mirrored_columns(KEYPOINT_NAMES))[LEG_COLUMNS]
    out = points.copy()
    out[np.ix_(wrong, np.array(LEG_COLUMNS))] = points[np.ix_(wrong, other)]
    return out


def lost(
    family: DetectorFamily, n_frames: int, dt_s: float, rng: np.random.Generator
) -> Bool[np.ndarray, "T 23"]:
    """True where a point is lost for a while."""
    per_s = np.full(len(KEYPOINT_NAMES), family.lapses.lost_per_s)
    return points_lost(rng, n_frames, dt_s, per_s)


def lacking(family: DetectorFamily, rng: np.random.Generator) -> list[int]:
    """Columns of the points that a recording never shows."""
    names = {name for name in KEYPOINT_NAMES if name not in family.shows}
    draw = rng.random()
    for share, more in family.lapses.lacking:
        if draw < share:
            names |= set(more)
            break
        draw -= share
    return sorted(KEYPOINT_INDEX[name] for name in names)
