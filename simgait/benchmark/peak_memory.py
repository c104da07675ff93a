"""The most memory that this process has held: the host's, and a GPU's."""

from __future__ import annotations

import math

import jax

from simgait.benchmark.scorecard_rows import Row
from simgait.memory import MAXRSS_BYTES


def host_peak_gb() -> float:
    """The largest resident set of this process so far, GB; NaN where the system does not say."""
    try:
        import resource
    except ImportError:  # not a Unix
        return float("nan")
    return MAXRSS_BYTES * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e9


def device_peak_gb() -> float:
    """The most that one device held at a time, GB; NaN where devices do not say (CPUs)."""
    peaks = [(one.memory_stats() or {}).get("peak_bytes_in_use") for one in jax.local_devices()]
    known = [peak for peak in peaks if peak is not None]
    return max(known) / 1e9 if known else float("nan")


def memory_rows(n_envs: int) -> list[Row]:
    """Both, of all that this process has done so far, with so many environments at most."""
    host, device = host_peak_gb(), device_peak_gb()
    return [
        Row(
            name,
            value,
            "GB",
            int(math.isfinite(value)),
            not_asked="" if math.isfinite(value) else "nothing here says it",
        )  # fmt: skip
        for name, value in (
            (f"host memory, the most, up to {n_envs} environments, compiling included", host),
            (f"memory of a device, the most, up to {n_envs} environments (GPU)", device),
        )
    ]
