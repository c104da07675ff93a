"""The points of a prepared trial as networks and linear rules read them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.types import Trial


def points_in_heights(trial: Trial) -> Float[np.ndarray, "T 23 4"]:
    """Pelvis-centred keypoints in body heights, 0 where missing, and their mask (last column).

    The pelvis path is not among them.
    """
    seen = np.isfinite(trial.keypoints_m).all(axis=-1)
    points = np.where(seen[..., None], trial.keypoints_m, 0.0) / trial.height_m
    return np.concatenate([points, seen[..., None]], axis=-1).astype(np.float32)
