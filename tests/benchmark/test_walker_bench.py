"""bench-v2's bars: shrinkage, exchanged asymmetry and families that were left out are seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.benchmark.cases import Case
from simgait.benchmark.garbage_rows import garbage_rows, garbage_table
from simgait.benchmark.verdicts import Judged
from simgait.benchmark.walk_record import WalkRecord
from simgait.benchmark.walker_bench import (
    SUBGROUPS,
    WalkerBench,
    family_shares,
    walker_lines,
)
from simgait.gait_result import GaitResult, Statistic
from simgait.types import Trial
from tests import stand_ins
from tests.benchmark.made_up import case, record

NAME = "bench-v2, synthetic walkers, blazepose-v1 (left out)"


def walker(number: int, speed: float, told: float, asymmetry: float = 0.0) -> WalkRecord:
    """A hemiparetic walker whose steps are as long as they are fast, told left for right."""
    own = case(f"w{number}", pattern="hemiparetic", detector="blazepose-v1", camera="0")
    stance = {"left": 62.0, "right": 62.0}

    def steps(value: float, apart: float) -> dict[str, float]:
        return {"left": 0.5 * value + apart, "right": 0.5 * value - apart}

    return record(
        replace(own, gait=gait_of(speed), trial=travelling(own)),
        truth={"velocity_mps": speed, "step_length_m": steps(speed, asymmetry),
               "stance_percent": stance},
        estimate={"velocity_mps": told, "step_length_m": steps(told, -asymmetry),
                  "stance_percent": stance},
    )  # fmt: skip


def travelling(of: Case) -> Trial:
    """The trial with a pelvis whose way is known."""
    n = of.trial.n_frames
    return replace(
        of.trial,
        pelvis_path_m=np.zeros((n, 3)),
        pelvis_path_mask=np.ones(n, bool),
        path_basis="detector",
    )


def gait_of(speed: float) -> GaitResult:
    found = {
        name: {"both": Statistic(value, 0.0, 2)}
        for name, value in (("velocity_mps", speed), ("stance_percent", 62.0))
    }
    return replace(stand_ins.NO_GAIT, parameters=found)


SPEEDS = (0.4, 0.8, 1.2, 1.6)


def bench(walks: list[WalkRecord]) -> WalkerBench:
    shares = family_shares("blazepose-v1", walks, 1)
    return WalkerBench(tuple(walker_lines("blazepose-v1", walks)), (shares,))


def test_differences_that_shrink_and_sides_that_are_exchanged_are_missed() -> None:
    walks = [walker(i, v, 1.0 + 0.5 * (v - 1.0), 0.02 * i) for i, v in enumerate(SPEEDS)]
    rows = {row.name: row for row in bench(walks).rows()}
    slope = rows[f"slope of velocity, {NAME}"]
    assert slope.value == pytest.approx(0.5)
    assert (slope.met, slope.n) == (False, 4)
    sides = rows[f"step length left less right slope on truth, hemiparetic, {NAME}"]
    assert sides.value == pytest.approx(-1.0) and sides.met is False
    assert all("synthetic walkers" in name for name in rows)


def test_who_follows_meets_the_bars_of_speed_and_steps() -> None:
    walks = [walker(i, v, v + 0.01) for i, v in enumerate(SPEEDS)]
    rows = {row.name: row for row in bench(walks).rows()}
    for what in ("velocity RMSE", "slope of velocity", "step length slope on truth"):
        assert rows[f"{what}, {NAME}"].met
    assert rows[f"velocity RMSE, {NAME}"].value == pytest.approx(0.01)


def test_subgroups_are_by_truth_and_stand_in_a_table_with_their_slopes() -> None:
    walks = [walker(i, v, 1.0) for i, v in enumerate(SPEEDS)]
    (_, told), (_, became) = bench(walks).sections()
    lines = {line.split(" | ")[1]: line for line in told.splitlines()[2:]}
    assert set(lines) == set(SUBGROUPS)
    assert "| slow (< 0.6 m/s) | 1 | +0.600 |" in lines["slow (< 0.6 m/s)"]
    assert "000 | 0.45 | 0.00 |" in lines["all"]
    assert "| blazepose-v1 (left out) | 5 | 20 | 0 | 0 |" in became


def test_a_walk_whose_travel_is_unknown_counts_in_the_shares_alone() -> None:
    lost = walker(9, 1.0, 5.0)
    hidden = replace(lost.case.trial, pelvis_path_mask=np.zeros(2, bool))
    lost = replace(lost, case=replace(lost.case, trial=hidden))
    made = bench([*(walker(i, v, v) for i, v in enumerate(SPEEDS)), lost])
    assert made.lines[0].speed.n == 4
    assert made.shares[0].unknown_travel_percent == pytest.approx(100.0 / 6.0)


def judged(path: str, *, use: int = 0, rough: int = 0, fell: bool = False) -> Judged:
    return Judged(case("g", kind="bones", path=path), False, fell, fell, use, rough)


def test_one_number_to_use_of_garbage_is_one_too_many() -> None:
    good = [judged("root-relative"), judged("travels", rough=2)]
    rows = {row.name: row for row in garbage_rows(good, [judged("", use=3)], 4)}
    called = rows["garbage called usable, bench-v2"]
    assert (called.value, called.met, called.n) == (0, True, 6)
    bad = {r.name: r for r in garbage_rows([*good, judged("travels", use=1)], [], 0)}
    assert bad["garbage called usable, bench-v2"].met is False
    assert "| bones | travels | 1 | 0 | 2 | 0 |" in garbage_table(good)


def test_falls_are_counted_among_what_may_be_used() -> None:
    sound = [*[judged("", use=1)] * 3, judged("", rough=1, fell=True), judged("", fell=True)]
    rows = {row.name: row for row in garbage_rows([], sound, 0)}
    falls = rows["falls among usable, bench-v2"]
    assert (falls.value, falls.met, falls.n) == (25.0, False, 4)
