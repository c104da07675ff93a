"""How long a call takes."""

from __future__ import annotations

import time
from collections.abc import Callable


def timings_s(work: Callable[[], object], repeats: int) -> list[float]:
    """Wall time (s) of each of `repeats` calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times
