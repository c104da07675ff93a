"""Whether the camera stands still: does the background keep its place and size?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, UInt8

from simgait.errors import InputError
from simgait.video.landmarks import Landmarks
from simgait.video.shrinking import block_means

EVERY_S = 0.2
"""Between two pictures that are compared."""
SMALL_PX = 256
"""Long side of what is compared."""
TILE_PX = 32
"""An eighth of the long side: a person hides few of them, and a shift of 16 px is seen."""
LEAST_TEXTURE = 3.0
"""Grey levels (SD within a tile): in a plain wall nothing can be seen to move."""
LEAST_PEAK = 0.12
"""Height of a correlation's peak, of 1, from which two tiles show the same."""
LEAST_TILES = 4
"""The middle of three would be anybody's who walks through two of them."""
MOST_DRIFT = 0.02
"""Of the picture's long side that the background may lie off its first place. Static clips here
stay within 0.002; a hand that tries to hold still reaches 0.03 within seconds."""
MOST_SHAKE = 0.004
"""The same from one comparison to the next, in the median of all."""
MOST_ZOOM = 0.001
"""Of the picture's long side that its edge may move outwards from one comparison to the next, in
the median of all: zooming by 1 % a second. Of eight static clips none has more than 0.00015."""
FAR_OUT = 0.25
"""Of the long side: tiles as far from the middle show a zoom."""
LEAST_CHANGE = 0.4
"""Mean grey levels by which two pictures of a film differ at least; a still one's by less."""
LEAST_COMPARED = 5
"""A second of film."""


class BackgroundWatch:
    """Compares the background of pictures that come one after the other."""

    def __init__(self) -> None:
        self._first: Float[np.ndarray, "h w"] | None = None
        self._last: Float[np.ndarray, "h w"] | None = None
        self._next_s = 0.0
        self._drifts: list[float] = []
        self._steps: list[float] = []
        self._zooms: list[float] = []
        self._changes: list[float] = []

    def see(
        self, picture: UInt8[np.ndarray, "H W 3"], time_s: float, people: Sequence[Landmarks]
    ) -> None:
        """The next picture, and who is in it: people are no background."""
        if time_s < self._next_s:
            return
        self._next_s = time_s + EVERY_S
        small, factor = _small_grey(picture)
        if self._first is None or self._last is None:
            self._first = self._last = small
            return
        free = _tiles_without(people, small.shape, factor)
        longest = max(small.shape)
        for earlier, found in ((self._first, self._drifts), (self._last, self._steps)):
            shift = background_shift(earlier, small, free)
            if shift is not None:
                found.append(float(np.linalg.norm(shift)) / longest)
        zoom = background_zoom(self._last, small, free)
        if zoom is not None:
            self._zooms.append(0.5 * abs(zoom))
        self._changes.append(float(np.abs(small - self._last).mean()))
        self._last = small

    def check(self, where: str) -> None:
        """Refuses a camera that moved or zoomed, and a picture that never changes.

        Raises:
            InputError: what is wrong, and what to do.
        """
        if len(self._changes) >= LEAST_COMPARED and max(self._changes) < LEAST_CHANGE:
            raise InputError(
                f"{where}: the picture never changes: a still picture, no film; give the video."
            )
        drift = float(np.percentile(self._drifts, 90)) if self._drifts else 0.0
        shake = float(np.median(self._steps)) if self._steps else 0.0
        if len(self._steps) >= LEAST_COMPARED and (drift > MOST_DRIFT or shake > MOST_SHAKE):
            raise InputError(
                f"{where}: the camera moves (the background by {100 * max(drift, shake):.1f} % of "
                "the picture), so that nobody can tell how the person does; put it on a tripod "
                "and film again."
            )
        zoom = float(np.median(self._zooms)) if self._zooms else 0.0
        if len(self._zooms) >= LEAST_COMPARED and zoom > MOST_ZOOM:
            raise InputError(
                f"{where}: the camera zooms, or comes nearer or goes away (the picture by "
                f"{200 * zoom / EVERY_S:.0f} % every second); film with one zoom, from one place."
            )


def background_shift(
    earlier: Float[np.ndarray, "h w"],
    later: Float[np.ndarray, "h w"],
    free: Sequence[tuple[int, int]],
) -> Float[np.ndarray, " 2"] | None:
    """By how many pixels (y, x) most tiles have moved; None where too few show anything.

    Args:
        earlier: a grey picture.
        later: another of the same size.
        free: corners (y, x) of the tiles that show background alone.
    """
    shifts, _ = _shifts(earlier, later, free)
    if len(shifts) < LEAST_TILES:
        return None
    return np.median(shifts, axis=0)


def background_zoom(
    earlier: Float[np.ndarray, "h w"],
    later: Float[np.ndarray, "h w"],
    free: Sequence[tuple[int, int]],
) -> float | None:
    """By what share of its distance from the middle most of the background has moved outwards.

    Arguments as of `background_shift`; None where too few tiles far out show anything.
    """
    shifts, corners = _shifts(earlier, later, free)
    out = corners + 0.5 * TILE_PX - 0.5 * np.array(earlier.shape)
    far = np.linalg.norm(out, axis=1) >= FAR_OUT * max(earlier.shape)
    if far.sum() < LEAST_TILES:
        return None
    moved = shifts - np.median(shifts, axis=0)
    return float(np.median(((out * moved).sum(axis=1) / (out**2).sum(axis=1))[far]))


def _shifts(
    earlier: Float[np.ndarray, "h w"],
    later: Float[np.ndarray, "h w"],
    free: Sequence[tuple[int, int]],
) -> tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, "n 2"]]:
    """By how many pixels (y, x) each tile has moved that shows anything, and its corner."""
    window = np.outer(np.hanning(TILE_PX), np.hanning(TILE_PX))
    shifts, corners = [], []
    for y, x in free:
        cut = slice(y, y + TILE_PX), slice(x, x + TILE_PX)
        if min(earlier[cut].std(), later[cut].std()) < LEAST_TEXTURE:
            continue
        found = _tile_shift(earlier[cut], later[cut], window)
        if found is not None:
            shifts.append(found)
            corners.append((float(y), float(x)))
    return np.array(shifts).reshape(-1, 2), np.array(corners).reshape(-1, 2)


def _tile_shift(
    earlier: Float[np.ndarray, "t t"],
    later: Float[np.ndarray, "t t"],
    window: Float[np.ndarray, "t t"],
) -> Float[np.ndarray, " 2"] | None:
    """Phase correlation (Kuglin & Hines 1975), to a fraction of a pixel by the peak's middle."""
    spectra = [np.fft.rfft2((tile - tile.mean()) * window) for tile in (earlier, later)]
    cross = spectra[1] * np.conj(spectra[0])
    surface = np.fft.irfft2(cross / np.maximum(np.abs(cross), 1e-9), s=earlier.shape)
    peak = np.unravel_index(int(np.argmax(surface)), surface.shape)
    if surface[peak] < LEAST_PEAK:
        return None
    near = np.array([-1, 0, 1])
    rows, columns = (np.add(peak[0], near) % TILE_PX, np.add(peak[1], near) % TILE_PX)
    heights = np.maximum(surface[np.ix_(rows, columns)], 0.0)
    middle = np.array([(heights.sum(1) * near).sum(), (heights.sum(0) * near).sum()])
    shift = np.array(peak) + middle / heights.sum()
    return (shift + TILE_PX / 2) % TILE_PX - TILE_PX / 2


def _small_grey(picture: UInt8[np.ndarray, "H W 3"]) -> tuple[Float[np.ndarray, "h w"], int]:
    """Means over blocks of the green channel, and the side of a block."""
    factor = max(round(max(picture.shape[:2]) / SMALL_PX), 1)
    return block_means(picture[..., 1:2], factor)[..., 0].astype(float), factor


def _tiles_without(
    people: Sequence[Landmarks], shape: tuple[int, ...], factor: int
) -> list[tuple[int, int]]:
    """Corners of the tiles in which nobody is."""
    boxes = []
    for one in people:
        points = one.image_px / factor
        margin = 0.15 * np.ptp(points[:, 1])
        boxes.append((points.min(axis=0) - margin, points.max(axis=0) + margin))
    corners = []
    for y in range(0, shape[0] - TILE_PX + 1, TILE_PX):
        for x in range(0, shape[1] - TILE_PX + 1, TILE_PX):
            low, high = np.array([x, y]), np.array([x + TILE_PX, y + TILE_PX])
            if all((high < box[0]).any() or (low > box[1]).any() for box in boxes):
                corners.append((y, x))
    return corners
