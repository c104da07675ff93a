"""Which validation walks are shown, and that a walk costs what the score counts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simgait.learning import validation
from simgait.learning.validation import Validation, validated
from simgait.learning.watched import watched
from tests.shapes import unchecked


def found(*cost_deg: float) -> Validation:
    tracked = [SimpleNamespace(rollout=f"walk {i}") for i in range(len(cost_deg))]
    costs = np.array(cost_deg)
    with unchecked():
        return Validation({"score": 3.0}, tracked, costs / 2, costs)  # type: ignore[arg-type]


def shown(one: Validation) -> list[tuple[str, Any, float, float]]:
    with unchecked():
        seen = watched(one, 40)
    assert (seen.steps, seen.score) == (40, 3.0)
    return [(w.kind, w.rollout, w.cost_deg, w.angle_rmse_deg) for w in seen.walks]


def test_the_worst_and_the_median_walk_are_shown() -> None:
    assert shown(found(4.0, 60.0, 5.0, 3.0, 9.0)) == [
        ("worst", "walk 1", 60.0, 30.0), ("median", "walk 2", 5.0, 2.5),
    ]  # fmt: skip
    assert [one[:2] for one in shown(found(2.0, 4.0, 1.0, 3.0))] == [
        ("worst", "walk 1"), ("median", "walk 0"),
    ]  # fmt: skip


def test_one_walk_alone_is_the_worst() -> None:
    assert shown(found(7.0)) == [("worst", "walk 0", 7.0, 3.5)]


@pytest.mark.parametrize("fell", [False, True])
def test_a_walk_costs_what_it_would_score_alone(
    fell: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks = [SimpleNamespace(rollout=SimpleNamespace(fell=fell), said=(0.05, -0.1, 0.04))]
    monkeypatch.setattr(validation, "track_trials", lambda *_: walks)
    monkeypatch.setattr(validation, "_errors", lambda one: one.said)
    with unchecked():
        one = validated(None, [])  # type: ignore[arg-type]
    assert one.cost_deg[0] == pytest.approx(one.scores["score"])
    expected = np.rad2deg(0.05) + 0.1 / 0.05 + fell / 0.02 + 0.04 / 0.02
    assert one.cost_deg[0] == pytest.approx(expected)
