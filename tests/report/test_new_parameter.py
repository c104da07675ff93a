"""A gait parameter is added in one place: one value, and every output has it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from simgait.benchmark.agreement_measures import agreement_measures
from simgait.cohort.outcome import done
from simgait.cohort.summary import write_summary
from simgait.cohort.summary_file import read_summary
from simgait.compare.column_names import parse_column
from simgait.compare.tables import match_tables
from simgait.gait.analyse import analyse_markers, analyse_rollout
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import registered
from simgait.parameters.column import ClinicalChange, Display
from simgait.parameters.norms import Norm
from simgait.parameters.parameter import Parameter, PlausibleRange
from simgait.parameters.units import SECOND
from simgait.pipeline import AnalysedWalk
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.verdict import judge
from simgait.tracking.policies import Policy
from simgait.types import Rollout, TrackedTrial, Trial
from simgait.walk_result import WalkResult

# This value is all that it takes.
SWING_TIME = Parameter(
    quantity="swing_time",
    unit=SECOND,
    label="Swing time",
    definition="Time from foot off to the next initial contact of the same foot.",
    of_cycle=lambda cycle: cycle.stride_s - cycle.stance_s,
    display=Display(SECOND, decimals=3),
    norm=Norm(0.40, 0.03, "time"),
    plausible=PlausibleRange(0.5, 1.0, timed=True, source="made up"),
    clinical_change=ClinicalChange(0.02, 0.05),
    summary=("left", "right", "both"),
    tile=("left", "right"),
    benchmarked=True,
)


@pytest.fixture(autouse=True)
def swing_time() -> Iterator[None]:
    with registered(SWING_TIME):
        yield


Made = tuple[Trial, Rollout, GaitResult]


@pytest.fixture
def tracked(walk) -> Made:
    trial, rollout = walk(8.0)
    return trial, rollout, analyse_rollout(rollout)


def test_results_have_it(walker) -> None:
    walk = walker.Walk(left_stance=0.6, right_stance=0.7)
    time_s, points = walker.markers(walk)
    for result in (
        analyse_markers(time_s, points, walk.events()),
        analyse_rollout(walker.rollout(walk)),
    ):
        found = result.parameters["swing_time_s"]
        assert found["left"].mean == pytest.approx(0.4 * walk.stride_s, abs=0.01)
        assert found["right"].mean == pytest.approx(0.3 * walk.stride_s, abs=0.01)
        assert found["both"].n == found["left"].n + found["right"].n
        assert result.definitions["swing_time_s"] == SWING_TIME.definition


def test_the_python_api_has_it(tracked: Made) -> None:
    *_, result = tracked
    table = WalkResult(Mock(AnalysedWalk, gait=result), Mock(Policy)).parameters
    left = result.parameters["swing_time_s"]["left"].mean
    assert table.loc["left", "swing_time_s"] == left


def test_the_report_has_it(tracked: Made, tmp_path: Path) -> None:
    trial, rollout, result = tracked
    write_trial_report(
        tmp_path, trial=trial, rollout=rollout, result=result, quality=None, provenance={}
    )
    with (tmp_path / "parameters.csv").open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["parameter"] == "swing_time_s"]
    assert [r["side"] for r in rows] == ["left", "right", "both"]
    assert {(r["unit"], r["definition"]) for r in rows} == {("s", SWING_TIME.definition)}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    value = SWING_TIME.display.text(result.parameters["swing_time_s"]["left"].mean)
    assert f">{value}<small> s</small>" in page  # tile
    assert 'Swing time <span class="unit">s</span>' in page  # table
    assert "0.342 to 0.463" in page  # norm
    assert f"<dd>{SWING_TIME.definition}</dd>" in page


def test_the_verdict_asks_whether_it_is_plausible(
    tracked: Made,
) -> None:
    (reason,) = judge(*tracked, None).reasons
    assert reason.startswith("Swing time of 0.4") and "(0.500 to 1.000 s); check the" in reason


def test_summary_and_index_have_it(tracked: Made, tmp_path: Path) -> None:
    trial, rollout, result = tracked
    (tmp_path / "walk").mkdir()
    walk = Mock(
        AnalysedWalk,
        tracked=Mock(TrackedTrial, trial=trial, rollout=rollout),
        gait=result,
        verdict=judge(trial, rollout, result, None),
    )
    (tmp_path / "walk" / "provenance.json").write_text("{}")
    outcome = done("walk.npz", "walk", walk)
    write_summary(tmp_path, [outcome])
    (row,) = read_summary(tmp_path).rows
    for column, pool in (
        ("swing_time_s", "both"), ("left_swing_time_s", "left"), ("right_swing_time_s", "right"),
    ):  # fmt: skip
        mean = result.parameters["swing_time_s"][pool].mean
        assert float(row[column]) == pytest.approx(mean, rel=1e-5)
        assert outcome.row is not None and float(outcome.row[column]) == pytest.approx(mean, 1e-5)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    left, right = (
        SWING_TIME.display.text(result.parameters["swing_time_s"][side].mean)
        for side in ("left", "right")
    )
    assert (
        "Swing time" in index
        and f"{left}</s> / <s title='not to be used'>{right}</s></span></td>" in index
    )


def test_evaluation_knows_its_label_unit_and_threshold(tmp_path: Path) -> None:
    name = parse_column("left_swing_time_s")
    assert (name.label, name.unit, name.thresholds) == ("Swing time, left", "s", (0.02, 0.05))
    assert parse_column("swing_time_ms").label == "Swing time"
    assert parse_column("swing_time_ms").thresholds == (20.0, 50.0)
    for file in ("truth.csv", "estimate.csv"):
        (tmp_path / file).write_text("trial_id,swing_time_s\na,0.41\nb,0.43\nc,0.4\n")
    (measure,) = match_tables(tmp_path / "truth.csv", tmp_path / "estimate.csv").measures
    assert (measure.label, measure.thresholds) == ("Swing time", (0.02, 0.05))


def test_the_benchmark_compares_it() -> None:
    (measure,) = [one for one in agreement_measures() if one.key == "swing_time_s"]
    assert (measure.label, measure.unit, measure.change) == ("Swing time", "s", (0.02, 0.05))
