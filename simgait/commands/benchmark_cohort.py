"""`simgait benchmark cohort`: the bars of studies."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from simgait.errors import InputError

TRIALS = "500,100,1000"


def add_cohort(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "cohort",
        help="throughput, growth, stops and broken recordings of `simgait cohort run`",
        description="Studies of synthetic walks of 3 to 15 s, of mixed bodies, are tracked, killed "
        "and given again, with broken recordings and a full disk among them. The table of "
        "docs/how-to/study.md. Half an hour on 2 cores that nothing else uses. One core and the "
        "full disk need Linux: elsewhere their rows say that they were not asked.",
    )
    parser.add_argument(
        "--trials",
        default=TRIALS,
        metavar="N,N,...",
        help="sizes of the studies that are timed; programs are counted on the first "
        f"(default: {TRIALS})",
    )
    parser.add_argument(
        "--same",
        type=int,
        default=24,
        metavar="N",
        help="recordings of the study that is tracked in several batches, killed and damaged "
        "(default: 24)",
    )
    parser.add_argument(
        "--kills", type=int, default=20, metavar="N", help="how often it is killed (default: 20)"
    )
    parser.add_argument(
        "--keep",
        metavar="FOLDER",
        help="keep recordings, tables and compiled programs there (programs that are there already "
        "are not counted)",
    )
    parser.set_defaults(run=cohort)


def cohort(arguments: argparse.Namespace) -> int:
    """Print the bars. Returns 1 where one is not met.

    Raises:
        InputError: an option makes no sense, a study does not end, or the system is Windows.
    """
    if sys.platform == "win32":
        raise InputError(
            "simgait benchmark cohort measures processes as Windows does not; use WSL 2."
        )
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark.cohort_bars import Sizes, cohort_bars
    from simgait.benchmark.scorecard_page import row_cells, rows_table
    from simgait.cohort.study.manifest_cells import parquet
    from simgait.commands.run_facts import run_facts

    parquet()  # or one sentence that it is not installed
    if arguments.same < 1 or arguments.kills < 0:
        raise InputError("--same asks for one recording or more, --kills for none or more.")
    sizes = Sizes(_sizes(arguments.trials), arguments.same, arguments.kills)
    facts, rows = run_facts(), []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(arguments.keep or scratch)
        for row in cohort_bars(folder, sizes, lambda text: print(f"  {text}", flush=True)):
            rows.append(row)
            print(" ".join((f"{row.name}:", *row_cells(row)[1:3])), flush=True)
    print(f"\n{facts.of_a_measurement}\n\n{rows_table(rows)}")
    return 0 if all(row.met is not False for row in rows) else 1


def _sizes(text: str) -> tuple[int, ...]:
    try:
        found = tuple(int(one) for one in text.split(","))
    except ValueError:
        found = ()
    if not found or min(found) < 1:
        raise InputError(f"--trials: '{text[:40]}' is no list of sizes; give it as 100,500.")
    return found
