"""`simgait ablate`: rows of one table, trained and scored at one budget."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simgait.commands import options
from simgait.errors import InputError


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "ablate",
        help="train and score rows of the paper's Table I, or settings beside the default",
        description="Trains rows of the paper's Table I, or the default recipe and the same with "
        "one setting changed, at one budget, scores them, writes the table. A row that is finished "
        "is not trained again, a stopped one goes on where it was.",
        epilog="example:\n"
        "  simgait ablate --rows base,simgait --budget cpu-small -o runs/ablation\n"
        "  simgait ablate --table settings --rows default,muon --seeds 3 -o runs/settings\n"
        "Rows and budgets: docs/ablation.md; a name that does not exist lists those that do.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--table",
        default="paper",
        metavar="NAME",
        help="paper: its Table I; settings: those that are not the default, one in each row "
        "(default: paper)",
    )
    parser.add_argument("--rows", metavar="A,B,...", help="names with commas (default: all)")
    parser.add_argument("--budget", default="cpu-small", metavar="NAME", help="default: cpu-small")
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="DIR", help="folder of runs and tables"
    )
    parser.add_argument(
        "--steps", type=int, metavar="N", help="environment steps, instead of the budget's"
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=1,
        metavar="N",
        help="trainings of each row, by seeds 0 to N - 1; the table then has mean, SD and range "
        "over them (default: 1)",
    )
    options.add_shared_by_trainings(parser, "rows")
    parser.add_argument(
        "--split",
        default="validation",
        choices=("validation", "test"),
        help="walkers that score; the test's only for a table that chooses nothing",
    )
    parser.add_argument(
        "--walkers", type=int, metavar="N", help="how many score, instead of the budget's"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train, score, write; after every row, so that a stopped night leaves its table.

    Raises:
        InputError: a table, a row, a budget, a folder or the weights do not exist, or a count is
            below 1.
    """
    for option in ("steps", "walkers", "seeds"):
        value = getattr(arguments, option)
        if value is not None and value < 1:
            raise InputError(f"--{option} is {value}; give 1 or more.")
    # Only what is given: recordings in $SIMGAIT_DATA would silently change what rows learn from.
    data_dir = options.recordings_dir(arguments.data) if arguments.data else None

    print("ablate: loading ...", file=sys.stderr, flush=True)
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark.ablation_run import AblationPlan, ablate
    from simgait.commands.run_facts import run_facts
    from simgait.resources import resource_dir

    refiner = arguments.refiner or resource_dir("policies") / "default" / "refiner.safetensors"
    if not refiner.is_file():
        raise InputError(f"{refiner.name}: there are no such weights; check --refiner.")
    facts = run_facts()
    ablate(
        AblationPlan(
            table=arguments.table,
            rows=None if arguments.rows is None else tuple(arguments.rows.split(",")),
            budget=arguments.budget,
            out=arguments.out,
            steps=arguments.steps,
            data_dir=data_dir,
            refiner=refiner,
            teacher=arguments.teacher,
            split=arguments.split,
            walkers=arguments.walkers,
            seeds=arguments.seeds,
            facts={
                "command": facts.command,
                "date_utc": facts.date_utc,
                "commit": facts.commit,
                "machine": f"{facts.system}, {facts.cores} CPU cores, load {facts.load}",
            },
        )
    )
    return 0
