"""A made-up walker seen by a camera: exact points, and landmarks as a detector gives them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk
from simgait.video.camera import Lens
from simgait.video.landmarks import LandmarkTrack
from simgait.video.placing import ray_rotations

RATE_HZ = 30.0
LENS = Lens(1000.0, 1280, 1280, "stated")


@dataclass(frozen=True)
class FilmedWalker:
    """The truth in camera space (x right, y down, z away), and what the detector makes of it."""

    points: np.ndarray
    track: LandmarkTrack
    height_m: float


def filmed_walker(
    view_deg: float, *, depth_gain: float = 0.3, noise_px: float = 2.0, seconds: float = 4.0
) -> FilmedWalker:
    """A healthy adult who walks towards the camera (0°), across the picture (90°) or away (180°).

    The camera stands 1 m above the floor. The detector sees 2D points with noise, and shrinks what
    lies along the ray.
    """
    world, height_m = _walker(seconds)
    world = world - [*world[:, [23, 24]].mean(axis=(0, 1))[:2], 0.0]
    return _filmed(world, height_m, view_deg, depth_gain, noise_px)


def to_and_fro(view_deg: float, *, passes: int, pass_s: float = 4.0) -> FilmedWalker:
    """The same of somebody who goes to and fro, in half circles of .35 m that take 1.2 s."""
    turn_s, radius_m = 1.2, 0.35
    world, height_m = _walker(passes * (pass_s + turn_s))
    time_s = np.arange(len(world)) / RATE_HZ
    done, within_s = np.divmod(time_s, pass_s + turn_s)
    turned = np.clip((within_s - pass_s) / turn_s, 0.0, None)
    heading = np.pi * (done + turned)
    hips = world[:, [23, 24], 0].mean(axis=1)
    speed = np.where(turned > 0, np.pi * radius_m / turn_s, np.gradient(hips) * RATE_HZ)
    way = np.stack([np.cos(heading), np.sin(heading)], axis=-1)
    place = np.cumsum(way * speed[:, None] / RATE_HZ, axis=0)
    place = place - place.mean(axis=0)
    body = world - hips[:, None, None] * [1.0, 0.0, 0.0]
    out = body.copy()
    out[..., 0] = body[..., 0] * way[:, :1] - body[..., 1] * way[:, 1:] + place[:, :1]
    out[..., 1] = body[..., 0] * way[:, 1:] + body[..., 1] * way[:, :1] + place[:, 1:]
    return _filmed(out, height_m, view_deg, depth_gain=0.3, noise_px=2.0)


@cache
def _walker(seconds: float) -> tuple[np.ndarray, float]:
    """A healthy adult's landmarks in the world (x ahead, y left, z up), and his height."""
    spec = draw_walker(4, "normal")
    done = walk(spec, seconds)
    known = exact_keypoints(done.pose, spec.dimensions)
    world = np.tile(known[:, [KEYPOINT_INDEX["Head"]]], (1, 33, 1))
    for name, k in find_keypoint_set("blazepose-33", "made up").index.items():
        world[:, k] = known[:, KEYPOINT_INDEX[name]]
    return world, spec.height_m


def _filmed(
    world: np.ndarray, height_m: float, view_deg: float, depth_gain: float, noise_px: float
) -> FilmedWalker:
    ahead = np.radians(view_deg)
    # World: x ahead, y left, z up. Ahead is towards the camera at 0°, to its right at 90°.
    points = np.stack(
        [
            world[..., 0] * np.sin(ahead) + world[..., 1] * np.cos(ahead),
            1.0 - world[..., 2],
            7.0 - world[..., 0] * np.cos(ahead) + world[..., 1] * np.sin(ahead),
        ],
        axis=-1,
    )
    rays = points[..., :2] / points[..., 2:]
    rng = np.random.default_rng(0)
    image = rays * LENS.focal_px + LENS.middle_px + rng.normal(0, noise_px, rays.shape)
    hips = points[:, [23, 24]].mean(axis=1)
    offsets = np.einsum(
        "fji,fkj->fki", ray_rotations(hips[:, :2] / hips[:, 2:]), points - hips[:, None]
    )
    offsets[..., 2] *= depth_gain
    n = len(points)
    track = LandmarkTrack(
        np.arange(n), np.arange(n) / RATE_HZ, image, offsets, np.full((n, 33), 0.95)
    )
    return FilmedWalker(points, track, height_m)
