"""2D points of another detector (OpenPose, RTMPose, AlphaPose, ...) into the same lift as video.

Such a detector knows no depths at all: people are flat at first, and their bones have the lengths
of people as tall as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.skeleton.dimensions import SHANK_PER_HEIGHT, THIGH_PER_HEIGHT
from simgait.video.batch_fit import BONES, WIDTHS
from simgait.video.landmarks import HIPS, LandmarkTrack
from simgait.video.people import LEAST_TRACK_S, linked

UPRIGHT_OF_HEIGHT = 0.78
"""Shoulders over hips to ankles, over body height (Winter 2009: .818 less .039)."""
USUAL_HEIGHT_M = 1.7
"""Of somebody whose height is not said yet; all is scaled to it once it is."""
BONES_OF_HEIGHT = (
    THIGH_PER_HEIGHT, SHANK_PER_HEIGHT, 0.05, 0.105, 0.145, 0.29, 0.337, 0.13, 0.22,
)  # fmt: skip
"""Lengths of `BONES`, then `WIDTHS`: thigh, shank, trunk by Winter 2009 (after Drillis & Contini);
feet, hips and shoulders where detectors have their points, as rendered people show them."""
NEAR = 0.5
"""Of a body size: the same person in the next picture lies no farther."""
LEAST_CONFIDENCE = 0.05
"""Detectors give 0, or next to it, to points that they do not see; what they doubt counts less."""


@dataclass(frozen=True)
class SeenPerson:
    """One person in one picture: places (px) and confidences in BlazePose's order, 0 where not."""

    image_px: Float[np.ndarray, "33 2"]
    confidence: Float[np.ndarray, " 33"]

    @property
    def mid_hip_px(self) -> Float[np.ndarray, " 2"]:
        """Middle of the hips."""
        return self.image_px[list(HIPS)].mean(axis=0)


def usual_bones(height_m: float | None) -> tuple[float, ...]:
    """Lengths (m) of `batch_fit.BONES`, then `WIDTHS`, of a person of this height."""
    assert len(BONES_OF_HEIGHT) == len(BONES) + len(WIDTHS)
    return tuple(share * (height_m or USUAL_HEIGHT_M) for share in BONES_OF_HEIGHT)


def follow_points(
    pictures: Sequence[Sequence[SeenPerson]],
    time_s: Float[np.ndarray, " T"],
    height_m: float | None,
    where: str,
) -> list[LandmarkTrack]:
    """Everybody's track, in order of appearance, then left to right.

    Args:
        pictures: the people in each picture, in any order.
        time_s: of the pictures.
        height_m: of the person; None for a usual one.
        where: name of the file.

    Raises:
        InputError: nobody is seen with hips, knees and ankles for long enough.
    """
    live: list[list[tuple[int, SeenPerson]]] = []
    ended: list[list[tuple[int, SeenPerson]]] = []
    for index, people in enumerate(pictures):
        left = [one for one in people if (one.confidence[23:29] > LEAST_CONFIDENCE).all()]
        going_on = []
        for track in live:
            away = [_away(track[-1][1], one) / max(_size(one), 1.0) for one in left]
            nearest = int(np.argmin(away)) if away else -1
            if away and away[nearest] < NEAR:
                track.append((index, left.pop(nearest)))
                going_on.append(track)
            else:
                ended.append(track)
        live = going_on + [[(index, one)] for one in left]
    tracks = linked([_track(one, time_s, height_m) for one in (*ended, *live)])
    long = [one for one in tracks if one.time_s[-1] - one.time_s[0] >= LEAST_TRACK_S]
    if not long:
        raise InputError(
            f"{where}: nobody is seen with hips, knees and ankles for half a second; check the "
            "keypoint set and the frame rate."
        )
    return sorted(long, key=lambda one: (one.time_s[0], one.mid_hip_px[0, 0]))


def _away(one: SeenPerson, other: SeenPerson) -> float:
    return float(np.linalg.norm(one.mid_hip_px - other.mid_hip_px))


def _size(one: SeenPerson) -> float:
    seen = one.image_px[one.confidence > LEAST_CONFIDENCE]
    return float(np.ptp(seen[:, 1]))


def _track(
    seen: Sequence[tuple[int, SeenPerson]], time_s: Float[np.ndarray, " T"], height_m: float | None
) -> LandmarkTrack:
    """With points that are flat, as tall as the person, about the middle of the hips."""
    frames = np.array([index for index, _ in seen])
    confidence = np.stack([one.confidence for _, one in seen])
    hips = np.stack([one.mid_hip_px for _, one in seen])
    image = np.stack([one.image_px for _, one in seen])
    image = np.where((confidence > 0)[..., None], image, hips[:, None])
    flat = LandmarkTrack(
        frames, time_s[frames], image, np.zeros((*confidence.shape, 3)), confidence
    )
    metres = UPRIGHT_OF_HEIGHT * (height_m or USUAL_HEIGHT_M) / np.maximum(flat.size_px, 1.0)
    flat.world_m[..., :2] = (image - hips[:, None]) * metres[:, None, None]
    return flat
