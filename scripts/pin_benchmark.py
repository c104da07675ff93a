"""Keeps the numbers of the synthetic walks of a new version of the benchmark, once.

    python scripts/pin_benchmark.py

To be run after `BENCH_VERSION` in simgait/benchmark/bench_cases.py was raised. It writes the
version's CSV file beside that module and never replaces one: results of a version stay comparable.
"""

from __future__ import annotations

import sys

from simgait.benchmark.bench_cases import BENCH_VERSION, synthetic_bench
from simgait.benchmark.pinned_walks import PINS, pins_of, pins_text
from simgait.jax_setup import configure_jax


def main() -> int:
    """Write the file; 1 where the version has one already."""
    if PINS.exists():
        print(
            f"{PINS.name}: {BENCH_VERSION} has its walks already; raise BENCH_VERSION in "
            "simgait/benchmark/bench_cases.py first.",
            file=sys.stderr,
        )
        return 1
    configure_jax()
    pins = pins_of(synthetic_bench().cases)
    PINS.write_text(pins_text(pins), encoding="utf-8", newline="\n")
    print(f"{PINS.name}: {len(pins)} walks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
