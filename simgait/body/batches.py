"""Walks of like length together, in a few shapes: few shapes are few compilations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LENGTH_STEP = 64
"""Frames (2.1 s) by which walks that run together may differ: padding is work for nothing."""
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
    """Groups walks of `n_frames` by length, padded to multiples of `LENGTH_STEP`."""
    padded = [_rounded_up(n, LENGTH_STEP) for n in n_frames]
    for frames in sorted(set(padded)):
        alike = [i for i, n in enumerate(padded) if n == frames]
        for first in range(0, len(alike), BATCH_SIZES[-1]):
            members = tuple(alike[first : first + BATCH_SIZES[-1]])
            size = next(n for n in BATCH_SIZES if n >= len(members))
            yield Batch(members, size, frames)


def _rounded_up(n_frames: int, step: int) -> int:
    return -(-n_frames // step) * step
