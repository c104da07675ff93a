"""`simgait train`: a policy from a recipe."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from simgait.commands import options
from simgait.errors import InputError


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "train",
        help="train a policy",
        description="Train a policy from a recipe. A run that was stopped goes on where it was "
        "when the same command is given again; the best policy so far is in RUN/policy.",
        epilog="example:\n  simgait train --config configs/train_default.toml -o runs/mine",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--config", metavar="FILE.toml", help="recipe (default: the one of the released policy)"
    )
    parser.add_argument("-o", "--out", required=True, metavar="RUN", help="folder of the run")
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="real recordings to learn from as well (default: $SIMGAIT_DATA; without it only "
        "synthetic walkers are used)",
    )
    parser.add_argument("--refiner", metavar="FILE", help="weights of a trained refiner, to reuse")
    parser.add_argument(
        "--warm-start",
        metavar="POLICY",
        help="folder of a policy to go on from, say policies/default (its refiner is reused too)",
    )
    parser.add_argument(
        "--wandb", choices=("offline", "online"), help="log to Weights & Biases as well"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train, or go on training."""
    from simgait.files import check_output_folder
    from simgait.jax_setup import configure_jax
    from simgait.resources import resource_dir

    recipe = arguments.config or resource_dir("configs") / "train_default.toml"
    from simgait.learning.config_file import load_config

    config = load_config(recipe)
    out = Path(arguments.out)
    check_output_folder(out)
    data_dir = options.recordings_dir(arguments.data)
    refiner = None if arguments.refiner is None else Path(arguments.refiner)
    if refiner is not None and not refiner.is_file():
        raise InputError(f"{refiner.name}: there is no such file of weights; check --refiner.")
    warm_start = None if arguments.warm_start is None else Path(arguments.warm_start)
    configure_jax()
    from simgait.learning.training import run_training

    with wandb_log(arguments.wandb, out, config.name, config.model_dump()) as log:
        policy = run_training(
            config,
            out,
            data_dir=data_dir,
            refiner=refiner,
            warm_start=warm_start,
            log=log,
        )
    print(f"The best policy is in {policy}")
    return 0


@contextmanager
def wandb_log(
    mode: str | None, out: Path, name: str, config: dict[str, object]
) -> Iterator[Callable[[dict[str, float]], None]]:
    """A function that logs a row of numbers; it does nothing where W&B was not asked for."""
    if mode is None:
        yield lambda row: None
        return
    import wandb

    run = wandb.init(project="simgait", name=name, dir=str(out), mode=mode, config=config)  # type: ignore[arg-type]
    try:
        yield lambda row: run.log(row, step=int(row["steps"]))
    finally:
        run.finish()
