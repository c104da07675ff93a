"""The largest and least value of each angle over the cycle, and how far off refined angles are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from simgait.companions.angle_refiner.curves import ANGLES, CurvePairs
from simgait.errors import InputError
from simgait.estimators.intervals import half_width

LARGEST, LEAST = "largest", "least"


def extremes_of(curves: Float[np.ndarray, "N 51 8"]) -> dict[str, Float[np.ndarray, " N"]]:
    """Key ("knee_flexion_largest") -> value (deg) of each curve; NaN where unknown."""
    found = {}
    for column, angle in enumerate(ANGLES):
        own = curves[..., column]
        found[f"{angle}_{LARGEST}"], found[f"{angle}_{LEAST}"] = own.max(axis=1), own.min(axis=1)
    return found


def half_widths_of(pairs: CurvePairs, said: Float[np.ndarray, "N 51 8"]) -> dict[str, float | None]:
    """Half-width (deg) of the interval about each angle, and about its extremes.

    Args:
        pairs: with their truth.
        said: what networks that have not seen the people say of them; NaN of who was not asked.

    Returns:
        None where too few people are known for an interval.
    """
    found: dict[str, float | None] = {}
    error = np.asarray(said, float) - pairs.true
    for column, angle in enumerate(ANGLES):
        found[angle] = _half_width(error[..., column], pairs.people)
    true, told = extremes_of(pairs.true), extremes_of(np.asarray(said, float))
    for key in true:
        found[key] = _half_width((told[key] - true[key])[:, None], pairs.people)
    return found


def _half_width(error: Float[np.ndarray, "N P"], people: tuple[str, ...]) -> float | None:
    known = np.flatnonzero(np.isfinite(error).all(axis=1))
    if not len(known):
        return None
    who = [people[i] for i in known for _ in range(error.shape[1])]
    try:
        return half_width(error[known].ravel(), who)
    except InputError:
        return None


def known_half_widths(widths: Mapping[str, float | None]) -> dict[str, float]:
    """Those that are known."""
    return {key: width for key, width in widths.items() if width is not None}
