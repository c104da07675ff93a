"""Policies by step: the newest few and the best stay, whenever the training is killed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simgait import files
from simgait.learning import policy_run
from simgait.learning.config import CheckpointConfig, DataConfig, PPOConfig, TrainingConfig
from simgait.learning.kept_policies import FOLDER, KeptPolicies
from simgait.learning.progress import SILENT
from simgait.learning.training import run_training
from simgait.learning.validation import Validation
from simgait.learning.watched import Watched
from simgait.resources import resource_dir
from simgait.tracking import environment
from simgait.tracking.policies import load_policy
from simgait.tracking.policy_config import NetworkConfig
from tests.shapes import unchecked
from tests.tracking.gliding import glide


class Killed(BaseException):
    """The process is gone."""


def write(path: Path) -> None:
    part = path.with_name(f".{path.name}")
    part.mkdir()
    (part / "card").write_text(path.name)
    part.rename(path)


def fails(path: Path) -> None:
    raise AssertionError(f"{path.name} is there already")


def test_the_newest_and_the_best_stay(tmp_path: Path) -> None:
    kept = KeptPolicies(tmp_path, 2)
    # The best is the one after 20 steps until 60.
    found = []
    for steps in (10, 20, 30, 40, 50, 60, 70):
        kept.put(steps, {10: 10, 60: 60, 70: 60}.get(steps, 20), write)
        found.append(kept.steps())
    assert found == [
        [10], [10, 20], [20, 30], [20, 30, 40], [20, 40, 50], [50, 60], [60, 70],
    ]  # fmt: skip
    assert {path.name for path in kept.folder.iterdir()} == {"60", "70"}


def test_without_keep_nothing_is_written(tmp_path: Path) -> None:
    kept = KeptPolicies(tmp_path, 0)
    kept.put(10, 10, fails)
    kept.settle(10, 10, {10: fails})
    assert not kept.folder.exists()


def put_until_killed(folder: Path, calls: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bool]:
    """Policies after 10 to 40 steps; dies at a call of the system. Last step, and whether not."""
    left, steps = [calls], 0

    def or_die(do: Any) -> Any:
        def doing(path: Path, *more: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return do(path, *more, **named)

        return doing

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", or_die(Path.rename))
        patch.setattr(Path, "mkdir", or_die(Path.mkdir))
        try:
            for steps in (10, 20, 30, 40):
                KeptPolicies(folder, 2).put(steps, 10, write)
        except Killed:
            return steps, False
    return steps, True


def test_a_kill_between_any_two_changes_leaves_whole_policies_and_settles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for calls in range(100):
        folder = tmp_path / str(calls)
        folder.mkdir()
        last, ended = put_until_killed(folder, calls, monkeypatch)
        kept = KeptPolicies(folder, 2)
        for steps in kept.steps():
            assert (kept.folder / str(steps) / "card").read_text() == str(steps)
        for half in folder.glob("policies/.[0-9]*"):
            shutil.rmtree(half)  # what `write` of this test leaves
        # The checkpoint came first: it knows the policy of its own step, and the best.
        kept.settle(last, 10, {last: write, 10: write})
        assert kept.steps() == sorted({10, *[s for s in (10, 20, 30, 40) if s <= last][-2:]}), calls
        assert {p.name for p in kept.folder.iterdir()} == {str(one) for one in kept.steps()}
        if ended:
            break
    assert ended and calls > 8


def test_what_comes_again_leaves_and_a_best_that_had_left_is_back(tmp_path: Path) -> None:
    kept = KeptPolicies(tmp_path, 2)
    for steps in (10, 20, 30, 40):
        kept.put(steps, 40 if steps == 40 else 10, write)
    assert kept.steps() == [30, 40]
    kept.settle(30, 10, {10: write, 30: fails})
    assert kept.steps() == [10, 30]


TINY = TrainingConfig(
    networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)),
    ppo=PPOConfig(n_envs=2, unroll=2, epochs=1, minibatches=1, total_steps=164),
    data=DataConfig(n_synthetic=3, n_validation=2, frames=60, use_real=False, mirror=False),
    checkpoint=CheckpointConfig(keep=2),
    validate_every=10,
)


def deaths(run: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], ...]:
    """A run dies before each of its kept policies, and while its best one is replaced.

    Of the best one before anything changes, and when the earlier one is gone already.

    Returns:
        after how many steps it has yet to die, of each kind.
    """
    kept, best, torn = [4, 44, 84, 124, 164], [4, 44], [44]
    write_policy, take_place = policy_run.write_policy, files._take_place

    def dies_before(path: Path, *more: Any) -> None:
        due = best if path.name == policy_run.POLICY_FOLDER else kept
        if more[2].steps in due[:1]:
            due.pop(0)
            raise Killed
        write_policy(path, *more)

    def dies_within(part: Path, folder: Path, *more: Any) -> None:
        if folder == run / policy_run.POLICY_FOLDER and folder.exists() and torn:
            torn.pop()
            shutil.move(folder, run.with_name("gone"))
            raise Killed
        take_place(part, folder, *more)

    monkeypatch.setattr(files, "_take_place", dies_within)
    monkeypatch.setattr(policy_run, "write_policy", dies_before)
    return kept, best, torn


@pytest.mark.slow
def test_a_training_that_dies_while_it_keeps_policies_ends_as_one_in_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(environment), "simulate", glide)
    # Scores are said, for the best to be neither the first nor the last.
    scores = {4: 5.0, 44: 1.0, 84: 3.0, 124: 4.0, 164: 2.0}
    now = [0]

    def as_policy(stage: policy_run.PolicyRun) -> Any:
        now[0] = int(stage.run.steps)

    def validated(*_: Any) -> Validation:
        one: Any = SimpleNamespace(rollout=None)
        return Validation({"score": scores[now[0]]}, [one, one], np.zeros(2), np.arange(2.0))

    monkeypatch.setattr(policy_run, "as_policy", as_policy)
    monkeypatch.setattr(policy_run, "validated", validated)
    refiner = resource_dir("policies") / "default" / "refiner.safetensors"
    given: dict[str, Any] = {"refiner": refiner, "progress": SILENT}
    seen: list[Watched] = []
    with unchecked():
        policy = run_training(TINY, tmp_path / "a", watch=seen.append, **given)
    assert load_policy(policy).card["steps"] == 44
    assert [(one.steps, len(one.walks)) for one in seen] == [(4, 2), (44, 2)], "new best ones alone"
    kept = KeptPolicies(tmp_path / "a", 2)
    assert kept.steps() == [44, 124, 164]
    for steps in kept.steps():
        own = load_policy(kept.folder / str(steps))
        assert own.card["steps"] == steps and own.card["validation"]["score"] == scores[steps]
    assert load_policy(kept.folder / "44").sha256 == load_policy(policy).sha256

    left = deaths(tmp_path / "b", monkeypatch)
    died, shown = 0, set()
    while True:
        try:
            with unchecked():
                run_training(TINY, tmp_path / "b", watch=lambda one: shown.add(one.steps), **given)
            break
        except Killed:
            died += 1
    assert died == 8 and not any(left) and shown == {4, 44}
    assert load_policy(tmp_path / "b" / "policy").sha256 == load_policy(policy).sha256
    assert KeptPolicies(tmp_path / "b", 2).steps() == kept.steps()
    for steps in kept.steps():
        cards = []
        for run in ("a", "b"):
            folder = tmp_path / run / FOLDER / str(steps)
            card = json.loads((folder / "card.json").read_text())
            cards.append({**card, "provenance": None})
        assert cards[0] == cards[1]
