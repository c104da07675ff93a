"""Walks of any recording and body in full batches of like length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from simgait.body.batches import LENGTH_STEP, batch_sizes

Item = TypeVar("Item")


class Pool(Generic[Item]):
    """Walks that wait until those of like length fill a batch.

    Args:
        together: walks that are handed out at a time, where so many fill batches.
        devices: over which the largest batches are spread.
    """

    def __init__(self, together: int, devices: int = 1) -> None:
        self._together, self._batch = together, min(batch_sizes(devices)[-1], together)
        self._waiting: dict[int, list[Item]] = {}

    def add(self, n_frames: int, item: Item) -> None:
        """One more walk, of so many frames."""
        self._waiting.setdefault(-(-n_frames // LENGTH_STEP), []).append(item)

    def full(self) -> Iterator[list[Item]]:
        """What can be tracked without an empty place, as soon as it is enough."""
        ready = {
            length: len(own) // self._batch * self._batch for length, own in self._waiting.items()
        }
        if sum(ready.values()) < self._together:
            return
        found: list[Item] = []
        for length, count in sorted(ready.items()):
            found += self._waiting[length][:count]
            self._waiting[length] = self._waiting[length][count:]
        yield from _parts(found, self._together)

    def rest(self) -> Iterator[list[Item]]:
        """All that still wait, like lengths beside each other."""
        found = [item for _, own in sorted(self._waiting.items()) for item in own]
        self._waiting.clear()
        yield from _parts(found, self._together)


def _parts(items: list[Item], size: int) -> Iterator[list[Item]]:
    yield from (items[first : first + size] for first in range(0, len(items), size))
