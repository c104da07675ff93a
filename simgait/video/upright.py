"""Trunks are upright along the way, whatever a detector makes of their depth."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.video.equations import Equations
from simgait.video.leg_prior import HIPS, SHOULDERS

LEAN_SD = 0.1
"""rad: of the way from hips to shoulders, forward or backward of upright. By markers 12 training
people (CMU, McGill) walk with -0.5° on the average, SD 4.2° over people and 1.6° within a walk;
detectors have shoulders and hips elsewhere by some degrees more. With .05, .1 and .15 the trunks of
58 rendered walks that are in no benchmark lean 3.4, 3.3 and 3.3° (RMS) otherwise than in truth, 7.9
without: BlazePose's lean towards the camera, and those whose depth nobody knows to where they are
as long as expected. Speeds, steps and knees stay."""


def upright(
    equations: Equations,
    points: Float[np.ndarray, "T n 3"],
    ways: Float[np.ndarray, "T 3"],
    up: Float[np.ndarray, " 3"],
    trunk_m: float,
) -> None:
    """Shoulders lie above hips along the way; the picture tells where it shows that.

    Args:
        equations: get the terms.
        points: of the fit.
        ways: where the person goes.
        up: away from the floor.
        trunk_m: from hips to shoulders.
    """
    numbers = np.arange(points.shape[0] * points.shape[1]).reshape(points.shape[:2])
    level = ways - (ways @ up)[:, None] * up
    along = level / np.linalg.norm(level, axis=1, keepdims=True) / (LEAN_SD * trunk_m)
    trunk = points[:, SHOULDERS].mean(axis=1) - points[:, HIPS].mean(axis=1)
    half = 0.5 * along[:, None]
    equations.add(
        (trunk * along).sum(axis=1, keepdims=True),
        [*((numbers[:, k], half) for k in SHOULDERS), *((numbers[:, k], -half) for k in HIPS)],
    )
