"""What a training says while it works: sentences, and bars with the time that is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from tqdm import tqdm

from simgait.parameters.wording import duration

Advance = Callable[..., None]
"""Moves a bar on by a number of units; keywords are figures to show behind it."""
SILENCE_S = 20.0
"""After this long without a line, one says what is still going on."""
ON_TERMINAL_S, IN_LOG_S = 0.2, 10.0
"""Between two states of a bar: a terminal shows the last only, a log keeps them all."""


@dataclass(frozen=True)
class Progress:
    """Sentences and bars on stderr, or nothing at all."""

    shown: bool = True

    def tell(self, sentence: str) -> None:
        """A sentence to keep."""
        if self.shown:
            tqdm.write(sentence, file=sys.stderr)
            sys.stderr.flush()

    @contextmanager
    def waiting(self, label: str, usually: str) -> Iterator[None]:
        """Says at once what the block does and how long that usually takes, then that it goes on.

        Args:
            label: of a task that cannot say how far it is, "compiling the physics".
            usually: how long it takes, "about 2 minutes".
        """
        self.tell(f"{label}, {usually} ...")
        over, began_s = Event(), time.monotonic()

        def keep_talking() -> None:
            while not over.wait(SILENCE_S):
                self.tell(f"still {label} ({duration(time.monotonic() - began_s)} so far)")

        beat = Thread(target=keep_talking, daemon=True)
        beat.start()
        try:
            yield
        finally:
            over.set()
            beat.join()

    @contextmanager
    def bar(self, label: str, total: int, unit: str, done: int = 0) -> Iterator[Advance]:
        """A bar with the time left, from its first moment; the block gets what moves it on."""
        every_s = ON_TERMINAL_S if sys.stderr.isatty() else IN_LOG_S
        bar = tqdm(
            total=total, initial=done, desc=label, unit=f" {unit}", file=sys.stderr,
            mininterval=every_s, disable=not self.shown,
        )  # fmt: skip

        def advance(n: int = 1, **figures: object) -> None:
            if figures:
                bar.set_postfix(figures, refresh=False)
            bar.update(n)

        with bar:
            yield advance


SILENT = Progress(shown=False)
