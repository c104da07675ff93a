"""Where rendered people walk: a room or the open air, its floor, walls, things and light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.synthetic.people.looks import Colour

FLOORS = ("tiles", "planks", "ground")
MARGIN_M, OPEN_MARGIN_M = (1.2, 4.0), 25.0
"""Between the walk or the camera and a wall."""
CLEAR_M = 0.9
"""No thing stands nearer than this to a line of sight or to the way."""


@dataclass(frozen=True)
class Room:
    """Floor, walls, things and light.

    Attributes:
        low, high: corners (m) of the floor.
        height_m: of the walls; 0 in the open air.
        floor, floor_colour, wall_colour, bricks: how they look.
        boxes: corners (low, high) of things that stand about, (N, 2, 3).
        sun: direction to the light, unit length; light, ambient: its colour and that of shade.
        shadow: how dark a person's shadow is, 0 to 1.
    """

    low: tuple[float, float]
    high: tuple[float, float]
    height_m: float
    floor: str
    floor_colour: Colour
    wall_colour: Colour
    bricks: bool
    boxes: Float[np.ndarray, "N 2 3"]
    sun: Float[np.ndarray, " 3"]
    light: Colour
    ambient: float
    shadow: float


def draw_room(
    rng: np.random.Generator, way: Float[np.ndarray, "N 2"], camera_m: Float[np.ndarray, " 3"]
) -> Room:
    """Draw a room around a way over the floor and a camera that sees all of it."""
    inside = np.vstack([way, camera_m[None, :2]])
    outdoors = rng.random() < 0.25
    margin = np.full(4, OPEN_MARGIN_M) if outdoors else rng.uniform(*MARGIN_M, 4)
    low, high = inside.min(axis=0) - margin[:2], inside.max(axis=0) + margin[2:]
    sun = np.array([rng.normal(0, 0.5), rng.normal(0, 0.5), 1.0])
    warm, strength = rng.uniform(-0.08, 0.08), rng.uniform(0.45, 0.9)
    return Room(
        (float(low[0]), float(low[1])),
        (float(high[0]), float(high[1])),
        0.0 if outdoors else float(rng.uniform(2.4, 3.5)),
        "ground" if outdoors else str(rng.choice(FLOORS)),
        _colour(rng, 0.15, 0.6),
        _colour(rng, 0.3, 0.75),
        bool(rng.random() < 0.2),
        _draw_boxes(rng, low, high, way, camera_m),
        sun / np.linalg.norm(sun),
        (strength * (1 + warm), strength, strength * (1 - warm)),
        float(rng.uniform(0.3, 0.6)),
        float(rng.uniform(0.1, 0.6)),
    )


def _colour(rng: np.random.Generator, low: float, high: float) -> Colour:
    r, g, b = np.clip(rng.uniform(low, high) * np.exp(rng.normal(0.0, 0.2, 3)), 0.03, 0.9)
    return float(r), float(g), float(b)


def _draw_boxes(
    rng: np.random.Generator,
    low: Float[np.ndarray, " 2"],
    high: Float[np.ndarray, " 2"],
    way: Float[np.ndarray, "N 2"],
    camera_m: Float[np.ndarray, " 3"],
) -> Float[np.ndarray, "B 2 3"]:
    """Cupboards, tables, doors: nothing between the camera and the way."""
    sight = np.linspace(camera_m[:2], way, 20).reshape(-1, 2)
    boxes = []
    for _ in range(int(rng.integers(2, 14))):
        middle = rng.uniform(low, high)
        size = rng.uniform([0.1, 0.1, 0.3], [1.2, 0.8, 2.1])
        if np.linalg.norm(sight - middle, axis=1).min() < CLEAR_M + size[:2].max() / 2:
            continue
        corner = np.append(middle - size[:2] / 2, 0.0)
        boxes.append([corner, corner + size])
    return np.array(boxes).reshape(-1, 2, 3)


def triangles(room: Room) -> Float[np.ndarray, "N 7"]:
    """Corners of its triangles: place, normal, and what it is: 0 floor, 1 wall, from 2 on a box."""
    (x0, y0), (x1, y1), z1 = room.low, room.high, room.height_m
    flat = [(x0, y0, 0.0), (x1, y0, 0.0), (x1, y1, 0.0), (x0, y1, 0.0)]
    parts = [_square(flat, (0.0, 0.0, 1.0), 0.0)]
    if z1 > 0.0:
        parts += _walls(np.array([[x0, y0, 0.0], [x1, y1, z1]]), 1.0, inward=True)
    for i, box in enumerate(room.boxes):
        parts += _walls(box, 2.0 + i, inward=False)
    return np.concatenate(parts)


def _walls(
    box: Float[np.ndarray, "2 3"], kind: float, *, inward: bool
) -> list[Float[np.ndarray, "6 7"]]:
    """Four sides and the top of a box."""
    (x0, y0, z0), (x1, y1, z1) = box
    sign = -1.0 if inward else 1.0
    sides = (
        ([(x0, y0), (x1, y0)], (0.0, -sign, 0.0)), ([(x1, y0), (x1, y1)], (sign, 0.0, 0.0)),
        ([(x1, y1), (x0, y1)], (0.0, sign, 0.0)), ([(x0, y1), (x0, y0)], (-sign, 0.0, 0.0)),
    )  # fmt: skip
    out = [
        _square([(*a, z0), (*b, z0), (*b, z1), (*a, z1)], normal, kind) for (a, b), normal in sides
    ]
    top = [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)]
    return [*out, _square(top, (0.0, 0.0, sign), kind)]


def _square(
    corners: Sequence[Sequence[float]], normal: Sequence[float], kind: float
) -> Float[np.ndarray, "6 7"]:
    return np.array([[*corners[i], *normal, kind] for i in (0, 1, 2, 0, 2, 3)])
