"""Walks of like length together, in a few shapes: few shapes are few compilations.

A compiled program rounds as its shape has it, and a simulated step makes more of the last digit:
the same walk of 11 s and more, alone and among 63 others, ends up to 16 mm apart. `alike` batches
have shapes that a walk's own length tells (and whether it is tracked again, after a fall), so that
its numbers are the same with any others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

LENGTH_STEP = 64
"""Frames (2.1 s): lengths of batches are multiples of it, so that few programs serve all."""
STEP_COST = 8
"""A frame of any batch costs as much as this many bodies' share of it: measured on 1, 32 and 64
bodies through refiner, feet and physics (2.4 ms, and 0.29 ms for each body)."""
BATCH_SIZES = (1, 8, 32)
"""A simulated step of 8 bodies takes hardly longer than one of 1; each size is a program that takes
20 s to compile."""
STORED_STEP = 256
"""Walks of up to 8.5 s, as most are, lie in arrays of one length, so that one compiled step serves
all; what lies there unread costs memory alone. Of the largest batches, which hold walks of many
lengths, up to 17 s do."""
ROWS = 8
"""Of what goes without physics: the refiner and the feet of a walk of 10 s take 35 ms in batches of
1, 31 in those of 8 and 37 in those of 32 (processor time)."""
SHORT_FRAMES, LONG_STEP = 128, 320
"""Lengths without physics: 4.3 s where no walk is longer, else multiples of 10.7 s."""
ALIKE_STEP = 480
"""Of alike batches without physics, 16 s: one program for all but few walks. Walks of 3 to 15 s are
padded by a tenth more than to two lengths, which takes 6 ms each."""


@dataclass(frozen=True)
class Batch:
    """Walks that go through one compiled program together.

    Attributes:
        members: indices of the walks, at most `size` of them.
        size: rows of the batch, one of `batch_sizes`; rows beyond the members are filling.
        frames: length to which all of them are padded.
        alike: whether the shape is that which each member alone would have.
    """

    members: tuple[int, ...]
    size: int
    frames: int
    alike: bool = False

    @property
    def stored_frames(self) -> int:
        """Length of the arrays that the walks lie in, at least `frames`."""
        is_large = self.alike or self.size >= BATCH_SIZES[-1]
        return _rounded_up(self.frames, 2 * STORED_STEP if is_large else STORED_STEP)

    @property
    def filled(self) -> tuple[int, ...]:
        """The walk of every row: the last member fills the rows that are left."""
        return self.members + (self.members[-1],) * (self.size - len(self.members))


def batch_sizes(devices: int = 1) -> tuple[int, ...]:
    """Rows of batches of physics: the largest has as many for each device, others run on one."""
    return (*BATCH_SIZES[:-1], BATCH_SIZES[-1] * devices)


def batches(
    n_frames: Sequence[int], devices: int = 1, *, alike: bool = False, again: bool = False
) -> Iterator[Batch]:
    """Groups walks of `n_frames` by length, padded to multiples of `LENGTH_STEP`, at least cost.

    Filling rows and padded frames are work for nothing: a few walks of every length run together,
    many of one length among themselves.

    Args:
        n_frames: of each walk.
        devices: over which the largest batches are spread.
        alike: every batch is one of the largest, and holds walks of one stored length.
        again: they are those few that fell: alike batches are then of the next smaller size.
    """
    sizes = batch_sizes(devices)
    if not alike:
        yield from _at_least_cost(n_frames, range(len(n_frames)), sizes)
        return
    sizes = sizes[-2:-1] if again and len(sizes) > 1 else sizes[-1:]
    by_stored: dict[int, list[int]] = {}
    for i, n in enumerate(n_frames):
        by_stored.setdefault(_rounded_up(n, 2 * STORED_STEP), []).append(i)
    for _, members in sorted(by_stored.items()):
        for batch in _at_least_cost(n_frames, members, sizes):
            yield replace(batch, alike=True)


def _at_least_cost(
    n_frames: Sequence[int], members: Sequence[int], sizes: Sequence[int]
) -> Iterator[Batch]:
    """Batches of these members, each of one of these sizes."""
    padded = {i: _rounded_up(n_frames[i], LENGTH_STEP) for i in members}
    order = sorted(members, key=padded.__getitem__)
    costs, last_sizes = [0], [0]
    for count in range(1, len(order) + 1):
        frames = padded[order[count - 1]]
        most = min(count, sizes[-1])
        cost, last = min(
            (costs[count - n] + frames * _step_cost(_fitting(n, sizes)), n)
            for n in range(1, most + 1)
        )
        costs.append(cost)
        last_sizes.append(last)
    ends = []
    end = len(order)
    while end:
        ends.append(end)
        end -= last_sizes[end]
    for end in reversed(ends):
        own = tuple(order[end - last_sizes[end] : end])
        yield Batch(own, _fitting(len(own), sizes), padded[own[-1]])


def batches_without_physics(n_frames: Sequence[int], *, alike: bool = False) -> Iterator[Batch]:
    """Groups walks of `n_frames` for refiner and feet: `ROWS` of like length at a time, or one.

    Args:
        n_frames: of each walk.
        alike: always `ROWS` at a time, padded to the multiple of `ALIKE_STEP` of each alone.
    """
    if len(n_frames) == 0:
        return
    step = SHORT_FRAMES if max(n_frames) <= SHORT_FRAMES else LONG_STEP
    step = ALIKE_STEP if alike else step
    size = 1 if len(n_frames) == 1 and not alike else ROWS
    order = sorted(range(len(n_frames)), key=n_frames.__getitem__)
    runs = [order]
    if alike:
        runs = [list(run) for _, run in groupby(order, lambda i: _rounded_up(n_frames[i], step))]
    for run in runs:
        for first in range(0, len(run), size):
            members = tuple(run[first : first + size])
            yield Batch(members, size, _rounded_up(n_frames[members[-1]], step))


def _fitting(n_members: int, sizes: Sequence[int]) -> int:
    return next(n for n in sizes if n >= n_members)


def _step_cost(size: int) -> int:
    """Of a frame of a batch; devices work at the same time."""
    return STEP_COST + min(size, BATCH_SIZES[-1])


def _rounded_up(n_frames: int, step: int) -> int:
    return -(-n_frames // step) * step
