"""The gate counts people, sees shrinkage, and is met by nothing that is wrong about someone."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.baselines.tracker import Answer, Refusal, Tracker
from simgait.benchmark.gate import (
    PLAIN,
    Walked,
    gate_rows,
    gate_table,
    line_of,
    plain_speed_mps,
    rmse_but_for_a_factor,
    run_gate,
)
from simgait.benchmark.gate_cases import TRAINED_ON, UNSEEN, gate_set
from simgait.errors import InputError
from simgait.types import Trial


def walks(speeds: dict[str, list[float]], estimate) -> list[Walked]:
    return [
        Walked(subject, "0", (speed, estimate(speed)), (0.5 * speed, 0.5 * estimate(speed)))
        for subject, own in speeds.items()
        for speed in own
    ]


PEOPLE = {"a": [0.8, 1.0], "b": [1.1, 1.5], "c": [1.6]}


def test_shrinkage_is_seen_between_and_within_people() -> None:
    line = line_of(UNSEEN, "t", "d", walks(PEOPLE, lambda v: 1.2 + 0.6 * (v - 1.2)))
    assert line.slope == pytest.approx(0.6)
    assert line.slope_within == pytest.approx(0.6)
    assert (line.n_people, line.n_walks) == (3, 5)


def test_every_person_weighs_as_much_however_often_they_walk() -> None:
    often = {"a": [1.0] * 50, "b": [1.2], "c": [1.4]}
    line = line_of(UNSEEN, "t", "d", walks(often, lambda v: v + (0.3 if v == 1.0 else 0.0)))
    assert line.bias_mps == pytest.approx(0.1)
    assert line.rmse_mps == pytest.approx(0.3 / np.sqrt(3))
    assert line.step_rmse_m == pytest.approx(0.15 / np.sqrt(3))


def test_a_slope_within_wants_people_who_change_their_speed() -> None:
    steady = {"a": [1.0, 1.05], "b": [1.2], "c": [1.4]}
    assert np.isnan(line_of(UNSEEN, "t", "d", walks(steady, lambda v: v)).slope_within)
    assert np.isnan(line_of(UNSEEN, "t", "d", walks({"a": [1.0], "b": [1.2]}, lambda v: v)).slope)


def test_what_was_not_measured_meets_no_bar() -> None:
    line = line_of(UNSEEN, "t", "d", [])
    assert line.n_people == 0
    assert [row.met for row in gate_rows([line])] == [False] * 5


def test_only_unseen_people_decide_and_plain_travel_is_shown_beside() -> None:
    good = line_of(UNSEEN, "t", "d", walks(PEOPLE, lambda v: v + 0.01))
    trained, plain = replace(good, people=TRAINED_ON), replace(good, tracker=PLAIN)
    without = replace(good, detector="d, travel unknown")
    rows = gate_rows([good, trained, plain, without])
    assert [(row.name, row.met) for row in rows] == [
        ("velocity bias, gate, d", True),
        ("slope of velocity, gate, d", True),
        ("slope of velocity within a person, gate, d", True),
        ("velocity RMSE, gate, d", True),
        ("step length RMSE, gate, d", True),
    ]
    assert gate_table([good, trained]).count("\n") == 3


@pytest.mark.parametrize(("off_m", "met"), [(0.03, True), (0.05, False)])
def test_steps_have_a_bar_of_their_own(off_m: float, met: bool) -> None:
    told = [replace(w, step_m=(0.6, 0.6 + off_m)) for w in walks(PEOPLE, lambda v: v)]
    rows = {row.name: row for row in gate_rows([line_of(UNSEEN, "t", "d", told)])}
    steps = rows["step length RMSE, gate, d"]
    assert steps.value == pytest.approx(100.0 * off_m)
    assert steps.unit == "cm" and steps.met is met


def test_differences_that_grow_are_missed_as_those_that_shrink() -> None:
    line = line_of(UNSEEN, "t", "d", walks(PEOPLE, lambda v: 1.2 + 1.08 * (v - 1.2)))
    rows = {row.name: row for row in gate_rows([line])}
    assert rows["slope of velocity, gate, d"].met is False
    within = rows["slope of velocity within a person, gate, d"]
    assert (within.met, within.n) == (True, 2)


def test_a_factor_that_all_cameras_share_is_no_error_and_what_differs_is() -> None:
    def left(*factors: float) -> float:
        people = enumerate(factors)
        return rmse_but_for_a_factor([Walked(str(i), "0", (1.2, f * 1.2)) for i, f in people])

    assert left(1.1, 1.1, 1.1) == pytest.approx(0.0, abs=1e-9)
    assert left(1.05, 0.95) == pytest.approx(1.2 * 0.05, rel=0.01)
    assert np.isnan(left(np.nan))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """A folder of the shared data with one walk of a test subject and one of another."""
    folder = tmp_path_factory.mktemp("few") / "cmu_asfamc"
    for subject, walk in (("07", "07_01"), ("05", "05_01")):
        (folder / subject).mkdir(parents=True)
        for name in (f"{subject}.asf", f"{walk}.amc"):
            os.symlink(data_dir / "cmu_asfamc" / subject / name, folder / subject / name)
    return folder.parent


def test_the_walks_are_of_the_right_people_through_every_camera(few: Path) -> None:
    made = gate_set(few, unseen=True, detectors=("metrabs-17-v1",))
    assert made.name == UNSEEN
    assert {case.labels["subject"] for case in made.cases} == {"cmu_asfamc-07"}
    assert {case.labels["camera"] for case in made.cases} == {"0", "1", "2", "3"}
    speeds = [plain_speed_mps(case.trial) for case in made.cases]
    true = made.cases[0].gait.parameters["velocity_mps"]["both"].mean
    assert len(set(speeds)) == 4
    assert np.mean(speeds) / true == pytest.approx(1.05, abs=0.08)
    other = gate_set(few, unseen=False, detectors=("metrabs-17-v1",), travel_shares=(0.5,))
    assert [case.labels["subject"] for case in other.cases] == ["cmu_asfamc-05"]


def test_a_tracker_that_refuses_and_the_plain_travel_have_lines(few: Path) -> None:
    def estimate(trials: list[Trial]) -> list[Answer]:
        assert all(trial.truth is None for trial in trials)
        return [Refusal("no") for _ in trials]

    offered = gate_set(few, unseen=True, detectors=("metrabs-17-v1",), travel_shares=(0.5,))
    gate = run_gate(Tracker("shy", estimate, "refuses"), [offered])  # type: ignore[arg-type]
    shy, plain = gate.speed
    assert (shy.refused_percent, shy.n_walks) == (100.0, 0)
    assert plain.tracker == PLAIN
    assert plain.n_walks == 1
    assert {line.n_people for line in gate.follow} == {0}


def test_the_truth_of_phases_is_the_contacts_of_the_measured_feet(few: Path) -> None:
    made = gate_set(few, unseen=True, detectors=("metrabs-17-v1",), travel_shares=(0.5,))
    (case,) = made.cases
    assert {event.kind for event in case.events} == {"initial_contact", "foot_off"}
    stance = case.gait.parameters["stance_percent"]["both"].mean
    assert 55.0 < stance < 68.0


def test_no_walks_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the folder"):
        gate_set(tmp_path, unseen=True)
