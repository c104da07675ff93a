"""From where a walk was filmed, and what can be seen from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.series.trend import straight_rate
from simgait.video.landmarks import HIPS

SIDE_DEG, END_DEG = 60.0, 30.0
"""Angle between the way and the camera's axis from which a view is one from the side, and below
which it is one from the front or from behind."""


@dataclass(frozen=True)
class View:
    """Where the camera stood.

    Attributes:
        angle_deg: between the way and the line from the person to the camera: 0 coming, 90 across,
            180 going.
        nearest_m, farthest_m: from the camera, along the floor, in the detector's metres.
    """

    angle_deg: float
    nearest_m: float
    farthest_m: float

    @property
    def seen_from(self) -> str:
        """In words."""
        if self.angle_deg <= END_DEG:
            return "the front"
        if self.angle_deg >= 180.0 - END_DEG:
            return "behind"
        if SIDE_DEG <= self.angle_deg <= 180.0 - SIDE_DEG:
            return "the side"
        return "the front, obliquely," if self.angle_deg < 90.0 else "behind, obliquely,"


def view_of(points_m: Float[np.ndarray, "F 33 3"]) -> View | None:
    """The view of a walk in level axes whose origin lies below the camera; None of a standstill."""
    hips = points_m[:, HIPS].mean(axis=1)[:, :2]
    way = straight_rate(hips, np.arange(float(len(hips))))
    length = float(np.linalg.norm(way))
    if length * len(hips) < 0.5:
        return None
    middle = np.median(hips, axis=0)
    to_camera = -middle / max(float(np.linalg.norm(middle)), 1e-9)
    cosine = float(np.clip(way @ to_camera / length, -1.0, 1.0))
    away = np.linalg.norm(hips, axis=1)
    return View(float(np.degrees(np.arccos(cosine))), float(away.min()), float(away.max()))


def view_note(view: View) -> str:
    """What the report says of the view (figures: docs/video.md)."""
    where = (
        f"Filmed from {view.seen_from} ({view.angle_deg:.0f}° between the way and the camera), "
        f"{view.nearest_m:.1f} to {view.farthest_m:.1f} m away"
    )
    if view.seen_from in ("the front", "behind"):
        return (
            f"{where}: cadence is seen from there; speed and step length rest on the lens's field "
            "of view, and knee and hip flexion are hardly more than guesses."
        )
    if view.seen_from == "the side":
        return (
            f"{where}: cadence, speed, step length, knee and hip flexion are seen from there; step "
            "width and what the pelvis does sideways hardly are."
        )
    return f"{where}: cadence, speed, step length and knee flexion are seen from there."
