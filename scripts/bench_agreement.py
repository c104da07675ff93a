"""Times the agreement statistics on 10 000 pairs (bar: the full summary within one second)."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from simgait.agreement import (
    bland_altman,
    bootstrap_by_subject,
    concordance,
    error_sizes,
    pearson,
    reliability,
    repeated_limits,
    summarise_agreement,
)

N = 10_000
REPEATS = 3


def seconds(call: Callable[[], object]) -> float:
    """The best of a few runs: the others waited for somebody else's work."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def root_mean_square(truth: np.ndarray, estimate: np.ndarray) -> float:
    """A statistic that costs little, so that the resampling itself is timed."""
    return float(np.sqrt(np.mean((estimate - truth) ** 2)))


def main() -> None:
    """Print the time of the whole summary, and of its parts."""
    generator = np.random.default_rng(0)
    x = generator.normal(1.2, 0.25, N)
    y = x + generator.normal(0.02, 0.05, N)
    one, four = list(range(N)), list(np.arange(N) // 4)
    for name, ids in (("one walk a person", one), ("four walks a person", four)):
        took = seconds(lambda ids=ids: summarise_agreement(x, y, ids))  # type: ignore[misc]
        print(f"summary, {name}: {took:.2f} s (bar 1 s)")
    parts: dict[str, Callable[[], object]] = {
        "1000 resamples by subject, RMSE alone": lambda: bootstrap_by_subject(
            x, y, four, root_mean_square, seed=0
        ),
        "repeated limits": lambda: repeated_limits(x, y, four),
        "limits": lambda: bland_altman(x, y),
        "reliability": lambda: reliability(np.column_stack([x, y])),
        "error sizes": lambda: error_sizes(x, y),
        "concordance": lambda: concordance(x, y),
        "correlation": lambda: pearson(x, y),
    }
    for name, call in parts.items():
        print(f"  {name}: {1000 * seconds(call):.1f} ms")


if __name__ == "__main__":
    main()
