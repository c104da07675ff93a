"""The page of a search: the best first, everything tried, nothing unescaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from simgait.report.training.charts import parallel_picture, short
from simgait.report.training.sweep_page import SweepPage, sweep_page


@dataclass(frozen=True)
class Trial:
    number: int
    state: str
    point: Mapping[str, Any]
    score: float | None = None
    scores: Mapping[int, float] = field(default_factory=dict)
    reason: str = ""


def point(rate: float, layers: str = "[8, 8]") -> dict[str, Any]:
    return {"ppo.learning_rate": rate, "networks.policy_layers": layers}


TRIALS = (
    Trial(0, "finished", point(1e-3), 7.25, {10: 9.0, 20: 7.25}),
    Trial(1, "cut short", point(1e-2, "[16]"), 9.5, {10: 9.5}),
    Trial(2, "finished", point(3e-4), 6.125, {10: 8.0, 20: 6.125}),
    Trial(3, "refused", point(1e-5), reason="weights <script>"),
    Trial(4, "running", point(1e-4)),
)
IMPORTANCE = {"ppo.learning_rate": 0.8, "networks.policy_layers": 0.2}


def page(*trials: Trial, importance: Mapping[str, float] = IMPORTANCE) -> str:
    facts = SweepPage("space.toml", "facts", trials, importance, {"ppo.learning_rate": True})
    return sweep_page(facts)


def test_the_page_says_the_best_what_mattered_and_what_was_tried() -> None:
    text = page(*TRIALS)
    assert "5 trials: 2 finished, 1 cut short, 1 refused, 1 running." in text
    assert "Best: trial 2 with score 6.125: ppo.learning_rate 0.0003" in text
    assert "Importance: ppo.learning_rate 80 %; networks.policy_layers 20 %" in text
    assert "weights &lt;script&gt;" in text and "<script>" not in text
    # The table: finished ones by score, then the others.
    places = [text.index(f">{n}</td><td") for n in ("2", "0", "1")]
    assert places == sorted(places)


def test_a_search_that_has_just_begun_has_a_page_too() -> None:
    assert "0 trials: none yet." in page(importance={})
    text = page(TRIALS[4], importance={})
    assert "1 trial: 1 running." in text and "What mattered" not in text and "Best:" not in text


def test_a_line_runs_through_each_trials_settings() -> None:
    scored = TRIALS[:3]
    picture = parallel_picture(
        [one.point for one in scored], [one.score or 0.0 for one in scored],
        {"ppo.learning_rate": True},
    )  # fmt: skip
    assert picture.count("<path") == 3
    # 1e-3 lies between 3e-4 and 1e-2 at log(10/3) / log(100/3) of 190 pixels from below.
    expected = 30 + 190 * (1 - 1.204 / 3.507)
    assert f"M60.0 {expected:.1f}"[:9] in picture
    alone = parallel_picture([{"ppo.clip": 0.1}, {"ppo.clip": 0.2}], [1.0, 2.0], {})
    assert alone.count("<path") == 2


@pytest.mark.parametrize(
    ("value", "text"), [(0.00025, "0.00025"), (1500, "1.5k"), (-2e6, "\u22122M"), (0, "0")]
)
def test_axes_are_labelled_shortly(value: float, text: str) -> None:
    assert short(value) == text
