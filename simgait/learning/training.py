"""A training run from walks to a policy: refiner first, then the policy, with exact resume."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jax.sharding import Mesh

from simgait.datasets.real_recordings import fingerprint
from simgait.datasets.splits import assert_disjoint
from simgait.errors import InputError
from simgait.files import append_csv_row
from simgait.learning.beginning import (
    FORK_FILE,
    RUN_FILE,
    Beginning,
    Forked,
    bring_fork,
    checked_beginning,
    checked_fork,
)
from simgait.learning.bodies import body_facts, refuse_changed_body
from simgait.learning.checkpoints import Checkpoints
from simgait.learning.clip_supply import ClipSupply, all_in_memory, of_trial_set
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import refuse_uneven_batch
from simgait.learning.kept_walks import FOLDER as WALKS_FOLDER
from simgait.learning.kept_walks import WalkStore
from simgait.learning.log_file import cut_log
from simgait.learning.not_finite import refuse_not_finite
from simgait.learning.policy_run import (
    POLICY_FOLDER,
    PolicyRun,
    finish,
)
from simgait.learning.processes import Doorkeeper, any_of, guest_folder, is_first, n_processes
from simgait.learning.progress import Progress
from simgait.learning.recipe_plan import COMPILE_S, COMPILING, TRAINING, planned_training
from simgait.learning.refiner_run import refiner_of_run
from simgait.learning.run_examples import (
    STAGES,
    policy_examples,
    refuse_no_recordings,
    refuse_no_walks,
    validation_examples,
)
from simgait.learning.run_folder import Recipe, RunFolder, differences, run_folder
from simgait.learning.sharding import n_devices, training_mesh
from simgait.learning.stop_request import StopRequest
from simgait.learning.trial_set.index import TrialSet, open_trials
from simgait.learning.watched import Watch
from simgait.learning.whole_time import WholeTime
from simgait.tracking.clips import ClipBank
from simgait.tracking.policies import REFINER_FILE, load_refiner
from simgait.types import FittedTrial

LOG_FILE = "progress.csv"
USUALLY = f"about {COMPILE_S:.0f} s on two busy cores, less where it was compiled before"
LOG_EVERY = 10  # iterations; what is validated or kept falls on one of them
ROW_COLUMNS = (
    "steps", "wall_s", "reward", "angle_error_deg", "path_error_m", "residual_force_bw", "fell",
    "strayed", "not_finite", "entropy", "policy_loss", "value_loss", "validation_angle_rmse_deg",
    "validation_velocity_bias_mps", "validation_velocity_sd_mps", "validation_fall_fraction",
    "validation_residual_force_bw", "validation_score",
)  # fmt: skip
Log = Callable[[dict[str, float]], None]
FORK_ADVICE = ", or say --fork NEW_FOLDER to begin there, with this recipe, where this one is"


def _check_recipe(config: TrainingConfig) -> None:
    """Raises InputError where a recipe cannot be followed here, before any work.

    A batch has to divide into the minibatches, and an initialiser is learned by one process.
    """
    refuse_uneven_batch(config.learner)
    if n_processes() > 1 and config.initialiser.use:
        raise InputError(
            "initialiser.use: an initialiser is learned by one process; leave out --processes, or "
            "the initialiser."
        )


def run_training(
    config: TrainingConfig,
    folder: Path,
    *,
    data_dir: Path | None = None,
    refiner: Path | None = None,
    warm_start: Path | None = None,
    fork_of: Path | None = None,
    log: Log = lambda values: None,
    watch: Watch = lambda watched: None,
    progress: Progress | None = None,
    stop: StopRequest | None = None,
    walks: Path | None = None,
    devices: int | None = 1,
    trials: Path | None = None,
    teacher: Path | None = None,
) -> Path:
    """Trains a policy, or goes on with the run that `folder` holds.

    Where several processes met (`processes`), each calls this with the same arguments.

    Args:
        config: the run.
        folder: checkpoints, log and the best policy so far (`policy/`).
        data_dir: real recordings; without them only synthetic walkers are learned from.
        refiner: weights of a trained refiner, to skip that stage.
        warm_start: folder of a policy with the same networks, to begin with; its refiner too.
        fork_of: folder of another run, at whose checkpoint this one begins.
        log: called with each row of numbers (W&B, say).
        watch: called with walks of each new best policy, before `log` with its row; the first
            process's, and with `config.replays` only.
        progress: what says how it goes; None for bars on stderr.
        stop: asked after every iteration; a run that ends so has a checkpoint of that moment.
        walks: folder of walks that several trainings share, and that stays; None for its own.
        devices: of each process; None for as many as there are and divide the batch.
        trials: folder of a set (`trial_set.build`) to learn from in place of the recipe's walks.
        teacher: folder of a policy to follow at first, where the recipe gives that a weight.

    Returns:
        Folder of the best policy.

    Raises:
        InputError: the folder's run was begun with another recipe, another process trains there,
            what was given does not fit the recipe, or `data_dir` has nothing to learn from.
        KeyboardInterrupt: `stop` was asked for.
    """
    progress, stop = progress or Progress(), stop or StopRequest()
    _check_recipe(config)
    mesh = training_mesh(config.learner, devices)
    real = data_dir if config.data.use_real else None
    beginning = checked_beginning(config, refiner, warm_start, teacher)
    own = _trials(config, trials, real)
    recipe = _recipe(config, beginning, real, own)
    fork = _source(recipe, config, fork_of, progress)
    store = WalkStore(walks or folder / WALKS_FOLDER, config.tracking.body.skeleton, progress)
    given = _Given(config, real, store, mesh, log, watch, progress, stop, own, Doorkeeper(folder))
    if not is_first():
        return _as_guest(given, folder, beginning)
    return _as_first(given, folder, recipe, beginning, *fork)


def _recipe(
    config: TrainingConfig, beginning: Beginning, real: Path | None, trials: TrialSet | None
) -> Recipe:
    data = None if real is None else fingerprint(real, test=False)
    more = {"seeds": config.seeds, "body": body_facts(config.tracking.body.skeleton)}
    of_set = {} if trials is None else {"--trials": trials.index.sha256}
    return Recipe("policy", config, beginning.given | {"--data": data} | of_set, more)


@dataclass(frozen=True)
class _Given:
    """What a training is given; see `run_training`."""

    config: TrainingConfig
    real: Path | None
    store: WalkStore
    mesh: Mesh | None
    log: Log
    watch: Watch
    progress: Progress
    stop: StopRequest
    trials: TrialSet | None
    door: Doorkeeper


def _as_first(
    given: _Given,
    folder: Path,
    recipe: Recipe,
    beginning: Beginning,
    source: Checkpoints | None,
    facts: dict[str, Any],
    begun_from: dict[str, Any] | None,
) -> Path:
    """Has the folder for itself, prepares, and writes; the last three are `_source`'s."""
    with given.door.kept(), run_folder(
        folder, recipe, RUN_FILE, given.progress.tell, results=(REFINER_FILE, POLICY_FOLDER),
        begun_from=begun_from, advice=FORK_ADVICE,
    ) as run:  # fmt: skip
        refuse_changed_body(run, given.config.tracking.body.skeleton)
        _refuse_half_a_fork(run, source is not None)
        if source is not None and run.facts is None:
            bring_fork(given.config, source, facts, folder)
        policy = _train(given, run, _forked(folder, beginning))
        if given.store.folder == folder / WALKS_FOLDER:  # nobody else's
            given.store.remove(*STAGES)
        return policy


def _as_guest(given: _Given, folder: Path, beginning: Beginning) -> Path:
    """Takes part in a training that the first process has prepared, and writes nothing."""
    if not given.door.wait():
        return folder / POLICY_FOLDER
    return _train(given, guest_folder(folder, RUN_FILE, given.progress.tell), beginning)


def _trials(config: TrainingConfig, folder: Path | None, real: Path | None) -> TrialSet | None:
    """The set of trials to learn from; None for the recipe's walks and real recordings.

    Raises:
        InputError: it is none for this recipe; or without one there is nothing to learn from.
    """
    if folder is None:
        refuse_no_walks(config, real)
    refuse_no_recordings(real)
    if folder is None:
        return None
    return open_trials(folder, config.tracking.body.skeleton, config.data.sized_by)


def _source(
    recipe: Recipe, config: TrainingConfig, fork_of: Path | None, progress: Progress
) -> tuple[Checkpoints | None, dict[str, Any], dict[str, Any] | None]:
    """The checkpoint of the run to begin with, its facts, and what the provenance says of it.

    Raises:
        InputError: see `checked_fork`.
    """
    if fork_of is None:
        return None, {}, None
    source, facts = checked_fork(config, fork_of, config.learner.steps_in_all, progress.tell)
    return source, facts, _origin(fork_of, facts, recipe)


def _forked(folder: Path, beginning: Beginning) -> Beginning:
    """What was given to begin with, and the checkpoint of another run where the folder has one."""
    if not (folder / FORK_FILE).is_file():
        return beginning
    return replace(beginning, forked=Forked(Checkpoints(folder, FORK_FILE)))


def _origin(fork_of: Path, facts: dict, recipe: Recipe) -> dict:  # type: ignore[type-arg]
    """What the provenance of a forked run says of where it began."""
    then = facts["provenance"]
    return {
        "fork_of": fork_of.absolute().name,
        "steps": facts["steps"],
        "differences": differences(then, recipe.record(), type(recipe.config)),
        "its_provenance": then,
    }


def _refuse_half_a_fork(run: RunFolder, forks: bool) -> None:
    """A folder's training began as a fork and is called one, or neither.

    Raises:
        InputError: it did not begin as one; or it did and was stopped before it had a checkpoint.
    """
    began_so = run.provenance.get("begun_from") is not None
    if forks and not began_so:
        raise InputError(
            f"{run.path.name}: holds a training that began from nothing; name a new folder with "
            "--fork."
        )
    if began_so and not forks and run.facts is None and not (run.path / FORK_FILE).is_file():
        raise InputError(
            f"{run.path.name}: was stopped before it had begun where another run is; give the "
            "same command again, --fork included."
        )


def _following(given: _Given, run: RunFolder, beginning: Beginning) -> _Given:
    """The same with the time that the whole recipe takes in every bar; tells it."""
    known = beginning.refiner is not None or (run.path / REFINER_FILE).is_file()
    stages = planned_training(
        given.config,
        given.real,
        with_refiner=not known,
        with_walks=given.trials is None,
        steps_behind=_steps_behind(run, beginning),
    )
    progress = replace(given.progress, whole=WholeTime(stages))
    progress.tell_whole()
    return replace(given, progress=progress, store=replace(given.store, progress=progress))


def _train(given: _Given, run: RunFolder, beginning: Beginning) -> Path:
    if _steps_behind(run, beginning) < given.config.learner.steps_in_all:
        given = _following(given, run, beginning)
    config, real, store, progress = given.config, given.real, given.store, given.progress
    if is_first():
        weights = refiner_of_run(config, run, real, beginning.refiner, store, given.stop)
    else:
        weights = load_refiner(run.path / REFINER_FILE, config.tracking.body.skeleton)
    if run.facts is not None:
        steps = run.facts["steps"]
        if steps >= config.learner.steps_in_all:
            progress.tell(f"{run.path.name}: this training was finished before, {steps:,} steps.")
            return finish(config, run, weights, progress.tell)
        progress.tell(f"{run.path.name}: going on after {steps:,} steps.")
        _tell_of_devices(run, n_devices(given.mesh), progress)
    if given.trials is None:
        walks = policy_examples(config, real, store)
        progress.tell(f"refining {len(walks)} walks to learn from ...")
        supply: ClipSupply = all_in_memory(walks, weights, config)
    else:
        supply = of_trial_set(given.trials, run, weights, config, given.mesh, progress)
    validation = validation_examples(config, store)
    assert_disjoint(supply.people, {walk.trial.subject_id for walk in validation}, ())
    stage = PolicyRun(config, run, weights, supply.n_real, given.mesh, beginning.teacher)
    with closing(supply):
        with progress.waiting(COMPILING, USUALLY):
            clips = supply.first(_steps_behind(run, beginning) // config.learner.steps_of_iteration)
            clips = stage.begin(clips, beginning, progress.tell)
            given.door.open()
            stage.compile(clips)
        progress.tell("training begins; the first validation compiles once more ...")
        with given.stop.looked_at():
            _policy_stage(stage, supply, clips, validation, given)
    if is_first():
        supply.remove()
    return run.path / POLICY_FOLDER


def _steps_behind(run: RunFolder, beginning: Beginning) -> int:
    """After how many steps a run goes on: those of its checkpoint, else of the one it forked."""
    if run.facts is not None:
        return int(run.facts["steps"])
    return 0 if beginning.forked is None else beginning.forked.steps


def _tell_of_devices(run: RunFolder, now: int, progress: Progress) -> None:
    was = (run.facts or {}).get("devices", 1)
    if was != now:
        progress.tell(
            f"{run.path.name}: on {now} devices, where it was on {was} before: the result is that "
            "of a training in one piece but for the order in which floats are added."
        )


def _policy_stage(
    stage: PolicyRun,
    supply: ClipSupply,
    clips: ClipBank,
    validation: Sequence[FittedTrial],
    given: _Given,
) -> None:
    config, path = stage.config, stage.folder.path / LOG_FILE
    columns = (*ROW_COLUMNS, *stage.algorithm.columns)
    # What a killed run logged after its checkpoint comes again.
    last_row = cut_log(path, int(stage.run.steps)) if is_first() else None
    started = time.monotonic() - float((last_row or {}).get("wall_s") or 0.0)
    with given.progress.bar(TRAINING, stage.total, "iterations", stage.done) as advance:
        for iteration in range(stage.done, stage.total):
            turned = supply.turn(iteration, stage.run, clips)
            if turned is not None:
                clips = stage.turn_to(*turned)
            clips = stage.learn_starts(iteration, clips)
            stage.run, metrics = stage.iterate(stage.run, clips)
            last = iteration + 1 == stage.total
            due = iteration % LOG_EVERY == 0 or last
            if due:
                row = _row(stage, metrics, started)
                refuse_not_finite(stage.folder.path, stage.run, row)
                validated, shown = _validates(config, iteration) or last, None
                if validated:
                    scores, shown = stage.validate(validation)
                    row |= scores
                if is_first():
                    append_csv_row(path, {name: row.get(name, "") for name in columns})
                    if shown is not None:
                        given.watch(shown)
                    given.log(row)
                # After the row: a checkpoint without it would leave it out for ever.
                if validated or iteration % config.checkpoint_every < LOG_EVERY:
                    stage.save()
                advance(reward=f"{row['reward']:.3f}", angle=f"{row['angle_error_deg']:.2f}")
            else:
                advance()
            if any_of(given.stop.asked):
                if not due:  # a state whose numbers are none must not become the checkpoint
                    refuse_not_finite(stage.folder.path, stage.run, _row(stage, metrics, started))
                stage.save()
                raise KeyboardInterrupt


def _row(stage: PolicyRun, metrics: Mapping[str, Any], started: float) -> dict[str, float]:
    """What the log says after an iteration, but for what a validation adds."""
    row = {"steps": int(stage.run.steps), "wall_s": time.monotonic() - started}
    return row | {name: float(value) for name, value in metrics.items()}


def _validates(config: TrainingConfig, iteration: int) -> bool:
    return (iteration // LOG_EVERY) % max(config.validate_every // LOG_EVERY, 1) == 0
