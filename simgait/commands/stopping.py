"""Ctrl-C and SIGTERM: the work ends in order, with a sentence on what is kept and how to go on."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

STOPPING = {int(signal.SIGINT), int(signal.SIGTERM)}
_SWALLOWED = frozenset(("_xla_gc_callback", "__del__"))
_HEARD = [
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGALRM") if hasattr(signal, name)
]
_START_OF_THREAD = threading.Thread.start.__code__
AGAIN_S = 0.05
"""After which a signal that came at a bad moment comes again."""
GRACE_S = 5.0
"""How long the work may take to end in order. Physics is compiled in one call that takes a minute
and hears nothing; schedulers kill ten to thirty seconds after they asked."""


class Stopped(KeyboardInterrupt):
    """Somebody stopped the work.

    Attributes:
        sentence: on what is kept.
        code: exit code as shells expect it: 128 and the number of the signal.
    """

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.sentence, self.code = sentence, code


@contextmanager
def stoppable(last_words: Callable[[], str], *, at_any_moment: bool = False) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the block with `Stopped`.

    Args:
        last_words: the sentence, asked for when it is needed.
        at_any_moment: whatever is finished is safe at any moment. So where the process hears
            nothing for `GRACE_S`, because it is within compiled code, the sentence is printed and
            the process ends.

    Raises:
        Stopped: by one of the two.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    heard: list[int] = []
    first_s: list[float] = []

    def hear(number: int, frame: FrameType | None) -> None:
        if number in STOPPING:
            heard.append(number)
        first_s.append(time.monotonic())
        late = first_s[-1] - first_s[0] > GRACE_S
        heard_above = not _is_dropped_at(frame) and (late or not _is_unsafe_at(frame))
        if heard_above or not hasattr(signal, "setitimer"):
            raise KeyboardInterrupt
        # No thread: the main one may hold the lock that starting one needs.
        signal.setitimer(signal.ITIMER_REAL, AGAIN_S)

    others = set(threading.enumerate())
    numbers = [number for number in map(int, _HEARD) if _is_free(number)]
    before = {number: signal.signal(number, hear) for number in numbers}
    try:
        with _watched(last_words) if at_any_moment else nullcontext():
            yield
    except Stopped:
        raise
    except KeyboardInterrupt as error:
        number = heard[0] if heard else signal.SIGINT
        _call_off_timers(others)
        raise Stopped(last_words(), 128 + number) from error
    finally:
        # Without a signal the timer is somebody else's: `alarm 60; exec simgait ...` sets one.
        ours = bool(heard) and hasattr(signal, "setitimer")
        waits = ours and signal.setitimer(signal.ITIMER_REAL, 0.0)[0] > 0.0
        for number, handler in before.items():
            signal.signal(number, handler)
        if waits:  # it came too late for this block
            if before[heard[-1]] in (signal.SIG_DFL, signal.default_int_handler):
                raise Stopped(last_words(), 128 + heard[-1])  # and there is none around it
            signal.raise_signal(heard[-1])


def _is_free(number: int) -> bool:
    """Whether a signal is ours to hear: in the background a shell has Ctrl-C ignored."""
    return number != signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN


def _call_off_timers(others: set[threading.Thread]) -> None:
    """Nobody waits for timers that the stopped work has set.

    JAX sets one of a minute while it looks for a TPU. Interrupted there, it leaves it, and Python
    waits for it at its end, and lets it print its warning.
    """
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer) and thread not in others:
            thread.cancel()


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_dropped_at(frame: FrameType | None) -> bool:
    """Whether an exception raised here is printed and dropped: within a callback of a collector."""
    return any(one.f_code.co_name in _SWALLOWED for one in _frames(frame))


def _is_unsafe_at(frame: FrameType | None) -> bool:
    """Whether an exception raised here does damage.

    It leaves half a module, on which C++ may crash; or a thread that starts finds its lock not
    locked, which is an error of its own, and JAX, looking for a TPU, takes it for the lack of one.
    """
    codes = (one.f_code for one in _frames(frame))
    return any(
        code.co_filename.startswith("<frozen importlib") or code is _START_OF_THREAD
        for code in codes
    )


@contextmanager
def _watched(last_words: Callable[[], str]) -> Iterator[None]:
    """A thread beside the block that ends the process if the block does not hear a signal."""
    ours, systems = socket.socketpair()
    systems.setblocking(False)
    left = threading.Event()

    def watch() -> None:
        while number := ours.recv(1):
            if number[0] in STOPPING and not left.wait(GRACE_S):
                print(f"simgait: {last_words()}", file=sys.stderr, flush=True)
                os._exit(128 + number[0])

    before = signal.set_wakeup_fd(systems.fileno(), warn_on_full_buffer=False)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        left.set()
        signal.set_wakeup_fd(before)
        systems.close()
        watcher.join()
        ours.close()
