"""What a stranger makes of a scene: exact points in, its own points out."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy.interpolate import CubicSpline
from scipy.special import ndtri

from simgait.benchmark.stranger_detectors import Stranger, View
from simgait.benchmark.stranger_walks import Scene
from simgait.series.angles import angle_between
from simgait.series.filters import low_pass
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials.trajectories import forward_of

Points = Float[np.ndarray, "T 23 3"]
SEED = 41_000
"""Chosen: no other set draws from there on."""
NEAREST_M, CAMERA_HEIGHT_M = 3.5, 1.2
SLOW_S = 0.4
"""Time constant of slow errors: they last about as long as a step."""
PADDING_SAMPLES = 9
"""By which smoothing extends the ends: SciPy's own for such a filter."""
LOST_FRAMES, EXCHANGED_FRAMES = 6, 5
"""Longest runs of frames without anybody, and with exchanged legs."""
_SIDES = ("Left", "Right")
_LEG = ("Hip", "Knee", "Ankle", "Heel", "Big Toe", "Foot")
_LEGS = [[KEYPOINT_INDEX[f"{side} {joint}"] for joint in _LEG] for side in _SIDES]
_HIPS = [leg[0] for leg in _LEGS]
SKEW_OF = np.array([0.0, 0.5, 1.0, 1.0, 1.0, 1.0])
"""Joint of a leg -> share of the skew that it has."""
_LOOKS: dict[View, tuple[float, float]] = {
    "ahead": (-1.0, 0.0), "behind": (1.0, 0.0), "side": (0.0, 1.0),
    "oblique": (-np.sqrt(0.5), np.sqrt(0.5)),
}  # fmt: skip
"""View -> which way the camera looks; people walk along +x first."""


@dataclass(frozen=True)
class Drawn:
    """What a stranger does to one walk.

    Attributes:
        travel, size: factors of the way in depth and of everything.
        skew_m: left less right step that it makes towards the camera.
        swing: share of a leg's way that it sees.
        view: from where.
        rng: for its noise.
    """

    travel: float
    size: float
    skew_m: float
    swing: float
    view: View
    rng: np.random.Generator


@dataclass(frozen=True)
class Camera:
    """Where a camera stands (m); rows of `axes`: right, down, forwards."""

    place_m: Float[np.ndarray, " 3"]
    axes: Float[np.ndarray, "3 3"]


@dataclass(frozen=True)
class Seen:
    """A stranger's points in metres, in the scene's axes, z up; NaN where it saw nobody."""

    time_s: Float[np.ndarray, " T"]
    points_m: Points
    camera: Camera


def draw(stranger: Stranger, person: int, n_people: int, walk: int) -> Drawn:
    """What is drawn of a person, spread evenly over all people, and of a walk.

    Args:
        stranger: whose errors.
        person: which person.
        n_people: of how many.
        walk: number of the walk, among all people's.
    """
    of_all = np.random.default_rng([SEED, zlib.crc32(stranger.name.encode())])
    own = np.random.default_rng([SEED, zlib.crc32(stranger.name.encode()), 1 + walk])
    travel, size, skew = (_evenly(of_all, n_people)[person] for _ in range(3))
    view = stranger.views[walk % len(stranger.views)]
    return Drawn(
        travel=(stranger.travel + stranger.travel_sd * travel)
        * (1.0 + stranger.travel_within_sd * own.normal()),
        size=1.0 + stranger.size_sd * size,
        skew_m=stranger.skew_m * skew,
        swing=stranger.swing[view] * (1.0 + stranger.swing_sd * own.normal()),
        view=view,
        rng=own,
    )


def _evenly(rng: np.random.Generator, count: int) -> Float[np.ndarray, " N"]:
    """Normal numbers of mean 0 and SD 1, by chance in their order alone."""
    even = ndtri((rng.permutation(count) + 0.5) / count)
    return np.asarray(even / max(float(np.std(even)), 1e-9))


def seen_by(stranger: Stranger, scene: Scene, drawn: Drawn) -> Seen:
    """The scene's points as the stranger has them."""
    time_s, exact, _ = scene.at(stranger.fps_hz)
    if stranger.late_s:
        exact = _later(time_s, exact, stranger.late_s)
    camera = place_camera(stranger, drawn.view, scene.way_m)
    axis = camera.axes[2]
    points = exact.copy()
    if stranger.hips_apart_per_leg is not None:
        points = _with_hips_apart(points, stranger.hips_apart_per_leg)
    along = np.broadcast_to(axis, (len(points), 3))
    points = _with_swing(points, _facing(exact) if stranger.swing_of_way else along, drawn.swing)
    points = _skewed(points, axis, drawn.skew_m)
    if stranger.knees_deg is not None:
        points = with_knees(points, exact, stranger.knees_deg, stranger.thigh_per_shank)
    root = exact[:, _HIPS].mean(axis=1)
    far_m = (root - camera.place_m) @ axis
    further = (drawn.travel - 1.0) * (far_m - far_m.mean())
    points = points + further[:, None, None] * axis
    points = points + _noise(stranger, drawn.rng, far_m, axis, points.shape)
    points = camera.place_m + drawn.size * (points - camera.place_m)
    if stranger.smooth_hz is not None:
        points = low_pass(
            points, stranger.fps_hz, stranger.smooth_hz, padding_samples=PADDING_SAMPLES
        )
    exchanged = _runs(drawn.rng, len(points), stranger.exchanged_share, EXCHANGED_FRAMES)
    left, right = _LEGS
    both = points[:, right + left]
    points[:, left + right] = np.where(exchanged[:, None, None], both, points[:, left + right])
    points[_runs(drawn.rng, len(points), stranger.lost_share, LOST_FRAMES)] = np.nan
    return Seen(time_s, points, camera)


def place_camera(stranger: Stranger, view: View, way_m: float) -> Camera:
    """The stranger's camera before a way along +x from the origin."""
    look = np.array([*_LOOKS[view], 0.0])
    middle = np.array([0.5 * way_m, 0.0, 0.0])
    away_m = NEAREST_M + 0.5 * way_m * max(abs(look[0]), 0.5)
    place = middle - away_m * look
    place[2] = CAMERA_HEIGHT_M
    down = np.radians(stranger.tilt_deg)
    axis = np.cos(down) * look - np.sin(down) * np.array([0.0, 0.0, 1.0])
    right = np.cross(axis, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    below = np.cross(axis, right)
    turn = np.radians(stranger.roll_deg)
    rolled = np.cos(turn) * right + np.sin(turn) * below
    return Camera(place, np.stack([rolled, np.cross(axis, rolled), axis]))


def _later(time_s: Float[np.ndarray, " T"], points: Points, late_s: float) -> Points:
    known = np.isfinite(points).all(axis=(0, 2))
    later = points.copy()
    later[:, known] = CubicSpline(time_s, points[:, known])(np.maximum(time_s - late_s, 0.0))
    return later


def _facing(points: Points) -> Float[np.ndarray, "T 3"]:
    """Level unit vectors square to the hips, forwards."""
    return forward_of(points[:, _HIPS[0]] - points[:, _HIPS[1]])


def _with_hips_apart(points: Points, per_leg: float) -> Points:
    hips, middle = points[:, _HIPS], points[:, _HIPS].mean(axis=1, keepdims=True)
    leg_m = np.mean(
        [
            np.median(np.linalg.norm(points[:, leg[i]] - points[:, leg[i + 1]], axis=-1))
            for leg in _LEGS
            for i in (0, 1)
        ]
    )
    apart_m = np.median(np.linalg.norm(hips[:, 0] - hips[:, 1], axis=-1))
    moved = points.copy()
    moved[:, _HIPS] = middle + per_leg * 2.0 * leg_m / apart_m * (hips - middle)
    return moved


def _with_swing(points: Points, along: Float[np.ndarray, "T 3"], share: float) -> Points:
    """Legs whose way about their hip is a share of the true one along a direction."""
    moved = points.copy()
    for leg in _LEGS:
        about = points[:, leg] - points[:, leg[:1]]
        swing = (about * along[:, None]).sum(axis=-1, keepdims=True) * along[:, None]
        moved[:, leg] = points[:, leg] - (1.0 - share) * swing
    return moved


def _skewed(points: Points, axis: Float[np.ndarray, " 3"], skew_m: float) -> Points:
    """The left leg nearer to the camera, the right one further away.

    Towards the camera that is ahead, and the left step is longer than the right one by four such
    shifts; away from it, it is behind, and shorter.
    """
    moved = points.copy()
    for leg, sign in zip(_LEGS, (-1.0, 1.0), strict=True):
        moved[:, leg] += sign * 0.25 * skew_m * SKEW_OF[:, None] * axis
    return moved


def knee_angles_deg(points: Points) -> Float[np.ndarray, "T 2"]:
    """By how much hip, knee and ankle do not lie on a line, left and right."""
    angles = []
    for leg in _LEGS:
        thigh, shank = points[:, leg[0]] - points[:, leg[1]], points[:, leg[1]] - points[:, leg[2]]
        angles.append(np.degrees(angle_between(thigh, shank)))
    return np.stack(angles, axis=-1)


def with_knees(
    points: Points,
    exact: Points,
    apart_deg: tuple[float, float, float],
    thigh_per_shank: float,
) -> Points:
    """Knees put between hip and ankle so that they bend more than the true ones, or less.

    Args:
        points: whose knees are moved.
        exact: that tell the true angles.
        apart_deg: at the 5th, 50th and 95th percentile of each leg's true angles, between them by
            straight lines.
        thigh_per_shank: lengths of the legs so made.
    """
    moved, true_deg, ahead = points.copy(), knee_angles_deg(exact), _facing(exact)
    for number, (hip, knee, ankle) in enumerate(leg[:3] for leg in _LEGS):
        own = true_deg[:, number]
        at = np.percentile(own, [5, 50, 95])
        bend = np.radians(own + np.interp(own, at, apart_deg))
        down = points[:, ankle] - points[:, hip]
        length = np.linalg.norm(down, axis=-1)
        shank = length / np.sqrt(1 + thigh_per_shank**2 + 2 * thigh_per_shank * np.cos(bend))
        thigh = thigh_per_shank * shank
        down = down / length[:, None]
        share = (thigh + shank * np.cos(bend)) / length  # cosine of the angle at the hip
        square = ahead - (ahead * down).sum(-1, keepdims=True) * down
        square /= np.linalg.norm(square, axis=-1, keepdims=True)
        off = thigh * np.sqrt(np.maximum(1.0 - share**2, 0.0))
        moved[:, knee] = points[:, hip] + (thigh * share)[:, None] * down + off[:, None] * square
    return moved


def _noise(
    stranger: Stranger,
    rng: np.random.Generator,
    far_m: Float[np.ndarray, " T"],
    axis: Float[np.ndarray, " 3"],
    shape: tuple[int, ...],
) -> Points:
    of, (n, k, _) = stranger.noise, shape
    step_s = 1.0 / stranger.fps_hz
    across = of.picture_white * rng.normal(size=shape) + of.picture_slow * _slow(rng, shape, step_s)
    across -= (across @ axis)[..., None] * axis
    depth = of.depth_white * rng.normal(size=(n, k)) + of.depth_slow * _slow(rng, (n, k), step_s)
    root = of.root_white * rng.normal(size=n) + of.root_slow * _slow(rng, (n,), step_s)
    return np.asarray(across + (depth + (far_m * root)[:, None])[..., None] * axis)


def _slow(rng: np.random.Generator, shape: tuple[int, ...], step_s: float) -> np.ndarray:
    """Wandering numbers of SD 1 along the first axis."""
    keeps = np.exp(-step_s / SLOW_S)
    found = rng.normal(size=shape)
    for i in range(1, len(found)):
        found[i] = keeps * found[i - 1] + np.sqrt(1.0 - keeps**2) * found[i]
    return found


def _runs(rng: np.random.Generator, n: int, share: float, longest: int) -> Bool[np.ndarray, " T"]:
    """Frames in runs of up to so many, until they are that share of all."""
    taken = np.zeros(n, bool)
    while taken.sum() < round(share * n):
        first = int(rng.integers(0, n))
        taken[first : first + int(rng.integers(1, longest + 1))] = True
    return taken
