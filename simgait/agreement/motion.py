"""What a body cannot do: feet that slide or sink while they stand, motion that jerks."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float
from numpy.typing import ArrayLike

from simgait.agreement.inputs import as_numbers
from simgait.errors import InputError

UNEVEN = 0.01
"""Steps of a clock may differ from their median by this fraction."""


def standing_frames(
    time_s: ArrayLike, contact_s: ArrayLike, foot_off_s: ArrayLike
) -> Bool[np.ndarray, " T"]:
    """True between each initial contact of a foot and its next foot off, both included.

    A contact without a later foot off counts for nothing.

    Args:
        time_s: (T,) of the frames.
        contact_s: (N,) initial contacts of that foot, on the same clock.
        foot_off_s: (M,) its foot offs.

    Raises:
        InputError: times do not grow, or are not finite.
    """
    time = _clock(time_s, 1)
    offs = np.sort(_array(foot_off_s, 1, "foot off times", missing=False))
    standing = np.zeros(len(time), dtype=bool)
    for contact in _array(contact_s, 1, "contact times", missing=False):
        after = offs[offs > contact]
        if len(after):
            standing |= (time >= contact) & (time <= after[0])
    return standing


def foot_sliding_mps(time_s: ArrayLike, feet_m: ArrayLike, standing: ArrayLike) -> float:
    """Mean horizontal speed of the slowest point of a standing foot, over frames of all feet.

    A foot that rolls keeps one of heel, ankle and toe nearly still at any time; one that slides
    keeps none.

    Args:
        time_s: (T,) of the frames.
        feet_m: (T, F, P, 3) P points of each of F feet, z up; NaN where a point is not known.
        standing: (T, F) whether that foot stands.

    Returns:
        NaN where no known foot stands.

    Raises:
        InputError: shapes do not fit, fewer than two frames, times that do not grow, infinite
            values.
    """
    time, feet = _clock(time_s, 2), _array(feet_m, 4, "feet")
    if feet.shape[-1] != 3:
        raise InputError(f"The points of the feet have {feet.shape[-1]} coordinates; give x, y, z.")
    stands = _standing(standing, len(time), feet.shape)
    speed = np.linalg.norm(np.gradient(feet[..., :2], time, axis=0), axis=-1)
    speed = speed[stands & np.isfinite(speed).any(axis=-1)]
    return float(np.nanmin(speed, axis=-1).mean()) if len(speed) else float("nan")


def floor_penetration_m(height_m: ArrayLike, standing: ArrayLike) -> float:
    """Mean depth of a foot's lowest point below the height at which that foot usually stands.

    The floor under a foot is the median height of its lowest point while it stands, so that no
    tracker gains or loses by where it draws the floor. All frames count, also those in the air.

    Args:
        height_m: (T, F, P) of P points of each of F feet; NaN where a point is not known.
        standing: (T, F) whether that foot stands.

    Returns:
        NaN where no known foot stands; a foot that never stands is left out.

    Raises:
        InputError: shapes do not fit, infinite values.
    """
    heights = _array(height_m, 3, "heights of the feet")
    stands = _standing(standing, len(heights), heights.shape)
    depths = []
    for foot in range(heights.shape[1]):
        known = np.isfinite(heights[:, foot]).any(axis=-1)
        lowest = np.nanmin(heights[known, foot], axis=-1)
        down = lowest[stands[known, foot]]
        if len(down):
            depths.append(np.maximum(np.median(down) - lowest, 0.0))
    return float(np.concatenate(depths).mean()) if depths else float("nan")


def jerk_mps3(time_s: ArrayLike, points_m: ArrayLike) -> float:
    """Root mean square over points and frames of the norm of the third derivative of position.

    Args:
        time_s: (T,) evenly spaced.
        points_m: (T, P, 3) of P points; NaN where one is not known.

    Returns:
        NaN where no point is known in four frames running.

    Raises:
        InputError: shapes do not fit, fewer than four frames, uneven times, infinite values.
    """
    time, points = _clock(time_s, 4), _array(points_m, 3, "points")
    if points.shape[0] != len(time) or points.shape[-1] != 3:
        raise InputError(
            f"The points have shape {points.shape} for {len(time)} times; give (frames, points, 3)."
        )
    steps_s = np.diff(time)
    step_s = float(np.median(steps_s))
    if np.abs(steps_s - step_s).max() > UNEVEN * step_s:
        raise InputError(
            f"The steps between frames go from {steps_s.min():.4g} to {steps_s.max():.4g} s; "
            "jerk needs even ones, so resample first."
        )
    third = np.diff(points, n=3, axis=0) / step_s**3
    squares = np.sum(third**2, axis=-1)
    return float(np.sqrt(np.nanmean(squares))) if np.isfinite(squares).any() else float("nan")


def _clock(time_s: ArrayLike, least: int) -> Float[np.ndarray, " T"]:
    time = _array(time_s, 1, "frame times", missing=False)
    if len(time) < least:
        raise InputError(f"There are {len(time)} frames; give at least {least}.")
    if (np.diff(time) <= 0).any():
        raise InputError("The frame times do not grow; sort the frames and drop repeated ones.")
    return time


def _array(values: ArrayLike, ndim: int, name: str, *, missing: bool = True) -> np.ndarray:
    array = as_numbers(values, name)
    if array.ndim != ndim:
        raise InputError(f"The {name} have {array.ndim} dimensions; give {ndim}.")
    if np.isinf(array).any() or not (missing or np.isfinite(array).all()):
        advice = "mark what is missing as NaN" if missing else "leave out what is missing"
        raise InputError(f"The {name} hold a value that is not finite; {advice}.")
    return array


def _standing(standing: ArrayLike, n_frames: int, feet: tuple[int, ...]) -> Bool[np.ndarray, "T F"]:
    try:
        stands = np.asarray(standing)
    except ValueError:  # rows of different length
        stands = np.empty(0)
    if stands.dtype != bool or stands.shape != (n_frames, feet[1]) or feet[0] != n_frames:
        raise InputError(
            f"The feet have shape {feet} for {n_frames} frames and `standing` is {stands.dtype} of "
            f"shape {stands.shape}; give one truth value per frame and foot."
        )
    return stands
