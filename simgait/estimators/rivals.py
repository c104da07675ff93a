"""Trivial rivals: the mean of the people who were learned from, and ridge regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

PENALTIES = tuple(10.0**k for k in range(-4, 5))
"""Per row, of standardised features; the best by leave-one-out is taken."""
PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)
LEAST_SD = 1e-6
"""Of a feature in training; one that varies less is constant but for rounding."""


def summary_features(windows: Float[np.ndarray, "W T C"]) -> Float[np.ndarray, "W F"]:
    """Mean, SD, percentiles and mean absolute step of every column: what a ridge can use.

    A window begins anywhere in a gait cycle, so that its frames one by one mean nothing to a
    linear rule.
    """
    parts = [
        windows.mean(axis=1, keepdims=True),
        windows.std(axis=1, keepdims=True),
        np.abs(np.diff(windows, axis=1)).mean(axis=1, keepdims=True),
        np.percentile(windows, PERCENTILES, axis=1).transpose(1, 0, 2),
    ]
    return np.concatenate(parts, axis=1).reshape(len(windows), -1)


@dataclass(frozen=True)
class Ridge:
    """A linear rule of standardised features."""

    feature_mean: Float[np.ndarray, " F"]
    feature_sd: Float[np.ndarray, " F"]
    weights: Float[np.ndarray, "F K"]
    intercept: Float[np.ndarray, " K"]

    def __call__(self, features: Float[np.ndarray, "W F"]) -> Float[np.ndarray, "W K"]:
        """What it says of rows of features."""
        return (features - self.feature_mean) / self.feature_sd @ self.weights + self.intercept


def fit_ridge(features: Float[np.ndarray, "W F"], targets: Float[np.ndarray, "W K"]) -> Ridge:
    """Ridge regression (Hoerl & Kennard 1970), each target's penalty by leave-one-out errors.

    Args:
        features: rows to learn from.
        targets: NaN where a row does not say one; such rows have no part in it.
    """
    mean = features.mean(axis=0)
    sd = np.maximum(features.std(axis=0), LEAST_SD)
    weights = np.zeros((features.shape[1], targets.shape[1]))
    intercept = np.zeros(targets.shape[1])
    known = np.isfinite(targets)
    # Targets that the same rows say share a decomposition.
    for mask in np.unique(known.T, axis=0):
        rows = (features[mask] - mean) / sd
        middle = rows.mean(axis=0)
        parts = np.linalg.svd(rows - middle, full_matrices=False)
        for column in np.flatnonzero((mask == known.T).all(axis=1)):
            target = np.asarray(targets[mask, column], float)
            value = float(target.mean())
            weights[:, column] = _weights(parts, target - value)
            intercept[column] = value - middle @ weights[:, column]
    return Ridge(mean, sd, weights, intercept)


Parts = tuple[np.ndarray, np.ndarray, np.ndarray]


def _weights(parts: Parts, target: Float[np.ndarray, " W"]) -> Float[np.ndarray, " F"]:
    """Weights for centred rows by the penalty whose leave-one-out errors are least.

    Args:
        parts: singular value decomposition of the rows.
        target: centred.
    """
    left, size, right = parts
    rows = len(left)
    projected = left.T @ target
    best, found = np.inf, np.zeros(right.shape[1])
    for penalty in PENALTIES:
        kept = size**2 / (size**2 + penalty * rows)
        residual = target - left @ (kept * projected)
        leverage = 1.0 / rows + np.square(left) @ kept
        error = float(np.mean(np.square(residual / np.maximum(1.0 - leverage, 1e-9))))
        if error < best:
            inverse = size / (size**2 + penalty * rows)
            best, found = error, right.T @ (inverse * projected)
    return found
