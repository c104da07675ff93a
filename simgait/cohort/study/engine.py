"""Where the recordings of a study are read and its batches tracked: here, or by other processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol, TypeVar, runtime_checkable

from simgait.body.batches import batch_sizes
from simgait.cohort.study.batch import BatchWalk, WalkEnded, track_batch
from simgait.cohort.study.reading import Found, Work, walks_of_work
from simgait.cohort.track_files import BATCH, HowFar
from simgait.tracking.devices import simulating_devices
from simgait.tracking.policies import Policy

Tell = Callable[[str], None]
Value = TypeVar("Value")


@runtime_checkable
class Engine(Protocol):
    """Reads and tracks. What it promises may fail with `lost.WorkerLostError`, and is asked again.

    Attributes:
        reading: recordings that are read ahead of those that are packed.
        tracking: batches that are underway at a time.
        devices: over which a worker spreads a batch.
        together: walks of a batch, where nobody says how many.
    """

    reading: int
    tracking: int
    devices: int
    together: int

    def read(self, work: Work, min_frames: int | None) -> Future[list[Found]]:
        """Promises what `reading.walks_of_work` gives."""
        ...

    def track(
        self, policy: Policy, batch: Sequence[BatchWalk], tell: Tell
    ) -> Future[list[WalkEnded]]:
        """Promises what `batch.track_batch` gives; `tell` may get lines on how far it is."""
        ...


class Here:
    """This process, one thing after the other."""

    reading = 0
    tracking = 1

    def __init__(self) -> None:
        self.devices = simulating_devices()
        self.together = max(BATCH, batch_sizes(self.devices)[-1])

    def read(self, work: Work, min_frames: int | None) -> Future[list[Found]]:
        """See `Engine`."""
        return kept(walks_of_work(work, min_frames))

    def track(
        self, policy: Policy, batch: Sequence[BatchWalk], tell: Tell
    ) -> Future[list[WalkEnded]]:
        """See `Engine`."""
        return kept(track_batch(policy, batch, HowFar(len(batch), tell)))


def kept(value: Value) -> Future[Value]:
    """A promise that is kept already."""
    found: Future[Value] = Future()
    found.set_result(value)
    return found
