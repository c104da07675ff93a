"""Another program that looks at a video: started, fed, waited for, and what it did wrong said."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from simgait.errors import InputError

LIMIT_S = 3600.0
"""A program that takes longer hangs, or should be given a part of the video."""
OUTPUTS = (".json", ".npy", ".npz")
VIDEO_WORD, OUT_WORD = "{video}", "{out}"


def command_words(command: str, video: Path, out: Path) -> list[str]:
    """A command's words, video and output in their places; at its end where none is said.

    Args:
        command: as a shell splits it; no shell runs it. `{video}` and `{out}` may be in any word.
        video: the file.
        out: to be written, without an ending: a command that does not say one gets `.json`.

    Raises:
        InputError: quotes are left open, or the command is empty.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InputError(
            f"--detector-command: {command!r} cannot be split into words ({error}); close the "
            "quotes."
        ) from error
    if not words:
        raise InputError("--detector-command is empty; give the program that finds people.")
    if not any(VIDEO_WORD in word for word in words):
        words.append(VIDEO_WORD)
    if not any(OUT_WORD in word for word in words):
        words.append(OUT_WORD + OUTPUTS[0])
    full = str(video.resolve())
    return [word.replace(VIDEO_WORD, full).replace(OUT_WORD, str(out)) for word in words]


def run_program(
    words: Sequence[str], where: str, *, limit_s: float = LIMIT_S, feed: Iterable[bytes] = ()
) -> None:
    """Run a program to its end; what it prints is thrown away, but for its last line if it fails.

    Args:
        words: the program and its arguments.
        where: name of the video, for the sentences.
        limit_s: it is stopped, with all that it started, after so many seconds.
        feed: what it reads from its standard input.

    Raises:
        InputError: it cannot be started, takes too long, or ends with an error.
    """
    name = Path(words[0]).name
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors,
                start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise InputError(
                f"{where}: the detector's program {name!r} cannot be started ({error.strerror}); "
                "check its path and that it may be run."
            ) from error
        late = threading.Event()

        def stop_late() -> None:
            late.set()
            _stop(process)

        watch = threading.Timer(limit_s, stop_late)
        watch.start()
        try:
            _feed(process, feed)
            code = process.wait()
        except BaseException:
            _stop(process)
            raise
        finally:
            watch.cancel()
        if late.is_set():
            raise InputError(
                f"{where}: the detector {name!r} was stopped after {limit_s:g} s; try it by hand, "
                "or on a part of the video."
            )
        if code != 0:
            raise InputError(
                f"{where}: the detector {name!r} ended with exit code {code}"
                f"{_last_line(errors)}; try it by hand."
            )


def output_of(out: Path, where: str) -> Path:
    """The one file that a program wrote: `out` with one of the endings that are read.

    Raises:
        InputError: it wrote none, an empty one, or several.
    """
    written = sorted(one for one in out.parent.iterdir() if one.name.startswith(out.name))
    known = [one for one in written if one.suffix.lower() in OUTPUTS]
    if not known:
        other = f" (it wrote {written[0].name})" if written else ""
        raise InputError(
            f"{where}: the detector ended well but wrote no output{other}; {OUT_WORD} in its "
            f"command stands for the file to write, for example {OUT_WORD}.json."
        )
    if len(known) > 1:
        raise InputError(
            f"{where}: the detector wrote {len(known)} outputs ({', '.join(x.name for x in known)})"
            "; let it write one."
        )
    if known[0].stat().st_size == 0:
        raise InputError(f"{where}: the detector's output is empty; try it by hand.")
    return known[0]


def _feed(process: subprocess.Popen[bytes], feed: Iterable[bytes]) -> None:
    assert process.stdin is not None
    # A program that ends early says why by its exit code.
    with contextlib.suppress(BrokenPipeError):
        for piece in feed:
            process.stdin.write(piece)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """The program and what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
    process.wait()


def _last_line(errors: IO[bytes]) -> str:
    """What a program said last, in brackets."""
    errors.seek(0)
    lines = errors.read().decode("utf-8", "replace").strip().splitlines()
    return f" ({lines[-1].strip()[:200]})" if lines and lines[-1].strip() else ""
