"""What keypoints did while nobody saw them: what they do a stride earlier and later.

Over a tenth of a second a straight line will do. Over half a second a leg swings through, and a
line across the gap is a leg that stands still in the air; walking repeats itself, so the strides
beside the gap tell better.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.trials.bouts import runs

SHORT_GAP_S = 0.1
STRIDE_RANGE_S = (0.5, 2.2)
MIN_CORRELATION = 0.6
AS_GOOD = 0.95


def stride_frames(signal: Float[np.ndarray, " T"], fps_hz: float) -> int | None:
    """Stride time in frames, from the autocorrelation of what both frames of a pair show.

    The shortest lag whose correlation is a peak nearly as high as the highest: two strides
    correlate as well as one.

    Args:
        signal: something that swings once a stride (one foot ahead of the other, m), NaN unseen.
        fps_hz: frame rate.

    Returns:
        None where nothing repeats.
    """
    lags = np.arange(int(STRIDE_RANGE_S[0] * fps_hz), int(STRIDE_RANGE_S[1] * fps_hz) + 1)
    lags = lags[lags < len(signal) - fps_hz / 2]
    found = np.full(len(lags), -1.0)
    for i, lag in enumerate(lags):
        a, b = signal[:-lag], signal[lag:]
        both = np.isfinite(a) & np.isfinite(b)
        if both.sum() >= fps_hz / 2 and a[both].std() > 0 and b[both].std() > 0:
            found[i] = np.corrcoef(a[both], b[both])[0, 1]
    padded = np.concatenate([[-np.inf], found, [-np.inf]])
    peaks = (padded[1:-1] >= padded[:-2]) & (padded[1:-1] >= padded[2:])
    if not len(found) or found.max() < MIN_CORRELATION:
        return None
    return int(lags[np.flatnonzero(peaks & (found >= AS_GOOD * found.max()))[0]])


def _repeated(
    values: Float[np.ndarray, " T"], frames: np.ndarray, stride: int
) -> Float[np.ndarray, " N"]:
    """Mean of what a column shows one stride before and after, else two; NaN where neither."""
    found = np.full(len(frames), np.nan)
    for strides in (1, 2):
        shown = np.full((2, len(frames)), np.nan)
        for row, shift in enumerate((-strides * stride, strides * stride)):
            inside = (frames + shift >= 0) & (frames + shift < len(values))
            shown[row, inside] = values[frames[inside] + shift]
        n = np.isfinite(shown).sum(axis=0)
        mean = np.where(n > 0, np.nansum(shown, axis=0) / np.maximum(n, 1), np.nan)
        found = np.where(np.isfinite(found), found, mean)
    return found


def fill_over_time(
    values: Float[np.ndarray, "T C"], fps_hz: float, stride: int | None = None
) -> Float[np.ndarray, "T C"]:
    """Each column's NaN filled; a column with no value at all stays NaN.

    Short gaps, and all where the stride is unknown, along a straight line. Longer ones as the
    column moves in the strides before and after, moved so that both ends meet. Before a column's
    first and after its last value that value stays.

    Args:
        values: periodic in the stride, as keypoints about the pelvis are.
        fps_hz: frame rate.
        stride: stride time in frames, if known.
    """
    filled = values.copy()
    frames = np.arange(len(values))
    for column in range(values.shape[1]):
        seen = np.isfinite(values[:, column])
        if not seen.any() or seen.all():
            continue
        filled[:, column] = np.interp(frames, frames[seen], values[seen, column])
        for start, stop in runs(~seen):
            inside = start > 0 and stop < len(seen)
            if stride is None or not inside or (stop - start) / fps_hz <= SHORT_GAP_S:
                continue
            around = np.arange(start - 1, stop + 1)
            shown = _repeated(values[:, column], around, stride)
            if np.isfinite(shown).all():
                ends = values[[start - 1, stop], column] - shown[[0, -1]]
                filled[around, column] = shown + np.linspace(ends[0], ends[1], len(around))
    return filled
