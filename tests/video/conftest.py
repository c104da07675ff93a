"""Clips that tests write themselves, and a detector that knows where it painted people."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from simgait.video.landmarks import N_LANDMARKS, Landmarks, Region

STANDING = np.zeros((N_LANDMARKS, 3))
"""A person of 1.7 m who faces the camera: metres about the hips, x right, y down, z away."""
for _k, _at in {
    0: (0, -0.62, -0.1), 11: (0.18, -0.5, 0), 12: (-0.18, -0.5, 0), 23: (0.1, 0, 0),
    24: (-0.1, 0, 0),
    25: (0.1, 0.42, -0.02), 26: (-0.1, 0.42, -0.02), 27: (0.1, 0.84, 0), 28: (-0.1, 0.84, 0),
    29: (0.1, 0.9, 0.05), 30: (-0.1, 0.9, 0.05), 31: (0.1, 0.9, -0.15), 32: (-0.1, 0.9, -0.15),
}.items():  # fmt: skip
    STANDING[_k] = _at


@pytest.fixture
def av():
    """PyAV, which video needs; `make setup` installs it."""
    return pytest.importorskip("av")


WriteClip = Callable[..., Path]


@pytest.fixture
def write_clip(av, tmp_path) -> WriteClip:
    """A function that writes pictures as a video in MPEG-4, VP9 or another codec."""

    def write(
        name: str,
        pictures: Iterable[np.ndarray],
        *,
        fps_hz: int | Fraction = 30,
        codec: str = "mpeg4",
        pixels: str = "yuv420p",
        times_ms: Iterable[int] | None = None,
        tags: Mapping[str, str] | None = None,
        transfer: int | None = None,
    ) -> Path:
        path = tmp_path / name
        stamps = None if times_ms is None else iter(times_ms)
        options = {"movflags": "use_metadata_tags"} if tags else {}
        with av.open(str(path), "w", options=options) as out:
            out.metadata.update(tags or {})
            stream = out.add_stream(codec, rate=fps_hz)
            stream.pix_fmt = pixels
            if transfer is not None:
                stream.codec_context.color_trc = transfer
            if stamps is not None:
                stream.codec_context.time_base = Fraction(1, 1000)
            for k, picture in enumerate(pictures):
                if k == 0:
                    stream.height, stream.width = picture.shape[:2]
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
                if stamps is not None:
                    frame.pts, frame.time_base = next(stamps), Fraction(1, 1000)
                out.mux(stream.encode(frame))
            out.mux(stream.encode())
        return path

    return write


def turn_tag(path: Path) -> None:
    """Asks players to show an MP4 turned by 90° clockwise, as phones held upright do."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 44
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


def noise(n: int, height: int = 96, width: int = 128, seed: int = 0) -> list[np.ndarray]:
    """Pictures of a plastered wall, all alike but for the camera's noise."""
    rng = np.random.default_rng(seed)
    wall = rng.integers(60, 200, (height // 4, width // 4, 1), dtype=np.uint8)
    wall = np.kron(wall, np.ones((4, 4, 3), np.uint8))
    return [wall + rng.integers(0, 12, wall.shape, dtype=np.uint8) for _ in range(n)]


class Painted:
    """A detector that knows where people are: `where(k)` of the k-th picture gives middle and size.

    Sizes are pixels for each metre; a person whom it gives as None is not there.
    """

    def __init__(
        self, where: Callable[[int], list[tuple[float, float, float] | None]], per_person: int = 1
    ) -> None:
        self.where = where
        self.pictures: list[np.ndarray] = []

    def _now(self, picture: np.ndarray) -> list[tuple[float, float, float] | None]:
        for n in reversed(range(len(self.pictures))):
            if self.pictures[n] is picture:
                return self.where(n)
        return self.where(self.comes(picture))

    def comes(self, picture: np.ndarray) -> int:
        """The next picture, whether or not anybody is looked for in it; its number."""
        self.pictures.append(picture)
        return len(self.pictures) - 1

    def people(self, picture: np.ndarray, *, closely: bool = False) -> list[Region]:
        return [
            Region(one[0], one[1], 2.2 * one[2], 0.0)
            for one in self._now(picture)
            if one is not None
        ]

    def landmarks(self, picture: np.ndarray, region: Region) -> Landmarks:
        there = [one for one in self._now(picture) if one is not None]
        near = min(
            there,
            key=lambda one: np.hypot(one[0] - region.x_px, one[1] - region.y_px),
            default=(0.0, 0.0, 1.0),
        )
        away = np.hypot(near[0] - region.x_px, near[1] - region.y_px)
        seen = bool(there) and away < 0.5 * region.side_px
        return Landmarks(
            near[2] * STANDING[:, :2] + np.array(near[:2]),
            STANDING.copy(),
            np.full(N_LANDMARKS, 0.9),
            1.0 if seen else 0.0,
            Region(near[0], near[1], 2.2 * near[2], 0.0),
        )
