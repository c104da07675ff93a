"""When feet stand, by the rhythm of the legs: its phase is right where its size is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.signal import butter, filtfilt, hilbert

STRIDES_HZ = (0.45, 1.5)
"""27 to 90 strides a minute."""
HEEL, TOE, ANKLE = (0.03, 0.33), (0.13, 0.57), (0.10, 0.33)
"""Part of a foot's cycle, from its contact on, in which heel, toe and ankle do not move: the heel
rises at a third of the cycle, the toe leaves at three fifths (Perry & Burnfield 2010)."""
EDGE = 0.03
"""Of a cycle, a frame of 30 Hz: over which a foot comes to stand."""
LEAST_RHYTHM_S = 1.2
"""Of a walk whose rhythm can be told: a stride at a usual pace, and a little."""


@dataclass(frozen=True)
class Standing:
    """How surely heels, toes and ankles stand still, (T, 2) each: left, right, from 0 to 1."""

    heel: Float[np.ndarray, "T 2"]
    toe: Float[np.ndarray, "T 2"]
    ankle: Float[np.ndarray, "T 2"]


def standing(ahead: Float[np.ndarray, " T"], rate_hz: float) -> Standing:
    """When feet stand, by how far the left ankle is before the right along the way.

    Args:
        ahead: in any unit.
        rate_hz: of the pictures.
    """
    share = stride_phase(ahead, rate_hz) / (2 * np.pi)
    cycles = np.column_stack([share, share + 0.5]) % 1.0
    return Standing(*(_within(cycles, part) for part in (HEEL, TOE, ANKLE)))


def stride_phase(
    ahead: Float[np.ndarray, " T"], rate_hz: float, strides_hz: tuple[float, float] = STRIDES_HZ
) -> Float[np.ndarray, " T"]:
    """Phase (rad, 0 where the left foot is foremost) of a signal that repeats with each stride.

    With bounds of its frequency, of any other that repeats.
    """
    n = len(ahead)
    centred = ahead - np.median(ahead)
    limit = 3.0 * np.median(np.abs(centred))
    centred = np.clip(centred, -limit, limit)
    if n < LEAST_RHYTHM_S * rate_hz:
        return np.angle(hilbert(centred))
    spectrum = np.abs(np.fft.rfft(centred * np.hanning(n), 8 * n))
    hz = np.fft.rfftfreq(8 * n, 1.0 / rate_hz)
    allowed = (hz >= strides_hz[0]) & (hz <= strides_hz[1])
    stride_hz = float(hz[allowed][np.argmax(spectrum[allowed])])
    band = np.array([0.5, 1.6]) * stride_hz / (rate_hz / 2)
    numerator, denominator = butter(2, np.minimum(band, 0.95), "band")
    pad = min(n - 1, round(rate_hz / stride_hz))
    return np.angle(hilbert(filtfilt(numerator, denominator, centred, padlen=pad)))


def _within(
    cycles: Float[np.ndarray, "T 2"], part: tuple[float, float]
) -> Float[np.ndarray, "T 2"]:
    """1 within a part of the cycle, 0 outside, with soft edges."""
    inside = np.minimum(cycles - part[0], part[1] - cycles)
    return np.clip(0.5 + inside / EDGE, 0.0, 1.0)
