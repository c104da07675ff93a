"""A laboratory's word is called so, held against its own markers, and written into tables."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.findings import Code
from simgait.gait.analyse import analyse_rollout
from simgait.gait.recorded import analyse_truth, reference_of
from simgait.report.trial.laboratory import laboratory_findings, shift_s
from simgait.report.trial.report import write_trial_report
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from simgait.trials.preparation import prepare
from simgait.types import Trial

DIMS = dimensions_from_height(1.7)


@pytest.fixture(scope="module")
def measured() -> Trial:
    """A walk as a laboratory's file holds it: markers, events, angles of its own."""
    made = trial_from_walk(synthetic_walk(draw_walker(6, "normal"), 6.0), monocular=False)
    (trial,) = prepare(made.recording)
    assert trial.truth is not None
    truth = replace(trial.truth, reference_angles_rad=trial.truth.pose[:, 3:])
    return replace(trial, source_format="c3d", truth=truth)


def codes(trial: Trial) -> list[tuple[Code, str]]:
    return [(f.code, f.where) for f in laboratory_findings(analyse_truth(trial, DIMS), trial)]


def test_a_good_laboratory_is_not_doubted(measured: Trial) -> None:
    assert reference_of(measured) == "laboratory"
    assert codes(measured) == []


def test_a_made_up_walk_is_the_truth(measured: Trial) -> None:
    for made in (replace(measured, source_format="synthetic"),
                 replace(measured, error_model="monocular-v1")):  # fmt: skip
        assert reference_of(made) == "truth" and codes(made) == []


@pytest.mark.parametrize("frames", [-6, -3, 3, 6])
def test_shifted_curves_are_named(measured: Trial, frames: int) -> None:
    assert measured.truth is not None
    angles = np.roll(measured.truth.pose[:, 3:], frames, axis=0)
    late = replace(measured, truth=replace(measured.truth, reference_angles_rad=angles))
    found = laboratory_findings(analyse_truth(late, DIMS), late)
    assert {f.code for f in found} == {Code.LABORATORY_SHIFT} and len(found) == 4
    for finding in found:
        assert finding.values["shift_ms"] == pytest.approx(1000 * frames / 30, abs=35)


def test_a_stance_that_the_feet_deny_is_named(measured: Trial) -> None:
    assert measured.truth is not None
    early = tuple(
        replace(e, time_s=e.time_s - 0.12) if (e.side, e.kind) == ("right", "foot_off") else e
        for e in measured.truth.events
    )
    doubtful = replace(measured, truth=replace(measured.truth, events=early))
    assert (Code.LABORATORY_STANCE, "right") in codes(doubtful)
    assert (Code.LABORATORY_STANCE, "left") not in codes(doubtful)


def test_events_on_another_clock_are_named(measured: Trial) -> None:
    assert measured.truth is not None
    late = tuple(replace(e, time_s=e.time_s + 0.1) for e in measured.truth.events)
    doubtful = replace(measured, truth=replace(measured.truth, events=late))
    assert Code.LABORATORY_EVENTS in [code for code, _ in codes(doubtful)]


def test_a_lag_is_that_of_the_stated_curve() -> None:
    time_s = np.arange(120) / 30.0
    seen = np.sin(2 * np.pi * 0.9 * time_s)
    assert shift_s(np.roll(seen, 4), seen, 30.0) == pytest.approx(4 / 30)
    assert np.isnan(shift_s(np.full(120, np.nan), seen, 30.0))
    assert np.isnan(shift_s(np.ones(120), seen, 30.0))


@pytest.mark.parametrize(("source", "name"), [("c3d", "laboratory"), ("synthetic", "truth")])
def test_it_is_shown_and_written_under_its_name(
    walk: Callable[..., Any], tmp_path: Path, source: str, name: str
) -> None:
    trial, rollout = walk(8.0)
    trial = replace(trial, source_format=source)
    result = analyse_rollout(rollout)
    write_trial_report(
        tmp_path, trial=trial, rollout=rollout, result=result, quality=None, provenance={},
        truth_result=result,
    )  # fmt: skip
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"{name.capitalize()} left" in page
    with (tmp_path / f"{name}_parameters.csv").open(newline="", encoding="utf-8") as file:
        rows = {(row["parameter"], row["side"]): row["mean"] for row in csv.DictReader(file)}
    speed_mps = result.parameters["velocity_mps"]["both"].mean
    assert float(rows["velocity_mps", "both"]) == pytest.approx(speed_mps)
    with (tmp_path / f"{name}_events.csv").open(newline="", encoding="utf-8") as file:
        sources = [row["source"] for row in csv.DictReader(file)]
    assert sources.count(name) == len(result.events)
    assert (tmp_path / f"{name}_curves.csv").stat().st_size > 1000


def test_a_number_of_a_laboratory_that_nobody_walks_with_is_named(measured: Trial) -> None:
    said = analyse_truth(measured, DIMS)
    assert said is not None
    pools = {pool: replace(one, mean=0.6) for pool, one in said.parameters["step_width_m"].items()}
    odd = replace(said, parameters={**said.parameters, "step_width_m": pools})
    (finding,) = laboratory_findings(odd, measured)
    assert (finding.code, finding.severity) == (Code.LABORATORY_IMPLAUSIBLE, "note")
    assert finding.values == {"parameter": "step_width_m", "value": 0.6}
    assert finding.where == "both"
