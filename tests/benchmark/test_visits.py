"""The table of what walks gain from their visit, on walks whose errors are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.benchmark import visits as room
from simgait.benchmark.visits import ALONE, VISIT, VISIT_AND_DISTANCE, Scored, line_of, seen_walks
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk

NAN = float("nan")


def scored(camera: int, way: int, speed: float, left: float, right: float) -> Scored:
    return Scored(("p", "d", camera), way, (1.0, speed), (0.6, 0.6 + left), (0.6, 0.6 + right))


def test_errors_of_a_visit_are_told_apart() -> None:
    walks = [scored(0, 1, 1.1, 0.03, -0.01), scored(0, -1, 1.1, -0.01, 0.03)]
    line = line_of("d", ALONE, walks)
    assert (line.n_people, line.n_walks) == (1, 2)
    assert line.speed_rmse_mps == pytest.approx(0.1)
    assert line.within_sd_percent == pytest.approx(0.0, abs=1e-9)
    assert line.change_rmse_mps == pytest.approx(0.0, abs=1e-9)
    assert line.step_rmse_m == pytest.approx(np.sqrt((0.03**2 + 0.01**2) / 2))
    assert line.difference_rmse_m == pytest.approx(0.04) == line.flip_m
    # What both directions have in common does not flip; each camera counts as much as the next.
    same = [scored(1, way, 1.0, 0.02, -0.02) for way in (1, -1, 1, -1)]
    both = line_of("d", ALONE, [*walks, *same])
    assert both.flip_m == pytest.approx(0.04 / np.sqrt(2))
    assert both.speed_rmse_mps == pytest.approx(0.1 / np.sqrt(2))


def test_what_is_not_known_is_left_out() -> None:
    lone = replace(scored(0, 1, 1.2, 0.0, 0.0), left_m=(0.6, NAN))
    line = line_of("d", ALONE, [lone, replace(lone, speed_mps=(1.0, NAN))])
    assert line.speed_rmse_mps == pytest.approx(0.2) and line.step_rmse_m == 0.0
    assert np.isnan([line.within_sd_percent, line.difference_rmse_m, line.flip_m]).all()


def test_a_distance_is_said_of_one_walk_which_no_condition_scores(monkeypatch) -> None:
    made = walk(draw_walker(5, "normal"), 4.0)
    whole = trial_from_walk(made, monocular=False).recording
    three = [(replace(whole, recording_id=name, subject_id="P"), 1.75) for name in "abc"]
    monkeypatch.setattr(room, "marker_walks", lambda folder, unseen: iter(three))
    monkeypatch.setattr(room, "TRAVEL_SHARES", (0.5,))
    walks = seen_walks(Path(), unseen=True, detectors=("metrabs-17-v1",))
    assert [one.way for one in walks] == [1, -1, 1]
    known = {}
    for condition in (ALONE, VISIT, VISIT_AND_DISTANCE):
        pairs = room._prepared(walks, condition)
        assert [one.whole.recording_id for one, _ in pairs] == ["b", "c"]
        known[condition] = {prepared.trial.path_basis for _, prepared in pairs}
    assert known == {ALONE: {"detector"}, VISIT: {"detector"}, VISIT_AND_DISTANCE: {"visit"}}
