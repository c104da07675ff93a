"""Forces as they are reported: ground reaction without ringing, and the help from outside."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from simgait.clock import frame_rate_hz
from simgait.errors import InputError
from simgait.series.filters import low_pass

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
    rate_hz = frame_rate_hz(time_s)
    return low_pass(force, rate_hz, cutoff_hz, padding_samples=int(rate_hz / cutoff_hz))


def residual_force_percent_bw(force_n: ArrayLike, body_weight_n: float) -> float:
    """Root mean square over frames of the norm of the residual force, % of body weight.

    Args:
        force_n: (T, 3) on the pelvis, from outside: what neither floor nor gravity give.
        body_weight_n: weight, not mass.

    Returns:
        NaN without frames.

    Raises:
        InputError: another shape, a value that is not finite, or a weight that is not positive.
    """
    return 100.0 * _rms_norm(force_n, "force") / _positive(body_weight_n, "body weight", "N")


def residual_moment_percent_bw_height(
    moment_nm: ArrayLike, body_weight_n: float, height_m: float
) -> float:
    """The same of the residual moment, (T, 3), % of body weight x height."""
    size = _positive(body_weight_n, "body weight", "N") * _positive(height_m, "height", "m")
    return 100.0 * _rms_norm(moment_nm, "moment") / size


def _rms_norm(vectors: ArrayLike, name: str) -> float:
    try:
        frames = np.asarray(vectors, dtype=np.float64)
    except (TypeError, ValueError):
        frames = np.empty(0)
    if frames.ndim != 2 or frames.shape[1] != 3 or not np.isfinite(frames).all():
        raise InputError(
            f"The residual {name} has shape {frames.shape}; give finite numbers, three per frame."
        )
    return float(np.sqrt(np.mean(np.sum(frames**2, axis=-1)))) if len(frames) else float("nan")


def _positive(value: float, name: str, unit: str) -> float:
    if not (np.isfinite(value) and value > 0):
        raise InputError(f"The {name} is {value} {unit}; give a positive number.")
    return float(value)
