"""What is going on, for whoever waits: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from simgait.parameters.wording import counted, duration

if TYPE_CHECKING:
    from types import TracebackType

    from tqdm import tqdm

SILENCE_S = 20.0
"""After this long without a line, one says what is still going on and how long it may take."""
LOOK_S = 1.0
NOTE = "note: "
WARNING = "warning: "
"""How a line begins that is kept on stderr; a note's is kept on stdout."""


def plain_line(text: str) -> None:
    """What is going on, as a line on stdout, where there is no bar."""
    print(f"  {text}", flush=True)


class Progress(AbstractContextManager["Progress"]):
    """A bar over the parts of a task on stderr, if that is a terminal; else lines on stdout.

    Results go through `line`, so that the bar never runs into them. Nothing is silent for longer
    than `SILENCE_S`.

    Args:
        total: number of parts.
        part: what one is called, in the singular.
        stdout_is_data: lines go to stderr.
        in_batches: results come out together at the end of a batch, so that those that are out do
            not tell how long the others take; what is told by `tell` does.
    """

    def __init__(
        self,
        total: int,
        part: str = "file",
        *,
        stdout_is_data: bool = False,
        in_batches: bool = False,
    ) -> None:
        self._total, self._part, self._stdout_is_data = total, part, stdout_is_data
        self._in_batches = in_batches
        self._done: set[str] = set()
        self._skipped: set[str] = set()
        self._doing = ""
        self._started_s = self._said_s = time.monotonic()
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._bar: tqdm | None = None
        if sys.stderr.isatty():
            from tqdm import tqdm

            shape = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}]" if in_batches else None
            self._bar = tqdm(total=total, unit=part, file=sys.stderr, leave=False, bar_format=shape)
        self._beat = threading.Thread(target=self._keep_talking, daemon=True)
        self._beat.start()

    def tell(self, text: str, *, quiet: bool = False) -> None:
        """What is being done now; quietly where results will come out line by line.

        What begins with `NOTE` or `WARNING` is no such thing: it is a line to keep.
        """
        if text.startswith((NOTE, WARNING)):
            self.line(text, error=text.startswith(WARNING))
            return
        with self._lock:
            self._doing = text
            if self._bar is not None:
                self._bar.set_description_str(text)
            elif not quiet:
                self._print(text)

    def stage(self, text: str) -> None:
        """The next part begins, and with it the one before has ended."""
        with self._lock:
            if self._doing:
                self.finished(self._doing)
            passed = duration(time.monotonic() - self._started_s)
            self.tell(text, quiet=True)
            if self._bar is None:
                self._print(f"{passed:>8}  {text}")

    def line(self, text: str, *, error: bool = False) -> None:
        """A line to keep: a result on stdout, or a failure on stderr."""
        stream = sys.stderr if error or self._stdout_is_data else sys.stdout
        with self._lock:
            self._said_s = time.monotonic()
            if self._bar is None:
                print(text, file=stream, flush=True)
            else:
                self._bar.write(text, file=stream)
                stream.flush()

    def finished(self, label: str) -> None:
        """A result of this part came out, or its failure; a part counts once."""
        with self._lock:
            self._done.add(label)
            if self._bar is not None:
                self._bar.update(len(self._done) - self._bar.n)

    def skipped(self, label: str) -> None:
        """This part was done before; it says nothing of how long the others take."""
        with self._lock:
            self._skipped.add(label)
            if self._bar is not None:
                self._bar.total = self._total - len(self._skipped)
                self._bar.refresh()

    def _print(self, text: str) -> None:
        self._said_s = time.monotonic()
        print(text, file=sys.stderr if self._stdout_is_data else sys.stdout, flush=True)

    def _keep_talking(self) -> None:
        while not self._over.wait(LOOK_S):
            with self._lock:
                if self._bar is not None:
                    self._bar.refresh()
                elif time.monotonic() - self._said_s >= SILENCE_S:
                    self._print(self.state(time.monotonic()))

    def state(self, now_s: float) -> str:
        """How far it is, what is going on, and how long the rest may take; as a line."""
        done, elapsed_s = len(self._done), now_s - self._started_s
        total = self._total - len(self._skipped)
        far = f"{done} of {counted(total, self._part)}, {duration(elapsed_s)} so far"
        if 0 < done < total and not self._in_batches:
            far += f", about {duration(elapsed_s / done * (total - done))} left"
        doing = self._doing.removesuffix(" ...")
        return f"  still {doing} ({far})" if doing else f"  {far}"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Takes the bar away."""
        self._over.set()
        self._beat.join()
        if self._bar is not None:
            self._bar.close()
