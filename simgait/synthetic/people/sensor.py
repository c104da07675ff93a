"""What a camera makes of the light: blur, exposure, noise; and the file that its pictures go to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int16, UInt8

from simgait.video.decode import pyav

NOISE_PAD_PX = 64
"""Noise is drawn once, larger than a picture by this, and cut at a random place for each."""
CODEC = "mpeg4"
"""MPEG-4 part 2: compressed in blocks and over time as phones' video is, and quick."""


@dataclass(frozen=True)
class Sensor:
    """What a camera does to a picture.

    Attributes:
        gain: brightness.
        noise_sd: of each pixel's brightness, of 255.
        blur: passes of the binomial filter (1 2 1)/4: the lens, and the size of pixels.
        long_exposure: whether moving limbs are blurred.
        bits_per_pixel: that the compressed video spends.
    """

    gain: float
    noise_sd: float
    blur: int
    long_exposure: bool
    bits_per_pixel: float


def draw_sensor(rng: np.random.Generator) -> Sensor:
    """Draw a camera, from a good one in daylight to a poor one in a dim corridor."""
    return Sensor(
        gain=float(rng.uniform(0.7, 1.15)),
        noise_sd=float(np.exp(rng.uniform(np.log(1.0), np.log(8.0)))),
        blur=int(rng.integers(1, 4)),
        long_exposure=bool(rng.random() < 0.35),
        bits_per_pixel=float(np.exp(rng.uniform(np.log(0.06), np.log(0.3)))),
    )


def draw_noise(
    rng: np.random.Generator, size_px: tuple[int, int], noise_sd: float
) -> Int16[np.ndarray, "H W"]:
    """Noise for all pictures of a size, a little larger than they are."""
    width, height = size_px
    shape = (height + NOISE_PAD_PX, width + NOISE_PAD_PX)
    return np.round(noise_sd * rng.standard_normal(shape, dtype=np.float32)).astype(np.int16)


def noisy(
    picture: UInt8[np.ndarray, "h w 3"],
    noise: Int16[np.ndarray, "H W"],
    rng: np.random.Generator,
) -> UInt8[np.ndarray, "h w 3"]:
    """The picture with noise on its brightness."""
    y, x = rng.integers(0, NOISE_PAD_PX, 2)
    height, width = picture.shape[:2]
    out = picture.astype(np.int16)
    out += noise[y : y + height, x : x + width, None]
    return np.clip(out, 0, 255, out=out).astype(np.uint8)


def blurred(picture: Float[np.ndarray, "h w c"], passes: int) -> Float[np.ndarray, "h w c"]:
    """The binomial filter (1 2 1)/4 over rows and columns, as often as said; edges repeat."""
    out = picture
    for _ in range(passes):
        for axis in (0, 1):
            pad = [(1, 1) if i == axis else (0, 0) for i in range(3)]
            wide = np.pad(out, pad, mode="edge")
            n = out.shape[axis]
            before, here, after = (np.take(wide, range(i, i + n), axis) for i in range(3))
            out = 0.25 * (before + after) + 0.5 * here
    return out


def over(
    background: UInt8[np.ndarray, "h w 3"], drawn: Float[np.ndarray, "h w 4"], gain: float
) -> UInt8[np.ndarray, "h w 3"]:
    """What was drawn, laid over a background whose brightness is the camera's already."""
    mixed = gain * drawn[..., :3] + background * (1.0 - drawn[..., 3:])
    return np.clip(mixed, 0.0, 255.0).astype(np.uint8)


def write_video(
    path: Path,
    pictures: Iterable[UInt8[np.ndarray, "H W 3"]],
    size_px: tuple[int, int],
    fps_hz: float,
    bits_per_pixel: float,
) -> int:
    """Compress pictures into an MP4 file without sound or tags; how many there were.

    Raises:
        InputError: PyAV is not installed.
    """
    av, n = pyav(), 0
    rate = Fraction(fps_hz).limit_denominator(1001)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(CODEC, rate=rate)
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = round(bits_per_pixel * size_px[0] * size_px[1] * fps_hz)
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            n += 1
        container.mux(stream.encode())
    return n
