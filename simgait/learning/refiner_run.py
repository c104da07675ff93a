"""The refiner's one or two stages of a training run: their walks, their training, their files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import jax

from simgait.body.refiner import RefinerWeights, initial_refiner, width_of
from simgait.datasets.real_recordings import fingerprint, n_real_files
from simgait.errors import InputError
from simgait.files import append_csv_row
from simgait.learning.averaging import average_refiners
from simgait.learning.bodies import body_facts, refuse_another_body, refuse_changed_body
from simgait.learning.checkpoints import Checkpoints
from simgait.learning.config import TrainingConfig
from simgait.learning.examples import real_examples, synthetic_examples
from simgait.learning.family_examples import people_examples, restyled_examples
from simgait.learning.kept_walks import FOLDER as WALKS_FOLDER
from simgait.learning.kept_walks import WalkStore
from simgait.learning.log_file import cut_log
from simgait.learning.progress import Progress
from simgait.learning.refiner_training import RefinerConfig, RefinerState, train_refiner
from simgait.learning.run_examples import refuse_no_recordings
from simgait.learning.run_folder import Recipe, RunFolder, run_folder
from simgait.learning.seeds import WalkSeeds, refiner_walks
from simgait.learning.stop_request import StopRequest
from simgait.learning.whole_time import Stage as PlannedStage
from simgait.learning.whole_time import WholeTime
from simgait.tracking.policies import REFINER_FILE, load_policy, load_refiner, save_refiner
from simgait.types import FittedTrial

LOG_FILE, RUN_FILE = "refiner_progress.csv", "refiner_run.safetensors"
BEFORE_FILE = "refiner_before_families.safetensors"
"""The first stage's weights, until the second one, which goes on from them, is done."""
N_VALIDATION = 200
"""Walkers of the validation split that choose the best weights; a policy's begin at 1000."""


@dataclass(frozen=True)
class _Stage:
    """Names of what a stage of the refiner's training keeps while it lasts, and leaves.

    Attributes:
        title: said while it trains.
        checkpoint, log: files.
        learned, choosing, real: walks in the store, see `Walks`.
    """

    title: str
    checkpoint: str
    log: str
    learned: str
    choosing: str
    real: str

    def remove_kept(self, run: RunFolder, store: WalkStore) -> None:
        """Removes its checkpoint and its walks, which have served."""
        Checkpoints(run.path, self.checkpoint).remove()
        store.remove(self.learned, self.choosing, self.real)


FIRST = _Stage(
    "training the refiner", RUN_FILE, LOG_FILE,
    "refiner walks", "refiner walks to choose by", "real refiner walks",
)  # fmt: skip
FURTHER = _Stage(
    "training the refiner further", "refiner_families_run.safetensors",
    "refiner_families_progress.csv",
    "walks of families", "walks of families to choose by", "real walks of families",
)  # fmt: skip


WALK_S, STEP_S = 0.2, 0.4
"""A walk made and fitted, and a gradient step of 32 crops of 128 frames, 128 wide, on one core."""


def planned_refiner(config: TrainingConfig, real: Path | None) -> list[PlannedStage]:
    """The refiner's stages and what each has to do, for the time that a whole recipe takes.

    Args:
        config: the run.
        real: real recordings, None for synthetic walkers only.
    """
    files = n_real_files(real)
    planned: list[PlannedStage] = []
    for stage, settings in ((FIRST, config.refiner), (FURTHER, config.refiner_families)):
        if settings is None:
            continue
        people = [
            PlannedStage(stage.learned, settings.n_walkers, WALK_S),
            PlannedStage(stage.choosing, N_VALIDATION, WALK_S),
        ]
        if files and settings.real_share:
            own = PlannedStage(stage.real, files, WALK_S * max(settings.real_copies, 1))
            # In the order in which each kind of walkers makes them.
            people.insert(2 if settings.walkers == "restyled" else 1, own)
        planned += [*people, PlannedStage(stage.title, settings.steps, STEP_S)]
    return planned


def train_refiner_alone(
    config: TrainingConfig,
    folder: Path,
    real: Path | None,
    progress: Progress,
    stop: StopRequest,
    warm_start: Path | None = None,
) -> Path:
    """Trains the refiner of a recipe in a folder of its own, or goes on there.

    `warm_start` is the folder of a policy whose refiner's weights go on learning; None begins anew.

    Returns:
        its file.

    Raises:
        InputError: the folder's training was begun with another recipe, another process trains
            there, the policy's refiner is not the recipe's, the recipe has two stages, or `real`
            has nothing to learn from.
        KeyboardInterrupt: `stop` was asked for.
    """
    refuse_no_recordings(real)
    data = None if real is None else fingerprint(real, test=False)
    earlier = None if warm_start is None else load_policy(warm_start)
    if earlier is not None:
        _refuse_other_refiner(config, earlier.refiner)
    given = {"--data": data, "--warm-start": None if earlier is None else earlier.sha256}
    said = {"seeds": config.seeds, "body": body_facts(config.tracking.body.skeleton)}
    recipe = Recipe("refiner", config, given, said)
    with run_folder(folder, recipe, RUN_FILE, progress.tell, results=(REFINER_FILE,)) as run:
        refuse_changed_body(run, config.tracking.body.skeleton)
        if (folder / REFINER_FILE).is_file():
            progress.tell(f"{folder.name}: the refiner was finished before.")
        else:
            progress = replace(progress, whole=WholeTime(planned_refiner(config, real)))
            progress.tell_whole()
        store = WalkStore(folder / WALKS_FOLDER, config.tracking.body.skeleton, progress)
        begin = None if earlier is None else earlier.refiner
        refiner_of_run(config, run, real, None, store, stop, begin)
    return folder / REFINER_FILE


def _refuse_other_refiner(config: TrainingConfig, refiner: RefinerWeights) -> None:
    if config.refiner_families is not None:
        raise InputError(
            "--warm-start: by this recipe a refiner goes on from its own first stage "
            "([refiner_families]); leave --warm-start out, or take a recipe without that table, "
            "say refiner_families.toml."
        )
    body, width = config.tracking.body.skeleton, width_of(refiner.params)
    advice = "change tracking.body.model, or begin anew without --warm-start"
    was = body_facts(refiner.skeleton)
    refuse_another_body("--warm-start: that policy's refiner", was, body, advice)
    if width != config.refiner.width:
        raise InputError(
            f"--warm-start: that policy's refiner is {width} wide, and the recipe asks for "
            f"{config.refiner.width}; set refiner.width, or begin anew without --warm-start."
        )


def refiner_of_run(
    config: TrainingConfig,
    run: RunFolder,
    real: Path | None,
    given: RefinerWeights | None,
    store: WalkStore,
    stop: StopRequest,
    begin: RefinerWeights | None = None,
) -> RefinerWeights:
    """The refiner that a run uses: the one in its folder, the one given, or a newly trained one.

    Args:
        config: the run.
        run: its folder; the refiner is kept there.
        real: real recordings, None for synthetic walkers only.
        given: a trained refiner.
        store: keeps the walks until the refiner is trained.
        stop: asked after every step.
        begin: weights that go on learning; None begins anew.

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
        weights = given or _in_stages(
            config, _Work(run, real, store, stop, refiner_walks(config.seed)), begin
        )
    save_refiner(path, weights)
    for stage in (FIRST, FURTHER):
        stage.remove_kept(run, store)
    Checkpoints(run.path, BEFORE_FILE).remove()
    return weights


def _of_policy(folder: Path, error: InputError) -> RefinerWeights:
    """The refiner of a run's best policy, which is the run's; the error where there is none."""
    try:
        return load_policy(folder / "policy").refiner
    except InputError:
        raise InputError(
            f"{folder.name}: {error} Delete it, and the same command trains it again."
        ) from None


@dataclass(frozen=True)
class _Work:
    """What every stage is given; see `refiner_of_run`, and `seeds` for the last one."""

    run: RunFolder
    real: Path | None
    store: WalkStore
    stop: StopRequest
    seeds: WalkSeeds

    def own_facts(self, checkpoints: Checkpoints) -> dict[str, Any] | None:
        """Facts of the newest checkpoint; None where there is none of this run's recipe."""
        facts = checkpoints.facts(self.store.progress.tell)
        if facts is None or facts["provenance"]["config"] != self.run.provenance["config"]:
            return None  # of another recipe, whose provenance was lost
        return facts


def _in_stages(config: TrainingConfig, work: _Work, begin: RefinerWeights | None) -> RefinerWeights:
    further = config.refiner_families
    if further is None:
        return _trained(work, FIRST, config.refiner, begin)
    before = _before_families(config, work, begin)
    after = _trained(work, FURTHER, further, before)
    return average_refiners(before, after, further.share)


def _before_families(
    config: TrainingConfig, work: _Work, begin: RefinerWeights | None
) -> RefinerWeights:
    """The first stage's weights, as their file has them: in one piece or not, the same bits."""
    kept = Checkpoints(work.run.path, BEFORE_FILE)
    if work.own_facts(kept) is None:
        weights = _trained(work, FIRST, config.refiner, begin)
        facts = {"steps": config.refiner.steps, "provenance": work.run.provenance}
        kept.save({"weights": weights}, facts)
    FIRST.remove_kept(work.run, work.store)
    like = initial_refiner(jax.random.key(0), config.tracking.body.skeleton, config.refiner.width)
    before: RefinerWeights = kept.load({"weights": like})["weights"]
    return before


def _trained(
    work: _Work, stage: _Stage, settings: RefinerConfig, begin: RefinerWeights | None
) -> RefinerWeights:
    run, stop, progress = work.run, work.stop, work.store.progress
    train, validation, people = _walks(stage, settings, work)
    checkpoints, log = Checkpoints(run.path, stage.checkpoint), run.path / stage.log
    begun: int = (work.own_facts(checkpoints) or {"steps": 0})["steps"]
    cut_log(log, begun, "step")

    def resume(fresh: RefinerState) -> RefinerState:
        return checkpoints.load(fresh) if begun else fresh

    def keep(state: RefinerState) -> None:
        facts = {"steps": int(state.step), "provenance": run.provenance}
        checkpoints.save(state, facts)

    progress.tell("compiling the refiner ...")
    with stop.looked_at(), progress.bar(stage.title, settings.steps, "steps", begun) as advance:

        def turn(state: RefinerState, validated: bool) -> None:
            advance()
            if validated or stop.asked:
                keep(state)
            if stop.asked:
                raise KeyboardInterrupt

        return train_refiner(
            train,
            validation,
            settings,
            lambda step, parts: append_csv_row(log, {"step": step} | parts),
            real=people,
            begin=begin,
            resume=resume,
            turn=turn,
        )


Walks = tuple[list[FittedTrial], list[FittedTrial], list[FittedTrial]]
"""Synthetic walks to learn from, walks to choose by, and real people's to learn from."""


def _walks(stage: _Stage, settings: RefinerConfig, work: _Work) -> Walks:
    make = _restyled if settings.walkers == "restyled" else _as_drawn
    train, validation, people = make(
        stage, settings, replace(work, real=work.real if settings.real_share else None)
    )
    chosen_by = [walk for walk in people if walk.trial.subject_id in settings.left_out]
    learned = [walk for walk in people if walk.trial.subject_id not in settings.left_out]
    return train, validation + chosen_by, learned


def _restyled(stage: _Stage, settings: RefinerConfig, work: _Work) -> Walks:
    real, seeds, without = work.real, work.seeds, settings.left_out_detectors
    drawn = partial(restyled_examples, store=work.store, left_out=without)
    train = drawn("train", 0, settings.n_walkers, seed=seeds.train, name=stage.learned)
    validation = drawn("validation", 0, N_VALIDATION, seed=seeds.validation, name=stage.choosing)
    if real is None:
        return train, validation, []
    people = people_examples(
        real,
        copies=settings.real_copies,
        seed=seeds.real,
        store=work.store,
        name=stage.real,
        left_out=without,
    )
    return train, validation, people


def _as_drawn(stage: _Stage, settings: RefinerConfig, work: _Work) -> Walks:
    real, store, seeds = work.real, work.store, work.seeds
    drawn = partial(synthetic_examples, skeleton=store.skeleton, store=store)
    train = drawn("train", 0, settings.n_walkers, seed=seeds.train, name=stage.learned)
    people = []
    if real is not None:
        people = real_examples(
            real,
            copies=settings.real_copies,
            seed=seeds.real,
            skeleton=store.skeleton,
            store=store,
            name=stage.real,
        )
    validation = drawn("validation", 0, N_VALIDATION, seed=seeds.validation, name=stage.choosing)
    return train, validation, people
