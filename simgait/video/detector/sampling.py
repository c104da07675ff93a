"""Turned squares cut out of a picture, as the networks want them."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Real

from simgait.video.landmarks import Region
from simgait.video.shrinking import block_means


def cut_out(
    picture: Real[np.ndarray, "H W 3"], region: Region, size: int
) -> Float[np.ndarray, "S S 3"]:
    """A region of a picture as `size` × `size` pixels from 0 to 255; black outside the picture.

    Bilinear, as MediaPipe cuts out what its networks were trained on. A region much larger than
    `size` is averaged over blocks of pixels first, so that nothing flickers.
    """
    along = ((np.arange(size) + 0.5) / size - 0.5) * region.side_px
    cos, sin = math.cos(region.turn), math.sin(region.turn)
    x = region.x_px + along[None, :] * cos - along[:, None] * sin
    y = region.y_px + along[None, :] * sin + along[:, None] * cos
    block = int(region.side_px / size)
    if block >= 2:
        picture, x0, y0 = _shrunk(picture, (x.min(), x.max(), y.min(), y.max()), block)
        x, y = (x - x0) / block, (y - y0) / block
    return _bilinear(picture, x - 0.5, y - 0.5)


def _shrunk(
    picture: Real[np.ndarray, "H W 3"], box: tuple[float, float, float, float], block: int
) -> tuple[Float[np.ndarray, "h w 3"], int, int]:
    """Means over blocks of the part within a box, and where that part begins."""
    height, width = picture.shape[:2]
    x0, y0 = (max(int(low) - block, 0) for low in (box[0], box[2]))
    x1, y1 = min(int(box[1]) + block, width), min(int(box[3]) + block, height)
    columns, rows = max((x1 - x0) // block, 1), max((y1 - y0) // block, 1)
    x0, y0 = min(x0, width - columns * block), min(y0, height - rows * block)
    return block_means(picture[y0 : y0 + rows * block, x0 : x0 + columns * block], block), x0, y0


def _bilinear(
    picture: np.ndarray, x: Float[np.ndarray, "S S"], y: Float[np.ndarray, "S S"]
) -> Float[np.ndarray, "S S 3"]:
    height, width = picture.shape[:2]
    left, top = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    right_share = (x - left)[..., None].astype(np.float32)
    low_share = (y - top)[..., None].astype(np.float32)
    columns = [np.clip(left + k, 0, width - 1) for k in (0, 1)]
    rows = [np.clip(top + k, 0, height - 1) * width for k in (0, 1)]
    # One number for each pixel: gathering rows of a table is twice as fast as gathering by pairs.
    pixels = picture.reshape(-1, 3)
    lines = [
        pixels.take(row + columns[0], axis=0) * (1 - right_share)
        + pixels.take(row + columns[1], axis=0) * right_share
        for row in rows
    ]
    out = lines[0] * (1 - low_share) + lines[1] * low_share
    out[(x < -0.5) | (y < -0.5) | (x > width - 0.5) | (y > height - 0.5)] = 0.0
    return out
