"""Recordings made into trials by several processes; one that dies takes nothing with it.

Nothing here imports JAX: a worker says where it is to compute before JAX begins in it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from typing import Generic, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")
AHEAD = 2
"""Items that wait for each worker: enough that none waits for us, few enough to hold."""
MOST_LOST = 2
"""Processes that one item may lose: the first may have died of what another one did."""


class LostError(Exception):
    """Processes died whenever they worked on an item."""


def each(
    work: Callable[[Item], Value], items: Sequence[Item], workers: int
) -> Iterator[tuple[Item, Value | Exception]]:
    """What `work` gives for each item, in the order in which they end, or what went wrong.

    An item on which a process dies is done again, alone, and `LostError` where it dies again.

    Args:
        work: a function of a module, that other processes can import.
        items: that other processes can be sent.
        workers: processes; one item after the other in this one where there is one.
    """
    if workers == 1:
        for item in items:
            yield item, _outcome(partial(work, item))
        return
    suspects: list[Item] = []
    with _Pool[Item, Value](work, workers) as pool:
        for item, found in pool.done(items, workers * AHEAD):
            if isinstance(found, BrokenProcessPool):
                suspects.append(item)
            else:
                yield item, found
    for item in suspects:
        with _Pool[Item, Value](work, 1) as pool:
            for again, found in pool.done([item], 1):
                lost = isinstance(found, BrokenProcessPool)
                yield again, LostError() if lost else found


def _outcome(get: Callable[[], Value]) -> Value | Exception:
    try:
        return get()
    except Exception as error:  # noqa: BLE001 - one item must not take the others with it
        return error


class _Pool(Generic[Item, Value]):
    """Processes that are replaced when one of them dies, and that end with the block."""

    def __init__(self, work: Callable[[Item], Value], workers: int) -> None:
        self._work, self._workers = work, workers
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        # JAX has threads, which no fork survives.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, context, _begin)

    def __enter__(self) -> _Pool[Item, Value]:
        return self

    def __exit__(self, *_: object) -> None:
        for process in list((self._pool._processes or {}).values()):
            with suppress(OSError):
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def done(self, items: Sequence[Item], most: int) -> Iterator[tuple[Item, Value | Exception]]:
        """Items as they end, at most so many underway."""
        waiting = iter(items)
        running: dict[Future[Value], Item] = {}
        while True:
            for item in waiting:
                running[self._submit(item)] = item
                if len(running) >= most:
                    break
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), _outcome(future.result)

    def _submit(self, item: Item) -> Future[Value]:
        try:
            return self._pool.submit(self._work, item)
        except BrokenProcessPool:
            self._pool.shutdown(wait=True)
            self._pool = self._new()
            return self._pool.submit(self._work, item)


def _begin() -> None:
    """What a worker does first: it computes on one core, and leaves Ctrl-C to who asked it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["SIMGAIT_DEVICES"] = "1"
    flag = "--xla_cpu_multi_thread_eigen=false"
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flag}".strip()
    from simgait.jax_setup import configure_jax

    configure_jax()


def _end_with_parent() -> None:
    """Ends this process when who asked it is gone: killed, it cannot end its workers itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
