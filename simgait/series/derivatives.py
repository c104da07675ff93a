"""Rates of change over a window, and the integral that undoes a rate."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.signal import savgol_filter


def windowed_rate(
    values: Float[np.ndarray, "T C"], window_s: float, fps_hz: float
) -> Float[np.ndarray, "T C"]:
    """Change per second: the slope of the straight line through the window around each frame.

    Where the window is longer than the values, central differences (Savitzky & Golay 1964, Anal.
    Chem. 36:1627-1639). No NaN allowed.
    """
    window = max(3, int(round(window_s * fps_hz)) | 1)
    if len(values) < window:
        return np.asarray(np.gradient(values, 1.0 / fps_hz, axis=0))
    out = savgol_filter(values, window, 1, deriv=1, delta=1.0 / fps_hz, axis=0, mode="interp")
    return np.asarray(out)


def integrate(rate: Float[np.ndarray, "T C"], fps_hz: float) -> Float[np.ndarray, "T C"]:
    """What changes at `rate` (per second), by the trapezoidal rule, starting at 0."""
    steps = 0.5 * (rate[1:] + rate[:-1]) / fps_hz
    return np.concatenate([np.zeros((1, rate.shape[1])), np.cumsum(steps, axis=0)])
