"""Values at other times than those they were taken at.

`resample` puts a whole recording on another clock; `local_cubic` reads a signal at a few times.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float
from scipy.interpolate import CubicSpline

from simgait.series.filters import low_pass
from simgait.series.runs import runs_of_true

REGULAR_TOLERANCE = 0.02
"""Steps of an even clock differ from their median by no more than this share."""


def _spline(
    time_s: Float[np.ndarray, " N"],
    values: Float[np.ndarray, "N ..."],
    at_s: Float[np.ndarray, " M"],
) -> Float[np.ndarray, "M ..."]:
    if len(time_s) >= 4:
        return np.asarray(CubicSpline(time_s, values, axis=0)(at_s))
    if len(time_s) == 1:
        return np.repeat(values, len(at_s), axis=0)
    right = np.clip(np.searchsorted(time_s, at_s), 1, len(time_s) - 1)
    weight = (at_s - time_s[right - 1]) / (time_s[right] - time_s[right - 1])
    weight = weight.reshape(-1, *([1] * (values.ndim - 1)))
    return np.asarray((1.0 - weight) * values[right - 1] + weight * values[right])


def linear(
    values: Float[np.ndarray, "T C"], time_s: Float[np.ndarray, " T"], at_s: Float[np.ndarray, " N"]
) -> Float[np.ndarray, "N C"]:
    """Straight lines between samples; beyond the ends the end's value; NaN beside a NaN."""
    return np.stack([np.interp(at_s, time_s, column) for column in values.T], axis=-1)


def interpolate(
    values: Float[np.ndarray, "T K C"],
    time_s: Float[np.ndarray, " T"],
    at_s: Float[np.ndarray, " N"],
    max_step_s: float,
) -> Float[np.ndarray, "N K C"]:
    """Cubic splines through each run of known samples, straight lines in runs shorter than four.

    NaN outside of the runs. A run ends where the clock skips by more than `max_step_s`.
    """
    if len(time_s) == len(at_s) and np.allclose(time_s, at_s, rtol=0.0, atol=1e-6):
        return np.array(values)
    out = np.full((len(at_s), *values.shape[1:]), np.nan)
    valid = np.isfinite(values).all(axis=-1)
    slack = 1e-6
    groups: list[tuple[Bool[np.ndarray, " T"], slice | int]]
    if (valid == valid[:, :1]).all() and values.shape[1]:
        groups = [(valid[:, 0], slice(None))]
    else:
        groups = [(valid[:, k], k) for k in range(values.shape[1])]
    for mask, columns in groups:
        for start, stop in runs_of_true(mask, time_s=time_s, max_step_s=max_step_s):
            inside = (at_s >= time_s[start] - slack) & (at_s <= time_s[stop - 1] + slack)
            if inside.any():
                out[inside, columns] = _spline(
                    time_s[start:stop], values[start:stop, columns], at_s[inside]
                )
    return out


def resample(
    values: Float[np.ndarray, "T K C"],
    time_s: Float[np.ndarray, " T"],
    at_s: Float[np.ndarray, " N"],
    *,
    cutoff_hz: float,
    max_step_s: float,
) -> Float[np.ndarray, "N K C"]:
    """Values at the times `at_s`, low-passed first where the recording is faster than that clock.

    The filter wants even steps, so irregular stamps are first put on an even clock of their own
    median rate. NaN stays NaN.
    """
    steps = np.diff(time_s)
    step_s, new_step_s = float(np.median(steps)), float(np.median(np.diff(at_s)))
    if step_s * 1.5 < new_step_s:
        if np.abs(steps - step_s).max() > REGULAR_TOLERANCE * step_s:
            even_s = time_s[0] + step_s * np.arange(int((time_s[-1] - time_s[0]) / step_s) + 1)
            values, time_s = interpolate(values, time_s, even_s, max_step_s), even_s
        values = low_pass(values, 1.0 / step_s, cutoff_hz)
    return interpolate(values, time_s, at_s, max_step_s)


def nearest(
    values: np.ndarray, time_s: Float[np.ndarray, " T"], at_s: Float[np.ndarray, " N"]
) -> np.ndarray:
    """The values of the frames nearest in time (masks, contacts, confidences)."""
    right = np.clip(np.searchsorted(time_s, at_s), 1, len(time_s) - 1)
    left_is_nearer = at_s - time_s[right - 1] <= time_s[right] - at_s
    return np.asarray(values[np.where(left_is_nearer, right - 1, right)])


def local_cubic(
    values: Float[np.ndarray, "T ..."],
    time_s: Float[np.ndarray, " T"],
    at_s: Float[np.ndarray, " N"],
) -> Float[np.ndarray, "N ..."]:
    """Values at times between samples, each from its neighbours alone.

    Unlike a spline through a whole run (`interpolate`), a missing sample changes nothing further
    than two samples away. Cubic through the four neighbours, linear where one of them is missing,
    NaN where one of the two nearest is (a sample that is hit exactly needs no neighbour), or
    outside the recording.
    """
    at = np.atleast_1d(np.asarray(at_s, dtype=float))
    shape = (len(at),) + (1,) * (values.ndim - 1)
    inside = np.isfinite(at) & (at >= time_s[0] - 1e-9) & (at <= time_s[-1] + 1e-9)
    safe = np.where(inside, at, time_s[0])
    low = np.clip(np.searchsorted(time_s, safe, side="right") - 1, 0, len(time_s) - 2)
    u = ((safe - time_s[low]) / (time_s[low + 1] - time_s[low])).reshape(shape)
    v0, v1 = values[low], values[low + 1]
    # A sample that is hit exactly needs no neighbour, which may be missing.
    linear = np.where(u <= 0, v0, np.where(u >= 1, v1, v0 * (1 - u) + v1 * u))
    has_four = ((low >= 1) & (low + 2 < len(time_s))).reshape(shape)
    before, after = values[np.maximum(low - 1, 0)], values[np.minimum(low + 2, len(time_s) - 1)]
    cubic = (
        before * (-u * (u - 1) * (u - 2) / 6)
        + v0 * ((u + 1) * (u - 1) * (u - 2) / 2)
        + v1 * (-(u + 1) * u * (u - 2) / 2)
        + after * ((u + 1) * u * (u - 1) / 6)
    )
    result = np.where(has_four & np.isfinite(cubic), cubic, linear)
    return np.where(inside.reshape(shape), result, np.nan)
