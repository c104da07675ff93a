"""Ctrl-C and SIGTERM: the work ends in order, with a sentence on what is kept and how to go on."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

STOPPING = {int(signal.SIGINT), int(signal.SIGTERM)}
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

    def hear(number: int, frame: object) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, hear)
    try:
        with _watched(last_words) if at_any_moment else nullcontext():
            yield
    except Stopped:
        raise
    except KeyboardInterrupt as error:
        number = heard[0] if heard else signal.SIGINT
        raise Stopped(last_words(), 128 + number) from error
    finally:
        signal.signal(signal.SIGTERM, before)


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
