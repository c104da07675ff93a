"""`simgait benchmark`: upkeep of simgait-bench-v1 and the speed of the agreement statistics."""

from __future__ import annotations

import argparse

from simgait.errors import InputError


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and what it can do."""
    parser = commands.add_parser(
        "benchmark",
        help="pin the benchmark's walks, time the agreement statistics",
        description="Upkeep of the benchmark. To run it: simgait evaluate --bench -o OUT",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    pinning = actions.add_parser(
        "pin",
        help="keep the numbers of the synthetic walks of a new version, once",
        description="To be run after BENCH_VERSION in simgait/benchmark/bench_cases.py was raised. "
        "Writes the version's CSV file beside that module and never replaces one: results of a "
        "version stay comparable.",
    )
    pinning.set_defaults(run=pin)
    timing = actions.add_parser(
        "speed",
        help="time the agreement statistics on 10 000 pairs",
        description="The full summary of 10 000 pairs has to take one second at most.",
    )
    timing.set_defaults(run=speed)


def pin(arguments: argparse.Namespace) -> int:
    """Write the version's file.

    Raises:
        InputError: the version has one already.
    """
    print("making the walks: a minute or two ...", flush=True)
    from simgait.benchmark.bench_cases import BENCH_VERSION, synthetic_bench
    from simgait.benchmark.pinned_walks import PINS, pins_of, pins_text
    from simgait.files import write_whole
    from simgait.jax_setup import configure_jax

    if PINS.exists():
        raise InputError(
            f"{PINS.name}: {BENCH_VERSION} has its walks already; raise BENCH_VERSION in "
            "simgait/benchmark/bench_cases.py first."
        )
    configure_jax()
    pins = pins_of(synthetic_bench().cases)
    write_whole(PINS, pins_text(pins))
    print(f"{PINS.name}: {len(pins)} walks")
    return 0


def speed(arguments: argparse.Namespace) -> int:
    """Print the time of the whole summary, and of its parts."""
    print("timing: about a minute ...", flush=True)
    from simgait.benchmark.agreement_speed import agreement_speed

    for timed in agreement_speed():
        bar = "" if timed.bar_s is None else f" (bar {timed.bar_s:g} s)"
        print(f"{timed.what}: {timed.seconds:.4f} s{bar}")
    return 0
