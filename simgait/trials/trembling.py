"""About which axis a trial's path and points tremble: what a refiner is told of the camera.

A single camera guesses how far away a point is, so that what it says of depth trembles three to
thirty times as much as the rest (`viewing_direction`). Which of a trial's errors are depth's, and
how much its numbers can be trusted, is read off how they tremble, whatever the file says.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.series.jitter import level_trembling_m2
from simgait.types import Trial

LEAST_M, USUAL_M = 1e-4, 1e-2
"""RMS below which trembling is no longer told from rounding (markers' is .1 to .5 mm), and that of
a detector's points."""


def trembling_of(points_m: Float[np.ndarray, "T K A"], fps_hz: float) -> Float[np.ndarray, "3"]:
    """Which way points tremble along the ground, how unevenly, and how much.

    Args:
        points_m: x, y and what else there is, NaN where not known.
        fps_hz: frame rate.

    Returns:
        Cosine and sine of twice the angle between +x and the axis of most trembling, times how
        uneven it is (0 alike in all directions, 1 along one axis); decades by which its RMS is
        above 1 cm. All 0 where nothing is known for a second.
    """
    moments_m2 = level_trembling_m2(points_m, fps_hz)
    total_m2 = float(np.trace(moments_m2))
    if not total_m2 > 0.0:
        return np.zeros(3)
    (xx, xy), (_, yy) = moments_m2
    amount = np.log10(max(np.sqrt(total_m2), LEAST_M) / USUAL_M)
    return np.array([(xx - yy) / total_m2, 2.0 * xy / total_m2, amount])


def trembling_of_trial(trial: Trial) -> Float[np.ndarray, "6"]:
    """That of the path, then that of the points about the pelvis."""
    path = trembling_of(trial.believed_path_m[:, None], trial.fps_hz)
    return np.concatenate([path, trembling_of(trial.keypoints_m, trial.fps_hz)])
