"""The clock of a recording: time stamps that increase at a rate at which people are recorded."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError

MIN_FPS_HZ = 10.0
MAX_FPS_HZ = 2000.0


def check_clock(time_s: Float[np.ndarray, " T"], where: str) -> None:
    """Raise InputError where the time stamps (s) are no clock: NaN, backwards, or no frame rate."""
    if len(time_s) < 2:
        raise InputError(f"{where}: the recording holds {len(time_s)} frames; give a longer one.")
    if not np.isfinite(time_s).all():
        raise InputError(f"{where}: some time stamps are missing (NaN); give one for every frame.")
    steps = np.diff(time_s)
    if (steps <= 0.0).any():
        frame = int(np.argmax(steps <= 0.0)) + 1
        raise InputError(
            f"{where}: time stamps do not increase at frame {frame} "
            f"({time_s[frame - 1]:.3f} s then {time_s[frame]:.3f} s); sort or mend the clock."
        )
    fps = 1.0 / float(np.median(steps))
    if not MIN_FPS_HZ <= fps <= MAX_FPS_HZ:
        raise InputError(
            f"{where}: the frame rate of {fps:.4g} Hz is outside {MIN_FPS_HZ:g} to "
            f"{MAX_FPS_HZ:g} Hz; check that time stamps are in seconds."
        )
