"""How long a whole recipe still takes: pretend stages under a clock that is moved by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config
from simgait.learning.progress import Progress
from simgait.learning.recipe_plan import COMPILING, TRAINING, planned_training
from simgait.learning.refiner_run import FIRST, FURTHER
from simgait.learning.run_examples import CHOSEN_BY, LEARNED
from simgait.learning.whole_time import LEAST_PACE, Stage, WholeTime
from simgait.resources import resource_dir

STAGES = (
    Stage("walks", 100, 1.0),
    Stage("compiling", 1, 60.0, tells_pace=False),
    Stage("training", 1000, 0.5),
)


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        """The present."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def whole(clock: Clock) -> WholeTime:
    return WholeTime(STAGES, clock)


def test_all_stages_count_from_the_first_second(whole: WholeTime) -> None:
    assert whole.left_s == 100 + 60 + 500
    whole.begin("walks", 100)
    assert whole.left_s == 660
    assert "about 11 min" in whole.told and "compiling 60 s; training 8 min" in whole.told


def test_what_is_done_tells_the_pace_of_what_is_to_come(whole: WholeTime, clock: Clock) -> None:
    whole.begin("walks", 100)
    clock.now_s = 100.0
    whole.advance("walks", 50)  # 2 s for each, twice as slow as usual
    assert whole.pace == 2.0
    assert whole.left_s == 100 + 2 * 60 + 2 * 500
    clock.now_s = 200.0
    whole.advance("walks", 50)
    whole.end("walks")
    assert whole.left_s == 2 * 560
    whole.begin("compiling")
    clock.now_s = 230.0
    assert whole.left_s == 2 * 560 - 30
    clock.now_s = 1000.0  # longer than thought: it cannot be less than nothing
    assert whole.left_s == 2 * 500
    whole.advance("compiling")
    whole.end("compiling")
    assert whole.pace == 2.0  # what was compiled before says nothing of training
    whole.begin("training", 1000)
    clock.now_s = 1030.0
    whole.advance("training", 100)
    assert whole.left_s == pytest.approx(0.3 * 900)  # its own pace
    clock.now_s = 1300.0
    whole.advance("training", 900)
    assert whole.left_s == 0.0


def test_stages_that_were_done_before_are_over_when_a_later_one_begins(
    whole: WholeTime, clock: Clock
) -> None:
    whole.begin("training", 1000, done=600)
    assert whole.left_s == 200
    whole.begin("walks", 100)  # an earlier one cannot begin again
    whole.begin("never planned", 7)
    whole.advance("never planned", 7)
    assert whole.left_s == 200


def test_walks_that_are_read_and_not_made_promise_little(whole: WholeTime, clock: Clock) -> None:
    whole.begin("walks", 100)
    clock.now_s = 0.1
    whole.advance("walks", 100)
    whole.end("walks")
    assert whole.left_s == LEAST_PACE * 560


def test_bars_and_waits_say_what_is_left_of_the_whole(
    whole: WholeTime, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress(whole=whole)
    progress.tell_whole()
    assert "the whole recipe: about 11 min" in capsys.readouterr().err
    with progress.bar("walks", 100, "people") as advance:
        assert "whole recipe left=about 11 min" in capsys.readouterr().err
        advance(100)
    with progress.waiting("compiling", "a minute"):
        pass
    with progress.bar("training", 1000, "iterations") as advance:
        advance(1000, reward="0.5")
    said = capsys.readouterr().err
    assert "reward=0.5, whole recipe left=about 0 s" in said
    Progress().tell_whole()
    assert capsys.readouterr().err == ""


def test_the_release_recipe_has_all_its_stages_in_order(tmp_path: Path) -> None:
    config = load_config(resource_dir("configs") / "release.toml")
    labels = [stage.label for stage in planned_training(config, None, with_refiner=True)]
    assert labels == [
        FIRST.learned, FIRST.choosing, FIRST.title, FURTHER.learned, FURTHER.choosing,
        FURTHER.title, LEARNED, CHOSEN_BY, COMPILING, TRAINING,
    ]  # fmt: skip
    files = tmp_path / "cmu_asfamc" / "08"
    files.mkdir(parents=True)
    (files / "08_01.amc").touch()
    found = planned_training(config, tmp_path, with_refiner=True)
    assert [stage.label for stage in found if stage.label.startswith("real")] == [
        FIRST.real, FURTHER.real, f"real {LEARNED}"
    ]  # fmt: skip
    assert all(stage.units == 1 for stage in found if stage.label.startswith("real"))


def test_what_is_behind_and_what_is_given_is_not_planned() -> None:
    config = TrainingConfig()
    half = config.learner.steps_in_all // 2
    stages = planned_training(config, None, with_refiner=False, with_walks=False, steps_behind=half)
    assert [stage.label for stage in stages] == [CHOSEN_BY, COMPILING, TRAINING]
    assert stages[-1].units == config.learner.iterations - half // 8192
