"""The detectors that exact points can be sent through, by label: one file holds each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.synthetic.detectors import monocular_v1
from simgait.synthetic.detectors.blazepose_v1 import BLAZEPOSE_V1
from simgait.synthetic.detectors.family import DetectorFamily
from simgait.synthetic.detectors.incomplete_points import through_monocular_v1
from simgait.synthetic.detectors.kinect_v2_v1 import KINECT_V2_V1
from simgait.synthetic.detectors.metrabs_v1 import METRABS_17_V1, METRABS_87_V1
from simgait.synthetic.detectors.monocular_v1 import View
from simgait.synthetic.detectors.seeing import Seen, see
from simgait.synthetic.detectors.wide_v1 import WIDE_V1

FAMILIES: Mapping[str, DetectorFamily] = {
    family.label: family for family in (WIDE_V1, METRABS_17_V1, METRABS_87_V1, BLAZEPOSE_V1)
}
DEPTH_CAMERAS: Mapping[str, DetectorFamily] = {KINECT_V2_V1.label: KINECT_V2_V1}
"""Apart, as no video is seen so: for who asks by name, none that a tracker is judged by."""
DETECTORS: tuple[str, ...] = (monocular_v1.VERSION, *FAMILIES)
"""Labels of all detectors; the first is the error model of version 0.1."""


def seen_through(
    detector: str,
    keypoints_m: Float[np.ndarray, "T 23 3"],
    height_m: float,
    fps_hz: float,
    seed: int,
    *,
    camera_seed: int | None = None,
    view: View | None = None,
    travel_share: float | None = None,
) -> Seen:
    """Sends exact points of a walk through a detector by its label; arguments as `seeing.see`.

    monocular-v1 draws camera and travel by `seed` alone, whatever is given for them.

    Raises:
        InputError: there is no such detector, or as `seeing.see`.
    """
    if detector == monocular_v1.VERSION:
        told, camera = through_monocular_v1(keypoints_m, seed, fps_hz, view=view)
        return Seen(detector, camera.view, told.keypoints_m, told.confidence, pelvis_travels=True)
    family = FAMILIES.get(detector) or DEPTH_CAMERAS.get(detector)
    if family is None:
        known = ", ".join((*DETECTORS, *DEPTH_CAMERAS))
        raise InputError(f"There is no detector '{detector}'; use one of {known}.")
    return see(
        family, keypoints_m, height_m, fps_hz, seed,
        camera_seed=camera_seed, view=view, travel_share=travel_share,
    )  # fmt: skip
