"""`simgait sweep`: a search over recipes, by Optuna here or by Weights & Biases."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simgait.commands import options
from simgait.commands.train import WANDB_MODES, devices_of
from simgait.commands.training_recipe import refuse_companions_recipe
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.learning.config import TrainingConfig
    from simgait.learning.stop_request import StopRequest
    from simgait.learning.sweep import SweepResult
    from simgait.learning.sweep_space import SweepSpace
    from simgait.learning.training import Log
    from simgait.learning.watched import Watch

BODY, WEIGHT = "tracking.body.model", "teacher.weight"
PAGE, BEST, POINTS_FOLDER, WALKS_FOLDER = "sweep.html", "best.toml", "at", "walks"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "sweep",
        help="search for a better recipe",
        description="Trains recipes of a search space and keeps what each scored on validation "
        "walkers, as an Optuna study in STUDY/study.db with a page STUDY/sweep.html. The same "
        "command goes on, and may run several times at once.",
        epilog="examples:\n"
        "  simgait sweep configs/sweep_example.toml -o runs/sweep\n"
        "  simgait sweep configs/sweep_example.toml -o runs/sweep --wandb-yaml sweep.yaml\n"
        "How a search space is written: docs/training.md.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("space", type=Path, metavar="SPACE.toml", help="what is searched")
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="STUDY", help="folder of the study"
    )
    options.add_shared_by_trainings(parser, "trials")
    parser.add_argument(
        "--trials",
        type=Path,
        metavar="SET",
        help="learn from this set of trials (simgait dataset build) in place of the recipe's walks",
    )
    parser.add_argument(
        "--devices", metavar="N", help="of each training, as in simgait train (default: 1)"
    )
    instead = parser.add_argument_group("instead of searching").add_mutually_exclusive_group()
    instead.add_argument(
        "--page", action="store_true", help="only write the page of what was found so far"
    )
    instead.add_argument(
        "--wandb-yaml",
        type=Path,
        metavar="FILE",
        help="write the space as a Bayes sweep of Weights & Biases",
    )
    instead.add_argument(
        "--at",
        nargs="+",
        metavar="NAME=VALUE",
        help="train this one point and log it to Weights & Biases, as agents of such a sweep do",
    )
    parser.add_argument(
        "--wandb", choices=WANDB_MODES, help="of --at: how it is logged (default: online)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Search, or write what a search is or found.

    Raises:
        InputError: the space, the folder or the weights cannot be used.
    """
    if arguments.wandb is not None and not arguments.at:
        raise InputError("--wandb goes with --at; a search logs nothing to Weights & Biases.")
    print(f"simgait sweep: space {arguments.space.name} ...", file=sys.stderr, flush=True)
    from simgait.jax_setup import configure_jax, room_for_devices
    from simgait.resources import resource_dir

    if devices_of(arguments.devices) != 1:
        room_for_devices()
    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.learning.bodies import checked_refiner
    from simgait.learning.run_examples import refuse_no_recordings
    from simgait.learning.sweep import read_sweep
    from simgait.learning.sweep_space import load_space

    space = load_space(arguments.space, resource_dir("configs"))
    refuse_companions_recipe(space.recipe, space.settings)
    if arguments.wandb_yaml is not None:
        return write_wandb(space, arguments)
    if arguments.page:
        write_results(space, arguments.out, read_sweep(arguments.out))
        return 0
    refiner = arguments.refiner or resource_dir("policies") / "default" / "refiner.safetensors"
    if not refiner.is_file():
        raise InputError(f"{refiner.name}: there are no such weights; check --refiner.")
    # Only what is given: recordings in $SIMGAIT_DATA would silently change what is learned from.
    data_dir = options.recordings_dir(arguments.data) if arguments.data else None
    refuse_no_recordings(data_dir)
    more = _shared(space.config({}), arguments)
    if BODY not in space.ranges:
        checked_refiner(refiner, space.config({}).tracking.body.skeleton)
    teacher = _teacher(space, arguments.teacher)
    trainer = _Trainer(arguments.out, refiner, data_dir, teacher=teacher, **more)
    return (
        train_at(space, arguments, trainer) if arguments.at else search(space, arguments, trainer)
    )


def _teacher(space: SweepSpace, named: Path | None) -> Path | None:
    """The policy that trials follow at first; None where no recipe of the space asks for one.

    Raises:
        InputError: a recipe asks for one and the base recipe cannot follow this policy, there is
            none, or one is named and no recipe asks for it.
    """
    from simgait.learning.teacher import TeacherConfig
    from simgait.learning.teacher_given import checked_teacher
    from simgait.resources import resource_dir
    from simgait.tracking.policies import DEFAULT_POLICY, load_policy

    config = space.config({})
    if not config.teacher.weight and WEIGHT not in space.ranges:
        if named is not None:
            raise InputError(
                f"--teacher {named.absolute().name}: no recipe of {space.name} follows anybody; "
                "leave it out, or set teacher.weight."
            )
        return None
    folder = named or resource_dir("policies") / DEFAULT_POLICY
    if not config.teacher.weight:
        config = config.model_copy(update={"teacher": TeacherConfig(weight=1.0)})
        if any(name.startswith("tracking.") for name in space.ranges):
            load_policy(folder)  # a trial may see and do what the base recipe does not
            return folder
    checked_teacher(config, folder)
    return folder


def _shared(config: TrainingConfig, arguments: argparse.Namespace) -> dict[str, Any]:
    """Devices and set of trials of every training, refused here where the recipe cannot have them.

    Raises:
        InputError: there are not so many devices, the batch cannot be shared out over them, or the
            folder holds no set for this recipe.
    """
    from simgait.learning.sharding import training_mesh
    from simgait.learning.trial_set.index import open_trials

    devices = devices_of(arguments.devices)
    training_mesh(config.learner, devices)
    folder, sha256 = arguments.trials, None
    if folder is not None:
        body = config.tracking.body.skeleton
        sha256 = open_trials(folder, body, config.data.sized_by).index.sha256
    return {"devices": devices, "trials": folder, "trials_sha256": sha256}


class _Trainer:
    """Trains recipes in the folder of a study; walks are made once for all that use the same."""

    def __init__(
        self,
        study: Path,
        refiner: Path,
        data_dir: Path | None,
        teacher: Path | None,
        devices: int | None,
        trials: Path | None,
        trials_sha256: str | None,
    ) -> None:
        from simgait.learning.stop_request import StopRequest

        self.devices, self.trials, self.trials_sha256 = devices, trials, trials_sha256
        self.study, self.refiner, self.data_dir = study, refiner, data_dir
        self.teacher = teacher
        self.stop: StopRequest = StopRequest()

    def __call__(
        self, config: TrainingConfig, run: Path, log: Log, watch: Watch = lambda watched: None
    ) -> None:
        from simgait.learning.training import run_training

        real = {"use_real": self.data_dir is not None}
        config = config.model_copy(update={"data": config.data.model_copy(update=real)})
        run_training(
            config,
            run,
            data_dir=self.data_dir,
            refiner=self.refiner,
            log=log,
            watch=watch,
            stop=self.stop,
            walks=self._walks(config),
            devices=self.devices,
            trials=self.trials,
            teacher=self.teacher if config.teacher.weight else None,
        )

    def given(self) -> dict[str, str | None]:
        """What every training is given beside its recipe, by the name of its option."""
        from simgait.datasets.real_recordings import fingerprint
        from simgait.provenance import file_sha256
        from simgait.tracking.policies import policy_hash

        data = None if self.data_dir is None else fingerprint(self.data_dir, test=False)
        return {
            "--refiner": file_sha256(self.refiner), "--data": data, "--trials": self.trials_sha256,
            "--teacher": None if self.teacher is None else policy_hash(self.teacher),
        }  # fmt: skip

    def _walks(self, config: TrainingConfig) -> Path:
        """A folder for the walks of all trials with the same data and body."""
        decides = [config.data.model_dump(mode="json"), config.tracking.body.model]
        name = hashlib.sha256(json.dumps(decides).encode()).hexdigest()[:12]
        folder = self.study / WALKS_FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def search(space: SweepSpace, arguments: argparse.Namespace, trainer: _Trainer) -> int:
    """Work at the study until it has all its trials.

    Raises:
        InputError: the study is another space's, its trials were given something else, or not one
            of them could be trained.
    """
    from simgait.commands.train import stopping_in_order
    from simgait.learning.sweep import run_sweep

    def tell(sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def after(result: SweepResult) -> None:
        write_results(space, arguments.out, result)

    with stopping_in_order(trainer.stop):
        result = run_sweep(space, arguments.out, trainer, tell, after, trainer.given())
    write_results(space, arguments.out, result)
    if result.best is not None:
        print(
            f"Best: trial {result.best.number}, score {result.best.score:.3f}; its recipe is in "
            f"{arguments.out / BEST}"
        )
    elif not any(one.state == "running" for one in result.trials):  # by another process, that is
        raise InputError(
            f"{space.name}: none of {len(result.trials)} trials finished; the last one was "
            f"refused: {result.trials[-1].reason}"
        )
    return 0


def train_at(space: SweepSpace, arguments: argparse.Namespace, trainer: _Trainer) -> int:
    """Train one point, in a folder that its settings name, with its curve at W&B."""
    from simgait.commands.train import stopping_in_order, wandb_log
    from simgait.commands.training_replays import replay_log
    from simgait.learning.sweep_space import point_of

    point = point_of(space, arguments.at)
    config = space.config(point)
    name = hashlib.sha256(json.dumps(point, sort_keys=True).encode()).hexdigest()[:12]
    run = arguments.out / POINTS_FOLDER / name
    with (
        wandb_log(arguments.wandb or "online", run, f"{config.name}-{name}", dict(point)) as log,
        stopping_in_order(trainer.stop),
    ):
        trainer(config, run, log, replay_log(run))
    print(f"The best policy is in {run / 'policy'}")
    return 0


def write_wandb(space: SweepSpace, arguments: argparse.Namespace) -> int:
    """Write the space as a W&B sweep."""
    from simgait.files import write_whole
    from simgait.learning.sweep_wandb import wandb_yaml

    write_whole(arguments.wandb_yaml, wandb_yaml(space, arguments.space, arguments.out))
    print(f"{arguments.wandb_yaml}: begin it with `wandb sweep {arguments.wandb_yaml}`")
    return 0


def write_results(space: SweepSpace, folder: Path, result: SweepResult) -> None:
    """The page of a study, and the recipe of its best trial."""
    from simgait.commands.run_facts import run_facts
    from simgait.files import write_whole
    from simgait.learning.recipe_text import recipe_text
    from simgait.report.training.sweep_page import SweepPage, sweep_page

    facts = run_facts()
    steps = space.config({}).learner.total_steps
    said = (
        f"{space.recipe}, {steps:,} steps a trial; {facts.date_utc}, commit {facts.commit}, "
        f"{facts.system}, {facts.cores} cores"
    )
    logs = {name: one.log for name, one in space.ranges.items()}
    page = SweepPage(space.name, said, result.trials, result.importance, logs)
    write_whole(folder / PAGE, sweep_page(page))
    if result.best is not None:
        score = f"# Trial {result.best.number} of {space.name}: score {result.best.score:.3f}.\n"
        text = recipe_text(space.config(result.best.point))
        write_whole(folder / BEST, f"{score}\n{text}")
