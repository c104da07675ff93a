"""Recipes side by side: what may differ, and how the time is counted."""

from __future__ import annotations

from dataclasses import fields
from itertools import count
from typing import Any

import pytest

from simgait.benchmark.recipe_race import RaceSizes, curve, ends, refuse_other_start
from simgait.errors import InputError
from simgait.learning.config import DataConfig, PPOConfig, SHACConfig, TrainingConfig
from simgait.learning.run_state import RunState
from simgait.learning.teacher import TeacherConfig
from tests.learning.toy_world import NO_CLIPS


def run_at(steps: int) -> RunState:
    """A run that is nothing but its steps."""
    run = object.__new__(RunState)
    for part in fields(RunState):
        object.__setattr__(run, part.name, steps if part.name == "steps" else None)
    return run


def test_time_is_spent_on_iterations_alone_and_validated_evenly() -> None:
    ticks = count()
    scored = []

    def clock() -> float:
        return 1.5 * next(ticks)  # two looks an iteration: 1.5 s each, and 1.5 s between them

    def iterate(run: Any, _clips: Any) -> tuple[RunState, dict[str, float]]:
        return run_at(run.steps + 10), {"reward": float(run.steps)}

    def score(run: Any) -> dict[str, float]:
        scored.append(run.steps)
        return {"validation_score": 100.0 - run.steps}

    sizes = RaceSizes(seconds=12.0, validations=2)
    rows = list(curve(iterate, run_at(0), NO_CLIPS, sizes, score, clock))
    assert scored == [0, 40, 80]
    assert [row["steps"] for row in rows] == [0, 10, 20, 30, 40, 50, 60, 70, 80]
    assert rows[-1]["processor_s"] == 12.0 and rows[-1]["reward"] == 70.0
    assert "validation_score" not in rows[1]
    named = [{"recipe": name} | row for name in ("a", "b") for row in rows]
    assert [(a["steps"], b["steps"]) for a, b in ends(named)] == [(0, 80), (0, 80)]


def test_only_recipes_that_begin_alike_are_compared() -> None:
    ppo = TrainingConfig(ppo=PPOConfig(n_envs=8))
    shac = TrainingConfig(algorithm="shac", shac=SHACConfig(n_envs=4))
    refuse_other_start({"ppo": ppo, "shac": shac})
    for other, words in (
        ({"data": DataConfig(n_synthetic=7)}, r"begins elsewhere than ppo \(data.n_synthetic was"),
        ({"shac": SHACConfig(seed=3)}, r"begins elsewhere than ppo \(seed was 0 and is 3\)"),
    ):
        with pytest.raises(InputError, match=words):
            refuse_other_start({"ppo": ppo, "shac": shac.model_copy(update=other)})
    following = ppo.model_copy(update={"teacher": TeacherConfig(weight=0.5)})
    with pytest.raises(InputError, match=r"a: teacher.weight is 0.5 and there is nobody to follow"):
        refuse_other_start({"a": following, "b": following})
    with pytest.raises(InputError, match="two recipes or more"):
        refuse_other_start({"ppo": ppo})
