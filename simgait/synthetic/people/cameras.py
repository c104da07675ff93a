"""Where a camera stands and what it sees of a way over the floor."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from jaxtyping import Bool, Float

from simgait.footage import Camera

View = Literal["towards", "oblique", "sagittal", "oblique_behind", "away"]
VIEWS: tuple[View, ...] = get_args(View)
ANGLE_DEG: dict[View, tuple[float, float]] = {
    "towards": (0.0, 14.0), "oblique": (25.0, 58.0), "sagittal": (72.0, 108.0),
    "oblique_behind": (122.0, 155.0), "away": (166.0, 180.0),
}  # fmt: skip
"""Between the way and the direction to the camera, as in `video.view`."""
NEAREST_AT: dict[View, float] = {
    "towards": 1.0, "oblique": 0.8, "sagittal": 0.5, "oblique_behind": 0.2, "away": 0.0,
}  # fmt: skip
"""How far along the way the camera is nearest, 0 to 1."""
SHOULDERS_M = 0.35
"""Half of what a person with swinging arms is wide."""
HEAD_ROOM = 1.03
"""Chosen: hair and the beating of steps stay in the picture."""


def draw_camera(
    rng: np.random.Generator,
    view: View,
    way: Float[np.ndarray, "2 2"],
    nearest_m: float,
    height_m: float,
    size_px: tuple[int, int],
    field_of_view_deg: float,
) -> Camera:
    """Draw a camera.

    Args:
        rng: for side, angle, height, aim and roll.
        view: from where.
        way: where the person begins and ends, x and y (m).
        nearest_m: from the camera to the way's nearest place, along the floor.
        height_m: of the person, at whose middle it is aimed.
        size_px: width and height of its pictures.
        field_of_view_deg: on their long side.
    """
    begin, end = way
    angle = np.radians(rng.uniform(*ANGLE_DEG[view])) * rng.choice([-1.0, 1.0])
    direction = np.arctan2(*(end - begin)[::-1]) + angle
    near = begin + NEAREST_AT[view] * (end - begin)
    place = near + nearest_m * np.array([np.cos(direction), np.sin(direction)])
    position = np.append(place, rng.uniform(0.5, 1.7))
    aim = np.append(begin + rng.uniform(0.4, 0.6) * (end - begin), 0.0)
    aim[2] = position[2] + (height_m * rng.uniform(0.42, 0.6) - position[2]) * rng.uniform(0.5, 1.0)
    roll = np.radians(rng.normal(0.0, 1.0))
    focal_px = max(size_px) / 2 / np.tan(np.radians(field_of_view_deg) / 2)
    return Camera(
        float(focal_px), *size_px, "stated", position, _towards(aim - position, float(roll))
    )


def _towards(direction: Float[np.ndarray, " 3"], roll: float) -> Float[np.ndarray, "3 3"]:
    """Rows: right, down and ahead of a camera that looks along a direction, rolled clockwise."""
    ahead = direction / np.linalg.norm(direction)
    right = np.cross(ahead, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(ahead, right)
    cosine, sine = np.cos(roll), np.sin(roll)
    return np.stack([cosine * right + sine * down, cosine * down - sine * right, ahead])


def seen_whole(
    camera: Camera, hips_m: Float[np.ndarray, "T 3"], height_m: float
) -> Bool[np.ndarray, " T"]:
    """Whether all of a person, swinging arms included, lies within the picture."""
    around = np.array([
        [x, y, z * height_m * HEAD_ROOM]
        for x in (-SHOULDERS_M, SHOULDERS_M) for y in (-SHOULDERS_M, SHOULDERS_M) for z in (0, 1)
    ])  # fmt: skip
    corners = hips_m[:, None] * [1.0, 1.0, 0.0] + around
    # NaN, behind the camera, is in no picture.
    seen = camera.seen_at_px(corners)
    within = (seen >= 0) & (seen <= [camera.width_px, camera.height_px])
    return np.all(within, axis=(1, 2))
