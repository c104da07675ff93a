"""Whether the camera stands still: does the background keep its place and size?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
NEW_REFERENCE_PX = 3.0
"""Shift of the background from which a later picture is what others are compared with, so that pans
of any length are followed: from 5 px on tiles of rendered clips no longer agree."""
MOST_LOST = 0.5
"""Of the comparisons: tiles that show something, each of which goes elsewhere. In static clips here
in none."""
AGREES_PX, LEAST_AGREE = 1.0, 0.5
"""Tiles off the middle of all by less agree with it, and so must half of them."""
NOTED_DRIFT = 0.005
"""The same, from which it is noted: 0.33° of 65°, 3 cm at 5 m. 13 static clips here have 0.002."""
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
LEAST_TOLD = 0.5
"""Of the comparisons, that show whether the background stands still; with fewer nobody knows."""
CHECK_EVERY = 100
"""Comparisons (20 s) after which what is certain is said, so that nobody waits for a long film."""
CERTAIN = 2.0
"""Times a limit: so much is not made good by what comes later."""


@dataclass(frozen=True)
class _Seen:
    """A small grey picture, and how far (px) its background lies off its first place."""

    small: Float[np.ndarray, "h w"]
    place_px: Float[np.ndarray, " 2"]


class BackgroundWatch:
    """Compares the background of pictures that come one after the other."""

    def __init__(self) -> None:
        self._reference: _Seen | None = None
        self._last: _Seen | None = None
        self._next_s = 0.0
        self._drifts: list[float] = []
        self._steps: list[float] = []
        self._zooms: list[float] = []
        self._lost: list[bool] = []
        self._changes: list[float] = []
        self._peopled = 0
        self._checked = 0

    def see(
        self, picture: UInt8[np.ndarray, "H W 3"], time_s: float, people: Sequence[Landmarks]
    ) -> None:
        """The next picture, and who is in it: people are no background."""
        if time_s < self._next_s:
            return
        self._next_s = time_s + EVERY_S
        small, factor = _small_grey(picture)
        if self._reference is None or self._last is None:
            self._reference = self._last = _Seen(small, np.zeros(2))
            return
        free = _tiles_without(people, small.shape, factor)
        longest = max(small.shape)
        steps, out = _shifts(self._last.small, small, free)
        place, shift = self._place(small, free, steps)
        if place is not None:
            self._drifts.append(float(np.linalg.norm(place)) / longest)
        if len(steps) >= LEAST_TILES:
            middle, zoom = np.median(steps, axis=0), _zoom(steps, out, longest)
            self._steps.append(float(np.linalg.norm(middle)) / longest)
            if zoom is not None:
                self._zooms.append(0.5 * abs(zoom))
            self._lost.append(not _agree(steps, middle + (zoom or 0.0) * out))
        self._peopled += bool(people)
        self._changes.append(float(np.abs(small - self._last.small).mean()))
        self._last = _Seen(small, self._last.place_px if place is None else place)
        if place is not None and (shift is None or np.linalg.norm(shift) > NEW_REFERENCE_PX):
            self._reference = self._last

    def _place(
        self,
        small: Float[np.ndarray, "h w"],
        free: Sequence[tuple[int, int]],
        steps: Float[np.ndarray, "n 2"],
    ) -> tuple[Float[np.ndarray, " 2"] | None, Float[np.ndarray, " 2"] | None]:
        """How far (px) the background lies off its first place, and off the reference's.

        None where that cannot be told: the first by neither the reference nor the last picture,
        since which the tiles went `steps`.
        """
        assert self._reference is not None and self._last is not None
        shift = background_shift(self._reference.small, small, free)
        if shift is not None:
            return self._reference.place_px + shift, shift
        step = _common(steps)
        return (None if step is None else self._last.place_px + step), None

    @property
    def drift(self) -> float:
        """How far the background was off its first place, of the picture's long side.

        Nine tenths of the time it was nearer; 0 where nothing was to be seen.
        """
        return float(np.percentile(self._drifts, 90)) if self._drifts else 0.0

    def check_so_far(self, where: str) -> None:
        """Now and then the same as `check`, of what is certain already.

        Raises:
            InputError: what is wrong, and what to do.
        """
        if len(self._changes) >= self._checked + CHECK_EVERY:
            self._checked = len(self._changes)
            self._check(where, CERTAIN)

    def check(self, where: str) -> None:
        """Refuses a camera that moved or zoomed, and a picture that never changes.

        Raises:
            InputError: what is wrong, and what to do.
        """
        self._check(where, 1.0)

    def notes(self) -> tuple[str, ...]:
        """A sentence on a camera that turned a little, or of which nobody can tell."""
        if len(self._steps) < LEAST_TOLD * len(self._changes):
            return (
                "The background is too plain to tell whether the camera stood still; if it did "
                "not, speed and steps are wrong.",
            )
        if self.drift > NOTED_DRIFT:
            return (
                f"The background drifts by {100 * self.drift:.1f} % of the picture: the camera "
                "turned a little, and the way across the picture is off by as much.",
            )
        return ()

    def _check(self, where: str, times: float) -> None:
        """Refuses what lies beyond its limit so many times."""
        # An empty room, well compressed, looks like a still picture until somebody comes.
        over = times == 1.0 or self._peopled > 0.5 * len(self._changes)
        still = max(self._changes, default=0.0) < LEAST_CHANGE / times
        if len(self._changes) >= LEAST_COMPARED and still and over:
            raise InputError(
                f"{where}: the picture never changes: a still picture, or nothing moves; give the "
                "video, or the part of it in which somebody walks (--from)."
            )
        drift = self.drift
        shake = float(np.median(self._steps)) if self._steps else 0.0
        lost = float(np.mean(self._lost)) if self._lost else 0.0
        moves = drift > times * MOST_DRIFT or shake > times * MOST_SHAKE
        if len(self._steps) >= LEAST_COMPARED and (moves or lost > MOST_LOST):
            by = (
                f"by {100 * max(drift, shake):.1f} % of the picture"
                if moves
                else "too fast to tell"
            )
            raise InputError(
                f"{where}: the camera moves (the background {by}), so that nobody can tell how the "
                "person does; put it on a tripod and film again."
            )
        zoom = float(np.median(self._zooms)) if self._zooms else 0.0
        if len(self._zooms) >= LEAST_COMPARED and zoom > times * MOST_ZOOM:
            raise InputError(
                f"{where}: the camera zooms, or comes nearer or goes away (the picture by "
                f"{200 * zoom / EVERY_S:.0f} % every second); film with one zoom, from one place."
            )


def background_shift(
    earlier: Float[np.ndarray, "h w"],
    later: Float[np.ndarray, "h w"],
    free: Sequence[tuple[int, int]],
) -> Float[np.ndarray, " 2"] | None:
    """By how many pixels (y, x) most tiles have moved; None where too few show or agree on it.

    Args:
        earlier: a grey picture.
        later: another of the same size.
        free: corners (y, x) of the tiles that show background alone.
    """
    return _common(_shifts(earlier, later, free)[0])


def _common(shifts: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, " 2"] | None:
    """How most tiles have moved; None where they are too few, or do not agree."""
    if len(shifts) < LEAST_TILES:
        return None
    middle = np.median(shifts, axis=0)
    return middle if _agree(shifts, middle) else None


def _agree(shifts: Float[np.ndarray, "n 2"], with_px: Float[np.ndarray, "... 2"]) -> bool:
    """Whether most tiles moved so, or each of them so."""
    off = np.linalg.norm(shifts - with_px, axis=1)
    return bool((off < AGREES_PX).mean() >= LEAST_AGREE)


def _zoom(
    shifts: Float[np.ndarray, "n 2"], out: Float[np.ndarray, "n 2"], longest: int
) -> float | None:
    """By what share of its distance from the middle most of the background has moved outwards.

    Arguments as `_shifts` gives them; None where too few tiles far out show anything.
    """
    far = np.linalg.norm(out, axis=1) >= FAR_OUT * longest
    if far.sum() < LEAST_TILES:
        return None
    moved, out = (shifts - np.median(shifts, axis=0))[far], out[far]
    return float(np.median((out * moved).sum(axis=1) / (out**2).sum(axis=1)))


def _shifts(
    earlier: Float[np.ndarray, "h w"],
    later: Float[np.ndarray, "h w"],
    free: Sequence[tuple[int, int]],
) -> tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, "n 2"]]:
    """By how many pixels (y, x) each tile has moved that shows anything.

    And how far (px) the tile's middle lies from the picture's.
    """
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
    middles = np.array(corners).reshape(-1, 2) + 0.5 * TILE_PX
    return np.array(shifts).reshape(-1, 2), middles - 0.5 * np.array(earlier.shape)


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
