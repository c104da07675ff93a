"""Where the Sternum keypoint lies between the landmarks that a source has."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height

# Jugular notch and acromion lie at 0.818 of height, the hip joint at 0.530 (Winter 2009, fig 4.1).
SHOULDER_LEVEL_PER_HEIGHT = 0.818 - 0.530
_STERNUM_PER_HEIGHT = TRIMMED_HUMANOID.site("Sternum").at.z.of(dimensions_from_height(1.0))
STERNUM_PER_SHOULDER_LEVEL = _STERNUM_PER_HEIGHT / SHOULDER_LEVEL_PER_HEIGHT


def sternum_from_markers(
    markers: dict[str, Float[np.ndarray, "T 3"]], mid_hip: Float[np.ndarray, "T 3"]
) -> tuple[Float[np.ndarray, "T 3"], str] | None:
    """The Sternum keypoint (T, 3) and a note, or None where no pair of landmarks spans the trunk.

    The skeleton's Sternum lies inside the chest, half-way between the level of the jugular notch
    and of the xiphoid. With CLAV, C7, STRN and T10 it is their mean; with only the upper pair or
    the shoulders it is moved down the line to mid-hip in proportion. A front or back marker alone
    is not used: it lies a hand's breadth off the trunk's axis.
    """

    def pair(first: str, second: str) -> Float[np.ndarray, "T 3"] | None:
        if first in markers and second in markers:
            return 0.5 * (markers[first] + markers[second])
        return None

    upper, lower = pair("CLAV", "C7"), pair("STRN", "T10")
    if upper is not None and lower is not None:
        return 0.5 * (upper + lower), "Sternum is the mean of CLAV, C7, STRN and T10."
    for point, what in ((upper, "CLAV and C7"), (pair("LSHO", "RSHO"), "the shoulder markers")):
        if point is not None:
            scaled = mid_hip + STERNUM_PER_SHOULDER_LEVEL * (point - mid_hip)
            return scaled, f"Sternum is {STERNUM_PER_SHOULDER_LEVEL:.2f} of the way to {what}."
    return None
