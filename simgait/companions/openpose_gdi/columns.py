"""From 2D points of a walk to the columns that the networks read, as Kidzinski et al. 2020.

Gaps are bridged by straight lines, points smoothed by a Gaussian of one frame, counted from the
middle of the hips and divided by the length between hip and knee (mean of both), frame by frame.
Each leg has twelve columns of its own, angles included (in the paper's demonstration program the
right side's angles are the left's). For the right side the picture is mirrored first, so that one
network reads both sides. The published CNN reads the side's own leg; the other networks read both.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float
from scipy.ndimage import gaussian_filter1d

from simgait.errors import InputError
from simgait.series.gaps import bridge
from simgait.series.resampling import linear
from simgait.skeleton.sides import SIDES, Side

FPS_HZ = 25.0
"""Of the paper's videos; others are put on this clock."""
WINDOW, STRIDE = 124, 31
"""Frames of a window, and from one window's begin to the next one's, as in the paper."""
MOST_MISSING = 0.25
"""Of a window's points, as in the paper."""
SMOOTHING_FRAMES = 1.0
JOINTS = ("Hip", "Knee", "Ankle", "Big Toe")
LEG_POINTS: tuple[str, ...] = tuple(f"{s.capitalize()} {joint}" for s in SIDES for joint in JOINTS)
"""Left leg, right leg."""
PUBLISHED = (
    "ankle_x", "ankle_y", "knee_x", "knee_y", "hip_x", "hip_y", "toe_x", "toe_y",
    "knee_angle", "ankle_angle", "toe_to_ankle", "ankles_apart_x",
)  # fmt: skip
"""Of the side itself: all that the published CNN reads."""
COLUMNS = (*PUBLISHED, *(f"other_{name}" for name in PUBLISHED))
"""Of both legs: the side's own, then the other's, in the same picture."""
LEAST_THIGH = 0.25
"""Of the usual thigh: one that points at the camera is no scale for that frame."""
LEAST_THIGH_PX = 8.0
"""A detector's jitter is 1 to 2 px: of a shorter thigh the columns would be mostly that."""

Legs = Float[np.ndarray, "T 8 2"]
"""Points `LEG_POINTS`, px, y down; NaN missing."""


def on_clock(points_px: Legs, fps_hz: float) -> Float[np.ndarray, "N 8 2"]:
    """Points at 25 frames per second; gaps stay gaps."""
    n = len(points_px)
    time_s = np.arange(n) / fps_hz
    at_s = np.arange(int(time_s[-1] * FPS_HZ + 1e-6) + 1) / FPS_HZ
    flat = linear(bridge(points_px).reshape(n, -1), time_s, at_s)
    out = flat.reshape(len(at_s), *points_px.shape[1:])
    nearest = np.clip(np.rint(at_s * fps_hz).astype(int), 0, n - 1)
    out[~np.isfinite(points_px[nearest])] = np.nan
    return out


def side_columns(points_px: Legs, side: Side) -> Float[np.ndarray, "T 24"]:
    """The columns of one side, in thigh lengths and half turns.

    Args:
        points_px: at 25 frames per second.
        side: whose; for the right one the picture is mirrored.

    Raises:
        InputError: a point is never seen, the person is upside down, or too small in the picture.
    """
    missing = [n for k, n in enumerate(LEG_POINTS) if not np.isfinite(points_px[:, k]).any()]
    if missing:
        raise InputError(
            f"{', '.join(missing).lower()}: never seen; the companion needs hips, knees, ankles "
            "and big toes of both sides."
        )
    smooth = gaussian_filter1d(bridge(points_px), SMOOTHING_FRAMES, axis=0, mode="nearest")
    left, right = smooth[:, :4], smooth[:, 4:]
    thigh = 0.5 * sum(np.linalg.norm(leg[:, 0] - leg[:, 1], axis=-1) for leg in (left, right))
    usual_px = float(np.median(thigh))
    if usual_px < LEAST_THIGH_PX:
        raise InputError(
            f"The thighs are {usual_px:.2g} px long; the person is too small in the picture, or "
            "the points are not in its pixels: use the video's full resolution."
        )
    middle = 0.5 * (left[:, 0] + right[:, 0])
    if np.median(0.5 * (left[:, 2, 1] + right[:, 2, 1]) - middle[:, 1]) < 0.0:
        raise InputError(
            "The ankles are above the hips in the picture; points count downward from its top "
            "edge, so turn them or the video."
        )
    scale = np.maximum(thigh, LEAST_THIGH * usual_px)[:, None, None]
    own, other = ((leg - middle[:, None]) / scale for leg in (left, right))
    if side == "right":
        own, other = other * [-1.0, 1.0], own * [-1.0, 1.0]
    apart = own[:, 2, 0] - other[:, 2, 0]
    return np.column_stack([*_leg_columns(own), apart, *_leg_columns(other), -apart])


def _leg_columns(leg: Float[np.ndarray, "T 4 2"]) -> list[Float[np.ndarray, "..."]]:
    """All of `PUBLISHED` but the last, which takes both legs."""
    hip, knee, ankle, toe = (leg[:, k] for k in range(4))
    return [
        ankle, knee, hip, toe,
        _turn(knee - hip, ankle - knee), _turn(ankle - knee, toe - ankle),
        np.linalg.norm(toe - ankle, axis=-1),
    ]  # fmt: skip


def _turn(
    one: Float[np.ndarray, "T 2"], other: Float[np.ndarray, "T 2"]
) -> Float[np.ndarray, " T"]:
    """Angle from one direction to another, half turns: 0 of a straight knee."""
    cross = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return np.asarray(np.arctan2(cross, np.sum(one * other, axis=-1)) / np.pi)


def window_starts(points_px: Legs) -> list[int]:
    """First frames of the windows that show enough.

    Raises:
        InputError: the walk is too short, or too much of it is missing.
    """
    n = len(points_px)
    if n < WINDOW:
        raise InputError(
            f"at its frame rate the walk lasts {n / FPS_HZ:.1f} s and the companion reads "
            f"{WINDOW / FPS_HZ:.1f} s at a time; give a longer one, or the true rate where another "
            "was given."
        )
    missing: Bool[np.ndarray, "T 8"] = ~np.isfinite(points_px).all(axis=-1)
    starts = range(0, n - WINDOW + 1, STRIDE)
    kept = [s for s in starts if missing[s : s + WINDOW].mean(axis=0).max() <= MOST_MISSING]
    if not kept:
        worst = LEG_POINTS[int(missing.mean(axis=0).argmax())].lower()
        raise InputError(
            f"In every {WINDOW / FPS_HZ:.0f} s a point is missing in more than a quarter of the "
            f"frames (most often the {worst}); film the legs whole."
        )
    return kept


def windows_of(points_px: Legs, side: Side) -> Float[np.ndarray, "W 124 24"]:
    """The windows of one side of a walk at 25 frames per second.

    Raises:
        InputError: as `side_columns` and `window_starts`.
    """
    columns = side_columns(points_px, side)
    return np.stack([columns[s : s + WINDOW] for s in window_starts(points_px)]).astype(np.float32)
