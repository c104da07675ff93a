"""A search over recipes: an Optuna study in a folder, which several processes work at.

Each trial is a training in a folder of its own, with everything that a training keeps: one that was
stopped or killed is gone on with by whoever looks for work next. A trial whose validation scores
are worse than the median of the others' at the same step is cut short (Golovin et al. 2017, "Google
Vizier", section 3.2.2); points are drawn by a tree-structured Parzen estimator (Bergstra et al.
2011). The study's file is SQLite.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simgait.errors import InputError
from simgait.files import make_output_folder
from simgait.folder_lock import locked
from simgait.learning.config import TrainingConfig
from simgait.learning.run_folder import complete, differences, flat
from simgait.learning.sweep_space import Range, SweepSpace
from simgait.learning.sweep_wandb import METRIC
from simgait.learning.training import LOG_FILE, Log

STUDY_FILE, TRIALS_FOLDER, RUN_FOLDER = "study.db", "trials", "run"
NAME = "simgait"
PATIENCE_S = 120.0
"""How long a process waits while others look for work; each takes a moment."""
REFUSED = "refused"
"""Name, in a study, of why a trial has no score."""

Train = Callable[[TrainingConfig, Path, Log], None]
"""Trains a recipe in a folder, and calls its last argument with each row of numbers."""


class CutShort(Exception):
    """A trial that is worse than the median of the others."""


@dataclass(frozen=True)
class TrialResult:
    """One trial of a search.

    Attributes:
        number: in order of their beginning.
        state: "finished", "cut short", "refused" or "running".
        point: the value of each searched setting.
        score: the best on its validation walkers, lower is better; None without one.
        scores: validation score after so many steps.
        reason: why it was refused.
    """

    number: int
    state: str
    point: Mapping[str, Any]
    score: float | None
    scores: Mapping[int, float]
    reason: str


@dataclass(frozen=True)
class SweepResult:
    """What a search found so far.

    Attributes:
        trials: in order.
        importance: of each setting for the score, summing to one; empty where too few finished.
    """

    trials: tuple[TrialResult, ...]
    importance: Mapping[str, float]

    @property
    def best(self) -> TrialResult | None:
        """The finished trial with the lowest score."""
        scored = [one for one in self.trials if one.state == "finished" and one.score is not None]
        return min(scored, key=lambda one: one.score or 0.0, default=None)


def optuna() -> Any:
    """The library that searches.

    Raises:
        InputError: it is not installed.
    """
    try:
        import optuna as library
    except ImportError:
        raise InputError(
            "simgait sweep needs Optuna, which is not installed: pip install 'simgait[sweep]'."
        ) from None
    library.logging.set_verbosity(library.logging.WARNING)
    return library


def run_sweep(
    space: SweepSpace,
    folder: Path,
    train: Train,
    tell: Callable[[str], None],
    after: Callable[[SweepResult], None] = lambda result: None,
    given: Mapping[str, str | None] | None = None,
) -> SweepResult:
    """Works at a search until it has all its trials, beside others that work at it too.

    Args:
        space: to search.
        folder: of the study; made where absent.
        train: trains one recipe.
        tell: gets a sentence for each trial.
        after: called with what is found so far after each trial.
        given: what all trials are given beside their recipes, as in `run_folder.Recipe`.

    Raises:
        InputError: the folder holds the study of another space, or one whose trials were given
            something else, or cannot be written to.
        KeyboardInterrupt: a training was stopped; it is gone on with next time.
    """
    make_output_folder(folder)
    study = _begun(space, dict(given or {}), folder, tell)
    while True:
        with ExitStack() as ours:
            trial = _next_trial(study, space, folder, ours, tell)
            if trial is None:
                break
            _do(study, trial, space, _folder(folder, trial.number), train, tell)
        after(result_of(study))
    return result_of(study)


def read_sweep(folder: Path) -> SweepResult:
    """What the study in a folder found so far.

    Raises:
        InputError: there is none, or its file is damaged.
    """
    if not (folder / STUDY_FILE).is_file():
        raise InputError(f"{folder.name}: holds no study ({STUDY_FILE}); check the folder.")
    return result_of(_opened(folder, None))


def _opened(folder: Path, space: SweepSpace | None, seed: int = 0) -> Any:
    library = optuna()
    address = f"sqlite:///{(folder / STUDY_FILE).absolute()}"
    sampler = library.samplers.TPESampler(seed=seed)
    least = 1 if space is None else space.before_pruning
    pruner = library.pruners.MedianPruner(n_startup_trials=least)
    try:
        storage = library.storages.RDBStorage(
            address, engine_kwargs={"connect_args": {"timeout": PATIENCE_S}}
        )
        return library.create_study(
            storage=storage, sampler=sampler, pruner=pruner, study_name=NAME,
            direction="minimize", load_if_exists=True,
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001 - SQLAlchemy's errors are many, and no part of ours
        raise InputError(
            f"{folder.name}: {STUDY_FILE} cannot be used ({type(error).__name__}); it is damaged, "
            "or no study: choose another folder with -o."
        ) from None


def _begun(
    space: SweepSpace,
    given: dict[str, str | None],
    folder: Path,
    tell: Callable[[str], None],
) -> Any:
    """The study, which is this space's, and whose trials were given the same.

    Raises:
        InputError: it is another's, or they were not; the sentence names a difference.
    """
    with _alone(folder, tell):
        study = _opened(folder, space)
        asked, begun = space.record(), study.user_attrs.get("record")
        if begun is None:
            study.set_user_attr("record", asked)
        elif (begun := _with_later_settings(begun)) != asked:
            raise InputError(
                f"{folder.name}: holds the study of another space: {_difference(begun, asked)}; go "
                "on with its own, or name another folder with -o."
            )
        _refuse_other_given(study, given, folder, asked["recipe"])
        # Each process draws points of its own.
        joined = study.user_attrs.get("processes", 0)
        study.set_user_attr("processes", joined + 1)
        return _opened(folder, space, space.seed + joined)


def _refuse_other_given(
    study: Any, given: dict[str, str | None], folder: Path, recipe: Mapping[str, Any]
) -> None:
    """Scores of a study's trials are compared, so that all of them are given the same.

    Raises:
        InputError: earlier ones were given something else.
    """
    before = study.user_attrs.get("given")
    if before is None:  # a new study, or one of before this was kept
        study.set_user_attr("given", given)
        return
    then, now = ({"config": recipe, "given": one} for one in (before, given))
    found = differences(then, now, TrainingConfig)
    if found:
        raise InputError(
            f"{folder.name}: the trials of this study were given something else: "
            f"{', '.join(found)}; give the same, or name another folder with -o."
        )


def _with_later_settings(record: Mapping[str, Any]) -> dict[str, Any]:
    """A study's record with the settings that recipes have had since, as they are by default."""
    return {**record, "recipe": complete(record["recipe"], TrainingConfig)}


def _difference(begun: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    was, now = flat(begun), flat(asked)
    name = next(n for n in [*now, *was] if was.get(n) != now.get(n))
    return f"{name} was {json.dumps(was.get(name))} and is {json.dumps(now.get(name))}"


@contextmanager
def _alone(folder: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """The block has the study for itself; waits for those who have it."""
    until = time.monotonic() + PATIENCE_S
    with ExitStack() as ours:
        while True:
            try:
                ours.enter_context(locked(folder, tell))
                break
            except InputError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
        yield


def _folder(folder: Path, number: int) -> Path:
    return folder / TRIALS_FOLDER / f"{number:04d}"


def _next_trial(
    study: Any, space: SweepSpace, folder: Path, ours: ExitStack, tell: Callable[[str], None]
) -> Any:
    """A trial to work at, its folder locked in `ours`: one that was left, else a new one."""
    library = optuna()
    with _alone(folder, tell):
        trials = study.get_trials(deepcopy=False)
        running = library.trial.TrialState.RUNNING
        for one in trials:
            if one.state != running:
                continue
            with ExitStack() as maybe:
                try:
                    maybe.enter_context(locked(_made(folder, one.number), lambda sentence: None))
                except InputError:
                    continue  # somebody is at it
                if study.get_trials(deepcopy=False)[one.number].state != running:
                    continue  # somebody was, and has just finished
                ours.push(maybe.pop_all())
                tell(f"trial {one.number}: going on")
                return library.trial.Trial(study, one._trial_id)
        if len(trials) >= space.trials:
            return None
        trial = study.ask({name: _distribution(one) for name, one in space.ranges.items()})
        ours.enter_context(locked(_made(folder, trial.number), tell))
        said = ", ".join(f"{name} {value}" for name, value in trial.params.items())
        tell(f"trial {trial.number} of {space.trials}: {said}")
        return trial


def _made(folder: Path, number: int) -> Path:
    path = _folder(folder, number)
    make_output_folder(path)
    return path


def _distribution(one: Range) -> Any:
    kinds = optuna().distributions
    if one.choices:
        return kinds.CategoricalDistribution(one.values)
    if one.whole:
        return kinds.IntDistribution(one.low, one.high, log=one.log, step=one.step or 1)
    return kinds.FloatDistribution(float(one.low or 0.0), float(one.high or 0.0), log=one.log)


def _do(
    study: Any,
    trial: Any,
    space: SweepSpace,
    folder: Path,
    train: Train,
    tell: Callable[[str], None],
) -> None:
    """One trial, to its score, its cut, or the sentence that refuses it."""
    states = optuna().trial.TrialState

    def log(row: dict[str, float]) -> None:
        if METRIC in row:
            trial.report(row[METRIC], int(row["steps"]))
            if trial.should_prune():
                raise CutShort

    run = folder / RUN_FOLDER
    try:
        train(space.config(trial.params), run, log)
    except CutShort:
        study.tell(trial, state=states.PRUNED)
        tell(f"trial {trial.number}: cut short, worse than the median")
    except InputError as error:
        trial.set_user_attr(REFUSED, str(error))
        study.tell(trial, state=states.FAIL)
        tell(f"trial {trial.number}: refused: {error}")
    else:
        score = best_score(run)
        study.tell(trial, score)
        tell(f"trial {trial.number}: score {score:.3f}")


def best_score(run: Path) -> float:
    """The lowest validation score in a training's log, that of its best policy."""
    with (run / LOG_FILE).open(encoding="utf-8", newline="") as file:
        found = [row.get(METRIC) for row in csv.DictReader(file)]
    return min(float(cell) for cell in found if cell)


def result_of(study: Any) -> SweepResult:
    """What a study holds."""
    states = optuna().trial.TrialState
    names = {
        states.COMPLETE: "finished", states.PRUNED: "cut short", states.FAIL: "refused",
    }  # fmt: skip
    trials = tuple(
        TrialResult(
            number=one.number,
            state=names.get(one.state, "running"),
            point=dict(one.params),
            score=min(one.intermediate_values.values(), default=one.value),
            scores=dict(one.intermediate_values),
            reason=str(one.user_attrs.get(REFUSED, "")),
        )
        for one in study.get_trials(deepcopy=False)
    )
    return SweepResult(trials, _importance(study, trials))


def _importance(study: Any, trials: tuple[TrialResult, ...]) -> dict[str, float]:
    """How much each setting decides about the best tenth (Watanabe et al. 2023, "PED-ANOVA")."""
    library = optuna()
    finished = {one.score for one in trials if one.state == "finished"}
    if len(finished) < LEAST_FOR_IMPORTANCE:
        return {}
    evaluator = library.importance.PedAnovaImportanceEvaluator(evaluate_on_local=False)
    found = library.importance.get_param_importances(study, evaluator=evaluator)
    return {name: float(value) for name, value in found.items()}


LEAST_FOR_IMPORTANCE = 10
"""Finished trials: fewer make a best tenth of nobody."""
