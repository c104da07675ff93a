"""The 51 frames of a walk that the networks read, out of a folder of I, U, V."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from simgait.companions.gdi_net.dumps import iuv_folder, iuv_pictures_of
from simgait.companions.gdi_net.frames import (
    FPS_HZ,
    N_FRAMES,
    OFTEN,
    part_numbers,
    places,
    several_people,
    shows_several,
)
from simgait.errors import InputError
from simgait.limits import check_fps
from simgait.synthetic.people.truth import SUFFIX, read_truth

LEAST_HZ = 20.0
"""Chosen: below, some of the frames on the networks' clock would show the same picture."""
SHANKS = (11, 12, 13, 14)
LEAST_ALONG = 0.5
"""Correlation of V with the way down a shank. simgait's charts have .7 and more with any slant that
a shank takes; V that runs across, or the other way, has none or less."""
LEAST_PIXELS = 20
"""Of a part in a picture, to say how V runs on it."""

Iuv = UInt8[np.ndarray, "H W 3"]


@dataclass(frozen=True)
class SeenWalk:
    """What a folder shows.

    Attributes:
        pictures: 51, at 25 Hz, in which the person is whole.
        from_s: of the first of them, on the folder's clock.
    """

    pictures: tuple[Iuv, ...]
    from_s: float


@dataclass
class _Passed:
    """What the pictures on the networks' clock showed, to say why they are too few.

    Attributes:
        total: how many there were.
        empty, several: those that were left for showing nobody, or several people.
        cut: the others that were left, in which the person touches an edge.
    """

    total: int = 0
    empty: int = 0
    several: int = 0
    cut: int = 0

    def leave(self, picture: Iuv) -> None:
        """Counts a picture in which nobody is whole."""
        if not part_numbers(picture).any():
            self.empty += 1
        elif shows_several(picture):
            self.several += 1
        else:
            self.cut += 1

    def why_too_few(self, longest: int, count: int, rate_hz: float) -> str:
        """A sentence: the walk is too short, or what keeps the person from being whole."""
        needed = f"GDI-Net reads {N_FRAMES / FPS_HZ:.0f} s"
        if self.total < N_FRAMES:
            return (
                f"its {count} pictures at {rate_hz:g} Hz show {self.total / FPS_HZ:.1f} s, and "
                f"{needed}; give a longer walk, or the true frame rate where another was given."
            )
        if self.several > OFTEN * self.total:
            return several_people(self.several, self.total)
        return (
            f"shows the whole person in {longest} pictures in a row at {FPS_HZ:g} Hz, and {needed} "
            f"({N_FRAMES} pictures): of {self.total} the person touches an edge in {self.cut}, "
            f"nobody is seen in {self.empty}; film head and feet inside the picture for as long."
        )


def seen_walk(path: Path, fps_hz: float | None, from_s: float = 0.0) -> SeenWalk:
    """The first 51 frames at 25 Hz in a row in which the person is whole.

    Args:
        path: folder of I, U, V, or a video that has one beside it.
        fps_hz: of the pictures; None where the truth of a rendered clip beside them says it.
        from_s: where to begin.

    Raises:
        InputError: no such folder, a frame rate that is not said or too low, a picture that cannot
            be used, or too short a walk.
    """
    folder = iuv_folder(path)
    rate_hz = check_fps(_rate_of(folder) if fps_hz is None else fps_hz, folder.name)
    if rate_hz < LEAST_HZ:
        raise InputError(
            f"{folder.name}: {rate_hz:g} pictures a second, and GDI-Net reads {FPS_HZ:g}; film "
            f"with {LEAST_HZ:g} at least."
        )
    count, pictures = iuv_pictures_of(folder)
    kept: list[Iuv] = []
    begun, longest, passed = 0, 0, _Passed()
    for number, picture in _on_clock(pictures, count, rate_hz, from_s):
        passed.total += 1
        if not is_whole(picture):
            passed.leave(picture)
            kept = []
            continue
        begun = begun if kept else number
        kept.append(picture)
        longest = max(longest, len(kept))
        if len(kept) == N_FRAMES:
            return SeenWalk(tuple(kept), begun / rate_hz)
    raise InputError(f"{folder.name}: {passed.why_too_few(longest, count, rate_hz)}")


def _on_clock(
    pictures: Iterator[Iuv], count: int, rate_hz: float, from_s: float
) -> Iterator[tuple[int, Iuv]]:
    """Number and picture nearest to each tick of 25 Hz; one twice where pictures are fewer."""
    last = int(((count - 1) / rate_hz - from_s) * FPS_HZ + 1e-6)
    ticks = from_s + np.arange(last + 1) / FPS_HZ
    nearest = np.clip(np.floor(ticks * rate_hz + 0.5), 0, count - 1).astype(int)
    times = np.bincount(nearest, minlength=count)
    return ((k, picture) for k, picture in enumerate(pictures) for _ in range(times[k]))


def _rate_of(folder: Path) -> float | None:
    """Of a rendered clip, whose truth lies beside it."""
    truth = folder.with_suffix("").with_name(folder.stem + SUFFIX)
    return read_truth(truth).fps_hz if truth.is_file() else None


def is_whole(picture: Iuv) -> bool:
    """Whether somebody is in the picture and touches none of its edges."""
    part = part_numbers(picture)
    edges = (part[0], part[-1], part[:, 0], part[:, -1])
    return bool(part.any()) and not any(edge.any() for edge in edges)


def refuse_other_charts(pictures: tuple[Iuv, ...], where: str) -> None:
    """V must grow down the shanks, as on the charts that the released networks learned from.

    Raises:
        InputError: it does not.
    """
    found: list[float] = []
    for picture in pictures[::5]:
        parts = part_numbers(picture)
        for part in SHANKS:
            rows, columns = places(parts == part)
            v = picture[rows, columns, 2].astype(float)
            if len(rows) >= LEAST_PIXELS and np.ptp(rows) > 0 and np.ptp(v) > 0:
                found.append(np.corrcoef(rows, v)[0, 1])
    if not found:
        raise InputError(
            f"{where}: hardly anything of the shanks is seen (I of {SHANKS[0]} to {SHANKS[-1]}); "
            "give pictures of the whole person, nearer or of a higher resolution."
        )
    if np.median(found) < LEAST_ALONG:
        raise InputError(
            f"{where}: V does not run down the shanks as on simgait's charts, which these weights "
            "learned from; if U and V are exchanged put them right, and for DensePose's own "
            "charts train on your recordings (simgait companion train gdi-net --labels)."
        )
