"""Reading in order and batches underway, whoever does it; what a lost worker did is done again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Generic, TypeVar

from simgait.cohort.study.lost import GivenUpError, UnfitWorkerError, WorkerLostError

Item = TypeVar("Item")
Value = TypeVar("Value")
MOST_LOST = 2
"""Workers that one recording or batch may lose, before it is taken for what kills them: one may be
stopped by somebody, or by a machine without memory for two."""


def in_order(
    start: Callable[[Item], Future[Value]], items: Iterable[Item], ahead: int
) -> Iterator[tuple[Item, Value | Exception]]:
    """What is promised of each item, in their order, `ahead` of them underway.

    An exception is what an item failed with; `GivenUpError` where workers died on it.
    """
    waiting: deque[tuple[Item, Future[Value]]] = deque()
    for item in items:
        waiting.append((item, start(item)))
        if len(waiting) > ahead:
            first, promise = waiting.popleft()
            found = _kept(start, first, promise)
            yield first, found
    for first, promise in waiting:
        found = _kept(start, first, promise)
        yield first, found


def _kept(
    start: Callable[[Item], Future[Value]], item: Item, promise: Future[Value]
) -> Value | Exception:
    for lost in range(1, MOST_LOST + 1):
        try:
            return promise.result()
        except WorkerLostError:
            if lost < MOST_LOST:
                promise = start(item)
        except UnfitWorkerError:
            raise
        except Exception as error:  # noqa: BLE001 - one item must not take the others with it
            return error
    return GivenUpError(MOST_LOST)


class Underway(Generic[Item, Value]):
    """Batches that are being done, so many at a time.

    A batch whose worker is lost is done again; one that loses `MOST_LOST` is done item by item,
    and an item that loses as many is given up.

    Args:
        start: promises a value for each item of a batch.
        at_once: batches that are underway at a time.
    """

    def __init__(
        self, start: Callable[[Sequence[Item]], Future[list[Value]]], at_once: int
    ) -> None:
        self._start, self._at_once = start, at_once
        self._running: dict[Future[list[Value]], tuple[Sequence[Item], int]] = {}
        self._again: deque[tuple[Sequence[Item], int]] = deque()

    def add(self, batch: Sequence[Item]) -> Iterator[list[tuple[Item, Value | Exception]]]:
        """One more batch; gives what ended meanwhile, and what had to end to make room for it."""
        self._again.append((batch, 0))
        yield from self._go_on(self._at_once)

    def rest(self) -> Iterator[list[tuple[Item, Value | Exception]]]:
        """Gives all that is still underway."""
        yield from self._go_on(1)

    def _go_on(self, most: int) -> Iterator[list[tuple[Item, Value | Exception]]]:
        """Until nothing waits to be started and fewer than `most` batches are underway."""
        while True:
            while self._again and len(self._running) < self._at_once:
                batch, lost = self._again.popleft()
                self._running[self._start(batch)] = batch, lost
            is_some = any(one.done() for one in self._running)
            if not is_some and (self._again or len(self._running) >= most):
                wait(self._running, return_when=FIRST_COMPLETED)
            # In their order: what one of them breaks off must not take earlier ones with it.
            ended = [one for one in self._running if one.done()]
            if not ended:
                return
            for promise in ended:
                found = self._ended(promise)
                if found:
                    yield found

    def _ended(self, promise: Future[list[Value]]) -> list[tuple[Item, Value | Exception]]:
        batch, lost = self._running.pop(promise)
        try:
            return list(zip(batch, promise.result(), strict=True))
        except WorkerLostError:
            lost += 1
        except UnfitWorkerError:
            raise
        except Exception as error:  # noqa: BLE001 - one batch must not take the others with it
            return [(one, error) for one in batch]
        if lost < MOST_LOST:
            self._again.appendleft((batch, lost))
        elif len(batch) > 1:
            self._again.extendleft(([one], 0) for one in reversed(batch))
        else:
            return [(batch[0], GivenUpError(lost))]
        return []
