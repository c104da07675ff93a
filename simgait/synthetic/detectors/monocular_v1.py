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
from jaxtyping import Float

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES, REQUIRED_KEYPOINTS

VERSION = "monocular-v1"
N_POINTS = len(KEYPOINT_NAMES)
View = Literal["ahead", "behind", "oblique", "sagittal"]
Distance = Literal["near", "middle", "far"]
VIEWS: tuple[View, ...] = get_args(View)
DISTANCES: tuple[Distance, ...] = get_args(Distance)
_CLOSEST_M: dict[str, tuple[float, float]] = {
    "near": (1.2, 2.5), "middle": (3.0, 5.5), "far": (6.5, 10.0)
}  # fmt: skip

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
_DRIFT_ROOT_M, _DRIFT_ROOT_S = 0.020, 2.5
_DRIFT_JOINT_M, _DRIFT_JOINT_S = 0.005, 1.0
BIAS_PLANE_M, BIAS_DEPTH_M = 0.006, 0.009
_GAPS_PER_S, _GAP_MEAN_S, _LONGEST_GAP_S = 0.04, 0.15, 0.6

_PARENT: dict[str, str] = {"Pelvis": "", "Sternum": "", "Head": "Sternum"} | {
    f"{side} {joint}": parent and f"{side} {parent}" if parent != "Sternum" else parent
    for side in ("Left", "Right")
    for joint, parent in (
        ("Hip", ""), ("Knee", "Hip"), ("Ankle", "Knee"), ("Heel", "Ankle"), ("Big Toe", "Ankle"),
        ("Foot", "Ankle"), ("Shoulder", "Sternum"), ("Elbow", "Shoulder"), ("Wrist", "Elbow"),
        ("Hand", "Wrist"),
    )
}  # fmt: skip
_FEET = tuple(n for n in KEYPOINT_NAMES if n.split(" ", 1)[-1] in ("Heel", "Big Toe", "Foot"))
_HANDS = tuple(n for n in KEYPOINT_NAMES if n.endswith("Hand"))
_DETECTOR_GAPS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.55, ()),
    (0.15, _FEET),
    (0.15, (*_FEET, *_HANDS, "Pelvis", "Sternum")),
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
) -> Float[np.ndarray, ...]:
    """Unit-variance first-order noise with correlation time `time_s` along axis 0."""
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


def _gaps(rng: np.random.Generator, n: int, dt_s: float, far: Float[np.ndarray, " 23"]):  # noqa: ANN202
    """(T, 23) True where a point is lost for a while; `far` multiplies the rate per point."""
    lost = np.zeros((n, N_POINTS), dtype=bool)
    duration = n * dt_s
    for column in range(lost.shape[1]):
        for _ in range(rng.poisson(_GAPS_PER_S * far[column] * duration)):
            begin = int(rng.integers(n))
            length = min(rng.exponential(_GAP_MEAN_S), _LONGEST_GAP_S)
            lost[begin : begin + max(1, int(round(length / dt_s))), column] = True
    for _ in range(rng.poisson(0.01 * duration)):  # the whole person lost for a moment
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
    if keypoints_m.ndim != 3 or keypoints_m.shape[1:] != (N_POINTS, 3):
        raise InputError(
            f"Exact keypoints have shape {keypoints_m.shape}; give (frames, 23, 3) in the order of "
            "KEYPOINT_NAMES."
        )
    if not np.isfinite(keypoints_m).all():
        raise InputError("Exact keypoints contain NaN or infinity; give complete keypoints.")
    if missing is not None:
        bad = [n for n in missing if n not in KEYPOINT_INDEX or n in REQUIRED_KEYPOINTS]
        if bad:
            raise InputError(f"Points {bad} are unknown or required; leave them out of `missing`.")
    rng = np.random.default_rng([seed, 12])
    n, dt = len(keypoints_m), 1.0 / fps_hz
    scale, travel, sideways = (
        float(median * np.exp(spread * rng.normal()))
        for median, spread in (SCALE, DEPTH_TRAVEL, SIDEWAYS_TRAVEL)
    )
    mean, between, within = SWING_COMPRESSION
    compression = float(np.clip(rng.normal(mean, between), 0.5, 0.95))
    root_jitter = float(ROOT_JITTER_PER_M * np.exp(_ROOT_JITTER_SPREAD * rng.normal()))
    lacking = _missing_points(rng)
    lacking = lacking if missing is None else missing

    hips = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
    root = keypoints_m[:, hips].mean(axis=1)
    ray = root - camera.position_m
    distance = np.linalg.norm(ray, axis=-1)
    level = ray * np.array([1.0, 1.0, 0.0])
    depth_axis = level / np.linalg.norm(level, axis=-1, keepdims=True)
    up = np.array([0.0, 0.0, 1.0])
    side_axis = np.cross(up, depth_axis)

    factor = compression + within * _slow(rng, (n,), dt, 0.5)
    body = scale * _flatten_bones(keypoints_m - root[:, None], depth_axis, factor)

    # The pelvis's travel is read off along the fixed optical axis, at its own scale.
    across = np.cross(up, camera.axis)
    middle = root.mean(axis=0)
    offset = root - middle
    path = middle + scale * (
        travel * (offset @ camera.axis)[:, None] * camera.axis
        + sideways * (offset @ across)[:, None] * across
        + offset[:, 2:] * up
    )

    def in_camera(errors: Float[np.ndarray, "... 3"]) -> Float[np.ndarray, "... 3"]:
        frame = np.stack([depth_axis, side_axis, np.broadcast_to(up, depth_axis.shape)], axis=1)
        return np.einsum("t...i,tij->t...j", errors, frame)

    reach = np.minimum(distance, _FARTHEST_M)
    root_error = np.zeros((n, 3))
    root_error[:, 0] = root_jitter * reach * rng.normal(size=n)
    root_error[:, 0] += _DRIFT_ROOT_M * reach / 6.0 * _slow(rng, (n,), dt, _DRIFT_ROOT_S)
    jitter_sd = np.array([JITTER_DEPTH_M, JITTER_SIDEWAYS_M, JITTER_VERTICAL_M])
    spread = np.exp(0.25 * rng.normal(size=(1, N_POINTS, 1)))
    jitter = jitter_sd * spread * rng.normal(size=(n, N_POINTS, 3))
    drift = _slow(rng, (n, N_POINTS, 3), dt, _DRIFT_JOINT_S) * np.array([1.0, 0.3, 0.3])
    bias = rng.normal(size=(1, N_POINTS, 3)) * np.array([BIAS_DEPTH_M, BIAS_PLANE_M, BIAS_PLANE_M])
    bias -= bias[:, hips].mean(axis=1, keepdims=True)
    joint_error = jitter + _DRIFT_JOINT_M * drift + np.clip(bias, -0.022, 0.022)
    guess = path[:, None] + body + in_camera(root_error)[:, None] + in_camera(joint_error)

    # The side away from the camera is hidden more often, and less sure.
    toward = np.abs(depth_axis[:, 1]).mean()
    near_side = "Left" if camera.position_m[1] > middle[1] else "Right"
    hidden = np.array([
        toward if name.split(" ")[0] in ("Left", "Right") and not name.startswith(near_side) else 0
        for name in KEYPOINT_NAMES
    ])  # fmt: skip
    lost = _gaps(rng, n, dt, 1.0 + 3.0 * hidden)
    true_body = scale * (keypoints_m - root[:, None])
    size = np.linalg.norm(body + in_camera(joint_error) - true_body, axis=-1)
    size = size + 0.5 * np.abs(root_error[:, :1])
    confidence = (0.97 - 0.15 * hidden) * np.exp(-size / 0.4)
    confidence = np.clip(confidence + 0.10 * rng.normal(size=(n, N_POINTS)), 0.05, 1.0)
    lost[:, [KEYPOINT_INDEX[name] for name in lacking]] = True
    guess[lost] = np.nan
    confidence[lost] = 0.0
    drawn = MonocularErrors(
        VERSION, seed, camera, scale, travel, sideways, compression, root_jitter, tuple(lacking)
    )
    return MonocularKeypoints(guess, confidence, drawn)
