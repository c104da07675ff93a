"""Cameras of a detector family: where they stand, and a walk on their axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.synthetic.detectors.draws import drawn
from simgait.synthetic.detectors.family import Placing
from simgait.synthetic.detectors.monocular_v1 import VIEWS, View

_UP = np.array([0.0, 0.0, 1.0])
OFF_LINE_DEG = 6.0
"""Nobody walks straight at a camera: up to so far off in views from ahead, behind and the side."""
OBLIQUE_DEG = (25.0, 65.0)
"""To the way: what lies clearly between from ahead (0) and from the side (90)."""
LEAST_DISTANCE_M = 1.0
"""Of any point: a camera shows nobody who is nearer."""


@dataclass(frozen=True)
class Lens:
    """A camera at rest.

    Attributes:
        axes: rows are right, up and forward of a level camera, on world axes.
        tilt: (3, 3) from those axes to those of the camera as it stands.
    """

    view: View
    position_m: Float[np.ndarray, " 3"]
    axes: Float[np.ndarray, "3 3"]
    tilt: Float[np.ndarray, "3 3"]

    def sees(self, points_m: Float[np.ndarray, "... 3"]) -> Float[np.ndarray, "... 3"]:
        """World points as metres to the right, up and forward of the camera as it stands."""
        level = (points_m - self.position_m) @ self.axes.T
        return np.asarray(level @ self.tilt.T)

    def told(self, seen_m: Float[np.ndarray, "... 3"]) -> Float[np.ndarray, "... 3"]:
        """Such points on world axes, as somebody tells them who takes the camera for level."""
        return np.asarray(seen_m @ self.axes + self.position_m)


def place(
    rng: np.random.Generator,
    placing: Placing,
    path_m: Float[np.ndarray, "T 3"],
    forward: Float[np.ndarray, " 3"],
    floor_m: float,
    view: View | None,
) -> Lens:
    """Puts a camera beside a walk.

    Args:
        rng: draws.
        placing: of the family.
        path_m: the walk's mid-hip, NaN where unknown.
        forward: level direction of walking.
        floor_m: height of the floor.
        view: fixed instead of drawn.

    Raises:
        InputError: there is no such view.
    """
    if view is not None and view not in VIEWS:
        raise InputError(f"There is no camera view '{view}'; use one of {', '.join(VIEWS)}.")
    shares = np.array([placing.views.get(one, 0.0) for one in VIEWS])
    picked = VIEWS[int(rng.choice(len(VIEWS), p=shares / shares.sum()))]
    the_view = view or picked
    angle = np.radians(rng.uniform(-OFF_LINE_DEG, OFF_LINE_DEG))
    side, from_behind = rng.choice([-1.0, 1.0]), rng.random() < 0.4
    oblique = side * np.radians(rng.uniform(*OBLIQUE_DEG))
    closest_m, height_m = drawn(rng, placing.closest_m), drawn(rng, placing.height_m)
    known = path_m[np.isfinite(path_m).all(axis=-1)]
    first, last = known[0], known[-1]
    if the_view == "sagittal":
        towards, anchor = _turned(forward, side * np.pi / 2 + angle), 0.5 * (first + last)
    else:
        turn = oblique if the_view == "oblique" else angle
        behind = the_view == "behind" or (the_view == "oblique" and from_behind)
        towards = _turned(-forward if behind else forward, turn)
        anchor = first if behind else last
    position = anchor + closest_m * towards
    position[2] = floor_m + height_m
    axes = np.stack([np.cross(-towards, _UP), _UP, -towards])
    return Lens(the_view, position, axes, _tilt(rng, placing))


def _turned(direction: Float[np.ndarray, " 3"], yaw_rad: float) -> Float[np.ndarray, " 3"]:
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    x, y, _ = direction
    return np.array([c * x - s * y, s * x + c * y, 0.0])


def _tilt(rng: np.random.Generator, placing: Placing) -> Float[np.ndarray, "3 3"]:
    pitch, roll = (np.radians(drawn(rng, d)) for d in (placing.pitch_deg, placing.roll_deg))
    cp, sp, cr, sr = np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    about_right = np.array([[1.0, 0.0, 0.0], [0.0, cp, -sp], [0.0, sp, cp]])
    about_forward = np.array([[cr, -sr, 0.0], [sr, cr, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(about_forward @ about_right)
