"""What a family makes of depth, picture and time: pure functions on points that a camera sees.

Points are metres to the right, up and forward of the camera. Directions are nearly right; how far
away each point lies is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.ndimage import gaussian_filter1d

from simgait.skeleton.keypoints import FOOT_POINTS, KEYPOINT_NAMES
from simgait.skeleton.sides import SIDES
from simgait.synthetic.detectors.cameras import LEAST_DISTANCE_M
from simgait.synthetic.detectors.definitions import HIPS, LEG_COLUMNS, column
from simgait.synthetic.detectors.draws import drawn, slow_noise
from simgait.synthetic.detectors.family import DetectorFamily
from simgait.synthetic.detectors.monocular_v1 import View

Points = Float[np.ndarray, "T 23 3"]
TYPICAL_M = 5.0
"""Distance at which a depth that errs by a power of itself is right."""
FARTHEST_M = 9.2
"""Beyond it the pelvis's jitter grows no more (MeTRAbs, 327 walks)."""
WANDER_S, JOINT_DRIFT_S, SWING_S, PICTURE_DRIFT_S = 2.0, 1.0, 0.5, 0.8
"""Chosen: of slow wander two strides and of a joint's drift one; a swing, and what lies between."""
MOST_SEEN = 1.1
"""Share of a shank's depth: no detector was seen to stretch it further."""
CHILD_M, GROWN_M = 1.1, 1.5
"""Chosen: heights of a child of five and of a small adult, between which errors of size fade."""
_FEET = ("Ankle", *FOOT_POINTS)


@dataclass(frozen=True)
class Guess:
    """A pelvis's path and points about it, as the family tells them on the camera's axes."""

    root_m: Float[np.ndarray, "T 3"]
    body_m: Points


def childness(height_m: float) -> float:
    """1 for a small child, 0 for whoever is grown."""
    return float(np.clip((GROWN_M - height_m) / (GROWN_M - CHILD_M), 0.0, 1.0))


def guessed(
    family: DetectorFamily,
    seen_m: Points,
    view: View,
    height_m: float,
    dt_s: float,
    *,
    camera: np.random.Generator,
    recording: np.random.Generator,
    travel_share: float | None,
) -> Guess:
    """What the family makes of points that a camera sees.

    Args:
        family: whose errors.
        seen_m: exact points of the family's definitions.
        view: of the camera.
        height_m: of the person.
        dt_s: between frames.
        camera: draws what the recordings of one camera and person share.
        recording: draws the rest.
        travel_share: where among all cameras this one's travel lies, 0..1; None draws it.
    """
    seen_m = seen_m.copy()
    seen_m[..., 2] = np.maximum(seen_m[..., 2], LEAST_DISTANCE_M)
    root = seen_m[:, HIPS].mean(axis=1)
    scale = drawn(camera, family.size.scale)
    body = _in_picture(family, seen_m - root[:, None], dt_s, recording)
    body[..., 2] = _body_depth(family, body[..., 2], view, dt_s, recording)
    body[..., 2] += _skew(drawn(camera, family.depth.skew_m), body[..., 0])
    swing = family.depth.swing[view]
    # Each point lies on its own ray; what is told of its depth moves it along that ray.
    ray = seen_m[..., :2] / seen_m[..., 2:]
    true_depth = (seen_m - root[:, None])[..., 2]
    body[..., :2] += ray * (body[..., 2] - true_depth)[..., None]
    body[..., 0] *= drawn(recording, swing.across)
    young = childness(height_m)
    body[:, LEG_COLUMNS, 1] *= 1.0 + young * (drawn(camera, family.size.child_legs) - 1.0)
    body = _late(family, body, dt_s, recording)
    path = _path(family, root, young, dt_s, camera, recording, travel_share)
    return Guess(scale * path, scale * body)


def _in_picture(
    family: DetectorFamily, body: Points, dt_s: float, rng: np.random.Generator
) -> Points:
    """The body with errors to the right and up, which do not hang on depth."""
    white, drift, bias = (
        drawn(rng, d)
        for d in (family.picture.white_m, family.picture.drift_m, family.picture.bias_m)
    )
    shape = (*body.shape[:2], 2)
    error = white * rng.normal(size=shape) + drift * slow_noise(rng, shape, dt_s, PICTURE_DRIFT_S)
    constant = bias * np.clip(rng.normal(size=(1, *shape[1:])), -2.5, 2.5)
    out = body.copy()
    out[..., :2] += error + constant - constant[:, HIPS].mean(axis=1, keepdims=True)
    return out


def _body_depth(
    family: DetectorFamily,
    depth: Float[np.ndarray, "T 23"],
    view: View,
    dt_s: float,
    rng: np.random.Generator,
) -> Float[np.ndarray, "T 23"]:
    """Depth of the points relative to the pelvis, as told."""
    of = family.depth
    swing = of.swing[view]
    within = of.swing_within_sd * slow_noise(rng, (len(depth),), dt_s, SWING_S)
    share = drawn(rng, swing.depth) + within
    shank = np.minimum(share * drawn(rng, swing.shank), np.maximum(share, MOST_SEEN))
    white, drift, bias = (
        drawn(rng, d) for d in (of.joint_white_m, of.joint_drift_m, of.joint_bias_m)
    )
    constant = bias * np.clip(rng.normal(size=(1, depth.shape[1])), -2.5, 2.5)
    constant -= constant[:, HIPS].mean()
    noise = white * rng.normal(size=depth.shape)
    noise += drift * slow_noise(rng, depth.shape, dt_s, JOINT_DRIFT_S)
    told = share[:, None] * depth
    for side in SIDES:
        knee = column(side, "Knee")
        for joint in _FEET:
            foot = column(side, joint)
            told[:, foot] = told[:, knee] + shank * (depth[:, foot] - depth[:, knee])
    return np.asarray(told + constant + noise)


def _skew(skew_m: float, right_m: Float[np.ndarray, "T 23"]) -> Float[np.ndarray, " 23"]:
    """Constant error in depth of each leg, by which side of the picture it is on."""
    left_is_left = np.nanmean(right_m[:, HIPS[0]] - right_m[:, HIPS[1]]) < 0.0
    error = np.zeros(len(KEYPOINT_NAMES))
    for side, sign in (("left", -1.0), ("right", 1.0)):
        sign = sign if left_is_left else -sign
        for joint in _FEET:
            error[column(side, joint)] = sign * skew_m
        error[column(side, "Knee")] = 0.5 * sign * skew_m
    return error


def _late(family: DetectorFamily, body: Points, dt_s: float, rng: np.random.Generator) -> Points:
    """The pose smoothed, and behind the pelvis."""
    smoothing, lag = (drawn(rng, d) for d in (family.timing.smoothing_s, family.timing.lag_s))
    if smoothing > 0.0:
        body = gaussian_filter1d(body, smoothing / dt_s, axis=0, mode="nearest")
    if lag <= 0.0:
        return body
    frames = np.arange(len(body), dtype=float)
    at = np.clip(frames - lag / dt_s, 0.0, None)
    before = np.floor(at).astype(int)
    after = np.minimum(before + 1, len(body) - 1)
    share = (at - before)[:, None, None]
    return np.asarray((1.0 - share) * body[before] + share * body[after])


def _path(
    family: DetectorFamily,
    root: Float[np.ndarray, "T 3"],
    young: float,
    dt_s: float,
    camera: np.random.Generator,
    recording: np.random.Generator,
    travel_share: float | None,
) -> Float[np.ndarray, "T 3"]:
    """The pelvis's path as told: along its own rays, at depths of another scale."""
    of = family.depth
    travel = drawn(camera, of.travel)
    if travel_share is not None:
        travel = of.travel.at(travel_share)
    travel *= 1.0 + young * (drawn(camera, family.size.child_travel) - 1.0)
    exponent = drawn(camera, of.distance_exponent)
    travel *= drawn(recording, of.travel_within)
    depth = root[:, 2]
    told = depth * travel * (depth / TYPICAL_M) ** exponent
    wander = drawn(recording, of.root_wander) * slow_noise(recording, depth.shape, dt_s, WANDER_S)
    white = drawn(recording, of.root_white_per_m) * recording.normal(size=depth.shape)
    error = depth * wander + np.minimum(depth, FARTHEST_M) * white
    # Another focal length is assumed: the ways across the picture keep their size.
    across = root[:, :2] * (1.0 + error / depth)[:, None]
    return np.column_stack([across, told + error])
