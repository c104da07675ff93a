"""`simgait benchmark`: upkeep of simgait-bench-v1, speed of the statistics, views of a video."""

from __future__ import annotations

import argparse

from simgait.commands.options import DATA_VARIABLE, recordings_dir
from simgait.errors import InputError


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and what it can do."""
    parser = commands.add_parser(
        "benchmark",
        help="score video by view, pin the benchmark's walks, time the statistics",
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
    filming = actions.add_parser(
        "video",
        help="score video on one rendered walk from five cameras",
        description="Speed, step lengths and knees of a rendered walk whose truth is known, by "
        "view, as a table for docs/video.md.",
    )
    filming.add_argument("--data", metavar="FOLDER", help=f"recordings (default: ${DATA_VARIABLE})")
    filming.set_defaults(run=video)


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


def video(arguments: argparse.Namespace) -> int:
    """Print the table.

    Raises:
        InputError: the recordings are not there.
    """
    print("watching five views: a minute or two ...", flush=True)

    import numpy as np

    from simgait.benchmark.filmed_views import score_views
    from simgait.commands.run_facts import run_facts
    from simgait.jax_setup import configure_jax
    from simgait.pipeline import find_policy

    data = recordings_dir(arguments.data)
    if data is None:
        raise InputError(f"give the folder of the recordings: --data, or ${DATA_VARIABLE}.")
    configure_jax()
    facts = run_facts()
    print(f"`{facts.command}`, {facts.date_utc}, commit {facts.commit}\n")
    heads = "view", "by", "speed, m/s (error)", "step length RMSE, cm", "steps", "knee r", "RMSE, °"
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in score_views(data, find_policy()):
        compared = np.isfinite(row.knee_r)
        knee = [f"{row.knee_r:.2f}", f"{row.knee_rmse_deg:.1f}"] if compared else ["–", "–"]
        cells = [
            row.view, row.method, f"{row.speed_mps:.2f} ({row.speed_error_mps:+.2f})",
            f"{100 * row.step_rmse_m:.1f}", row.steps, *knee,
        ]  # fmt: skip
        print(f"| {' | '.join(cells)} |", flush=True)
    return 0
