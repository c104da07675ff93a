"""A training's page and W&B show walks of the best policy, whenever the training is killed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from simgait.commands.train import wandb_log
from simgait.commands.training_page import PAGE, page_log
from simgait.commands.training_replays import REPLAYS_FILE, kept_replays, replay_log
from simgait.errors import InputError
from simgait.files import append_csv_row
from simgait.learning.config import CheckpointConfig, TrainingConfig
from simgait.learning.not_finite import FACTS_FILE
from simgait.learning.training import LOG_FILE
from simgait.learning.watched import Watched, WatchedWalk
from tests.report.conftest import make_walk

HEADING = "<h2>What it does</h2>"
KEEPS_TWO = TrainingConfig(checkpoint=CheckpointConfig(keep=2))


@pytest.fixture(scope="module")
def shown() -> Watched:
    _, rollout = make_walk(2.0, "validation-7")
    return Watched(1000, 9.5, (WatchedWalk("worst", 9.5, 4.25, rollout),))


def row(steps: int, **more: float) -> dict[str, float]:
    return {"steps": float(steps), "wall_s": 3.0, "reward": 0.5, **more}


def logged(run: Path, config: TrainingConfig, *rows: dict[str, float]) -> str:
    """The page after a training has logged these rows."""
    with page_log(run, config) as log:
        for one in rows:
            append_csv_row(run / LOG_FILE, one)
            log(one)
    return (run / PAGE).read_text(encoding="utf-8")


def test_the_page_shows_the_walks_that_are_kept(tmp_path: Path, shown: Watched) -> None:
    replay_log(tmp_path)(shown)
    text = logged(tmp_path, TrainingConfig(), row(1000), row(2000))
    assert HEADING in text and "validation-7: walked to the end, 2.0 s" in text
    assert 'id="replay-data-worst"' in text and "median" not in text.split(HEADING)[1][:2000]
    off = TrainingConfig(replays=False)
    assert HEADING not in logged(tmp_path, off, row(3000))


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"steps": 1, "score": 2}', "\x00" * 9])
def test_half_a_file_of_walks_breaks_no_page(tmp_path: Path, shown: Watched, damage: str) -> None:
    replay_log(tmp_path)(shown)
    (tmp_path / REPLAYS_FILE).write_text(damage)
    text = logged(tmp_path, TrainingConfig(), row(1000))
    assert HEADING not in text and "1,000 of" in text
    replay_log(tmp_path)(shown)
    assert HEADING in logged(tmp_path, TrainingConfig(), row(2000))


def test_every_part_of_a_file_is_no_file(tmp_path: Path, shown: Watched) -> None:
    replay_log(tmp_path)(shown)
    path = tmp_path / REPLAYS_FILE
    whole = path.read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == [REPLAYS_FILE], "nothing half-written stays"
    for end in range(0, len(whole) - 2, len(whole) // 7):
        path.write_bytes(whole[:end])
        assert kept_replays(tmp_path, 1000) is None


def test_walks_of_a_step_that_comes_again_wait_for_it(tmp_path: Path, shown: Watched) -> None:
    """A training was killed after they were written and before its checkpoint."""
    replay_log(tmp_path)(shown)
    assert HEADING not in logged(tmp_path, TrainingConfig(), row(500))
    assert HEADING in logged(tmp_path, TrainingConfig(), row(1000))


class Kept:
    """What W&B is given, kept."""

    id = "a1"

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def log(self, row: dict[str, Any], step: int) -> None:
        self.rows.append(row | {"step": step})

    def finish(self) -> None: ...


def test_weights_and_biases_gets_tables_and_walks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shown: Watched
) -> None:
    run = Kept()
    fake = SimpleNamespace(
        init=lambda **_: run,
        Table=lambda columns, data: (columns, data),
        Html=lambda text, inject: (text.read(), inject),
    )
    monkeypatch.setitem(sys.modules, "wandb", fake)
    score = {"validation_score": 9.5, "validation_angle_rmse_deg": 4.0}
    better = {"validation_score": 9.75, "validation_angle_rmse_deg": 4.5}
    blank = dict.fromkeys(score, "")
    with wandb_log("offline", tmp_path, "mine", {}) as log:
        replay_log(tmp_path)(shown)
        for one, cells in ((row(1000, **score), {}), (row(2000), blank), (row(3000, **better), {})):
            append_csv_row(tmp_path / LOG_FILE, one | cells)
            log(one)
    first, second, third = run.rows
    columns = ["steps", *score]
    assert first["validations"] == (columns, [[1000.0, 9.5, 4.0]])
    assert third["validations"] == (columns, [[1000.0, 9.5, 4.0], [3000.0, 9.75, 4.5]])
    text, inject = first["replays"]
    assert "validation-7: walked to the end" in text and not inject
    assert not {"validations", "replays"} & second.keys()
    assert "replays" not in third, "no new best policy"


def test_the_page_says_what_became_none_and_which_policies_are_kept(tmp_path: Path) -> None:
    (tmp_path / "policies" / "1000").mkdir(parents=True)
    score = {"validation_score": 9.5}
    with pytest.raises(InputError), page_log(tmp_path, KEEPS_TWO) as log:
        one = row(1000, **score)
        append_csv_row(tmp_path / LOG_FILE, one)
        log(one)
        facts = {"steps": 2000, "not_finite": ["policy_loss", "reward"]}
        (tmp_path / FACTS_FILE).write_text(json.dumps(facts))
        raise InputError("ceased to be a number")
    text = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert "It ended after 2,000 steps: policy_loss and reward ceased to be a number." in text
    assert 'href="not_finite.json"' in text and 'http-equiv="refresh"' not in text
    assert "In policies/ are those after 1,000 steps." in text
    # A fork of it, or another recipe, went on beyond.
    text = logged(tmp_path, KEEPS_TWO, row(3000, validation_score=9.0))
    assert "ceased to be a number" not in text


def test_a_training_that_has_no_number_from_its_first_row_on_has_a_page(tmp_path: Path) -> None:
    with pytest.raises(InputError), page_log(tmp_path, TrainingConfig()):
        (tmp_path / FACTS_FILE).write_text('{"steps": 10, "not_finite": ["reward"]}')
        raise InputError("ceased to be a number")
    assert "It ended after 10 steps: reward ceased" in (tmp_path / PAGE).read_text("utf-8")
