"""Exact points of any walk through a detector family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_INDEX, REQUIRED_KEYPOINTS
from simgait.skeleton.sides import SIDES
from simgait.synthetic.detectors.cameras import place
from simgait.synthetic.detectors.definitions import (
    HIPS,
    column,
    draw_definitions,
    leg_m,
    redefined,
    walking_direction,
)
from simgait.synthetic.detectors.depth import guessed
from simgait.synthetic.detectors.family import DetectorFamily
from simgait.synthetic.detectors.lapses import exchanged, lacking, lost
from simgait.synthetic.detectors.monocular_v1 import View

Points = Float[np.ndarray, "T 23 3"]
_REQUIRED = [KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]
USUAL_CONFIDENCE, CONFIDENCE_SD = 0.9, 0.07
"""A choice: all but 1 in 1000 of the points that are seen lie above .68, as detectors are of limbs
that nothing hides. It tells nothing of a point's error here."""
ANKLE_ABOVE_FLOOR_M = 0.07
"""Of an adult: 0.039 of body height (Drillis & Contini, in Winter 2009)."""


@dataclass(frozen=True)
class Seen:
    """What a detector shows of a walk, on the walk's own axes around the camera.

    Attributes:
        detector: label of the family.
        view: of the camera.
        keypoints_m: NaN where a point is lost or lacking.
        confidence: 0 there.
        pelvis_travels: False where every frame is centred at mid-hip.
    """

    detector: str
    view: View
    keypoints_m: Points
    confidence: Float[np.ndarray, "T 23"]
    pelvis_travels: bool


def see(
    family: DetectorFamily,
    keypoints_m: Points,
    height_m: float,
    fps_hz: float,
    seed: int,
    *,
    camera_seed: int | None = None,
    view: View | None = None,
    travel_share: float | None = None,
) -> Seen:
    """Sends exact points of a walk through a family.

    Args:
        family: whose errors.
        keypoints_m: exact points, z up; NaN where the walk does not show them.
        height_m: of the person.
        fps_hz: frame rate.
        seed: of the recording; what comes out depends on it and `camera_seed` alone.
        camera_seed: of what the recordings of one camera and person share; `seed` if None.
        view: fixed instead of drawn.
        travel_share: where among all cameras this one's scale of travel lies (0..1), so that a
            few recordings can stand for all; drawn if None.

    Raises:
        InputError: a required point is missing in some frame, or there is no such view.
    """
    if not np.isfinite(keypoints_m[:, _REQUIRED]).all():
        raise InputError("A hip, knee or ankle is missing in some frame; give complete legs.")
    dt_s = 1.0 / fps_hz
    camera = np.random.default_rng([seed if camera_seed is None else camera_seed, 21])
    recording = np.random.default_rng([seed, 22])
    forward = walking_direction(keypoints_m)
    drawn = draw_definitions(camera, family.definitions, leg_m(keypoints_m))
    points = redefined(keypoints_m, forward, drawn)
    mid_hip = points[:, HIPS].mean(axis=1)
    lens = place(camera, family.placing, mid_hip, forward, floor_m(keypoints_m), view)
    guess = guessed(
        family, lens.sees(points), lens.view, height_m, dt_s,
        camera=camera, recording=recording, travel_share=travel_share,
    )  # fmt: skip
    travels = camera.random() >= family.lapses.root_relative
    told = guess.body_m + (guess.root_m[:, None] if travels else 0.0)
    told = exchanged(family, lens.told(told), lens.view, dt_s, recording)
    told[lost(family, len(told), dt_s, recording)] = np.nan
    told[:, lacking(family, camera)] = np.nan
    noise = CONFIDENCE_SD * recording.normal(size=told.shape[:2])
    confidence = np.clip(USUAL_CONFIDENCE + noise, 0.05, 1.0)
    confidence[~np.isfinite(told).all(axis=-1)] = 0.0
    return Seen(family.label, lens.view, told, confidence, bool(travels))


def floor_m(keypoints_m: Points) -> float:
    """Height of the floor: a little below the lowest ankles."""
    ankles = keypoints_m[:, [column(side, "Ankle") for side in SIDES], 2]
    return float(np.nanpercentile(ankles, 5.0)) - ANKLE_ABOVE_FLOOR_M
