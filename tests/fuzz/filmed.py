"""Sound videos and 2D points for the fuzzed readers, and a detector that needs no network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from simgait.video.landmarks import N_LANDMARKS, Landmarks, Region
from tests.recordings.formats.test_json_2d_points import (
    VITPOSE_NAMES,
    alphapose,
    easy_vitpose,
    mmpose,
    openpose,
    points_by_names,
    points_of,
)
from tests.video.conftest import STANDING, noise
from tests.video.made_up import LENS, filmed_walker

PICTURES, PX_PER_M = 45, 25.0
CODECS = {"a.mp4": "mpeg4", "b.webm": "libvpx-vp9", "c.avi": "mjpeg"}
PICTURE_PX = (LENS.width_px, LENS.height_px)


class Lamp:
    """A detector who finds a person of `PX_PER_M` wherever the picture is brightest."""

    def _at(self, picture: np.ndarray) -> tuple[float, float]:
        grey = picture.astype(float).sum(axis=-1)
        bright = grey >= max(1.0, 0.9 * float(grey.max(initial=0.0)))
        ys, xs = np.nonzero(bright)
        return (float(xs.mean()), float(ys.mean())) if len(xs) else (0.0, 0.0)

    def people(self, picture: np.ndarray, *, closely: bool = False) -> list[Region]:
        """One, always."""
        return [Region(*self._at(picture), 2.2 * PX_PER_M, 0.0)]

    def landmarks(self, picture: np.ndarray, region: Region) -> Landmarks:
        """A person who stands there."""
        at = self._at(picture)
        return Landmarks(
            PX_PER_M * STANDING[:, :2] + np.array(at), STANDING.copy(),
            np.full(N_LANDMARKS, 0.9), 1.0, Region(*at, 2.2 * PX_PER_M, 0.0),
        )  # fmt: skip


def clips(folder: Path) -> Iterator[bytes]:
    """A lamp of 6 pixels that goes from left to right, in three containers."""
    import av

    for name, codec in CODECS.items():
        # The same bytes whenever they are made: no names of versions, no drawn numbers.
        with av.open(str(folder / name), "w", options={"fflags": "+bitexact"}) as out:
            stream: Any = out.add_stream(codec, rate=30)
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.width, stream.height = 128, 96
            stream.thread_count = 1
            for k, wall in enumerate(noise(PICTURES)):
                picture = wall // 4
                picture[42:48, 14 + 2 * k : 20 + 2 * k] = 255
                out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            out.mux(stream.encode())
        yield (folder / name).read_bytes()


def read_clip(path: Path) -> object:
    """The recording of a clip, with that detector."""
    from simgait.recordings.filmed import recording_of_walk
    from simgait.recordings.options import NOTHING_SAID
    from simgait.video.filmed_walk import Asked, film_walk

    asked = Asked(field_of_view_deg=60.0, height_m=1.7)
    return recording_of_walk(film_walk(path, asked, Lamp()), NOTHING_SAID)


def points_2d() -> Iterator[bytes]:
    """A walker of 2 s as OpenPose, MMPose, AlphaPose and easy_ViTPose write him."""
    walker = filmed_walker(90.0, seconds=2.0)
    for keypoint_set, write in (
        ("coco-25", openpose), ("coco-17", mmpose), ("halpe-26", alphapose),
    ):  # fmt: skip
        points = np.round(points_of(walker, keypoint_set), 2)
        yield json.dumps(write(points)).encode()
    points = np.round(points_by_names(walker, VITPOSE_NAMES), 2)
    yield json.dumps(easy_vitpose(points)).encode()
