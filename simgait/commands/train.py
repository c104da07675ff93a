"""`simgait train`: a policy, a refiner alone, or the Gait Transformer, from a recipe."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from simgait.commands import options
from simgait.commands.stopping import Stopped
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.learning.stop_request import StopRequest

POLICY, REFINER, GAIT_TRANSFORMER = MODELS = ("policy", "refiner", "gait-transformer")
RECIPES = {
    POLICY: "train_default.toml",
    REFINER: "train_default.toml",
    GAIT_TRANSFORMER: "gait_transformer.toml",
}
# Options that only one of the models has.
ONLY = {
    "refiner": POLICY,
    "warm_start": POLICY,
    "fork": POLICY,
    "wandb": POLICY,
    "machine": GAIT_TRANSFORMER,
    "scored": GAIT_TRANSFORMER,
    "max_minutes": GAIT_TRANSFORMER,
}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "train",
        help="train a policy, a refiner or the Gait Transformer",
        description="Train a model from a recipe: a policy (the default), the refiner alone, or "
        "the Gait Transformer, a baseline. A training that was stopped goes on where it was when "
        "the same command is given again; the best policy so far is in RUN/policy.",
        epilog="examples:\n"
        "  simgait train --config configs/train_default.toml -o runs/mine\n"
        "  simgait train --config other.toml -o runs/mine --fork runs/other\n"
        "  simgait train refiner --data DIR -o runs/refiner\n"
        '  simgait train gait-transformer --data DIR -o OUT --machine "2 CPU cores"',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "model", nargs="?", choices=MODELS, default=POLICY, help="default: %(default)s"
    )
    parser.add_argument(
        "--config", metavar="FILE.toml", help="recipe (default: the one of the released model)"
    )
    parser.add_argument("-o", "--out", required=True, metavar="RUN", help="folder of the run")
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="real recordings to learn from as well (default: $SIMGAIT_DATA; without it only "
        "synthetic walkers are used)",
    )
    _add_own_options(parser)
    parser.set_defaults(run=run)


def _add_own_options(parser: argparse.ArgumentParser) -> None:
    policy = parser.add_argument_group("of a policy")
    policy.add_argument("--refiner", metavar="FILE", help="weights of a trained refiner, to reuse")
    policy.add_argument(
        "--warm-start",
        metavar="POLICY",
        help="folder of a policy to go on from, say policies/default (its refiner is reused too)",
    )
    policy.add_argument(
        "--fork",
        metavar="NEW_RUN",
        help="begin in this new folder where the run in RUN is, with another recipe",
    )
    policy.add_argument(
        "--wandb", choices=("offline", "online"), help="log to Weights & Biases as well"
    )
    transformer = parser.add_argument_group("of the Gait Transformer")
    transformer.add_argument("--machine", help="what it is trained on, for the card (needed)")
    transformer.add_argument(
        "--scored", type=int, metavar="N", help="validation walkers to score (default: 48)"
    )
    transformer.add_argument(
        "--max-minutes", type=float, help="of training; the best weights so far count"
    )


def run(arguments: argparse.Namespace) -> int:
    """Train, or go on training."""
    from simgait.resources import resource_dir

    model: str = arguments.model
    for name, owner in ONLY.items():
        if getattr(arguments, name) is not None and model != owner:
            raise InputError(
                f"--{name.replace('_', '-')} belongs to simgait train {owner}; leave it out of "
                f"simgait train {model}."
            )
    recipe = Path(arguments.config or resource_dir("configs") / RECIPES[model])
    # Before JAX and MuJoCo load, which takes seconds.
    print(f"simgait train {model}: recipe {recipe.name} ...", file=sys.stderr, flush=True)
    trainers = {
        POLICY: train_policy,
        REFINER: train_refiner_alone,
        GAIT_TRANSFORMER: train_gait_transformer,
    }
    return trainers[model](arguments, recipe, Path(arguments.out))


def train_policy(arguments: argparse.Namespace, recipe: Path, out: Path) -> int:
    """Refiner and policy; says where the best policy is."""
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.learning.config_file import load_config

    config = load_config(recipe)
    data_dir = options.recordings_dir(arguments.data)
    refiner = None if arguments.refiner is None else Path(arguments.refiner)
    if refiner is not None and not refiner.is_file():
        raise InputError(f"{refiner.name}: there is no such file of weights; check --refiner.")
    warm_start = None if arguments.warm_start is None else Path(arguments.warm_start)
    if arguments.fork is not None and warm_start is not None:
        raise InputError("--fork begins with a run's weights, --warm-start with a policy's: one.")
    folder = out if arguments.fork is None else Path(arguments.fork)
    from simgait.learning.stop_request import StopRequest
    from simgait.learning.training import run_training

    stop = StopRequest()
    with (
        wandb_log(arguments.wandb, folder, config.name, config.model_dump()) as log,
        stopping_in_order(stop),
    ):
        policy = run_training(
            config,
            folder,
            data_dir=data_dir,
            refiner=refiner,
            warm_start=warm_start,
            fork_of=None if arguments.fork is None else out,
            log=log,
            stop=stop,
        )
    print(f"The best policy is in {policy}")
    return 0


def train_refiner_alone(arguments: argparse.Namespace, recipe: Path, out: Path) -> int:
    """The refiner of a recipe, for `simgait train --refiner`; one that is there already stays."""
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.learning.config_file import load_config

    config = load_config(recipe)
    data_dir = options.recordings_dir(arguments.data) if config.data.use_real else None
    from simgait.learning import refiner_run
    from simgait.learning.progress import Progress
    from simgait.learning.stop_request import StopRequest

    stop = StopRequest()
    with stopping_in_order(stop):
        path = refiner_run.train_refiner_alone(config, out, data_dir, Progress(), stop)
    print(f"The refiner is in {path}")
    return 0


@contextmanager
def stopping_in_order(stop: StopRequest) -> Iterator[None]:
    """Ctrl-C and SIGTERM end a training after its step, with a checkpoint; a second one at once.

    Where the training is not in its steps, what is finished lies in its folder already.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return

    heard: list[int] = []

    def hear(number: int, frame: object) -> None:
        heard.append(number)
        if stop.waited_for and not stop.asked:
            stop.asked = True
            print("stopping after this step ...", file=sys.stderr, flush=True)
        else:
            raise KeyboardInterrupt

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt as error:
        number = heard[-1] if heard else signal.SIGINT
        sentence = "stopped; the same command goes on where this training is."
        raise Stopped(sentence, 128 + number) from error
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def train_gait_transformer(arguments: argparse.Namespace, recipe: Path, out: Path) -> int:
    """The Gait Transformer with its scores and card."""
    from simgait.companions.gait_transformer.config import load_transformer_config
    from simgait.jax_setup import configure_jax

    config = load_transformer_config(recipe)
    data_dir = options.recordings_dir(arguments.data)
    if arguments.machine is None:
        raise InputError("The card says what the network was trained on: give --machine.")
    configure_jax()
    from simgait.benchmark import gait_transformer_release as release
    from simgait.learning.stop_request import StopRequest

    stop = StopRequest()
    with stopping_in_order(stop):
        released = release.train_and_release(
            config,
            data_dir,
            out,
            machine=arguments.machine,
            n_scored=release.N_SCORED if arguments.scored is None else arguments.scored,
            max_minutes=arguments.max_minutes,
            stop=stop,
        )
    print(released)
    return 0


@contextmanager
def wandb_log(
    mode: Literal["offline", "online"] | None, out: Path, name: str, config: dict[str, object]
) -> Iterator[Callable[[dict[str, float]], None]]:
    """A function that logs a row of numbers; it does nothing where W&B was not asked for.

    Raises:
        InputError: W&B was asked for and is not installed.
    """
    if mode is None:
        yield lambda row: None
        return
    try:
        import wandb
    except ImportError as error:
        raise InputError(
            "--wandb: Weights & Biases is not installed; install it with "
            "`pip install 'simgait[wandb]'`, or leave --wandb out."
        ) from error
    runs: list[Any] = []

    def log(row: dict[str, float]) -> None:
        if not runs:  # not before: a training that is refused leaves nothing behind
            runs.append(
                wandb.init(project="simgait", name=name, dir=str(out), mode=mode, config=config)
            )
        runs[0].log(row, step=int(row["steps"]))

    try:
        yield log
    finally:
        for run in runs:
            run.finish()
