"""Step by step, and joint peaks: on the page and in files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simgait.report.trial.measure import footprints
from simgait.report.trial.step_table import steps_lost
from simgait.report.trial.verdict import judge
from tests.report.trial.conftest import read


def test_steps_are_those_that_the_parameters_are_means_of(made: tuple[Any, ...]) -> None:
    trial, _, result, folder, _ = made
    rows = read(folder / "steps.csv")
    assert [row["step"] for row in rows] == [str(n + 1) for n in range(len(result.steps))]
    for column in ("step_length_m", "step_width_m", "step_time_s"):
        for side in ("left", "right"):
            own = [float(row[column]) for row in rows if row["side"] == side and row[column]]
            assert np.mean(own) == pytest.approx(result.parameters[column][side].mean)
    times = [float(row["time_s"]) for row in rows]
    assert times == sorted(times)
    later = [float(row["recording_time_s"]) for row in rows]
    assert np.allclose(np.subtract(later, times), trial.start_s)


def test_the_map_of_footprints_says_of_a_step_what_the_table_says(made: tuple[Any, ...]) -> None:
    _, rollout, result, _, _ = made
    turned = tuple(
        replace(step, length_m=step.length_m - 0.03, width_m=step.width_m + 0.05)
        for step in result.steps
    )
    steps = {(step.side, step.contact_s): step for step in turned}
    prints = footprints(rollout, replace(result, steps=turned))
    labelled = [one for one in prints if np.isfinite(one.step_length_m)]
    assert len(labelled) == len(turned)
    for one in labelled:
        step = steps[one.side, one.time_s]
        assert (one.step_length_m, one.step_width_m) == (step.length_m, step.width_m)


def test_steps_whose_numbers_are_not_to_be_used_say_so(made: tuple[Any, ...]) -> None:
    trial, rollout, result, folder, _ = made
    verdict = judge(trial, rollout, result, None)
    assert steps_lost(verdict) == ""
    lost = tuple(
        replace(one, half_width=3.0, tolerance=1.0) if one.key == "step_width_m" else one
        for one in verdict.numbers
    )
    assert steps_lost(replace(verdict, numbers=lost)) == "step width"
    assert "Not to be used: step width" not in (folder / "report.html").read_text()


def test_peaks_in_files_say_their_definition(made: tuple[Any, ...]) -> None:
    rows = read(made[3] / "joint_peaks.csv")
    assert {row["side"] for row in rows} == {"left", "right"} and len(rows) == 18
    (knee,) = [r for r in rows if r["peak"] == "knee_range_deg" and r["side"] == "left"]
    assert float(knee["low"]) <= float(knee["mean_deg"]) <= float(knee["high"])
    assert knee["level"] == "use" and knee["definition"].endswith("of knee flexion.")


def test_the_page_folds_the_steps_away_and_says_how_many(
    made: tuple[Any, ...], five_minutes: tuple[Any, ...]
) -> None:
    steps = len(made[2].steps)
    page = (made[3] / "report.html").read_text()
    assert f'<details class="noprint"><summary>Step by step ({steps})' in page
    assert "The first 40 of " not in page
    assert f"The first 40 of {len(five_minutes[1].steps)} steps." in five_minutes[2]
