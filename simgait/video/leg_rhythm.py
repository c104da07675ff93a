"""Legs take turns: what the rhythm of a whole walk says of which leg is which in one picture."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.video.stride_phase import LEAST_RHYTHM_S, STRIDES_HZ, band_phase

LEAST_SD = 0.02
"""Of a body size: however even a walk is, landmarks scatter by about as much (on rendered people
knees to toes have SDs of .01 to .02)."""
MOST_OFF = 12.0
"""Squared SD of a picture: a landmark that is lost elsewhere must not decide for all others."""
STEADY_S, END_S, AT_END = 1.2, 0.4, 0.05
"""SD of a window in which the phase goes on evenly, and by how much its ends count less, where it
is known from one side only. On the clips named in `exchanges.RHYTHM_WEIGHT` .5 to 2 s leave 113 to
118 pictures exchanged, no window 116; in the film of `simgait demo` 4 to 8, and 8."""
BETTER = 0.6
"""Of what labels leave of their rhythm, what turns leave at most to be believed. On ten rendered
clips from the side that are in no benchmark 118 of 1251 pictures had exchanged legs without turns,
19 with .5 to .8. Of made-up walkers whose legs are exchanged in runs or between meetings 5.3 % stay
wrong without turns, 3.6 with .5, 3.1 with .6 and .7, 3.2 with .8; from .7 on some seen nearly along
the way lose by them."""
MEETING = 0.3
"""Legs' tenth percentile of being apart over their ninetieth, where they meet: a sine has .16."""
ONE_AHEAD = 0.9
"""Of how far legs are apart, summed over pictures: with more on one side some people walk so."""
ROUNDS = 4
"""Of weighting by what is left; the weights no longer change then."""


def rhythm_costs(
    apart: Float[np.ndarray, "T D"], rate_hz: float
) -> tuple[Float[np.ndarray, " T"], Float[np.ndarray, " T"]]:
    """How far each picture is off the walk's rhythm, labels kept and exchanged (squared SD).

    What left is ahead of right by goes up and down once a stride about a mean, in both directions
    of the picture. A sine of the stride's phase and a mean are fitted to every column; pictures
    that fit badly count little. The phase is that of the labelled legs. Where many pictures are
    exchanged that may be none, or that of steps; then legs that take turns, whatever their labels,
    explain the pictures better.

    Args:
        apart: left less right of points of the legs, in body sizes, as they are believed to be.
        rate_hz: of the pictures.

    Returns:
        kept, other: both 0 where the walk is too short for a rhythm.
    """
    n = len(apart)
    if n < LEAST_RHYTHM_S * rate_hz:
        return np.zeros(n), np.zeros(n)
    left, sizes, _ = np.linalg.svd(apart - np.median(apart, axis=0), full_matrices=False)
    phase = _steady(np.unwrap(band_phase(left[:, 0] * sizes[0], rate_hz)), rate_hz)
    fitted, sd, off = _fitted(apart, phase)
    turns = _in_turn(apart, rate_hz)
    if turns is not None:
        in_turn = _fitted(*turns)
        if in_turn[2] < BETTER * off:
            fitted, sd, _ = in_turn
    kept, other = ((((sign * apart - fitted) / sd) ** 2).mean(axis=1) for sign in (1.0, -1.0))
    return np.minimum(kept, MOST_OFF), np.minimum(other, MOST_OFF)


def _fitted(
    apart: Float[np.ndarray, "T D"], phase: Float[np.ndarray, " T"]
) -> tuple[Float[np.ndarray, "T D"], Float[np.ndarray, " D"], float]:
    """Mean and sine of a phase through every column, SD of what they leave, and its mean size."""
    basis = np.column_stack([np.ones(len(apart)), np.cos(phase), np.sin(phase)])
    weight = np.ones((len(apart), 1))
    for _ in range(ROUNDS):
        fitted = basis @ np.linalg.lstsq(basis * weight, apart * weight, rcond=None)[0]
        sd = np.maximum(1.4826 * np.median(np.abs(apart - fitted), axis=0), LEAST_SD)
        off = np.sqrt((((apart - fitted) / sd) ** 2).mean(axis=1, keepdims=True))
        weight = 1.0 / np.maximum(off, 1.0)
    return fitted, sd, float(np.linalg.norm(apart - fitted, axis=1).mean())


def _in_turn(
    apart: Float[np.ndarray, "T D"], rate_hz: float
) -> tuple[Float[np.ndarray, "T D"], Float[np.ndarray, " T"]] | None:
    """The same legs with labels by which they take turns, and the phase of that.

    How far legs are apart does not hang on labels; it goes up and down once a step. From one
    meeting to the next one of them is ahead, then the other. On the whole labels stay as they are.
    None where they do not meet in the picture, or where one of them is ahead throughout.
    """
    along = apart @ np.linalg.svd(apart, full_matrices=False)[2][0]
    near, far = np.percentile(np.abs(along), [10, 90])
    if near > MEETING * far or abs(along.sum()) > ONE_AHEAD * np.abs(along).sum():
        return None
    low, high = STRIDES_HZ
    steps = np.unwrap(band_phase(np.abs(along), rate_hz, (2 * low, 2 * high)))
    phase = 0.5 * _steady(steps, rate_hz)
    sign = np.where(np.cos(phase) * along < 0.0, -1.0, 1.0)
    if float(sign @ np.abs(along)) < 0.0:
        sign = -sign
    return apart * sign[:, None], phase


def _steady(phase: Float[np.ndarray, " T"], rate_hz: float) -> Float[np.ndarray, " T"]:
    """A phase as straight lines over a stride or so around each moment have it."""
    at = np.arange(len(phase)) / rate_hz
    near = np.exp(-0.5 * ((at - at[:, None]) / STEADY_S) ** 2)
    near *= np.clip(np.minimum(at, at[-1] - at) / END_S, AT_END, 1.0)
    near /= near.sum(axis=1, keepdims=True)
    middle, mean = near @ at, near @ phase
    spread = near @ at**2 - middle**2
    return mean + (near @ (at * phase) - middle * mean) / spread * (at - middle)
