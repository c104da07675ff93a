"""Vertical force of one stance, simulated against what a force plate measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from simgait.agreement.inputs import as_numbers
from simgait.errors import InputError


@dataclass(frozen=True)
class VerticalForceDifference:
    """Simulated minus measured, forces as fractions of body weight.

    Attributes:
        rmse_bw: root mean square difference of the two curves.
        first_peak_bw, second_peak_bw: of the largest values in the first and the second half of
            the stance, each curve's own.
        impulse_bw_s: of the areas under the curves.
    """

    rmse_bw: float
    first_peak_bw: float
    second_peak_bw: float
    impulse_bw_s: float


def vertical_force_difference(
    measured_bw: ArrayLike, simulated_bw: ArrayLike, duration_s: float
) -> VerticalForceDifference:
    """Compare two curves of one stance.

    Args:
        measured_bw: (P,) from contact to foot off in even steps, over the person's weight.
        simulated_bw: (P,) at the same times, over the simulated body's own weight.
        duration_s: of the stance.

    Raises:
        InputError: the curves are not flat lists of finite numbers of one length, have fewer than
            four points, or the duration is not positive.
    """
    measured, simulated = _curve(measured_bw, "measured"), _curve(simulated_bw, "simulated")
    if len(measured) != len(simulated):
        raise InputError(
            f"The measured force has {len(measured)} points and the simulated one "
            f"{len(simulated)}; give both at the same times."
        )
    if not (np.isfinite(duration_s) and duration_s > 0):
        raise InputError(f"The stance lasts {duration_s} s; give a positive duration.")
    half = len(measured) // 2
    difference = simulated - measured
    return VerticalForceDifference(
        rmse_bw=float(np.sqrt(np.mean(difference**2))),
        first_peak_bw=float(simulated[:half].max() - measured[:half].max()),
        second_peak_bw=float(simulated[half:].max() - measured[half:].max()),
        impulse_bw_s=float(np.mean(difference) * duration_s),
    )


def _curve(force_bw: ArrayLike, name: str) -> Float[np.ndarray, " P"]:
    curve = as_numbers(force_bw, f"points of the {name} force")
    if curve.ndim != 1 or len(curve) < 4 or not np.isfinite(curve).all():
        raise InputError(
            f"The {name} force of a stance is not a flat list of at least four finite numbers; "
            "leave out stances that were not seen whole."
        )
    return curve
