"""Rows that tell an estimate which follows the person from one that tells the mean person."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.benchmark.follow_rows import follow_rows, slope_on_truth
from simgait.benchmark.score_walks import ScoredSet
from simgait.benchmark.walk_record import WalkRecord
from simgait.types import GaitEvent
from tests.benchmark.made_up import case, record

LANDED = (GaitEvent(0.5, "left", "initial_contact"),)


def walk(truth_percent: float, found_percent: float, *, measured: bool = True) -> WalkRecord:
    own = replace(case("p"), events=LANDED if measured else ())
    phases = ("stance_percent", "single_support_percent", "double_support_percent")

    def means(percent: float) -> dict[str, dict[str, float] | float]:
        both = {"left": percent, "right": percent}
        steps = {"left": 0.6 + 0.01 * percent, "right": 0.6}
        phase_means: dict[str, dict[str, float] | float] = dict.fromkeys(phases, both)
        return phase_means | {"step_length_m": steps, "step_width_m": 0.01 * percent}

    return record(own, truth=means(truth_percent), estimate=means(found_percent))


def test_an_estimate_of_the_mean_person_has_no_slope_and_meets_no_bar_of_it() -> None:
    people = (57.0, 60.0, 63.0)
    rows = {
        row.name: row
        for row in follow_rows(ScoredSet("real", tuple(walk(p, 60.0) for p in people)))
    }
    bias, slope = rows["stance bias, real"], rows["stance slope on truth, real"]
    assert bias.value == pytest.approx(0.0) and bias.met
    assert slope.value == pytest.approx(0.0) and slope.met is False
    assert slope.n == 6


def test_an_estimate_that_follows_with_an_offset_meets_the_slope_alone() -> None:
    walks = tuple(walk(p, p + 2.0) for p in (57.0, 60.0, 63.0))
    rows = {row.name: row for row in follow_rows(ScoredSet("real", walks))}
    for phase in ("stance", "single support", "double support"):
        assert rows[f"{phase} bias, real"].value == pytest.approx(2.0)
        assert rows[f"{phase} bias, real"].met is False
        assert rows[f"{phase} slope on truth, real"].met
    asymmetry = rows["step length left less right slope on truth, real"]
    assert asymmetry.value == pytest.approx(1.0) and asymmetry.n == 3
    assert rows["step width bias, real"].value == pytest.approx(2.0)


def test_phases_need_events_that_were_measured() -> None:
    walks = tuple(walk(p, p, measured=False) for p in (57.0, 60.0, 63.0))
    rows = {row.name: row for row in follow_rows(ScoredSet("real", walks))}
    assert rows["stance slope on truth, real"].n == 0
    assert rows["stance slope on truth, real"].met is False
    assert rows["step width slope on truth, real"].n == 3


def test_a_slope_needs_three_pairs_and_people_who_differ() -> None:
    assert np.isnan(slope_on_truth(np.array([[1.0, 1.0], [2.0, 2.0]])))
    assert np.isnan(slope_on_truth(np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])))


def test_beside_a_phase_stands_what_a_perfect_estimate_would_reach() -> None:
    walks = tuple(walk(p, p) for p in (57.0, 60.0, 63.0))
    rows = {row.name: row for row in follow_rows(ScoredSet("real", walks))}
    reached = rows["stance slope that a perfect estimate would reach, real"]
    assert 0.0 < reached.value < rows["stance slope on truth, real"].value == pytest.approx(1.0)
    assert reached.met is None and reached.n == 6
    assert "step width slope that a perfect estimate would reach, real" not in rows
