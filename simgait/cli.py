"""The command `simgait`, which can be stopped from its first moment on.

Nothing is imported here before somebody listens for Ctrl-C: what is imported takes half a second,
and an interrupt within it is a traceback, or half a module, on which compiled code may crash.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

OF_LINEAR_ALGEBRA = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Threads of what NumPy and SciPy may be built on. One, unless somebody sets another number: our
matrices are small, and threads that wait for each other by spinning took 47 s of a core in place of
6 to lift nine walks from video (2 cores, one of them busy)."""
NOTHING_BEGUN = b"simgait: stopped before anything was begun.\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 if all went well, 1 if something could not be done (each with a sentence on stderr),
        130 after Ctrl-C, 143 after SIGTERM, 2 without a command (and the help). Wrong usage exits
        with 2.
    """
    for name in OF_LINEAR_ALGEBRA:
        os.environ.setdefault(name, "1")
    try:
        return _run_words_of()(argv)
    except KeyboardInterrupt:  # while nobody listened, before `commands.stopping` or after it
        sys.stderr.write("simgait: stopped.\n")
        return 130


def _run_words_of() -> Callable[[Sequence[str] | None], int]:
    """`command_line.run_words`, imported while a signal ends the process at once."""
    import signal

    both = (signal.SIGINT, signal.SIGTERM)
    # In the background a shell has Ctrl-C ignored.
    heard = [number for number in both if signal.getsignal(number) is not signal.SIG_IGN]
    before = {}
    try:
        try:
            for number in heard:
                before[number] = signal.signal(number, _leave)
        except ValueError:
            pass  # signals are the main thread's
        from simgait.commands.command_line import run_words
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return run_words


def _leave(number: int, frame: FrameType | None) -> None:
    os.write(2, NOTHING_BEGUN)  # there is nothing to tidy
    os._exit(128 + number)
