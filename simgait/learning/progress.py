"""What a training says while it works: sentences, and bars with the time that is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from tqdm import tqdm

from simgait.learning.whole_time import WholeTime
from simgait.parameters.wording import duration

Advance = Callable[..., None]
"""Moves a bar on by a number of units; keywords are figures to show behind it."""
LEFT = "whole recipe left"
"""Of a bar: what its figure is called."""
SILENCE_S = 20.0
"""After this long without a line, one says what is still going on."""
ON_TERMINAL_S, IN_LOG_S = 0.2, 10.0
"""Between two states of a bar: a terminal shows the last only, a log keeps them all."""


@dataclass(frozen=True)
class Progress:
    """Sentences and bars on stderr, or nothing at all.

    Attributes:
        shown: whether anything is said.
        whole: the recipe that the bars are stages of, by their labels; None for bars alone.
    """

    shown: bool = True
    whole: WholeTime | None = None

    def tell(self, sentence: str) -> None:
        """A sentence to keep."""
        if self.shown:
            tqdm.write(sentence, file=sys.stderr)
            sys.stderr.flush()

    def tell_whole(self) -> None:
        """How long the whole recipe takes, and by what that is known; nothing where nobody does."""
        if self.whole is not None:
            self.tell(self.whole.told)

    @contextmanager
    def waiting(self, label: str, usually: str) -> Iterator[None]:
        """Says at once what the block does and how long that usually takes, then that it goes on.

        Args:
            label: of a task that cannot say how far it is, "compiling the physics".
            usually: how long it takes, "about 2 minutes".
        """
        self.tell(f"{label}, {usually} ...")
        over, began_s = Event(), time.monotonic()

        if self.whole is not None:
            self.whole.begin(label)

        def keep_talking() -> None:
            while not over.wait(SILENCE_S):
                passed = f"{duration(time.monotonic() - began_s)} so far"
                left = "".join(f"; {name} {much}" for name, much in self._left().items())
                self.tell(f"still {label} ({passed}{left})")

        beat = Thread(target=keep_talking, daemon=True)
        beat.start()
        try:
            yield
            if self.whole is not None:
                self.whole.advance(label)
                self.whole.end(label)
        finally:
            over.set()
            beat.join()

    def _left(self) -> dict[str, str]:
        """What is left of the whole recipe, as a figure of a bar; nothing where nobody knows."""
        return {} if self.whole is None else {LEFT: f"about {duration(self.whole.left_s)}"}

    @contextmanager
    def bar(self, label: str, total: int, unit: str, done: int = 0) -> Iterator[Advance]:
        """A bar with the time left, from its first moment; the block gets what moves it on.

        Of a stage of a whole recipe it says as well what is left of that.
        """
        every_s = ON_TERMINAL_S if sys.stderr.isatty() else IN_LOG_S
        bar = tqdm(
            total=total, initial=done, desc=label, unit=f" {unit}", file=sys.stderr,
            mininterval=every_s, disable=not self.shown, postfix=self._begun(label, total, done),
        )  # fmt: skip
        shown: dict[str, object] = {}

        def advance(n: int = 1, **figures: object) -> None:
            shown.update(figures)
            if self.whole is not None:
                self.whole.advance(label, n)
            if shown or self.whole is not None:
                bar.set_postfix(shown | self._left(), refresh=False)
            bar.update(n)

        with bar:
            yield advance
        if self.whole is not None:
            self.whole.end(label)

    def _begun(self, label: str, total: int, done: int) -> dict[str, str] | None:
        if self.whole is None:
            return None
        self.whole.begin(label, total, done)
        return self._left()


SILENT = Progress(shown=False)
