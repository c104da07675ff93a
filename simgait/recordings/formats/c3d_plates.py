"""Force plates of a C3D file: computed by ezc3d (types 1-4) in a child process with limits.

ezc3d trusts what a file says: one damaged byte can make it read without end, ask for all memory,
or crash. The child's end is then a sentence, and everything else of the file is read without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from simgait.limits import child_limits
from simgait.recordings.axes import METRES_PER_UNIT
from simgait.types import ForcePlate

_CHILD = Path(__file__).with_name("c3d_plates_child.py")
_WAIT_PER_CPU_S = 6
"""A busy machine gives a process a part of its time only."""


class PlatesUnreadable(Exception):  # noqa: N818
    """The force plates cannot be had; the message says why, to go on in a sentence."""


def read_force_plates(path: Path, analog_fps_hz: float) -> tuple[ForcePlate, ...]:
    """The plates in metres and newtons, on the file's axes.

    Raises:
        PlatesUnreadable: of a type that is not read, without a rate of their samples, or the file
            makes ezc3d fail, die, or take more time or memory than such a file needs.
    """
    with tempfile.TemporaryDirectory(prefix="simgait-") as folder:
        result = Path(folder, "plates.npz")
        if not str(path.resolve()).isascii():  # ezc3d opens no name that is not UTF-8
            path = Path(shutil.copyfile(path, Path(folder, "plates.c3d")))
        _run(path, result)
        with np.load(result, allow_pickle=False) as arrays:
            if arrays["n"] > 0 and not analog_fps_hz > 0.0:
                raise PlatesUnreadable("the file says no rate of their samples")
            return tuple(_plate(arrays, i, analog_fps_hz) for i in range(int(arrays["n"])))


def _run(path: Path, result: Path) -> None:
    seconds, n_bytes = child_limits(path.stat().st_size)
    # -P: nothing is imported from the child's own folder. Threads of its own would each take
    # address space, which is what the limit counts.
    arguments = (_CHILD, path.resolve(), result, seconds, n_bytes)
    command = [sys.executable, "-P", *map(str, arguments)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            timeout=_WAIT_PER_CPU_S * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PlatesUnreadable("reading them took too long") from error
    except OSError as error:
        raise PlatesUnreadable("their reader could not be started") from error
    if done.returncode != 0 or not result.is_file():
        raise PlatesUnreadable(_why(done.returncode, done.stderr))


def _why(returncode: int, stderr: bytes) -> str:
    """The end of the child in a few words."""
    last = stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if returncode < 0 or "bad_alloc" in last or "MemoryError" in last:
        return "their reader broke down"
    return "they are damaged, or of a type that is not read"


def _plate(arrays: np.lib.npyio.NpzFile, i: int, analog_fps_hz: float) -> ForcePlate:
    length = METRES_PER_UNIT.get(str(arrays[f"unit_{i}"]).lower(), 0.001)
    force = arrays[f"force_{i}"].T
    with np.errstate(invalid="ignore"):
        centre = arrays[f"centre_{i}"].T * length
    corners = arrays[f"corners_{i}"].T * length
    return ForcePlate(np.arange(len(force)) / analog_fps_hz, force, centre, corners)
