"""BlazePose's 33 landmarks by name, and the track of one person's through a video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

N_LANDMARKS = 33
FACE = slice(0, 11)
NOSE = 0
LEFT_SHOULDER, RIGHT_SHOULDER = 11, 12
LEFT_HIP, RIGHT_HIP = 23, 24
LEFT_KNEE, RIGHT_KNEE = 25, 26
LEFT_ANKLE, RIGHT_ANKLE = 27, 28
RIGHT_TOE = 32
"""Places in MediaPipe's list of pose landmarks."""
HIPS = (LEFT_HIP, RIGHT_HIP)
SHOULDERS = (LEFT_SHOULDER, RIGHT_SHOULDER)
ANKLES = (LEFT_ANKLE, RIGHT_ANKLE)
LEGS = slice(LEFT_HIP, RIGHT_TOE + 1)
"""Hips, knees, ankles, heels and toes, left before right."""
LEG_JOINTS = slice(LEFT_HIP, RIGHT_ANKLE + 1)
"""The first six of these."""


@dataclass(frozen=True)
class Landmarks:
    """One person in one picture, as the network sees him.

    Attributes:
        image_px: (33, 2) x to the right, y down, in pixels of the picture.
        world_m: (33, 3) metres about the middle of the hips, x right, y down, z away, on axes whose
            z is the ray from the camera to the person.
        confidence: (33,) that a landmark is in the picture and not hidden, 0 to 1.
        presence: that there is a person at all, 0 to 1.
        region: where he is, to be looked at in the next picture.
    """

    image_px: Float[np.ndarray, "33 2"]
    world_m: Float[np.ndarray, "33 3"]
    confidence: Float[np.ndarray, " 33"]
    presence: float
    region: Region


@dataclass(frozen=True)
class Region:
    """A turned square of a picture: its middle (px), side (px), and turn (rad, clockwise)."""

    x_px: float
    y_px: float
    side_px: float
    turn: float


@dataclass(frozen=True)
class LandmarkTrack:
    """One person's landmarks through a video: F of its pictures, in order.

    Attributes:
        frames: (F,) numbers of the pictures.
        time_s: (F,) their times.
        image_px, world_m, confidence: as in `Landmarks`, one for each picture.
    """

    frames: Int[np.ndarray, " F"]
    time_s: Float[np.ndarray, " F"]
    image_px: Float[np.ndarray, "F 33 2"]
    world_m: Float[np.ndarray, "F 33 3"]
    confidence: Float[np.ndarray, "F 33"]

    @property
    def mid_hip_px(self) -> Float[np.ndarray, "F 2"]:
        """Middle of the hips."""
        return self.image_px[:, HIPS].mean(axis=1)

    @property
    def size_px(self) -> Float[np.ndarray, " F"]:
        """From the middle of the shoulders over that of the hips to that of the ankles."""
        corners = [self.image_px[:, pair].mean(axis=1) for pair in (SHOULDERS, HIPS, ANKLES)]
        trunk, legs = corners[0] - corners[1], corners[1] - corners[2]
        return np.linalg.norm(trunk, axis=-1) + np.linalg.norm(legs, axis=-1)

    def part(self, kept: Bool[np.ndarray, " F"]) -> LandmarkTrack:
        """The pictures that are kept."""
        return LandmarkTrack(
            self.frames[kept], self.time_s[kept], self.image_px[kept], self.world_m[kept],
            self.confidence[kept],
        )  # fmt: skip


def joined(tracks: list[LandmarkTrack]) -> LandmarkTrack:
    """Tracks of one person, one after the other."""
    return LandmarkTrack(
        *(
            np.concatenate([getattr(track, name) for track in tracks])
            for name in ("frames", "time_s", "image_px", "world_m", "confidence")
        )
    )
