"""Trunks are upright along the way, whatever a detector makes of their depth."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.video.equations import Equations
from simgait.video.floor import Floor
from simgait.video.leg_prior import HIPS, SHOULDERS

LEAN_SD = 0.1
"""rad: of the way from hips to shoulders, forward or backward of upright. By markers 12 training
people (CMU, McGill) walk with -0.5° on the average, SD 4.2° over people and 1.6° within a walk;
detectors have shoulders and hips elsewhere by some degrees more. The trunks of 58 rendered walks
that are in no benchmark lean 3.5° (RMS) otherwise than in truth, 7.9° without: BlazePose's lean
towards the camera, and those of points without depth to where they are as long as expected. From
.05 to .15 it is the same within .3°; speeds, steps and knees stay."""


def upright(
    equations: Equations,
    points: Float[np.ndarray, "T n 3"],
    ways: Float[np.ndarray, "T 3"],
    tilt: float,
    trunk_m: float,
) -> None:
    """Shoulders lie above hips along the way; the picture tells where it shows that.

    Args:
        equations: get the terms.
        points: of the fit.
        ways: where the person goes.
        tilt: of the floor, see `floor.Floor`. Its roll is left out: cameras are hardly rolled, and
            a way that rises across the picture is told by trunks that do not lean with it.
        trunk_m: from hips to shoulders.
    """
    numbers = np.arange(points.shape[0] * points.shape[1]).reshape(points.shape[:2])
    up = Floor(0.0, tilt, 0.0).up
    level = ways - (ways @ up)[:, None] * up
    along = level / np.linalg.norm(level, axis=1, keepdims=True) / (LEAN_SD * trunk_m)
    trunk = points[:, SHOULDERS].mean(axis=1) - points[:, HIPS].mean(axis=1)
    half = 0.5 * along[:, None]
    equations.add(
        (trunk * along).sum(axis=1, keepdims=True),
        [*((numbers[:, k], half) for k in SHOULDERS), *((numbers[:, k], -half) for k in HIPS)],
    )
