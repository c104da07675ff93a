"""What a training says while it works: sentences, and bars with the time that is left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tqdm import tqdm

Advance = Callable[..., None]
"""Moves a bar on by a number of units; keywords are figures to show behind it."""
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
