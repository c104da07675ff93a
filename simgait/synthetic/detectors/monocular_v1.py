"""How monocular 3D keypoints err ("monocular-v1"): exact keypoints in, a detector's guess out.

Statistics measured on published MeTRAbs output on 327 frontal walks (see docs): depth is read at a
biased scale, leg swing along the camera's axis is flattened while bones nearly keep their lengths,
noise along the axis grows with distance; the image plane is good to a millimetre or two. All
errors along depth act along the camera's viewing axis, so a side view leaves progression intact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.skeleton.keypoints import (
    FOOT_KEYPOINTS,
    KEYPOINT_INDEX,
    KEYPOINT_NAMES,
    REQUIRED_KEYPOINTS,
)

VERSION = "monocular-v1"
N_POINTS = len(KEYPOINT_NAMES)
View = Literal["ahead", "behind", "oblique", "sagittal"]
Distance = Literal["near", "middle", "far"]
VIEWS: tuple[View, ...] = get_args(View)
DISTANCES: tuple[Distance, ...] = get_args(Distance)
_CLOSEST_M: dict[str, tuple[float, float]] = {
    "near": (1.2, 2.5), "middle": (3.0, 5.5), "far": (6.5, 10.0)
}  # fmt: skip
"""Chosen: from a corridor's end to a hall's; of a version that stays, and its walks with it."""

# Recording-level factors: (median, SD of the logarithm). Their product is what pelvis speed in
# depth reads (1.11, .12); after scaling by leg length the second is left (1.05, .07).
SCALE = (1.071, 0.085)
DEPTH_TRAVEL = (1.034, 0.064)
SIDEWAYS_TRAVEL = (1.0, 0.03)
# Leg swing along the axis at its peaks: mean, SD between recordings, SD within one.
SWING_COMPRESSION = (0.72, 0.058, 0.045)
# Share of the length lost by flattening a bone that is given back.
_THIGH_RESTORED, _SHANK_RESTORED, _OTHER_RESTORED = 0.35, 0.62, 0.5
# White jitter, SD in m; root depth is per metre of distance, up to the farthest.
JITTER_SIDEWAYS_M, JITTER_VERTICAL_M, JITTER_DEPTH_M = 0.0013, 0.0016, 0.0040
ROOT_JITTER_PER_M, _FARTHEST_M, _ROOT_JITTER_SPREAD = 0.0031, 9.2, 0.25
# Slow wander: SD in m, and over how many seconds.
_DRIFT_ROOT_M, _DRIFT_ROOT_S = 0.020, 2.5
_DRIFT_JOINT_M, _DRIFT_JOINT_S = 0.005, 1.0
# Constant in a recording: SD in m.
BIAS_PLANE_M, BIAS_DEPTH_M = 0.006, 0.009
_HIPS = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
_UP = np.array([0.0, 0.0, 1.0])
# Chosen: a point lost now and then, and the whole person about once in a hundred seconds.
_GAPS_PER_S, _GAP_MEAN_S, _LONGEST_GAP_S = 0.04, 0.15, 0.6
_PERSON_LOST_PER_S = 0.01

_PARENT: dict[str, str] = {"Pelvis": "", "Sternum": "", "Head": "Sternum"} | {
    f"{side} {joint}": parent and f"{side} {parent}" if parent != "Sternum" else parent
    for side in ("Left", "Right")
    for joint, parent in (
        ("Hip", ""), ("Knee", "Hip"), ("Ankle", "Knee"), ("Heel", "Ankle"), ("Big Toe", "Ankle"),
        ("Foot", "Ankle"), ("Shoulder", "Sternum"), ("Elbow", "Shoulder"), ("Wrist", "Elbow"),
        ("Hand", "Wrist"),
    )
}  # fmt: skip
_HANDS = tuple(n for n in KEYPOINT_NAMES if n.endswith("Hand"))
_DETECTOR_GAPS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.55, ()),
    (0.15, FOOT_KEYPOINTS),
    (0.15, (*FOOT_KEYPOINTS, *_HANDS, "Pelvis", "Sternum")),
    (0.05, tuple(n for n in KEYPOINT_NAMES if n not in REQUIRED_KEYPOINTS)),
)
"""Share of recordings and what their detector lacks; the rest lack one to four random points."""


@dataclass(frozen=True)
class Camera:
    """A camera at rest. `axis` is its level unit viewing axis in world axes."""

    view: View
    distance: Distance
    position_m: Float[np.ndarray, " 3"]
    axis: Float[np.ndarray, " 3"]


@dataclass(frozen=True)
class MonocularErrors:
    """What the error model drew for one recording.

    `compression` is the mean factor on leg swing along the axis, `depth_travel` the factor on
    pelvis travel along it once the body's `scale` is taken out.
    """

    version: str
    seed: int
    camera: Camera
    scale: float
    depth_travel: float
    sideways_travel: float
    compression: float
    root_jitter_m_per_m: float
    missing: tuple[str, ...]


@dataclass(frozen=True)
class MonocularKeypoints:
    """Corrupted keypoints (T, 23, 3) in world axes, NaN where lost; confidence (T, 23), 0 there."""

    keypoints_m: Float[np.ndarray, "T 23 3"]
    confidence: Float[np.ndarray, "T 23"]
    errors: MonocularErrors


def place_camera(
    path_m: Float[np.ndarray, "T 3"],
    seed: int,
    view: View | None = None,
    distance: Distance | None = None,
) -> Camera:
    """Put a camera beside a walk along +x, 0.8 to 1.6 m high.

    Args:
        path_m: mid-hip positions of the walk.
        seed: draws view, distance band and place.
        view: fixed instead of drawn.
        distance: fixed instead of drawn. The band holds at the closest approach; the person then
            walks towards, away from or past the camera.

    Raises:
        InputError: unknown view or distance.
    """
    if view is not None and view not in VIEWS:
        raise InputError(f"There is no camera view '{view}'; use one of {', '.join(VIEWS)}.")
    if distance is not None and distance not in DISTANCES:
        raise InputError(f"There is no distance '{distance}'; use one of {', '.join(DISTANCES)}.")
    rng = np.random.default_rng([seed, 11])
    drawn_view = VIEWS[int(rng.choice(4, p=(0.35, 0.25, 0.25, 0.15)))]
    drawn_distance = DISTANCES[int(rng.integers(3))]
    the_view, the_distance = view or drawn_view, distance or drawn_distance
    away = rng.uniform(*_CLOSEST_M[the_distance])
    angle = rng.uniform(-6.0, 6.0)
    if the_view == "oblique":
        angle = rng.uniform(25.0, 65.0) * rng.choice([-1.0, 1.0])
    first, last = path_m[0], path_m[-1]
    behind = the_view == "behind" or (the_view == "oblique" and rng.random() < 0.4)
    direction = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle)), 0.0])
    if the_view == "sagittal":
        side = rng.choice([-1.0, 1.0])
        direction = np.array([np.sin(np.radians(angle)), side * np.cos(np.radians(angle)), 0.0])
        position = 0.5 * (first + last) + max(away, 2.0) * direction
    elif behind:
        direction = -direction
        position = first + away * direction
    else:
        position = last + away * direction
    position = np.array([position[0], position[1], rng.uniform(0.8, 1.6)])
    return Camera(the_view, the_distance, position, -direction)


def _slow(
    rng: np.random.Generator, shape: tuple[int, ...], dt_s: float, time_s: float
) -> Float[np.ndarray, "*S"]:
    """Unit-variance first-order noise of a shape with correlation time `time_s` along axis 0."""
    keep = np.exp(-dt_s / time_s)
    white = rng.normal(size=shape)
    out = np.empty(shape)
    out[0] = white[0]
    for i in range(1, shape[0]):
        out[i] = keep * out[i - 1] + np.sqrt(1.0 - keep**2) * white[i]
    return out


def _flatten_bones(
    relative: Float[np.ndarray, "T 23 3"],
    depth_axis: Float[np.ndarray, "T 3"],
    factor: Float[np.ndarray, " T"],
) -> Float[np.ndarray, "T 23 3"]:
    """Squeeze every bone along the axis, give back part of its lost length, and chain them."""
    out = np.zeros_like(relative)
    done: dict[str, Float[np.ndarray, "T 3"]] = {"": np.zeros_like(depth_axis)}
    source = {"": np.zeros_like(depth_axis)}
    pending = list(_PARENT)
    while pending:
        name = next(n for n in pending if _PARENT[n] in done)
        pending.remove(name)
        parent, column = _PARENT[name], KEYPOINT_INDEX[name]
        source[name] = relative[:, column]
        bone = source[name] - source[parent]
        depth = (bone * depth_axis).sum(-1)
        plane = bone - depth[:, None] * depth_axis
        across = np.linalg.norm(plane, axis=-1)
        length = np.sqrt(across**2 + depth**2)
        squeezed = np.sqrt(across**2 + (factor * depth) ** 2)
        restored = _OTHER_RESTORED
        if name.endswith("Knee"):
            restored = _THIGH_RESTORED
        elif name.endswith("Ankle"):
            restored = _SHANK_RESTORED
        wanted = squeezed + restored * (length - squeezed)
        grow = np.sqrt(np.maximum(wanted**2 - (factor * depth) ** 2, 0.0))
        # A bone along the axis has no image to grow; its length is lost instead.
        grow = np.minimum(grow / np.maximum(across, 1e-6), 1.6)
        done[name] = done[parent] + (factor * depth)[:, None] * depth_axis + grow[:, None] * plane
        out[:, column] = done[name]
    return out


def _missing_points(rng: np.random.Generator) -> tuple[str, ...]:
    draw = rng.random()
    for share, names in _DETECTOR_GAPS:
        if draw < share:
            return names
        draw -= share
    optional = [n for n in KEYPOINT_NAMES if n not in REQUIRED_KEYPOINTS]
    picked = rng.choice(len(optional), size=int(rng.integers(1, 5)), replace=False)
    return tuple(optional[i] for i in sorted(picked))


def points_lost(
    rng: np.random.Generator, n: int, dt_s: float, per_s: Float[np.ndarray, " 23"]
) -> Bool[np.ndarray, "T 23"]:
    """(n, 23) True where a point is lost for a while: each so often a second, rarely all."""
    lost = np.zeros((n, N_POINTS), dtype=bool)
    duration = n * dt_s
    for column in range(lost.shape[1]):
        for _ in range(rng.poisson(per_s[column] * duration)):
            begin = int(rng.integers(n))
            length = min(rng.exponential(_GAP_MEAN_S), _LONGEST_GAP_S)
            lost[begin : begin + max(1, int(round(length / dt_s))), column] = True
    for _ in range(rng.poisson(_PERSON_LOST_PER_S * duration)):
        begin = int(rng.integers(n))
        lost[begin : begin + int(rng.integers(1, 4)), :] = True
    return lost


def corrupt(
    keypoints_m: Float[np.ndarray, "T 23 3"],
    camera: Camera,
    seed: int,
    fps_hz: float = 30.0,
    missing: tuple[str, ...] | None = None,
) -> MonocularKeypoints:
    """Turn exact keypoints into what a monocular detector would report.

    Args:
        keypoints_m: exact world positions (z up), all finite.
        camera: from `place_camera`.
        seed: everything drawn here depends on it alone.
        fps_hz: frame rate of the keypoints; jitter is per frame, drift in seconds.
        missing: names of points the detector lacks; drawn if None, () for none.

    Returns:
        Keypoints in the same world axes, around the true mean position. Positions are not metric:
        the body has the drawn `scale`.

    Raises:
        InputError: wrong shape, missing values in the input, unknown or required names missing.
    """
    _check_input(keypoints_m, missing)
    rng = np.random.default_rng([seed, 12])
    n, dt_s = len(keypoints_m), 1.0 / fps_hz
    errors, compression_within = _draw_errors(rng, camera, seed, missing)
    rays = _rays(keypoints_m, camera)
    factor = errors.compression + compression_within * _slow(rng, (n,), dt_s, 0.5)
    body = errors.scale * _flatten_bones(
        keypoints_m - rays.root_m[:, None], rays.depth_axis, factor
    )
    path = _read_path(rays.root_m, camera, errors)
    root_error = _root_error(rng, rays, errors.root_jitter_m_per_m, dt_s)
    joint_error = _joint_error(rng, n, dt_s)
    guess = path[:, None] + body + rays.in_world(root_error)[:, None] + rays.in_world(joint_error)
    hidden = _hidden(rays, camera)
    lost = points_lost(rng, n, dt_s, _GAPS_PER_S * (1.0 + 3.0 * hidden))
    true_body = errors.scale * (keypoints_m - rays.root_m[:, None])
    size = np.linalg.norm(body + rays.in_world(joint_error) - true_body, axis=-1)
    size = size + 0.5 * np.abs(root_error[:, :1])
    confidence = (0.97 - 0.15 * hidden) * np.exp(-size / 0.4)
    confidence = np.clip(confidence + 0.10 * rng.normal(size=size.shape), 0.05, 1.0)
    lost[:, [KEYPOINT_INDEX[name] for name in errors.missing]] = True
    guess[lost] = np.nan
    confidence[lost] = 0.0
    return MonocularKeypoints(guess, confidence, errors)


def _check_input(keypoints_m: Float[np.ndarray, "T 23 3"], missing: tuple[str, ...] | None) -> None:
    """Raises InputError for keypoints that are not exact, or points that cannot be left out."""
    if keypoints_m.ndim != 3 or keypoints_m.shape[1:] != (N_POINTS, 3):
        raise InputError(
            f"Exact keypoints have shape {keypoints_m.shape}; give (frames, 23, 3) in the order of "
            "KEYPOINT_NAMES."
        )
    if not np.isfinite(keypoints_m).all():
        raise InputError("Exact keypoints contain NaN or infinity; give complete keypoints.")
    bad = [n for n in missing or () if n not in KEYPOINT_INDEX or n in REQUIRED_KEYPOINTS]
    if bad:
        raise InputError(f"Points {bad} are unknown or required; leave them out of `missing`.")


# The order of the draws below is part of `VERSION`: another order makes other errors of the seeds.


def _draw_errors(
    rng: np.random.Generator, camera: Camera, seed: int, missing: tuple[str, ...] | None
) -> tuple[MonocularErrors, float]:
    """What holds for the whole recording, and the SD of the compression within it."""
    scale, travel, sideways = (
        float(median * np.exp(spread * rng.normal()))
        for median, spread in (SCALE, DEPTH_TRAVEL, SIDEWAYS_TRAVEL)
    )
    mean, between, within = SWING_COMPRESSION
    compression = float(np.clip(rng.normal(mean, between), 0.5, 0.95))
    root_jitter = float(ROOT_JITTER_PER_M * np.exp(_ROOT_JITTER_SPREAD * rng.normal()))
    drawn = _missing_points(rng)
    lacking = tuple(drawn if missing is None else missing)
    errors = MonocularErrors(
        VERSION, seed, camera, scale, travel, sideways, compression, root_jitter, lacking
    )
    return errors, within


@dataclass(frozen=True)
class _Rays:
    """From the camera to the person, frame by frame.

    Attributes:
        root_m: (T, 3) mid-hip.
        distance_m: (T,) of mid-hip from the camera.
        depth_axis: (T, 3) level direction from the camera to mid-hip.
    """

    root_m: Float[np.ndarray, "T 3"]
    distance_m: Float[np.ndarray, " T"]
    depth_axis: Float[np.ndarray, "T 3"]

    def in_world(self, errors: Float[np.ndarray, "T ... 3"]) -> Float[np.ndarray, "T ... 3"]:
        """Errors along depth, sideways and up, on world axes."""
        side_axis = np.cross(_UP, self.depth_axis)
        up = np.broadcast_to(_UP, self.depth_axis.shape)
        frame = np.stack([self.depth_axis, side_axis, up], axis=1)
        return np.asarray(np.einsum("t...i,tij->t...j", errors, frame))


def _rays(keypoints_m: Float[np.ndarray, "T 23 3"], camera: Camera) -> _Rays:
    root = keypoints_m[:, _HIPS].mean(axis=1)
    ray = root - camera.position_m
    level = ray * np.array([1.0, 1.0, 0.0])
    depth_axis = level / np.linalg.norm(level, axis=-1, keepdims=True)
    return _Rays(root, np.linalg.norm(ray, axis=-1), depth_axis)


def _read_path(
    root_m: Float[np.ndarray, "T 3"], camera: Camera, errors: MonocularErrors
) -> Float[np.ndarray, "T 3"]:
    """The pelvis's travel as it is read off along the fixed optical axis, at its own scale."""
    across = np.cross(_UP, camera.axis)
    middle = root_m.mean(axis=0)
    offset = root_m - middle
    read = (
        errors.depth_travel * (offset @ camera.axis)[:, None] * camera.axis
        + errors.sideways_travel * (offset @ across)[:, None] * across
        + offset[:, 2:] * _UP
    )
    return np.asarray(middle + errors.scale * read)


def _root_error(
    rng: np.random.Generator, rays: _Rays, jitter_m_per_m: float, dt_s: float
) -> Float[np.ndarray, "T 3"]:
    """Errors of all points at once, along depth only; they grow with distance."""
    n = len(rays.distance_m)
    reach = np.minimum(rays.distance_m, _FARTHEST_M)
    error = np.zeros((n, 3))
    error[:, 0] = jitter_m_per_m * reach * rng.normal(size=n)
    error[:, 0] += _DRIFT_ROOT_M * reach / 6.0 * _slow(rng, (n,), dt_s, _DRIFT_ROOT_S)
    return error


def _joint_error(rng: np.random.Generator, n: int, dt_s: float) -> Float[np.ndarray, "T 23 3"]:
    """Errors of each point: white jitter, slow drift, and a bias that spares mid-hip."""
    jitter_sd = np.array([JITTER_DEPTH_M, JITTER_SIDEWAYS_M, JITTER_VERTICAL_M])
    spread = np.exp(0.25 * rng.normal(size=(1, N_POINTS, 1)))
    jitter = jitter_sd * spread * rng.normal(size=(n, N_POINTS, 3))
    drift = _slow(rng, (n, N_POINTS, 3), dt_s, _DRIFT_JOINT_S) * np.array([1.0, 0.3, 0.3])
    bias = rng.normal(size=(1, N_POINTS, 3)) * np.array([BIAS_DEPTH_M, BIAS_PLANE_M, BIAS_PLANE_M])
    bias -= bias[:, _HIPS].mean(axis=1, keepdims=True)
    return np.asarray(jitter + _DRIFT_JOINT_M * drift + np.clip(bias, -0.022, 0.022))


def _hidden(rays: _Rays, camera: Camera) -> Float[np.ndarray, " 23"]:
    """0 to 1 for each point: the side away from the camera is hidden more often, and less sure."""
    toward = np.abs(rays.depth_axis[:, 1]).mean()
    near_side = "Left" if camera.position_m[1] > rays.root_m.mean(axis=0)[1] else "Right"
    far_side = "Right" if near_side == "Left" else "Left"
    return np.array([toward if name.startswith(far_side) else 0 for name in KEYPOINT_NAMES])
