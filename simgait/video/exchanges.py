"""Left and right that the detector exchanged: whole bodies by their way, legs where they bounce."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float, Shaped
from scipy.ndimage import median_filter

from simgait.video.landmarks import HIPS, LEGS, SHOULDERS, LandmarkTrack

WINDOW_S = 0.1
"""On each side of a moment, in which legs move along parabolas."""
NOISE = 0.012
"""Of a body size: SD of the 2D landmarks of knees, ankles and toes (on rendered people)."""
ROUGHNESS = 0.036
"""Of a body size: SD of what three pictures' landmarks of a leg bend (noise times √6, and 20 m/s²
of a swinging leg at 30 Hz, .02)."""
MOST_CHANGE = 50.0
"""Squared SD of one picture: a landmark that is lost elsewhere must not decide for all others."""
AGAINST_DETECTOR = 1.0
"""Cost of each picture whose labels are not believed, where 1 is one squared SD. A detector's
mistakes come in runs, so that a picture is worth less than one alone would be: with 2 a run of a
second was believed in the film of `simgait demo`. On 26 clips of videobench-v1 .5, 1 and 2 give
speeds off by .047, .046 and .046 m/s, knees by 9.8, 9.6 and 9.6°."""


SEEN_ACROSS = 0.5
"""Of the distance from left to right side, that the picture shows: from there on it tells them
apart."""
AGAINST_WAY = 0.12
"""Of a body size: hips and shoulders together the wrong way round by so much are exchanged. The
right way round they are .5 apart on rendered people who come or go."""
FIRST_OF_BODY = SHOULDERS[0]
"""From there on landmarks lie in pairs, left before right."""
STEADY_S = 0.25
"""Over which their order is looked at: nobody turns round and back within."""


def turned_to_way(
    track: LandmarkTrack,
    across: Float[np.ndarray, " F"],
    rate_hz: float,
) -> tuple[LandmarkTrack, Bool[np.ndarray, " F"]]:
    """The track with bodies exchanged back that were taken for their own backs, and where.

    Who comes has the left side on the picture's right, who goes on its left. Seen the wrong way
    round, sides are exchanged and depths reversed.

    Args:
        track: of the walker.
        across: how far the person's left points to the picture's right, -1 to 1; 0 = not known.
        rate_hz: of the pictures.
    """
    apart = sum(
        track.image_px[:, a, 0] - track.image_px[:, b, 0] for a, b in (HIPS, SHOULDERS)
    ) / np.maximum(track.size_px, 1.0)
    against = median_filter(
        -np.sign(across) * apart, size=2 * round(STEADY_S * rate_hz / 2) + 1, mode="nearest"
    )
    back = (np.abs(across) > SEEN_ACROSS) & (against > AGAINST_WAY)
    image, confidence = track.image_px.copy(), track.confidence.copy()
    world = track.world_m.copy()
    for values in (image, world, confidence):
        values[back, FIRST_OF_BODY:] = _other_way_round(values[back, FIRST_OF_BODY:])
    world[back, :, 2] *= -1.0
    return replace(track, image_px=image, world_m=world, confidence=confidence), back


def untangled(track: LandmarkTrack) -> tuple[LandmarkTrack, Bool[np.ndarray, " F"]]:
    """The track with legs exchanged back, and where that was.

    First single pictures among others: of three in a row, legs in the right order hardly change
    their speed. Then whole runs: a moment at which labels are exchanged shows as a kink in both
    legs' ways. Over a window, with all labels kept, no parabola fits; with those after the moment
    exchanged, one does. Both times the path of states (kept, exchanged) of least cost is found by
    dynamic programming.
    """
    n = len(track.frames)
    if n < 3:
        return track, np.zeros(n, bool)
    alone = _out_of_order(track)
    ordered = _with_legs_exchanged(track, alone)
    kept, exchanged = kink_costs(ordered)
    cost, came_from = np.array([0.0, AGAINST_DETECTOR]), np.zeros((n, 2), int)
    for i in range(1, n):
        steps = np.array([[kept[i], exchanged[i]], [exchanged[i], kept[i]]])
        total = cost[:, None] + steps
        came_from[i] = total.argmin(axis=0)
        believed = np.array([0.0, AGAINST_DETECTOR])
        cost = total.min(axis=0) + (believed[::-1] if alone[i] else believed)
    state = np.zeros(n, int)
    state[-1] = int(np.argmin(cost))
    for i in range(n - 1, 0, -1):
        state[i - 1] = came_from[i, state[i]]
    back = alone ^ (state == 1)
    return _with_legs_exchanged(track, back), back


def _out_of_order(track: LandmarkTrack) -> Bool[np.ndarray, " F"]:
    """Pictures whose legs are exchanged against those just before and after.

    States are the orders of two pictures in a row; what a third one adds is how much the legs'
    speed changes, in squared SD. Runs of pictures keep or lose their order as a whole: which is
    right is asked afterwards.
    """
    n = len(track.frames)
    legs = _legs(track) / ROUGHNESS
    orders = np.stack([legs, _other_way_round(legs)])
    cost = np.array([[0.0, AGAINST_DETECTOR], [AGAINST_DETECTOR, 2 * AGAINST_DETECTOR]])
    came_from = np.zeros((n, 2, 2), int)
    for i in range(2, n):
        bent = (
            orders[:, None, None, i - 2]
            - 2 * orders[None, :, None, i - 1]
            + orders[None, None, :, i]
        )
        together = track.frames[i] - track.frames[i - 2] == 2
        change = (bent**2).sum(axis=(-2, -1)) / 8 if together else np.zeros((2, 2, 2))
        total = cost[:, :, None] + np.minimum(change, MOST_CHANGE)
        came_from[i] = total.argmin(axis=0)
        cost = total.min(axis=0) + [0.0, AGAINST_DETECTOR]
    state = np.zeros(n, int)
    state[-2], state[-1] = np.unravel_index(int(np.argmin(cost)), (2, 2))
    for i in range(n - 1, 1, -1):
        state[i - 2] = came_from[i, state[i - 1], state[i]]
    return state == 1


def _legs(track: LandmarkTrack) -> Float[np.ndarray, "F 8 2"]:
    """Knees, ankles, heels and toes in body sizes; relative to the hips: travel is no kink."""
    legs = track.image_px[:, LEGS][:, 2:] - track.mid_hip_px[:, None]
    return np.asarray(legs / np.maximum(np.median(track.size_px), 1.0))


def kink_costs(
    track: LandmarkTrack,
) -> tuple[Float[np.ndarray, " F"], Float[np.ndarray, " F"]]:
    """How badly parabolas fit around each picture, labels kept, and exchanged from it on.

    In squared SD, for both legs together; 0 near the ends and in gaps, where nothing is known.
    """
    n = len(track.frames)
    kept, exchanged = np.zeros(n), np.zeros(n)
    if n < 3:
        return kept, exchanged
    step_s = float(np.median(np.diff(track.time_s)))
    half = max(round(WINDOW_S / step_s), 2)
    legs = _legs(track) / NOISE
    other = _other_way_round(legs)
    at = np.arange(2 * half) - half + 0.5
    basis = np.linalg.qr(np.vander(at, 3))[0]
    for i in range(half, n - half + 1):
        if i == n or track.frames[i + half - 1] - track.frames[i - half] != 2 * half - 1:
            continue
        before = legs[i - half : i]
        for out, after in ((kept, legs), (exchanged, other)):
            ways = np.concatenate([before, after[i : i + half]]).reshape(2 * half, -1)
            out[i] = ((ways - basis @ (basis.T @ ways)) ** 2).sum() / 8
    return kept, exchanged


def _other_way_round(points: Shaped[np.ndarray, "F k ..."]) -> Shaped[np.ndarray, "F k ..."]:
    """Points that lie in pairs, left before right, with left and right in each other's place."""
    pairs = points.reshape(len(points), points.shape[1] // 2, 2, *points.shape[2:])
    return np.asarray(pairs[:, :, ::-1].reshape(points.shape))


def _with_legs_exchanged(track: LandmarkTrack, where: Bool[np.ndarray, " F"]) -> LandmarkTrack:
    """Left and right landmarks of hips, knees, ankles, heels and toes change places."""
    changed = {}
    for name in ("image_px", "world_m", "confidence"):
        values = getattr(track, name).copy()
        values[where, LEGS] = _other_way_round(values[where][:, LEGS])
        changed[name] = values
    return replace(track, **changed)
