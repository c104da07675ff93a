"""A clock that is said against the file's own: what is said wins, and a note says so."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.limits import FPS_HZ
from simgait.option_names import option

RATES_AGREE = 0.02
"""Share by which two rates may differ: rounded rates (59.94 as 60) differ by less."""
LEAST_LATE_S = 0.001
"""Nobody's numbers depend on less."""


def rate_notes(said_hz: float, file_time_s: np.ndarray) -> tuple[str, ...]:
    """A sentence where the frame rate that is said is not that of the file's time stamps.

    Args:
        said_hz: so many frames a second.
        file_time_s: time stamps as they stand in the file; nothing is known of them.
    """
    used = f"Frame rate: the {said_hz:.6g} Hz given were used, though the file's time stamps"
    if file_time_s.dtype.kind not in "fiu" or file_time_s.size < 2:
        return ()
    time_s = file_time_s.ravel().astype(float)
    steps_s = np.diff(time_s)
    if not (steps_s > 0.0).all():
        return (f"{used} are others, some of which are missing or do not rise.",)
    step_s = float(np.median(steps_s))
    if 1.0 / step_s not in FPS_HZ:
        return (f"{used}, {step_s:.6g} apart, are others, which cannot be seconds.",)
    apart_s = np.abs(time_s - time_s[0] - np.arange(len(time_s)) / said_hz).max()
    if apart_s <= max(LEAST_LATE_S, rounding_s(time_s, said_hz)):
        return ()
    if abs(1.0 / step_s / said_hz - 1.0) > RATES_AGREE:
        return (f"{used} run at {1.0 / step_s:.4g} Hz.",)
    return (f"{used} lie up to {apart_s:.2g} s from even ones at that rate.",)


def two_rates_notes(stated_hz: float, called: str, time_s: np.ndarray) -> tuple[str, ...]:
    """A sentence where a file's time stamps run at another rate than the one that it states.

    Args:
        stated_hz: by the file; NaN where it states none.
        called: what the file calls it.
        time_s: (T,) its time stamps in seconds, which are used; nothing is known of them.
    """
    if time_s.dtype.kind not in "fiu" or time_s.size < 2:
        return ()
    step_s = float(np.median(np.diff(time_s.ravel().astype(float))))
    if not stated_hz > 0.0 or not step_s > 0.0 or abs(stated_hz * step_s - 1.0) <= RATES_AGREE:
        return ()
    return (
        f"{called} is {stated_hz:g} Hz, but the times run at {1.0 / step_s:.4g} Hz; the times were "
        f"used: say the frame rate in Hz with {option('fps_hz')} where they are wrong.",
    )


def rounding_s(time_s: Float[np.ndarray, " T"], rate_hz: float) -> float:
    """How far from even time stamps may lie that were rounded: a quarter of a frame or more (s).

    Files round to 2 or 3 decimals: 150 Hz reads 0.000, 0.007, 0.013, and steps of 7 ms alone would
    be 143 Hz.
    """
    decimals = next((d for d in range(1, 7) if np.allclose(np.round(time_s, d), time_s)), 6)
    return max(0.25 / rate_hz, 0.51 * 10.0**-decimals)
