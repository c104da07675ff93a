"""The lens by a distance walked: of all fields of view, the one in which the walk is as long."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.optimize import brentq

from simgait.errors import InputError
from simgait.series.trend import straight_rate
from simgait.skeleton.dimensions import LEG_PER_HEIGHT
from simgait.video.camera import FIELD_OF_VIEW_DEG, Lens
from simgait.video.landmarks import (
    HIPS,
    LEFT_ANKLE,
    LEFT_HIP,
    LEFT_KNEE,
    RIGHT_ANKLE,
    RIGHT_HIP,
    RIGHT_KNEE,
    LandmarkTrack,
)
from simgait.video.placing import placed
from simgait.video.traits import ToJoints

LEAST_EFFECT = 1.5
"""How much longer the walk must be through the narrowest lens than through the widest."""


def lens_for_distance(
    track: LandmarkTrack,
    lens: Lens,
    distance_m: float,
    height_m: float | None,
    where: str,
    to_joints: ToJoints | None = None,
) -> Lens:
    """The lens through which the person walks that far in the video.

    Args:
        track: of the walker.
        lens: of these pictures; its focal length does not matter.
        distance_m: from where the person is first seen to where he is last seen.
        height_m: of the person, which gives the scale.
        where: name of the video.
        to_joints: of the detector, see `traits`.

    Raises:
        InputError: no height, a walk across the picture, which tells nothing of the lens, or a
            distance that no lens explains.
    """
    if height_m is None:
        raise InputError(
            f"{where}: a distance tells the lens only together with the person's height; give "
            "--height, or --fov instead of --distance."
        )

    def walked(degrees: float) -> float:
        points_m = placed(track, lens.of_view(degrees, "distance"))
        return path_length(points_m if to_joints is None else to_joints(points_m), height_m)

    low, high = FIELD_OF_VIEW_DEG.low, FIELD_OF_VIEW_DEG.high
    longest, shortest = walked(low), walked(high)
    if longest < LEAST_EFFECT * shortest:
        raise InputError(
            f"{where}: the person walks across the picture, where a distance or speed tells "
            "nothing of the lens; leave it out and give --fov, or film somebody who comes or goes."
        )
    if not shortest <= distance_m <= longest:
        raise InputError(
            f"{where}: {distance_m:g} m cannot be what the person walks in it, which is "
            f"{walked(60.0):.1f} m through a usual lens; give the distance walked, or the speed, "
            "in this very part, or --fov."
        )
    return lens.of_view(float(brentq(lambda x: walked(x) - distance_m, low, high)), "distance")


def path_length(points_m: Float[np.ndarray, "F 33 3"], height_m: float) -> float:
    """From the first to the last place of the hips (m), in the scale of the person's height."""
    hips = points_m[:, HIPS].mean(axis=1)
    n = max(len(hips) // 20, 1)
    # The ends themselves are noisy; a straight line through all places reaches them.
    at = np.arange(float(len(hips)))
    line = straight_rate(hips[n:-n], at[n:-n]) * at[-1]
    return float(np.linalg.norm(line)) * metres_per_unit(points_m, height_m)


def metres_per_unit(points_m: Float[np.ndarray, "F 33 3"], height_m: float) -> float:
    """True metres in one of the detector's, by the legs of a person of this height."""
    legs = [
        np.median(np.linalg.norm(points_m[:, a] - points_m[:, b], axis=-1))
        + np.median(np.linalg.norm(points_m[:, b] - points_m[:, c], axis=-1))
        for a, b, c in ((LEFT_HIP, LEFT_KNEE, LEFT_ANKLE), (RIGHT_HIP, RIGHT_KNEE, RIGHT_ANKLE))
    ]
    return float(LEG_PER_HEIGHT * height_m / np.mean(legs))
