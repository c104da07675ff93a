"""Where and how fast a person goes, by the hips: for the batch fit, and as a term of it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.series.angles import unit
from simgait.series.filters import low_pass
from simgait.series.trend import straight_rate
from simgait.video.equations import Equations
from simgait.video.leg_prior import HIPS

WAY_HZ = 0.6
"""Of the hips, below the rate of strides: what is left is the way. From .2 to 1.2 Hz speeds are the
same, steps within 1 mm, knees within .1°."""
WAY_MIXED = 0.5
"""The way's direction at a moment: half that of the whole walk, half that of the filtered hips."""
SPEED_SD_MPS = 0.05
"""Of the hips' speed within strides, about the one that the person's size in the picture tells. On
25 rendered clips that are in no benchmark speeds are off by .038 m/s with .2, by .029, .027, .029
and .030 with .1, .05, .03 and .02 (slopes .95, .97, .99, .99, 1.00); steps and knees stay."""


def ways_of(points: Float[np.ndarray, "T n 3"], rate_hz: float) -> Float[np.ndarray, "T 3"]:
    """Where the person goes, picture by picture: level in the picture, of length 1."""
    hips = points[:, HIPS].mean(axis=1)
    ways = np.gradient(low_pass(hips, rate_hz, WAY_HZ), axis=0)
    ways[:, 1] = 0.0
    ways /= np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-9)
    ways = WAY_MIXED * ways + (1 - WAY_MIXED) * _direction(hips)
    return ways / np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-9)


def speed_along(
    points: Float[np.ndarray, "T n 3"], ways: Float[np.ndarray, "T 3"], rate_hz: float
) -> Float[np.ndarray, " T"]:
    """Of the hips along the way, m/s."""
    hips = low_pass(points[:, HIPS].mean(axis=1), rate_hz, WAY_HZ)
    return np.asarray((np.gradient(hips, axis=0) * ways).sum(axis=1) * rate_hz)


def as_far_as(
    equations: Equations,
    points: Float[np.ndarray, "T n 3"],
    ways: Float[np.ndarray, "T 3"],
    speed: Float[np.ndarray, " T"],
    rate_hz: float,
) -> None:
    """The hips go along the way as fast as `speed` says, whatever standing feet would have.

    How far a person gets is told by how large he is in the picture. Feet stand, but detectors show
    too little of how they swing in depth: left alone they hold the hips back.
    """
    numbers = np.arange(points.shape[0] * points.shape[1]).reshape(points.shape[:2])
    hips, sd = points[:, HIPS].mean(axis=1), SPEED_SD_MPS / rate_hz
    gone = (np.diff(hips, axis=0) * ways[1:]).sum(axis=1)
    wanted = 0.5 * (speed[1:] + speed[:-1]) / rate_hz
    along = (0.5 * ways[1:] / sd)[:, None]
    equations.add(
        ((gone - wanted) / sd)[:, None],
        [(numbers[at, hip], sign * along) for hip in HIPS
         for at, sign in ((slice(1, None), 1.0), (slice(None, -1), -1.0))],
    )  # fmt: skip


def _direction(hips: Float[np.ndarray, "T 3"]) -> Float[np.ndarray, " 3"]:
    """Of the whole walk, level in the picture."""
    return unit(straight_rate(hips, np.arange(float(len(hips)))) * [1.0, 0.0, 1.0])
