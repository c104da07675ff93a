"""`simgait benchmark recipes`: how far recipes get in the same processor time."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from simgait.commands.new_file import add_new_file, new_file
from simgait.errors import InputError

SHOWN = (
    ("validation_score", "score"),
    ("validation_angle_rmse_deg", "angles °"),
    ("validation_velocity_sd_mps", "speed SD m/s"),
    ("validation_fall_fraction", "fell"),
    ("validation_residual_force_bw", "residual BW"),
)


def add_recipes(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "recipes",
        help="how far training recipes get in the same processor time",
        description="Trains by each recipe from the same start, over the same synthetic walkers, "
        "for as much processor time; writes the curves, and prints how each does on validation "
        "walkers at first and at last. Compiling and validating do not count. PPO beside SHAC: "
        "configs/compare_ppo.toml configs/train_shac.toml",
    )
    parser.add_argument("recipes", nargs="+", metavar="RECIPE.toml", help="two or more")
    parser.add_argument(
        "--minutes", type=float, default=10.0, metavar="M",
        help="processor time of each (default: 10)",
    )  # fmt: skip
    parser.add_argument("--walks", metavar="FOLDER", help="keep the walks there, for the next time")
    add_new_file(parser, "FILE.csv", "the curves")
    parser.set_defaults(run=recipes)


def recipes(arguments: argparse.Namespace) -> int:
    """Train by each, write the curves, print the ends.

    Raises:
        InputError: an option makes no sense, or a recipe cannot be read, begins elsewhere or cannot
            be trained.
    """
    if not 0 < arguments.minutes < float("inf"):
        raise InputError(f"--minutes {arguments.minutes}: give a number above 0.")
    out = new_file(
        arguments.out, ".csv", "the curves", overwrite=arguments.overwrite,
        inputs=arguments.recipes,
    )  # fmt: skip
    from simgait.commands.run_facts import run_facts
    from simgait.files import refuse_file, write_text
    from simgait.jax_setup import configure_jax

    if arguments.walks is not None:
        refuse_file(Path(arguments.walks), "--walks")
    configure_jax()
    from simgait.benchmark.recipe_race import RaceSizes, ends, race, refuse_other_start
    from simgait.commands.training_recipe import load_training_recipe
    from simgait.resources import resource_dir
    from simgait.tracking.policies import load_policy

    configs = {Path(name).stem: load_training_recipe(Path(name)) for name in arguments.recipes}
    if len(configs) < len(arguments.recipes):
        raise InputError("Two recipes have the same name; name each file differently.")
    refuse_other_start(configs)
    weights = load_policy(resource_dir("policies") / "default").refiner
    sizes = RaceSizes(seconds=60.0 * arguments.minutes)
    facts, rows = run_facts(), []
    with kept_or_temporary(arguments.walks) as walks:
        for row in race(
            configs, weights, walks, sizes, lambda text: print(f"  {text}", flush=True)
        ):
            rows.append(row)
            write_text(out, _curves(rows))
    print(f"\n{facts.of_a_measurement}\n\n{_table(ends(rows))}")
    return 0


@contextmanager
def kept_or_temporary(named: str | None) -> Iterator[Path]:
    """The folder that was named, or one that goes again."""
    if named is not None:
        yield Path(named)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _curves(rows: Sequence[Mapping[str, str | float]]) -> str:
    from simgait.files import csv_text

    columns = list(dict.fromkeys(name for row in rows for name in row))
    return csv_text(columns, [[row.get(name, "") for name in columns] for row in rows])


def _table(ends: Sequence[tuple[Mapping[str, str | float], Mapping[str, str | float]]]) -> str:
    """Each recipe at first and at last, as Markdown."""
    names = [title for _, title in SHOWN]
    lines = [
        f"| recipe | compiled, s | after, s | steps | {' | '.join(names)} |",
        "|---" * (4 + len(names)) + "|",
    ]
    for row in (row for pair in ends for row in pair):
        cells = [f"{row[column]:.3g}" for column, _ in SHOWN]
        begun = [f"{row['compile_s']:.0f}", f"{row['processor_s']:.0f}", f"{row['steps']:,}"]
        lines.append(f"| {' | '.join([str(row['recipe']), *begun, *cells])} |")
    return "\n".join(lines)
