"""Walks of like length together, in a few shapes: few shapes are few compilations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Batch:
    """Walks that go through one compiled program together.

    Attributes:
        members: indices of the walks, at most `size` of them.
        size: rows of the batch, one of `batch_sizes`; rows beyond the members are filling.
        frames: length to which all of them are padded.
    """

    members: tuple[int, ...]
    size: int
    frames: int

    @property
    def stored_frames(self) -> int:
        """Length of the arrays that the walks lie in, at least `frames`."""
        step = STORED_STEP if self.size < BATCH_SIZES[-1] else 2 * STORED_STEP
        return _rounded_up(self.frames, step)

    @property
    def filled(self) -> tuple[int, ...]:
        """The walk of every row: the last member fills the rows that are left."""
        return self.members + (self.members[-1],) * (self.size - len(self.members))


def batch_sizes(devices: int = 1) -> tuple[int, ...]:
    """Rows of batches of physics: the largest has as many for each device, others run on one."""
    return (*BATCH_SIZES[:-1], BATCH_SIZES[-1] * devices)


def batches(n_frames: Sequence[int], devices: int = 1) -> Iterator[Batch]:
    """Groups walks of `n_frames` by length, padded to multiples of `LENGTH_STEP`, at least cost.

    Filling rows and padded frames are work for nothing: a few walks of every length run together,
    many of one length among themselves.

    Args:
        n_frames: of each walk.
        devices: over which the largest batches are spread.
    """
    sizes = batch_sizes(devices)
    padded = [_rounded_up(n, LENGTH_STEP) for n in n_frames]
    order = sorted(range(len(padded)), key=padded.__getitem__)
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
        members = tuple(order[end - last_sizes[end] : end])
        yield Batch(members, _fitting(len(members), sizes), padded[members[-1]])


def batches_without_physics(n_frames: Sequence[int]) -> Iterator[Batch]:
    """Groups walks of `n_frames` for refiner and feet: `ROWS` of like length at a time, or one."""
    if len(n_frames) == 0:
        return
    step = SHORT_FRAMES if max(n_frames) <= SHORT_FRAMES else LONG_STEP
    size = 1 if len(n_frames) == 1 else ROWS
    order = sorted(range(len(n_frames)), key=n_frames.__getitem__)
    for first in range(0, len(order), size):
        members = tuple(order[first : first + size])
        yield Batch(members, size, _rounded_up(n_frames[members[-1]], step))


def _fitting(n_members: int, sizes: Sequence[int]) -> int:
    return next(n for n in sizes if n >= n_members)


def _step_cost(size: int) -> int:
    """Of a frame of a batch; devices work at the same time."""
    return STEP_COST + min(size, BATCH_SIZES[-1])


def _rounded_up(n_frames: int, step: int) -> int:
    return -(-n_frames // step) * step
