"""What is known of the camera that filmed a walk, and of the video.

The recording's axes and metres; pixels count from the picture's upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Camera:
    """A camera that stood still, and how its lens is known.

    Attributes:
        focal_px: focal length in pixels of its pictures.
        width_px, height_px: of its pictures.
        source: of the focal length: "stated", "tag" (of the file), "distance" (walked),
            "calibrated", "assumed".
        position_m: in the recording's axes and metres.
        rotation: rows are its right, down and ahead in the recording's axes.
    """

    focal_px: float
    width_px: int
    height_px: int
    source: str
    position_m: Float[np.ndarray, "3"]
    rotation: Float[np.ndarray, "3 3"]

    def seen_at_px(self, points_m: Float[np.ndarray, "*n 3"]) -> Float[np.ndarray, "*n 2"]:
        """Where points of the recording appear in its pictures; NaN of those behind it."""
        inside = (points_m - self.position_m) @ self.rotation.T
        depth = np.where(inside[..., 2:] > 0, inside[..., 2:], np.nan)
        return self.focal_px * inside[..., :2] / depth + [self.width_px / 2, self.height_px / 2]


@dataclass(frozen=True)
class Footage:
    """The video that a recording was made of, where it lies on this machine; never written.

    Attributes:
        from_s: where the part that was read begins, in seconds as a player shows them; None = 0.
        start_s: true time at which that part begins, on the recording's clock.
        faces: time (s), x, y and radius (px) of a circle over each face in each picture.
    """

    path: Path
    from_s: float | None
    start_s: float
    faces: Float[np.ndarray, "M 4"]
