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
all; what lies there unread costs memory alone."""


@dataclass(frozen=True)
class Batch:
    """Walks that go through one compiled program together.

    Attributes:
        members: indices of the walks, at most `size` of them.
        size: rows of the batch, one of `BATCH_SIZES`; rows beyond the members are filling.
        frames: length to which all of them are padded.
    """

    members: tuple[int, ...]
    size: int
    frames: int

    @property
    def stored_frames(self) -> int:
        """Length of the arrays that the walks lie in, at least `frames`."""
        return _rounded_up(self.frames, STORED_STEP)

    @property
    def filled(self) -> tuple[int, ...]:
        """The walk of every row: the last member fills the rows that are left."""
        return self.members + (self.members[-1],) * (self.size - len(self.members))


def batches(n_frames: Sequence[int]) -> Iterator[Batch]:
    """Groups walks of `n_frames` by length, padded to multiples of `LENGTH_STEP`, at least cost.

    Filling rows and padded frames are work for nothing: a few walks of every length run together,
    many of one length among themselves.
    """
    padded = [_rounded_up(n, LENGTH_STEP) for n in n_frames]
    order = sorted(range(len(padded)), key=padded.__getitem__)
    costs, last_sizes = [0], [0]
    for count in range(1, len(order) + 1):
        frames = padded[order[count - 1]]
        most = min(count, BATCH_SIZES[-1])
        cost, last = min(
            (costs[count - n] + frames * (STEP_COST + _size(n)), n) for n in range(1, most + 1)
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
        yield Batch(members, _size(len(members)), padded[members[-1]])


def _size(n_members: int) -> int:
    return next(n for n in BATCH_SIZES if n >= n_members)


def _rounded_up(n_frames: int, step: int) -> int:
    return -(-n_frames // step) * step
