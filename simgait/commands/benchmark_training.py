"""`simgait benchmark training`: the bars of training."""

from __future__ import annotations

import argparse

from simgait.errors import InputError


def add_training(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "training",
        help="speed of a training, C MuJoCo's beside it, and exact resume",
        description="Environment steps per second with learning included, as the median of several "
        "iterations; the same body in C MuJoCo in the same run; a resume compared to the bit. Rows "
        "that need a GPU are filled where there is one. Some minutes of compiling.",
    )
    parser.add_argument(
        "--repeats", type=int, default=5, metavar="N", help="iterations timed (default: 5)"
    )
    parser.add_argument(
        "--devices", default="1", metavar="N", help="as in simgait train (default: 1)"
    )
    parser.set_defaults(run=training)


def training(arguments: argparse.Namespace) -> int:
    """Print the bars. Returns 1 where one that was measured is not met.

    Raises:
        InputError: an option makes no sense.
    """
    from simgait.commands.run_facts import run_facts
    from simgait.commands.train import devices_of

    if arguments.repeats < 1:
        raise InputError("--repeats times one iteration or more.")
    devices = devices_of(arguments.devices)
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    import numpy as np

    from simgait.benchmark.scorecard_page import row_cells, rows_table
    from simgait.benchmark.training_bars import TrainingSizes, training_bars

    facts, rows = run_facts(), []
    sizes = TrainingSizes(repeats=arguments.repeats, devices=devices)
    for row in training_bars(sizes, lambda text: print(f"  {text}", flush=True)):
        rows.append(row)
        value = " ".join(row_cells(row)[1:3]) if np.isfinite(row.value) else "not measured"
        print(f"{row.name}: {value}", flush=True)
    print(f"\n{facts.of_a_measurement}\n\n{rows_table(rows)}")
    return 0 if all(row.met is not False for row in rows if np.isfinite(row.value)) else 1
