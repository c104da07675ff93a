"""Times the agreement statistics on 10 000 pairs (bar: the full summary within one second)."""

from __future__ import annotations

import time

import numpy as np

from simgait.agreement import summarise_agreement


def main() -> None:
    """Print the time of the whole summary, for one trial and for several trials per person."""
    generator = np.random.default_rng(0)
    n = 10_000
    truth = generator.normal(1.2, 0.25, n)
    estimate = truth + generator.normal(0.02, 0.05, n)
    for name, ids in (("10000 people", range(n)), ("2500 people x 4 trials", np.arange(n) // 4)):
        start = time.perf_counter()
        summary = summarise_agreement(truth, estimate, list(ids))
        seconds = time.perf_counter() - start
        print(f"{name}: {seconds:.2f} s (bias {summary.limits.bias.value:.4f}, bar 1 s)")


if __name__ == "__main__":
    main()
