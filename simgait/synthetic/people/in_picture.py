"""Exact points of a walk as 2D keypoints in a camera's picture, through a detector family.

Of a family count what is told without depth: where it puts the joints, its errors in the picture,
its smoothing, what it loses and exchanges. What it guesses of depth has no part in a picture, but
what it takes for granted of it has: of who comes, the leg ahead is lower in the picture, and a
detector that hardly sees depth draws the legs beside each other.
"""

from __future__ import annotations

from typing import get_args

import numpy as np
from jaxtyping import Float
from scipy.ndimage import gaussian_filter1d

from simgait.footage import Camera
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.detectors.definitions import (
    draw_definitions,
    leg_m,
    redefined,
    walking_direction,
)
from simgait.synthetic.detectors.depth import PICTURE_DRIFT_S
from simgait.synthetic.detectors.draws import Uniform, drawn, slow_noise
from simgait.synthetic.detectors.family import DetectorFamily
from simgait.synthetic.detectors.lapses import exchanged, legs_exchanged, lost
from simgait.synthetic.detectors.monocular_v1 import View as DetectorView
from simgait.synthetic.people.cameras import View, draw_camera, seen_whole

FIELD_OF_VIEW_DEG = (45.0, 78.0)
"""Phones' zoomed and wide cameras, on the long side, as `people.plan`."""
NEAREST_M = (2.0, 7.0)
"""From the camera to the way: a short corridor to a gait laboratory."""
SIZE_PX = (1920, 1080)
"""As phones film unless asked otherwise."""
STEP_BACK = 1.25
"""By so much further off until the whole walk is in the picture, as somebody who films it goes."""
LEVELLED: dict[DetectorView, Uniform] = {
    "ahead": Uniform(0.3, 1.0), "behind": Uniform(0.3, 1.0),
    "oblique": Uniform(0.5, 1.0), "sagittal": Uniform(0.5, 1.0),
}  # fmt: skip
"""Share that a recording shows of how much lower one leg's points are than the other's, by view.

From 1, of a detector without such a fault, to what BlazePose shows of rendered people: of ankles .4
to .6 where they come or go, .5 to .9 from other sides, of heels a tenth less, of toes a little more
(27 clips of no benchmark, 27 November 2026). Across the picture it shows all.
"""
LEVELLED_SD = 0.1
"""Of the points' shares about the recording's, as heels, ankles and toes differ there."""
EXCHANGING = 0.4
EXCHANGED = Uniform(0.05, 0.4)
"""Share of recordings from obliquely or behind in which the legs change places beside what the
family does, and in which share of their frames: of BlazePose 5 of 12 of the same clips did, in .1
to .57 of their pictures; nobody's legs who came straight."""
FARTHEST_M = 40.0
"""Chosen: nobody films from further; a walk that does not fit from there is filmed in part."""
_VIEW_OF: dict[View, DetectorView] = {
    "towards": "ahead", "away": "behind", "sagittal": "sagittal",
    "oblique": "oblique", "oblique_behind": "oblique",
}  # fmt: skip
VIEWS: tuple[View, ...] = get_args(View)
_LEG_PAIRS = tuple(
    tuple(KEYPOINT_INDEX[f"{side} {joint}"] for side in ("Left", "Right"))
    for joint in ("Hip", "Knee", "Ankle", "Heel", "Big Toe", "Foot")
)


def camera_of_walk(
    mid_hip_m: Float[np.ndarray, "T 3"], height_m: float, view: View, seed: int
) -> Camera:
    """A camera that shows the whole of a walk.

    Args:
        mid_hip_m: way of the person, z up from the floor.
        height_m: of the person.
        view: from where.
        seed: of its place and lens.
    """
    nearest_m = float(np.random.default_rng([seed, 31]).uniform(*NEAREST_M))
    while True:
        # The same draws for every distance: the camera goes back along its own line.
        rng = np.random.default_rng([seed, 32])
        field_deg = float(rng.uniform(*FIELD_OF_VIEW_DEG))
        way = mid_hip_m[[0, -1], :2]
        camera = draw_camera(rng, view, way, nearest_m, height_m, SIZE_PX, field_deg)
        if nearest_m > FARTHEST_M or seen_whole(camera, mid_hip_m, height_m).all():
            return camera
        nearest_m *= STEP_BACK


def seen_in_picture(
    family: DetectorFamily,
    keypoints_m: Float[np.ndarray, "T 23 3"],
    camera: Camera,
    view: View,
    fps_hz: float,
    seed: int,
) -> Float[np.ndarray, "T 23 2"]:
    """Places of the 23 points in the pictures (px), NaN where the detector loses one.

    Args:
        family: whose errors.
        keypoints_m: exact points, z up.
        camera: that sees them.
        view: of the camera, for what is exchanged how often.
        fps_hz: frame rate.
        seed: of the recording.
    """
    rng = np.random.default_rng([seed, 33])
    dt_s = 1.0 / fps_hz
    defined = draw_definitions(rng, family.definitions, leg_m(keypoints_m))
    points = redefined(keypoints_m, walking_direction(keypoints_m), defined)
    inside = (points - camera.position_m) @ camera.rotation.T
    inside[..., :2] += _errors_m(family, inside.shape[:2], dt_s, rng)
    smoothing_s = drawn(rng, family.timing.smoothing_s)
    if smoothing_s > 0.0:
        inside = gaussian_filter1d(inside, smoothing_s / dt_s, axis=0, mode="nearest")
    inside = exchanged(family, inside, _VIEW_OF[view], dt_s, rng)
    depth = np.where(inside[..., 2:] > 0.0, inside[..., 2:], np.nan)
    middle = [camera.width_px / 2, camera.height_px / 2]
    seen = camera.focal_px * inside[..., :2] / depth + middle
    of_picture = np.random.default_rng([seed, 35])
    _level_legs(seen, _VIEW_OF[view], of_picture)
    if _VIEW_OF[view] in ("oblique", "behind") and of_picture.random() < EXCHANGING:
        seen = legs_exchanged(seen, drawn(of_picture, EXCHANGED), dt_s, of_picture)
    seen[lost(family, len(inside), dt_s, rng)] = np.nan
    return np.asarray(seen)


def _level_legs(
    seen_px: Float[np.ndarray, "T 23 2"], view: DetectorView, rng: np.random.Generator
) -> None:
    """Brings each pair of the legs' points nearer to one height in the picture, in place."""
    of_recording = drawn(rng, LEVELLED[view])
    for left, right in _LEG_PAIRS:
        share = np.clip(of_recording + rng.normal(0.0, LEVELLED_SD), 0.2, 1.1)
        left_y, right_y = seen_px[:, left, 1].copy(), seen_px[:, right, 1].copy()
        middle, half = 0.5 * (left_y + right_y), 0.5 * share * (left_y - right_y)
        seen_px[:, left, 1], seen_px[:, right, 1] = middle + half, middle - half


def _errors_m(
    family: DetectorFamily, shape: tuple[int, int], dt_s: float, rng: np.random.Generator
) -> Float[np.ndarray, "T 23 2"]:
    """Errors to the right and down, at the person: jitter, slow drift, and constant ones."""
    of = family.picture
    white, drift, bias = (drawn(rng, d) for d in (of.white_m, of.drift_m, of.bias_m))
    every = (*shape, 2)
    constant = bias * np.clip(rng.normal(size=(1, shape[1], 2)), -2.5, 2.5)
    noise = white * rng.normal(size=every) + drift * slow_noise(rng, every, dt_s, PICTURE_DRIFT_S)
    return np.asarray(noise + constant)
