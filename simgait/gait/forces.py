"""Ground reaction force as it is reported: the simulated contact force without its ringing."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.signal import butter, sosfiltfilt

FORCE_CUTOFF_HZ = 6.0
"""What is measured of a walk's motion lies below (Winter 2009, Biomechanics and Motor Control of
Human Movement, ch. 3). The body that follows it knows no more: what its contacts ring at above is
the simulation's, not the person's."""


def low_pass_force(
    time_s: Float[np.ndarray, " S"],
    force: Float[np.ndarray, "S ..."],
    cutoff_hz: float = FORCE_CUTOFF_HZ,
) -> Float[np.ndarray, "S ..."]:
    """Second-order Butterworth forwards and backwards: no delay, fourth order in all.

    Args:
        time_s: (S,) evenly spaced.
        force: any unit, time first.
        cutoff_hz: of one pass.
    """
    rate_hz = 1.0 / float(np.median(np.diff(time_s)))
    sections = butter(2, cutoff_hz, fs=rate_hz, output="sos")
    padding = min(len(time_s) - 1, int(rate_hz / cutoff_hz))
    return np.asarray(sosfiltfilt(sections, force, axis=0, padlen=padding))
