"""The lens that a video was filmed through: its field of view, and how that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.limits import Limits
from simgait.video.decode import Clip

FIELD_OF_VIEW_DEG = Limits(15.0, 130.0)
"""On the long side: from the longest zoom of a phone to its widest lens."""
ASSUMED_DEG = 60.0
"""Phones' main cameras film 60 to 66° on the long side: 24 to 26 mm equivalent are 67 to 72°, of
which the video's stabilisation cuts off about a tenth."""
STILL_WIDTH_MM = 34.6
"""Width of a 4:3 picture of 43.3 mm diagonal, by which phones state the equivalent focal length;
video takes the whole width."""

Source = Literal["stated", "tag", "distance", "calibrated", "assumed"]


@dataclass(frozen=True)
class Lens:
    """A pinhole camera's inside: no distortion, square pixels, its axis through the middle.

    Attributes:
        focal_px: focal length in pixels of pictures of this size.
        source: who says so: the user, the file's tag, the distance walked, a camera file, nobody.
    """

    focal_px: float
    width_px: int
    height_px: int
    source: Source

    @property
    def middle_px(self) -> Float[np.ndarray, " 2"]:
        """Where the axis meets the picture."""
        return np.array([self.width_px / 2, self.height_px / 2])

    @property
    def field_of_view_deg(self) -> float:
        """Field of view on the picture's long side."""
        longest = max(self.width_px, self.height_px)
        return math.degrees(2 * math.atan(longest / 2 / self.focal_px))

    def rays(self, points_px: Float[np.ndarray, "*n 2"]) -> Float[np.ndarray, "*n 2"]:
        """Directions x/z and y/z towards points of the picture."""
        return (points_px - self.middle_px) / self.focal_px

    def of_view(self, field_of_view_deg: float, source: Source) -> Lens:
        """The same pictures through another lens."""
        return replace(
            self,
            focal_px=_focal_px(field_of_view_deg, self.width_px, self.height_px),
            source=source,
        )


def choose_lens(clip: Clip, field_of_view_deg: float | None) -> Lens:
    """The lens that the user states, else the file's tag, else the usual one of phones.

    Raises:
        InputError: no lens has such a field of view.
    """
    width, height = clip.width_px, clip.height_px
    if field_of_view_deg is not None:
        check_field_of_view(field_of_view_deg, clip.name)
        return Lens(_focal_px(field_of_view_deg, width, height), width, height, "stated")
    if clip.focal_35mm is not None:
        tagged = Lens(clip.focal_35mm / STILL_WIDTH_MM * max(width, height), width, height, "tag")
        if tagged.field_of_view_deg in FIELD_OF_VIEW_DEG:
            return tagged
    return Lens(_focal_px(ASSUMED_DEG, width, height), width, height, "assumed")


def check_field_of_view(field_of_view_deg: float, where: str) -> None:
    """Refuses a field of view (degrees) that no lens has.

    Raises:
        InputError: it is outside `FIELD_OF_VIEW_DEG`.
    """
    if field_of_view_deg not in FIELD_OF_VIEW_DEG:
        raise InputError(
            f"{where}: a field of view of {field_of_view_deg:g}° is no camera's; give the angle on "
            f"the picture's long side in degrees, {FIELD_OF_VIEW_DEG} (phones about 60)."
        )


def _focal_px(field_of_view_deg: float, width_px: int, height_px: int) -> float:
    return max(width_px, height_px) / 2 / math.tan(math.radians(field_of_view_deg) / 2)
