"""Left and right that the detector exchanged: whole bodies by their way, legs where they bounce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float, Shaped
from scipy.ndimage import median_filter

from simgait.clock import frame_rate_hz
from simgait.series.filters import low_pass
from simgait.video.landmarks import HIPS, LEGS, SHOULDERS, LandmarkTrack
from simgait.video.leg_rhythm import rhythm_costs

WINDOW_S = 0.1
"""On each side of a moment, in which legs move along parabolas."""
NOISE = 0.012
"""Of a body size: SD of the 2D landmarks of knees, ankles and toes (on rendered people)."""
ROUGHNESS = 0.036
"""Of a body size: SD of what three pictures' landmarks of a leg bend (noise times √6, and 20 m/s²
of a swinging leg at 30 Hz, .02)."""
MOST_CHANGE = 50.0
"""Squared SD of one picture: a landmark that is lost elsewhere must not decide for all others."""
AGAINST_DETECTOR = 2.0
"""Cost of each picture whose labels are not believed, where 1 is one squared SD."""
RHYTHM_WEIGHT = 0.5
"""Of the squared SD by which a picture is off the walk's rhythm. With 2 and .5 in 23 rendered clips
that are in no benchmark 107 of 4800 pictures have their legs exchanged in the end; as the detector
has them 252, without the rhythm 172. Of .25 to 1, and of 1 to 4 for the cost above, 107 to 168."""
ROUNDS = 3
"""Of looking for a rhythm and for exchanges; more change nothing."""
SIZE_HZ = 1.0
"""Below it, how large a person is in the picture: his distance, not his strides."""


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


def untangled(
    track: LandmarkTrack, straight: Sequence[tuple[int, int]]
) -> tuple[LandmarkTrack, Bool[np.ndarray, " F"]]:
    """The track with legs exchanged back, and where that was.

    First single pictures among others: of three in a row, legs in the right order hardly change
    their speed. Then whole runs: a moment at which labels are exchanged shows as a kink in both
    legs' ways. Over a window, with all labels kept, no parabola fits; with those after the moment
    exchanged, one does. And legs take turns: labels that make them bounce where they meet are
    against the rhythm of the walk. Each time the path of states (kept, exchanged) of least cost is
    found by dynamic programming.

    Args:
        track: of the walker.
        straight: (start, stop) of its straight stretches, each of which has one rhythm.
    """
    n = len(track.frames)
    if n < 3:
        return track, np.zeros(n, bool)
    alone = _out_of_order(track)
    kinks = kink_costs(_with_legs_exchanged(track, alone))
    against = np.where(alone[:, None], [AGAINST_DETECTOR, 0.0], [0.0, AGAINST_DETECTOR])
    back = alone ^ _cheapest(kinks, against)
    for _ in range(ROUNDS):
        rhythm = _rhythm(track, back, straight)
        off = np.where(alone[:, None], rhythm[:, ::-1], rhythm)
        before, back = back, alone ^ _cheapest(kinks, against + RHYTHM_WEIGHT * off)
        if np.array_equal(before, back):
            break
    return _with_legs_exchanged(track, back), back


def _cheapest(
    kinks: tuple[Float[np.ndarray, " F"], Float[np.ndarray, " F"]],
    pictures: Float[np.ndarray, "F 2"],
) -> Bool[np.ndarray, " F"]:
    """Where the second of two states holds on the path of least cost.

    Args:
        kinks: what it costs to stay in a state at each picture, and to leave it.
        pictures: what each picture costs in either state.
    """
    n = len(pictures)
    stay, leave = (np.minimum(one, MOST_CHANGE) for one in kinks)
    cost, came_from = pictures[0], np.zeros((n, 2), int)
    for i in range(1, n):
        total = cost[:, None] + np.array([[stay[i], leave[i]], [leave[i], stay[i]]])
        came_from[i] = total.argmin(axis=0)
        cost = total.min(axis=0) + pictures[i]
    state = np.zeros(n, int)
    state[-1] = int(np.argmin(cost))
    for i in range(n - 1, 0, -1):
        state[i - 1] = came_from[i, state[i]]
    return state == 1


def _rhythm(
    track: LandmarkTrack, back: Bool[np.ndarray, " F"], straight: Sequence[tuple[int, int]]
) -> Float[np.ndarray, "F 2"]:
    """How far pictures are off the rhythm of their stretch, labels kept and exchanged."""
    rate_hz = frame_rate_hz(track.time_s)
    legs = track.image_px[:, LEGS][:, 2:]
    size = low_pass(track.size_px[:, None], rate_hz, SIZE_HZ)
    apart = (legs[:, 0::2] - legs[:, 1::2]).reshape(len(legs), -1) / np.maximum(size, 1.0)
    out = np.zeros((len(legs), 2))
    for start, stop in straight:
        part = slice(start, stop)
        at = track.frames[part] - track.frames[start]
        # Pictures in which nobody was seen lie between those before and after.
        every = np.arange(int(at[-1]) + 1)
        signed = apart[part] * np.where(back[part], -1.0, 1.0)[:, None]
        bridged = np.column_stack([np.interp(every, at, column) for column in signed.T])
        costs = rhythm_costs(bridged, rate_hz)
        as_labelled = np.where(back[part, None], [[1, 0]], [[0, 1]])
        out[part] = np.take_along_axis(np.column_stack(costs)[at], as_labelled, axis=1)
    return out


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
