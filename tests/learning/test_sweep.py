"""A search over recipes with trainings that take no time: scores are a formula of the settings."""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.files import append_csv_row
from simgait.learning.config import TrainingConfig
from simgait.learning.sweep import (
    LEAST_FOR_IMPORTANCE,
    STUDY_FILE,
    SweepResult,
    optuna,
    read_sweep,
    run_sweep,
)
from simgait.learning.sweep_space import SweepSpace, load_space
from simgait.learning.training import LOG_FILE, Log
from simgait.resources import resource_dir

pytest.importorskip("optuna")

SPACE = """
recipe = "train_default.toml"
steps = 40
trials = {trials}
before_pruning = 4
[space.ppo]
learning_rate = {{ low = 1e-5, high = 1e-1, log = true }}
clip = {{ low = 0.1, high = {high} }}
"""


def space(folder: Path, trials: int, high: float = 0.4) -> SweepSpace:
    path = folder / "space.toml"
    path.write_text(SPACE.format(trials=trials, high=high))
    return load_space(path, resource_dir("configs"))


def pretend(config: TrainingConfig, run: Path, log: Log) -> None:
    """A training of four validations; its score hangs on the learning rate, best at 1e-3."""
    run.mkdir(parents=True, exist_ok=True)
    worth = abs(np.log10(config.ppo.learning_rate) + 3.0) + 0.01 * config.ppo.clip
    done = len((run / LOG_FILE).read_text().splitlines()) - 1 if (run / LOG_FILE).exists() else 0
    for step in range(done, 4):
        row = {"steps": 10.0 * (step + 1), "validation_score": float(worth + 1.0 / (step + 1))}
        append_csv_row(run / LOG_FILE, row)
        log(row)


def quiet(sentence: str) -> None:
    pass


@pytest.mark.slow
def test_the_best_is_found_the_rest_cut_short_and_what_matters_is_said(tmp_path: Path) -> None:
    seen: list[int] = []
    found = run_sweep(
        space(tmp_path, 40), tmp_path / "s", pretend, quiet, lambda r: seen.append(len(r.trials))
    )
    assert seen == list(range(1, 41))
    assert {one.state for one in found.trials} == {"finished", "cut short"}
    best = found.best
    assert best is not None and best.score is not None
    assert 10**-3.7 < best.point["ppo.learning_rate"] < 10**-2.3
    assert best.score == min(one.score for one in found.trials if one.score is not None)
    # At most half of those that come after the first ones can be above the median.
    cut = [one for one in found.trials if one.state == "cut short"]
    assert all(one.number >= 4 and len(one.scores) < 4 for one in cut)
    finished = [one for one in found.trials if one.state == "finished"]
    assert len(finished) >= LEAST_FOR_IMPORTANCE
    assert found.importance["ppo.learning_rate"] > found.importance["ppo.clip"]
    assert read_sweep(tmp_path / "s") == found


def test_a_search_goes_on_to_the_trials_that_are_asked_for(tmp_path: Path) -> None:
    first = run_sweep(space(tmp_path, 2), tmp_path / "s", pretend, quiet)
    more = run_sweep(space(tmp_path, 5), tmp_path / "s", pretend, quiet)
    assert len(first.trials) == 2 and len(more.trials) == 5
    assert more.trials[:2] == first.trials
    points = {tuple(one.point.values()) for one in more.trials}
    assert len(points) == 5, "a second process draws points of its own"
    assert run_sweep(space(tmp_path, 5), tmp_path / "s", refuse, quiet) == more, "nothing is left"


def refuse(config: TrainingConfig, run: Path, log: Log) -> None:
    raise InputError("this recipe cannot be trained.")


def test_a_trial_that_was_stopped_is_gone_on_with(tmp_path: Path) -> None:
    stops = [True]

    def stopped_once(config: TrainingConfig, run: Path, log: Log) -> None:
        def until_second(row: dict[str, float]) -> None:
            log(row)
            if stops and row["steps"] == 20.0:
                stops.pop()
                raise KeyboardInterrupt

        pretend(config, run, until_second)

    with pytest.raises(KeyboardInterrupt):
        run_sweep(space(tmp_path, 2), tmp_path / "s", stopped_once, quiet)
    (left,) = read_sweep(tmp_path / "s").trials
    assert left.state == "running" and set(left.scores) == {10, 20}
    said: list[str] = []
    found = run_sweep(space(tmp_path, 2), tmp_path / "s", stopped_once, said.append)
    assert said[0] == "trial 0: going on"
    assert [one.state for one in found.trials] == ["finished"] * 2
    assert found.trials[0].point == left.point and set(found.trials[0].scores) == {10, 20, 30, 40}


def test_a_recipe_that_is_refused_has_its_reason_and_no_score(tmp_path: Path) -> None:
    found = run_sweep(space(tmp_path, 2), tmp_path / "s", refuse, quiet)
    assert [one.state for one in found.trials] == ["refused"] * 2
    assert found.trials[0].reason == "this recipe cannot be trained."
    assert found.best is None and found.importance == {}


def test_a_study_of_another_space_is_refused(tmp_path: Path) -> None:
    run_sweep(space(tmp_path, 1), tmp_path / "s", pretend, quiet)
    with pytest.raises(InputError, match=r"another space: space.ppo.clip.high was 0.4 and is 0.3"):
        run_sweep(space(tmp_path, 1, high=0.3), tmp_path / "s", pretend, quiet)


def test_trials_that_were_given_something_else_are_not_compared(tmp_path: Path) -> None:
    def search(trials: int, given: dict[str, str | None]) -> SweepResult:
        return run_sweep(space(tmp_path, trials), tmp_path / "s", pretend, quiet, given=given)

    first = {"--refiner": "ab12", "--data": None}
    search(1, first)
    with pytest.raises(InputError) as told:
        search(2, {"--refiner": "cd34", "--data": "7 files, ef"})
    assert (
        's: the trials of this study were given something else: --refiner was "ab12" and is "cd34"'
        ', --data was not said and is "7 files, ef"; give the same' in str(told.value)
    )
    assert len(read_sweep(tmp_path / "s").trials) == 1
    assert len(search(2, first).trials) == 2


def test_a_study_of_before_it_kept_what_was_given_goes_on(tmp_path: Path) -> None:
    run_sweep(space(tmp_path, 1), tmp_path / "s", pretend, quiet)
    storage = f"sqlite:///{(tmp_path / 's' / 'study.db').absolute()}"
    study = optuna().load_study(study_name="simgait", storage=storage)
    study.set_user_attr("given", None)
    for _ in range(2):
        run_sweep(space(tmp_path, 2), tmp_path / "s", pretend, quiet, given={"--refiner": "ab"})
    with pytest.raises(InputError, match="--refiner was"):
        run_sweep(space(tmp_path, 2), tmp_path / "s", pretend, quiet, given={"--refiner": "cd"})


def test_a_study_of_before_a_setting_came_in_goes_on(tmp_path: Path) -> None:
    run_sweep(space(tmp_path, 1), tmp_path / "s", pretend, quiet)
    study = optuna().load_study(
        study_name="simgait", storage=f"sqlite:///{(tmp_path / 's' / 'study.db').absolute()}"
    )
    record = study.user_attrs["record"]
    del record["recipe"]["seed"]
    study.set_user_attr("record", record)
    assert len(run_sweep(space(tmp_path, 2), tmp_path / "s", pretend, quiet).trials) == 2


def test_a_damaged_study_is_refused_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / STUDY_FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(InputError, match="cannot be used"):
        run_sweep(space(tmp_path, 1), folder, pretend, quiet)
    with pytest.raises(InputError, match="holds no study"):
        read_sweep(tmp_path / "none")


def _work(space_file: Path, folder: Path) -> None:
    def slowly(config: TrainingConfig, run: Path, log: Log) -> None:
        time.sleep(0.2)  # so that both are at work at once
        pretend(config, run, log)

    run_sweep(load_space(space_file, resource_dir("configs")), folder, slowly, quiet)


@pytest.mark.slow
def test_several_processes_share_a_study(tmp_path: Path) -> None:
    space(tmp_path, 12)  # written once: a process that rewrote it would empty it under the other
    context = multiprocessing.get_context("spawn")
    work = (tmp_path / "space.toml", tmp_path / "s")
    workers = [context.Process(target=_work, args=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    found: SweepResult = read_sweep(tmp_path / "s")
    assert len(found.trials) == 12, "none is done twice"
    assert {one.state for one in found.trials} <= {"finished", "cut short"}
    assert len({tuple(one.point.values()) for one in found.trials}) == 12
    with sqlite3.connect(tmp_path / "s" / STUDY_FILE) as study:
        assert study.execute("select count(*) from studies").fetchone() == (1,)
