"""Zero-phase Butterworth filters: forwards and backwards, so that nothing is delayed.

Two passes double the order, and halve the power once more at the cut-off frequency (Winter 2009,
Biomechanics and Motor Control of Human Movement, ch. 2.2.4.4).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float
from scipy.signal import butter, sosfiltfilt

from simgait.series.runs import runs_of_true

PADDING_PERIODS = 3.0
"""Both ends are extended by this many periods of the cut-off frequency unless a caller asks for
another extension. The filter forgets by exp(-2 pi t f / sqrt 2): after three periods two
millionths of what it started with are left."""


def low_pass(
    values: Float[np.ndarray, "T ..."],
    fps_hz: float,
    cutoff_hz: float,
    *,
    padding_samples: int | None = None,
    min_samples: int = 2,
) -> Float[np.ndarray, "T ..."]:
    """Fourth-order (in effect) low-pass over the first axis, on each run of known samples.

    Callers differ in how they treat ends, because they filter different things. A recording that
    is to be slowed down takes the default. Fitted poses have cut-offs of 1.5 to 8 Hz, and a few
    seconds; three periods of the lowest are 2 s, so they are extended by 0.4 s (`padding_samples`)
    whatever the cut-off, and what is shorter than that stays as it is (`min_samples`). Forces
    begin and end under load, and swing with every step; they are extended by one period only,
    which is less than a step.

    Args:
        values: (T, ...) any unit, evenly spaced. A sample is missing where any component along the
            last axis is NaN ((T,): where it is NaN itself); it stays missing.
        fps_hz: sampling rate.
        cutoff_hz: of one pass; from half the sampling rate on nothing is filtered.
        padding_samples: by how many samples ends are extended, point-symmetric about the end; a
            shorter run by all it has. None: `PADDING_PERIODS`.
        min_samples: shorter runs are left as they are.

    Returns:
        Values of the same shape; NaN in every component of a missing sample.
    """
    if cutoff_hz >= 0.5 * fps_hz:
        return np.array(values, dtype=float)
    if padding_samples is None:
        padding_samples = int(np.ceil(PADDING_PERIODS * fps_hz / cutoff_hz))
    sections = _butterworth(2, "lowpass", float(cutoff_hz), float(fps_hz)).copy()
    points = _as_points(values)
    out = np.where(np.isfinite(points).all(axis=-1, keepdims=True), points, np.nan)
    for columns, start, stop in _runs(points):
        piece = points[start:stop, columns]
        if stop - start >= max(min_samples, 2):
            padding = min(padding_samples, stop - start - 1)
            out[start:stop, columns] = sosfiltfilt(sections, piece, axis=0, padlen=padding)
    return out.reshape(values.shape)


def high_pass(
    values: Float[np.ndarray, "T ..."], fps_hz: float, cutoff_hz: float, *, min_samples: int
) -> Float[np.ndarray, "T ..."]:
    """Eighth-order (in effect) high-pass over the first axis, on each run of known samples.

    Steep, because it weighs the little that lies above the cut-off against walking, which holds
    hundreds of times its power just below.

    Args:
        values: (T, ...) as in `low_pass`.
        fps_hz: sampling rate.
        cutoff_hz: of one pass.
        min_samples: shorter runs have no answer and become NaN.
    """
    sections = _butterworth(4, "highpass", float(cutoff_hz), float(fps_hz)).copy()
    points = _as_points(values)
    out = np.full(points.shape, np.nan)
    for columns, start, stop in _runs(points):
        if stop - start >= min_samples:
            out[start:stop, columns] = sosfiltfilt(sections, points[start:stop, columns], axis=0)
    return out.reshape(values.shape)


@lru_cache(maxsize=64)
def _butterworth(
    order: int, kind: str, cutoff_hz: float, fps_hz: float
) -> Float[np.ndarray, "sections 6"]:
    """Second-order sections; a walk asks for the same few filters a dozen times."""
    return np.asarray(butter(order, cutoff_hz, btype=kind, fs=fps_hz, output="sos"))


def _as_points(values: Float[np.ndarray, "T ..."]) -> Float[np.ndarray, "T K C"]:
    """(T, K, C): the last axis holds components of one sample, those between run side by side."""
    components = values.shape[-1] if values.ndim > 1 else 1
    return np.asarray(values, dtype=float).reshape(len(values), -1, components)


def _runs(points: Float[np.ndarray, "T K C"]) -> list[tuple[slice | list[int], int, int]]:
    """(columns, start, stop) of the runs of known samples; columns known alike go together."""
    known = np.isfinite(points).all(axis=-1)
    if known.all():
        return [(slice(None), 0, len(points))]
    alike: dict[tuple[int, int], list[int]] = {}
    for column in range(points.shape[1]):
        for start, stop in runs_of_true(known[:, column]):
            alike.setdefault((start, stop), []).append(column)
    return [(columns, start, stop) for (start, stop), columns in alike.items()]
