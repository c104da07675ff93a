"""Directions, and angles between them and over time."""

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


def unit(vectors: Float[np.ndarray, "... D"]) -> Float[np.ndarray, "... D"]:
    """Vectors of length 1 in the same directions; a vector without a length stays one."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9))


def angle_between(
    a: Float[np.ndarray, "*n 3"], b: Float[np.ndarray, "*n 3"]
) -> Float[np.ndarray, "*n"]:
    """Angle (rad, 0 to pi) between vectors of any length; NaN where one is missing or zero."""
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = (a * b).sum(axis=-1) / lengths
    return np.arccos(np.clip(cosine, -1.0, 1.0))
