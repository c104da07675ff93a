"""Sets JAX up for a user's machine: compiled programs are kept between runs.

Nothing happens on import; programs (cli, scripts) call `configure_jax` once.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import tempfile
from pathlib import Path

from simgait.errors import InputError

MOST_SAID = 64
"""Chosen: 2000 walks at a time."""
_OF_XLA = "xla_force_host_platform_device_count"
"""Where XLA is told by its own flag, it is not told again: JAX refuses both."""
_LEAST_COMPILE_TIME = "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"
"""JAX's own: of the programs that are kept."""
_ABOUT_WARP = re.compile(r"Failed to import (mujoco_)?warp:")


def cache_dir() -> Path:
    """Folder for compiled programs: $SIMGAIT_CACHE_DIR/jax, else the user's cache folder.

    The folder need not exist yet.
    """
    own = os.environ.get("SIMGAIT_CACHE_DIR", "")
    if own:
        return Path(own).expanduser() / "jax"
    # The XDG specification says that a relative XDG_CACHE_HOME is to be ignored.
    xdg = Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = xdg if xdg.is_absolute() else Path("~/.cache").expanduser()
    return base / "simgait" / "jax"


def writable(folder: Path) -> bool:
    """True if a file can be written in `folder`, which is made where absent."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="simgait-probe-"):
            return True
    except OSError:
        return False


DEVICES = "SIMGAIT_DEVICES"
"""Environment variable: how many cores simulate a large batch of walks side by side."""
CPU_DEVICES = 2
"""Where nobody says how many, whatever the machine has: XLA compiles a step that is spread over two
devices into other code than for one or four, which rounds otherwise, and a walk's numbers would
hang on the number of cores. One core simulates two devices as fast as one. Four would need batches
of 128 walks, and more than half of a study's time is no physics (docs/how-to/study.md)."""


def cpu_devices() -> int:
    """Devices that simulate side by side: $SIMGAIT_DEVICES, else two, with one core, too.

    Raises:
        InputError: it is no number of devices.
    """
    said = os.environ.get(DEVICES, "")
    if not said:
        return CPU_DEVICES
    if not said.isdecimal() or not 1 <= int(said) <= MOST_SAID:
        raise InputError(
            f"${DEVICES} is {said!r}; set it to a number of cores from 1 to {MOST_SAID}, or not at "
            "all."
        )
    return int(said)


THREADS = "NPROC"
"""Environment variable: so many threads XLA has on a CPU, whatever the machine's cores."""
THREADS_PER_DEVICE = 4
"""A device that waits for another one in a sum over devices holds a thread, and within one of its
own operations another. With as many threads as devices a training of the default's size stood still
for ever after its first steps, with two threads a device it ran (two devices, 2 cores)."""


def room_for_devices() -> None:
    """Let XLA have threads enough for sums over the devices of a CPU; before JAX begins.

    Where the environment says how many threads it has, that stays.
    """
    told = re.findall(rf"{_OF_XLA}=(\d+)", os.environ.get("XLA_FLAGS", ""))
    devices = int(told[-1]) if told else cpu_devices()
    os.environ.setdefault(THREADS, str(max(usable_cores(), THREADS_PER_DEVICE * devices)))


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def configure_jax() -> Path | None:
    """Turn JAX's persistent compilation cache on; call it before the first compilation.

    Every core that simulates becomes a device (`cpu_devices`), unless JAX has begun already.

    Returns:
        The cache folder, or None where it cannot be written (JAX then compiles anew each run;
        `simgait doctor` says so).

    Raises:
        InputError: $SIMGAIT_DEVICES is no number of devices.
    """
    import jax

    import_mjx_quietly()
    if _OF_XLA not in os.environ.get("XLA_FLAGS", ""):
        with contextlib.suppress(RuntimeError):  # JAX has its devices already
            jax.config.update("jax_num_cpu_devices", cpu_devices())
    folder = cache_dir()
    if not writable(folder):
        return None
    jax.config.update("jax_compilation_cache_dir", str(folder))
    if _LEAST_COMPILE_TIME not in os.environ:
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
    return folder


def import_mjx_quietly() -> None:
    """Import MJX without the line that it prints where NVIDIA Warp is not installed.

    simgait does not need Warp. Anything else that is printed, and every error, gets through.
    """
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            importlib.import_module("mujoco.mjx")
    finally:
        rest = [li for li in printed.getvalue().splitlines() if not _ABOUT_WARP.match(li)]
        if rest:
            print("\n".join(rest))
