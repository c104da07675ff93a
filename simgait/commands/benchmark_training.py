"""`simgait benchmark training`: the bars of training."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.benchmark.scorecard_rows import Row
    from simgait.learning.config import TrainingConfig


def add_training(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "training",
        help="speed of a training, C MuJoCo's beside it, exact resume, memory",
        description="Environment steps per second with learning included, as the median of several "
        "iterations; the same body in C MuJoCo in the same run; a resume compared to the bit; "
        "memory. Rows that need a GPU are filled where there is one, and long ones where an option "
        "asks for them; all others are not measured. Some minutes of compiling.",
    )
    parser.add_argument(
        "--config",
        metavar="RECIPE",
        help="a recipe as in simgait train (default: the default recipe)",
    )
    parser.add_argument(
        "--repeats", type=int, default=5, metavar="N", help="iterations timed (default: 5)"
    )
    parser.add_argument(
        "--devices",
        default="1",
        metavar="N",
        help="as in simgait train (default: 1); with several numbers, 1,2,4,8 say, the first one "
        "is timed, and the learning curves of all of them are compared (each compiles anew)",
    )
    parser.add_argument(
        "--scaling",
        action="store_true",
        help="time 256 to 8192 environments as well (each compiles anew)",
    )
    parser.add_argument(
        "--to-angles",
        type=float,
        metavar="MIN",
        help="train the recipe from nothing, for so many minutes at most, until hip and "
        "knee are within 5 degrees on held-out monocular walkers (the default recipe takes an "
        "hour or more)",
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
    minutes = arguments.to_angles
    if minutes is not None and not 0 < minutes < float("inf"):
        raise InputError(f"--to-angles {minutes}: give a number of minutes above 0.")
    devices = tuple(devices_of(part) for part in arguments.devices.split(","))
    counts = tuple(n for n in devices if n is not None)
    repeated = len(set(devices)) < len(devices)
    if len(devices) > 1 and (len(counts) < len(devices) or min(counts) < 1 or repeated):
        raise InputError(
            f"--devices {arguments.devices}: give different numbers from 1 on, or one alone."
        )
    config = _recipe(arguments.config)
    from simgait.jax_setup import configure_jax, room_for_devices

    if devices != (1,):
        room_for_devices()
    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark.scorecard_page import table
    from simgait.benchmark.scorecard_since import ROW_HEAD
    from simgait.benchmark.training_bars import TrainingSizes, training_bars

    facts, rows = run_facts(), []
    sizes = TrainingSizes(
        config=config,
        repeats=arguments.repeats,
        devices=devices[0],
        curve_devices=counts if len(devices) > 1 else None,
        scaling=arguments.scaling,
        to_angles_s=None if minutes is None else 60.0 * minutes,
    )
    for row in training_bars(sizes, lambda text: print(f"  {text}", flush=True)):
        rows.append(row)
        cells = _cells(row)
        print(f"{row.name}: {' '.join(cells[1:3]).strip()}", flush=True)
    print(f"\n{facts.of_a_measurement}\n\n{table(ROW_HEAD, [_cells(row) for row in rows])}")
    return 0 if all(row.met is not False for row in rows if math.isfinite(row.value)) else 1


def _recipe(path: str | None) -> TrainingConfig:
    """The recipe that is trained.

    Raises:
        InputError: the file is none, or a companion's; its policy does not learn by PPO, which is
            what is timed; or its batch does not divide.
    """
    from simgait.commands.training_recipe import load_training_recipe
    from simgait.learning.config import TrainingConfig
    from simgait.learning.config_file import refuse_uneven_batch

    config = TrainingConfig() if path is None else load_training_recipe(Path(path))
    if config.algorithm != "ppo":
        raise InputError(
            f"--config {Path(path or '').name}: learns by {config.algorithm}; this benchmark times "
            "PPO, and simgait benchmark recipes compares both."
        )
    refuse_uneven_batch(config.learner)
    return config


def _cells(row: Row) -> list[str]:
    """A row as the scorecard shows it; one without a value says why, and has not missed its bar."""
    from simgait.benchmark.scorecard_page import row_cells

    name, value, unit, bar, met, n = row_cells(row)
    if math.isfinite(row.value):
        return [name, value, unit, bar, met, n]
    why = f": {row.not_asked}" if row.not_asked else ""
    return [name, "not reached" if row.n else f"not measured{why}", "", bar, "", n]
