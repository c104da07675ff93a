"""`simgait cohort run` in a process of its own: measured, killed, without room on its disk."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from simgait.errors import InputError
from simgait.memory import MAXRSS_BYTES

FULL_BYTES = 2048
"""Of a file on a disk that is as good as full: a part of a study has 100 times as many."""
FULL_SAID = "make room"
"""Of the sentence that a full disk gets (`files.cannot_be_written`)."""
NEEDS_LINUX = "needs Linux"
"""Of what is not asked elsewhere: no other system limits another process's cores and files."""
LOOK_S = 0.02


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes:
        code: exit code, negative where it was killed.
        wall_s: from start to end.
        processor_s: of all its threads and of what it started.
        peak_bytes: most memory that it held at a time (resident).
        said: what it printed, line by line.
    """

    code: int
    wall_s: float
    processor_s: float
    peak_bytes: int
    said: tuple[str, ...]


def can_limit() -> bool:
    """Whether a run can be kept to one core, and its disk be as good as full."""
    return sys.platform == "linux"


def run_cohort(
    manifest: Path,
    out: Path,
    cache: Path,
    options: Sequence[str] = (),
    *,
    kill_after_s: float | None = None,
    full: bool = False,
    one_core: bool = False,
) -> Ended:
    """Runs it to its end, or until it is killed.

    Args:
        manifest: of the study.
        out: folder of its tables.
        cache: folder of compiled programs.
        options: further ones.
        kill_after_s: when kill -9 is sent; None: never.
        full: no file may grow until the run has said so once; only where `can_limit`.
        one_core: it may use but one of the machine's cores; likewise.

    Raises:
        InputError: a limit is asked for where there is none.
    """
    _refuse_limits(full or one_core)
    command = [sys.executable, "-m", "simgait", "cohort", "run", str(manifest), "-o", str(out)]
    began_s = time.monotonic()
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"SIMGAIT_CACHE_DIR": str(cache)},
    )  # fmt: skip
    if one_core:
        _limit_cores(process.pid)
    if full:
        _limit_files(process.pid, FULL_BYTES)
    said: list[str] = []

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            if full and FULL_SAID in line:
                _limit_files(process.pid, None)

    listener = Thread(target=listen)
    listener.start()
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        passed_s = time.monotonic() - began_s
        if pid:
            break
        if kill_after_s is not None and passed_s >= kill_after_s:
            process.kill()
        time.sleep(LOOK_S)
    process.returncode = os.waitstatus_to_exitcode(status)
    listener.join()
    return Ended(
        process.returncode, passed_s, usage.ru_utime + usage.ru_stime,
        MAXRSS_BYTES * usage.ru_maxrss, tuple(said),
    )  # fmt: skip


def _refuse_limits(asked: bool) -> None:
    if asked and not can_limit():
        raise InputError(f"A study on one core, or on a full disk, {NEEDS_LINUX}.")


def _limit_cores(pid: int) -> None:
    """The process, which has hardly begun, and whatever threads it starts, run on one core."""
    if sys.platform == "linux":  # says to mypy that the calls are there; see `can_limit`
        with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
            os.sched_setaffinity(pid, {min(os.sched_getaffinity(0))})


def _limit_files(pid: int, most_bytes: int | None) -> None:
    """Largest file that a process may write from now on; None: as large as it may be."""
    if sys.platform == "linux":
        import resource

        hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
        soft = hard if most_bytes is None else most_bytes
        try:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
        except ProcessLookupError:  # it ended meanwhile
            return


def compiled_programs(cache: Path) -> int:
    """Programs in the folder; JAX keeps those that take more than half a second to compile."""
    return len(list((cache / "jax").glob("*-cache")))
