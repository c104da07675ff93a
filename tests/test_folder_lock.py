"""A folder is one process's at a time, and a killed one leaves it free."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simgait import folder_lock
from simgait.errors import InputError
from simgait.folder_lock import LOCK_FILE, locked

HOLD = """
import sys
from pathlib import Path
from simgait.folder_lock import locked
with locked(Path(sys.argv[1]), print):
    print("held", flush=True)
    sys.stdin.read()  # until it is killed, or nobody is left who could
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_refused_and_a_killed_one_is_taken_over(tmp_path: Path) -> None:
    process = holder(tmp_path)
    told: list[str] = []
    try:
        with (
            pytest.raises(InputError, match=rf"another process \(number {process.pid}\) works in"),
            locked(tmp_path, told.append),
        ):
            pass
        assert (tmp_path / LOCK_FILE).exists() and not told
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert (tmp_path / LOCK_FILE).exists(), "a killed process cannot clean up"
    with locked(tmp_path, told.append):
        assert (tmp_path / LOCK_FILE).read_text() == f"{os.getpid()}\n"
    assert len(told) == 1 and f"number {process.pid}) was killed" in told[0]
    assert not list(tmp_path.iterdir())


def test_the_lock_goes_with_its_block(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError), locked(tmp_path, pytest.fail):
            raise RuntimeError
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("left", ["", "4194305\n", "no number", "\x00\xff" * 50])
def test_whatever_was_left_is_no_lock(tmp_path: Path, left: str) -> None:
    (tmp_path / LOCK_FILE).write_text(left, encoding="latin-1")
    told: list[str] = []
    with locked(tmp_path, told.append):
        pass
    assert len(told) == bool(left.strip())


def test_a_folder_that_cannot_be_written_to_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"), locked(tmp_path / "none", print):
        pass


class FullDisk(io.StringIO):
    """A file whose text finds no room, when it is flushed and when it is closed."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    close = flush


def test_a_lock_on_a_full_disk_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_lock, "_taken", lambda path: FullDisk())
    full = pytest.raises(InputError, match=r"\.lock: cannot be written .*; make room and call aga")
    with full, locked(tmp_path, pytest.fail):
        pytest.fail("nobody works on a full disk")
