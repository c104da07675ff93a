"""A camera by walks of known length: its field of view, height and tilt, and how far they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simgait.errors import InputError
from simgait.video.camera_file import KnownCamera
from simgait.video.distance import metres_per_unit
from simgait.video.filmed_walk import SAME_ASPECT, FilmedWalk

MOST_DOUBT_DEG = 8.0
"""Between clips (SD), beyond which they are not of one camera, or what was said of one is wrong: 8°
of 60° are a speed towards the camera wrong by a seventh."""


@dataclass(frozen=True)
class CalibrationWalk:
    """What one clip says of its camera; see `KnownCamera`."""

    clip: str
    field_of_view_deg: float
    aspect: float
    height_m: float
    tilt_deg: float


def calibration_of(walk: FilmedWalk, height_m: float) -> CalibrationWalk:
    """The camera of a walk whose length was said.

    Args:
        walk: lifted through the lens that its length tells.
        height_m: of the person.
    """
    ahead_up = float(walk.lifted.axes[2, 2])
    sides = sorted(walk.clip.file_px)
    scale = metres_per_unit(walk.lifted.points_m, height_m)
    return CalibrationWalk(
        walk.clip.name,
        walk.lens.field_of_view_deg,
        sides[1] / sides[0],
        walk.lifted.camera_height_m * scale,
        float(-np.degrees(np.arcsin(np.clip(ahead_up, -1.0, 1.0)))),
    )


def camera_of(walks: Sequence[CalibrationWalk]) -> KnownCamera:
    """The camera of several clips: medians, and the SD of the field of view.

    Raises:
        InputError: the clips are not of one camera.
    """
    first, *others = walks
    for other in others:
        if abs(other.aspect / first.aspect - 1.0) > SAME_ASPECT:
            raise InputError(
                f"{other.clip} and {first.clip} differ in shape: they are of two cameras or "
                "settings; calibrate each by itself."
            )
    views = np.array([one.field_of_view_deg for one in walks])
    doubt = float(np.std(views, ddof=1)) if len(views) > 1 else None
    if doubt is not None and doubt > MOST_DOUBT_DEG:
        told = ", ".join(f"{one.clip} {one.field_of_view_deg:.0f}°" for one in walks)
        raise InputError(
            f"The clips do not agree on the field of view ({told}); check that they are of one "
            "camera, and how far the person walked in each."
        )
    count = "a walk" if len(walks) == 1 else f"{len(walks)} walks"
    return KnownCamera(
        float(np.median(views)),
        first.aspect,
        f"{count} of known length",
        doubt,
        float(np.median([one.height_m for one in walks])),
        float(np.median([one.tilt_deg for one in walks])),
    )
