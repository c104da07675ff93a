"""Where the recordings of a study are read and its batches tracked: here, or by other processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, runtime_checkable

from simgait.body.batches import batch_sizes
from simgait.cohort.study.batch import BatchWalk, WalkEnded, tracked_batch, walks_ended
from simgait.cohort.study.reading import Found, Work, walks_of_work
from simgait.cohort.track_files import BATCH, HowFar
from simgait.pipeline import TrackOptions
from simgait.tracking.devices import simulating_devices
from simgait.tracking.policies import Policy

Tell = Callable[[str], None]


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

    def read(self, work: Work, of_all: TrackOptions) -> Future[list[Found]]:
        """Promises what `reading.walks_of_work` gives."""
        ...

    def track(
        self, policy: Policy, batch: Sequence[BatchWalk], tell: Tell
    ) -> Future[list[WalkEnded]]:
        """Promises what `batch.track_batch` gives; `tell` may get lines on how far it is."""
        ...


class StoppedError(BaseException):
    """Somebody asked that nothing more be done; no walk's own error, which others outlive."""


class Here:
    """This process: four batches are in it, each at another thing.

    One is read, one is fitted, one is simulated, and of one the gait is read. Two threads track: a
    batch is fitted while the one before it is simulated, and then waits for the physics
    (`tracking.inference` lets one in at a time). XLA leaves the interpreter to the others
    meanwhile. One thread reads gait, so that batches end in their order.
    """

    reading = 64
    tracking = 3

    def __init__(self) -> None:
        self.devices = simulating_devices()
        self.together = max(BATCH, batch_sizes(self.devices)[-1])
        self._reader, self._trackers, self._gait = map(ThreadPoolExecutor, (1, 2, 1))
        self._is_stopped = False

    def close(self) -> None:
        """Whatever is underway stops at the next part of a batch."""
        self._is_stopped = True
        for thread in (self._reader, self._trackers, self._gait):
            thread.shutdown(cancel_futures=True)

    def read(self, work: Work, of_all: TrackOptions) -> Future[list[Found]]:
        """See `Engine`."""
        return self._reader.submit(walks_of_work, work, of_all)

    def track(
        self, policy: Policy, batch: Sequence[BatchWalk], tell: Tell
    ) -> Future[list[WalkEnded]]:
        """See `Engine`."""
        far = HowFar(len(batch), tell)

        def done(walks: int, share: float) -> None:
            if self._is_stopped:
                raise StoppedError
            far(walks, share)

        tracked = self._trackers.submit(tracked_batch, policy, batch, done)
        return self._gait.submit(lambda: walks_ended(policy, tracked.result()))
