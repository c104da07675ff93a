"""The refiner's stage of a training run: its walks, its training, its files."""

from __future__ import annotations

from pathlib import Path

from simgait.body.refiner import RefinerWeights
from simgait.datasets.real_recordings import fingerprint
from simgait.errors import InputError
from simgait.files import append_csv_row
from simgait.learning.checkpoints import Checkpoints
from simgait.learning.config import TrainingConfig
from simgait.learning.examples import real_examples, synthetic_examples
from simgait.learning.family_examples import people_examples, restyled_examples
from simgait.learning.kept_walks import FOLDER as WALKS_FOLDER
from simgait.learning.kept_walks import WalkStore
from simgait.learning.log_file import cut_log
from simgait.learning.progress import Progress
from simgait.learning.refiner_training import RefinerState, train_refiner
from simgait.learning.run_folder import Recipe, RunFolder, run_folder
from simgait.learning.stop_request import StopRequest
from simgait.tracking.policies import REFINER_FILE, load_policy, load_refiner, save_refiner
from simgait.types import FittedTrial

LOG_FILE, RUN_FILE = "refiner_progress.csv", "refiner_run.safetensors"
N_VALIDATION = 200
"""Walkers of the validation split that choose the best weights; a policy's begin at 1000."""
TRAIN_SEED, VALIDATION_SEED, REAL_SEED = 1, 2, 3
"""Of the walks that are drawn; the released refiner learned from these."""
WALKS, CHOOSING, REAL = "refiner walks", "refiner walks to choose by", "real refiner walks"


def train_refiner_alone(
    config: TrainingConfig, folder: Path, real: Path | None, progress: Progress, stop: StopRequest
) -> Path:
    """Trains the refiner of a recipe in a folder of its own, or goes on there.

    Returns:
        its file.

    Raises:
        InputError: the folder's training was begun with another recipe, or another process trains
            there.
        KeyboardInterrupt: `stop` was asked for.
    """
    data = None if real is None else fingerprint(real, test=False)
    recipe = Recipe("refiner", config, {"--data": data})
    with run_folder(folder, recipe, RUN_FILE, progress.tell, results=(REFINER_FILE,)) as run:
        if (folder / REFINER_FILE).is_file():
            progress.tell(f"{folder.name}: the refiner was finished before.")
        store = WalkStore(folder / WALKS_FOLDER, config.tracking.body.skeleton, progress)
        refiner_of_run(config, run, real, None, store, stop)
    return folder / REFINER_FILE


def refiner_of_run(
    config: TrainingConfig,
    run: RunFolder,
    real: Path | None,
    given: RefinerWeights | None,
    store: WalkStore,
    stop: StopRequest,
) -> RefinerWeights:
    """The refiner that a run uses: the one in its folder, the one given, or a newly trained one.

    Args:
        config: the run.
        run: its folder; the refiner is kept there.
        real: real recordings, None for synthetic walkers only.
        given: a trained refiner.
        store: keeps the walks until the refiner is trained.
        stop: asked after every step.

    Raises:
        InputError: the folder's refiner is damaged.
        KeyboardInterrupt: `stop` was asked for.
    """
    path, skeleton = run.path / REFINER_FILE, config.tracking.body.skeleton
    if path.exists():
        try:
            return load_refiner(path, skeleton)
        except InputError as error:
            weights = given or _of_policy(run.path, error)
            store.progress.tell(f"{run.path.name}: {path.name} was damaged; written again.")
    else:
        weights = given or _trained(config, run, real, store, stop)
    save_refiner(path, weights)
    Checkpoints(run.path, RUN_FILE).remove()
    store.remove(WALKS, CHOOSING, REAL)
    return weights


def _of_policy(folder: Path, error: InputError) -> RefinerWeights:
    """The refiner of a run's best policy, which is the run's; the error where there is none."""
    try:
        return load_policy(folder / "policy").refiner
    except InputError:
        raise InputError(
            f"{folder.name}: {error} Delete it, and the same command trains it again."
        ) from None


def _trained(
    config: TrainingConfig,
    run: RunFolder,
    real: Path | None,
    store: WalkStore,
    stop: StopRequest,
) -> RefinerWeights:
    train, validation, people = _walks(config, real, store)
    checkpoints, log = Checkpoints(run.path, RUN_FILE), run.path / LOG_FILE
    progress, steps = store.progress, config.refiner.steps

    facts = checkpoints.facts(progress.tell) or {"steps": 0, "provenance": run.provenance}
    if facts["provenance"]["config"] != run.provenance["config"]:
        facts = {"steps": 0}  # of another recipe, whose provenance was lost
    begun: int = facts["steps"]
    cut_log(log, begun, "step")

    def resume(fresh: RefinerState) -> RefinerState:
        return checkpoints.load(fresh) if begun else fresh

    def keep(state: RefinerState) -> None:
        facts = {"steps": int(state.step), "provenance": run.provenance}
        checkpoints.save(state, facts)

    progress.tell("compiling the refiner ...")
    with stop.looked_at(), progress.bar("training the refiner", steps, "steps", begun) as advance:

        def turn(state: RefinerState, validated: bool) -> None:
            advance()
            if validated or stop.asked:
                keep(state)
            if stop.asked:
                raise KeyboardInterrupt

        return train_refiner(
            train,
            validation,
            config.refiner,
            lambda step, parts: append_csv_row(log, {"step": step} | parts),
            real=people,
            resume=resume,
            turn=turn,
        )


Walks = tuple[list[FittedTrial], list[FittedTrial], list[FittedTrial]]
"""Synthetic walks to learn from, walks to choose by, and real people's to learn from."""


def _walks(config: TrainingConfig, real: Path | None, store: WalkStore) -> Walks:
    settings = config.refiner
    make = _restyled if settings.walkers == "restyled" else _as_drawn
    train, validation, people = make(config, real if settings.real_share else None, store)
    chosen_by = [walk for walk in people if walk.trial.subject_id in settings.left_out]
    learned = [walk for walk in people if walk.trial.subject_id not in settings.left_out]
    return train, validation + chosen_by, learned


def _restyled(config: TrainingConfig, real: Path | None, store: WalkStore) -> Walks:
    settings = config.refiner
    train = restyled_examples(
        "train", 0, settings.n_walkers, seed=TRAIN_SEED, store=store, name=WALKS
    )
    validation = restyled_examples(
        "validation", 0, N_VALIDATION, seed=VALIDATION_SEED, store=store, name=CHOOSING
    )
    if real is None:
        return train, validation, []
    people = people_examples(
        real, copies=settings.real_copies, seed=REAL_SEED, store=store, name=REAL
    )
    return train, validation, people


def _as_drawn(config: TrainingConfig, real: Path | None, store: WalkStore) -> Walks:
    settings, skeleton = config.refiner, config.tracking.body.skeleton
    train = synthetic_examples(
        "train", 0, settings.n_walkers, seed=TRAIN_SEED, skeleton=skeleton, store=store, name=WALKS
    )
    people = []
    if real is not None:
        people = real_examples(
            real,
            copies=settings.real_copies,
            seed=REAL_SEED,
            skeleton=skeleton,
            store=store,
            name=REAL,
        )
    validation = synthetic_examples(
        "validation",
        0,
        N_VALIDATION,
        seed=VALIDATION_SEED,
        skeleton=skeleton,
        store=store,
        name=CHOOSING,
    )
    return train, validation, people
