"""What is going on, for whoever waits: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from tqdm import tqdm


class Progress(AbstractContextManager["Progress"]):
    """A bar over the files of a call on stderr, if that is a terminal; else lines on stdout.

    Results go through `line`, so that the bar never runs into them.
    """

    def __init__(self, n_files: int) -> None:
        self._done: set[str] = set()
        self._bar: tqdm | None = None
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=n_files, unit="file", file=sys.stderr, leave=False)

    def tell(self, text: str) -> None:
        """What is being done now."""
        if self._bar is None:
            print(text, flush=True)
        else:
            self._bar.set_description_str(text)

    def line(self, text: str, *, error: bool = False) -> None:
        """A line to keep: a result on stdout, or a failure on stderr."""
        stream = sys.stderr if error else sys.stdout
        if self._bar is None:
            print(text, file=stream, flush=True)
        else:
            self._bar.write(text, file=stream)
            stream.flush()

    def finished(self, label: str) -> None:
        """A walk of this file came out, or its failure; a file counts once."""
        self._done.add(label)
        if self._bar is not None:
            self._bar.update(len(self._done) - self._bar.n)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.close()
