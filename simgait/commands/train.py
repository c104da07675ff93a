"""`simgait train`: a policy, or a refiner alone, from a recipe."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from simgait.commands import options
from simgait.commands.stopping import Stopped
from simgait.commands.training_page import page_log
from simgait.commands.training_replays import replay_log, wandb_media
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.learning.config import TrainingConfig
    from simgait.learning.stop_request import StopRequest

POLICY, REFINER = MODELS = ("policy", "refiner")
RECIPE = "train_default.toml"
WANDB_MODES = ("offline", "online")
WANDB_RUN_FILE = "wandb_run_id"
"""Of a training's folder: the run at Weights & Biases that its rows go to."""
# Options that only a policy has.
OF_POLICY = (
    "refiner", "teacher", "fork", "wandb", "devices", "trials", "processes", "process",
    "coordinator",
)  # fmt: skip


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "train",
        help="train a policy or a refiner",
        description="Train a model from a recipe: a policy (the default), or the refiner alone. A "
        "training that was stopped goes on where it was when the same command is given again; the "
        "best policy so far is in RUN/policy. Other people's methods: simgait companion train.",
        epilog="examples:\n"
        "  simgait train --config configs/train_default.toml -o runs/mine\n"
        "  simgait train --config other.toml -o runs/mine --fork runs/other\n"
        "  simgait train --config configs/settings/teacher.toml --teacher policies/default \\\n"
        "      -o runs/taught\n"
        "  simgait train --config configs/release.toml --data DIR -o runs/release\n"
        "  simgait train refiner --data DIR -o runs/refiner\n"
        "  simgait train refiner --config configs/refiner_families.toml --data DIR \\\n"
        "      --warm-start policies/default -o runs/families",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "model", nargs="?", choices=MODELS, default=POLICY, help="default: %(default)s"
    )
    parser.add_argument("--config", metavar="FILE.toml", help=f"recipe (default: {RECIPE})")
    parser.add_argument("-o", "--out", required=True, metavar="RUN", help="folder of the run")
    parser.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="of all stages that say no seed of their own (default: the recipe's, 0)",
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="real recordings to learn from as well (default: $SIMGAIT_DATA; without it only "
        "synthetic walkers are used)",
    )
    parser.add_argument(
        "--warm-start",
        metavar="POLICY",
        help="folder of a policy to go on from, say policies/default: a policy takes its refiner "
        "as it is, a refiner goes on learning from it",
    )
    _add_own_options(parser)
    parser.set_defaults(run=run)


def _add_own_options(parser: argparse.ArgumentParser) -> None:
    policy = parser.add_argument_group("of a policy")
    policy.add_argument("--refiner", metavar="FILE", help="weights of a trained refiner, to reuse")
    policy.add_argument(
        "--teacher",
        metavar="POLICY",
        help="folder of a policy to follow at first, of any networks; the recipe's teacher.weight "
        "says how much",
    )
    policy.add_argument(
        "--trials",
        metavar="SET",
        help="learn from this set of trials (simgait dataset build), which may be larger than "
        "memory, in place of the recipe's walks; the refiner learns as ever",
    )
    policy.add_argument(
        "--fork",
        metavar="NEW_RUN",
        help="begin in this new folder where the run in RUN is, with another recipe",
    )
    policy.add_argument(
        "--devices",
        metavar="N",
        help="spread the environments over so many devices (of each process), or over 'all' "
        "(default: 1)",
    )
    policy.add_argument(
        "--processes",
        metavar="N",
        help="this is one of so many processes of one training, on one machine or several that see "
        "the same folders; 'cluster' asks the cluster's manager (SLURM, Open MPI) for all three",
    )
    policy.add_argument("--process", type=int, metavar="I", help="which of them, from 0")
    policy.add_argument(
        "--coordinator", metavar="HOST:PORT", help="where process 0 runs, and a port that is free"
    )
    policy.add_argument("--wandb", choices=WANDB_MODES, help="log to Weights & Biases as well")


def run(arguments: argparse.Namespace) -> int:
    """Train, or go on training."""
    from simgait.resources import resource_dir

    model: str = arguments.model
    for name in OF_POLICY:
        if getattr(arguments, name) is not None and model != POLICY:
            raise InputError(
                f"--{name.replace('_', '-')} belongs to simgait train {POLICY}; leave it out of "
                f"simgait train {model}."
            )
    recipe = Path(arguments.config or resource_dir("configs") / RECIPE)
    # Before JAX and MuJoCo load, which takes seconds.
    print(f"simgait train {model}: recipe {recipe.name} ...", file=sys.stderr, flush=True)
    trainers = {POLICY: train_policy, REFINER: train_refiner_alone}
    return trainers[model](arguments, recipe, Path(arguments.out))


def train_policy(arguments: argparse.Namespace, recipe: Path, out: Path) -> int:
    """Refiner and policy; says where the best policy is."""
    from simgait.jax_setup import configure_jax, room_for_devices

    devices = devices_of(arguments.devices)
    if devices != 1 or arguments.processes is not None:
        room_for_devices()
    meet(arguments)
    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.commands.training_recipe import load_training_recipe

    config = load_training_recipe(recipe, arguments.seed)
    data_dir = recordings_to_learn_from(arguments.data, config)
    refiner = None if arguments.refiner is None else Path(arguments.refiner)
    if refiner is not None and not refiner.is_file():
        raise InputError(f"{refiner.name}: there is no such file of weights; check --refiner.")
    warm_start = None if arguments.warm_start is None else Path(arguments.warm_start)
    if arguments.fork is not None and warm_start is not None:
        raise InputError("--fork begins with a run's weights, --warm-start with a policy's: one.")
    folder = out if arguments.fork is None else Path(arguments.fork)
    from simgait.learning.processes import is_first
    from simgait.learning.progress import Progress
    from simgait.learning.stop_request import StopRequest
    from simgait.learning.training import run_training

    stop, writes = StopRequest(), is_first()
    wandb = arguments.wandb if writes else None
    with (
        wandb_log(wandb, folder, config.name, config.model_dump()) as online,
        page_log(folder, config) if writes else nullcontext(lambda row: None) as page,
        stopping_in_order(stop),
    ):

        def log(row: dict[str, float]) -> None:
            page(row)
            online(row)

        policy = run_training(
            config,
            folder,
            data_dir=data_dir,
            refiner=refiner,
            warm_start=warm_start,
            fork_of=None if arguments.fork is None else out,
            log=log,
            watch=replay_log(folder),
            progress=Progress(shown=writes),
            stop=stop,
            devices=devices,
            trials=None if arguments.trials is None else Path(arguments.trials),
            teacher=None if arguments.teacher is None else Path(arguments.teacher),
        )
    if writes:
        print(f"The best policy is in {policy}")
    return 0


def recordings_to_learn_from(given: str | None, config: TrainingConfig) -> Path | None:
    """The folder of real recordings; None where there is none, or the recipe uses none.

    Raises:
        InputError: there is no such folder, or it was given and the recipe uses none.
    """
    if config.data.use_real:
        return options.recordings_dir(given)
    if given is not None:
        raise InputError(
            f"--data {Path(given).absolute().name}: the recipe {config.name} learns from no real "
            "recordings (data.use_real = false); leave --data out, or set data.use_real = true."
        )
    return None


def meet(arguments: argparse.Namespace) -> None:
    """Meets the other processes of the training, where there are some.

    Raises:
        InputError: what is said of them is not enough, or they do not meet.
    """
    count, number, where = arguments.processes, arguments.process, arguments.coordinator
    if count is None:
        if number is not None or where is not None:
            raise InputError("--process and --coordinator go with --processes.")
        return
    from simgait.learning.processes import Together, begin_together

    if count == "cluster":
        if number is not None or where is not None:
            raise InputError(
                "--processes cluster: the cluster's manager says --process and --coordinator; "
                "leave them out, or say how many processes there are."
            )
        begin_together(Together())
        return
    if not count.isdecimal() or int(count) < 1:
        raise InputError(f"--processes {count}: give a number, or cluster.")
    if where is None or number is None or not 0 <= number < int(count):
        raise InputError(
            f"--processes {count}: every process needs its own --process, from 0 to "
            f"{int(count) - 1}, and all the same --coordinator HOST:PORT."
        )
    host, _, port = where.rpartition(":")
    if not host or not port.isdecimal():
        raise InputError(
            f"--coordinator {where}: give HOST:PORT, as node1:12345: where process 0 runs, and a "
            "port that is free there."
        )
    begin_together(Together(int(count), number, where))


def devices_of(text: str | None) -> int | None:
    """What --devices says; None is all.

    Raises:
        InputError: it is no number.
    """
    if text == "all":
        return None
    if text is not None and not text.isdecimal():
        raise InputError(f"--devices {text}: give a number, or all.")
    return int(text or 1)


def train_refiner_alone(arguments: argparse.Namespace, recipe: Path, out: Path) -> int:
    """The refiner of a recipe, for `simgait train --refiner`; one that is there already stays."""
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.commands.training_recipe import load_training_recipe

    config = load_training_recipe(recipe, arguments.seed)
    data_dir = recordings_to_learn_from(arguments.data, config)
    from simgait.learning import refiner_run
    from simgait.learning.progress import Progress
    from simgait.learning.stop_request import StopRequest

    stop = StopRequest()
    warm_start = None if arguments.warm_start is None else Path(arguments.warm_start)
    with stopping_in_order(stop):
        path = refiner_run.train_refiner_alone(config, out, data_dir, Progress(), stop, warm_start)
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


@contextmanager
def wandb_log(
    mode: Literal["offline", "online"] | None, out: Path, name: str, config: dict[str, object]
) -> Iterator[Callable[[dict[str, float]], None]]:
    """A function that logs a row of numbers, and of a validation tables and replays.

    It does nothing where W&B was not asked for.

    The folder keeps the run's id: a training that goes on goes on in its run.

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
    from simgait.files import write_whole

    id_file = out / WANDB_RUN_FILE

    def begin() -> Any:
        known = id_file.read_text(encoding="utf-8").strip() if id_file.is_file() else None
        run = wandb.init(
            project="simgait", name=name, dir=str(out), mode=mode, config=config,
            id=known or None, resume="allow" if known else None,
        )  # fmt: skip
        write_whole(id_file, f"{run.id}\n")
        return run

    def log(row: dict[str, float]) -> None:
        if not runs:  # not before: a training that is refused leaves nothing behind
            runs.append(begin())
        runs[0].log(row | wandb_media(wandb, out, name, row), step=int(row["steps"]))

    try:
        yield log
    finally:
        for run in runs:
            run.finish()
