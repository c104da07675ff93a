"""A folder that one process at a time works in."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from simgait.errors import InputError
from simgait.files import cannot_be_written

LOCK_FILE = ".lock"


@contextmanager
def locked(folder: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """The block has the folder for itself.

    The system holds the lock for as long as the process lives, so that a process that is killed
    leaves none behind, only the file with its number. A file system that knows no locks gives
    everybody the folder.

    Args:
        folder: to work in; it exists.
        tell: gets a sentence where a process that worked here was killed.

    Raises:
        InputError: another process works in the folder, or it cannot be written to.
    """
    path = folder / LOCK_FILE
    file = _taken(path)
    try:
        killed = file.read(20).strip()
        if killed:
            tell(
                f"{folder.name}: the process that worked here before (number {killed}) was killed; "
                "its lock is taken over."
            )
        try:
            file.seek(0)
            file.truncate()
            file.write(f"{os.getpid()}\n")
            file.flush()
        except OSError as error:
            raise cannot_be_written(path, error) from error
        yield
    finally:
        # First the name, then the lock: nobody takes a file that is about to go.
        with suppress(OSError):
            path.unlink()
        with suppress(OSError):  # a full disk takes the number no better now
            file.close()


def _taken(path: Path) -> TextIO:
    while True:
        try:
            file = path.open("a+", encoding="ascii", errors="replace")
        except OSError as error:
            raise cannot_be_written(path, error) from error
        file.seek(0)
        if not _lock(file):
            holder = file.read(20).strip()
            file.close()
            raise InputError(
                f"{path.parent.name}: another process{f' (number {holder})' if holder else ''} "
                "works in this folder; let it end or stop it, or choose another folder with -o."
            )
        with suppress(FileNotFoundError):
            # Not where its last holder removed it after we had opened it.
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()


def _lock(file: TextIO) -> bool:
    """Takes the lock of an open file; False where another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(1000)  # a byte beyond the number, which others may read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
    return True
