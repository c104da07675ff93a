"""Angles over time."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def unwrap(angles_rad: Float[np.ndarray, "T A"]) -> Float[np.ndarray, "T A"]:
    """Angles (rad) without jumps of whole turns along time; `np.unwrap` that steps over NaN."""
    out = np.array(angles_rad)
    for column in out.T:
        known = np.isfinite(column)
        column[known] = np.unwrap(column[known])
    return out


def near_zero(angles_rad: Float[np.ndarray, "T A"]) -> Float[np.ndarray, "T A"]:
    """Whole turns taken off each column, so that its median lies within half a turn of zero."""
    out = np.array(angles_rad)
    for column in out.T:
        known = np.isfinite(column)
        if known.any():
            column -= 2.0 * np.pi * np.round(np.median(column[known]) / (2.0 * np.pi))
    return out
