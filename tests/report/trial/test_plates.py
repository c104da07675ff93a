"""What force plates measured, on the page and in the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from simgait.gait.analyse import analyse_rollout
from simgait.report.trial.plate_stances import on_trial
from simgait.report.trial.plates import (
    FORCES,
    NO_PLATES,
    PlatesSeen,
    plates_section,
    plates_seen,
    write_plates,
)
from simgait.report.trial.report import write_trial_report
from simgait.types import FittedTrial, ForcePlate, Recording, TrackedTrial
from tests.report.trial.conftest import read

START_S, HEADING_RAD = 2.0, 0.7
TENTH = 1.1
"""By which the plate says more than the simulated foot."""


@pytest.fixture(scope="module")
def seen(walk: Callable[..., Any]) -> tuple[Any, ...]:
    """A walk along 0.7 rad, and a plate under its second left stance; trial, rollout, result."""
    trial, rollout = walk(6.0)
    trial = replace(trial, start_s=START_S, heading_rad=HEADING_RAD)
    weight_n = 9.81 * trial.mass_kg
    force = TENTH * weight_n / rollout.body_weight_n * rollout.foot_force_n[:, 0]
    time_s = rollout.substep_time_s
    force[(time_s < 1.0) | (time_s > 1.9)] = 0.0
    cosine, sine = np.cos(HEADING_RAD), np.sin(HEADING_RAD)
    turn = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    plate = ForcePlate(time_s + START_S, force @ turn.T, np.zeros_like(force), np.zeros((4, 3)))
    return trial, rollout, analyse_rollout(rollout), plate


def judged(trial: Any, rollout: Any, result: Any, plates: list[ForcePlate]) -> PlatesSeen:
    none = np.zeros((trial.n_frames, 2))
    fitted = FittedTrial(
        trial, rollout.dimensions, rollout.skeleton, rollout.pose, rollout.pose_velocity,
        none[:, 0], none[:, 0] > 0, none, none,
    )  # fmt: skip
    recording = Mock(Recording, force_plates=tuple(plates))
    return plates_seen(recording, TrackedTrial(fitted, rollout), result)


def test_clock_and_heading_are_the_trials(seen: tuple[Any, ...]) -> None:
    trial, rollout, _, plate = seen
    (own,) = on_trial([plate], trial)
    np.testing.assert_allclose(own.time_s, rollout.substep_time_s)
    assert np.abs(own.force_n[:, 1]).max() < 1e-9  # the made-up foot pushes along its way alone


def test_the_file_has_measured_beside_simulated(seen: tuple[Any, ...], tmp_path: Path) -> None:
    trial, rollout, result, plate = seen
    (stance,) = judged(trial, rollout, result, [plate]).stances
    assert stance.side == "left"
    write_plates(tmp_path / FORCES, [stance])
    rows = read(tmp_path / FORCES)
    assert [int(row["percent"]) for row in rows] == list(range(101))
    assert {(row["plate"], row["side"]) for row in rows} == {("1", "left")}
    for way in ("vertical", "forward"):
        measured, simulated = (
            np.array([float(row[f"{source}_{way}_percent_bw"]) for row in rows])
            for source in ("measured", "simulated")
        )
        middle = slice(20, 81)  # 6 and 20 Hz differ where a foot lands and leaves
        apart = measured[middle] - TENTH * simulated[middle]
        assert np.sqrt(np.mean(apart**2)) < 6.0
        assert np.corrcoef(measured, simulated)[0, 1] > 0.9


def test_the_page_says_how_far_apart_they_are(seen: tuple[Any, ...], tmp_path: Path) -> None:
    trial, rollout, result, plate = seen
    found = judged(trial, rollout, result, [plate])
    section = plates_section(found)
    apart = f"the simulated vertical force is {100 * found.stances[0].rmse_bw:.0f} % of body weight"
    assert f"Over 1 stance that one plate saw whole, {apart}" in section["plate_text"]
    assert len(section["plate_charts"]) == 2 and "over stance" in section["plate_charts"][0]
    written = write_trial_report(
        tmp_path, trial=trial, rollout=rollout, result=result, quality=None, provenance={},
        plates=found,
    )  # fmt: skip
    assert tmp_path / FORCES in written
    assert "Beside the force plates" in (tmp_path / "report.html").read_text()


def test_why_nothing_is_compared_is_said(seen: tuple[Any, ...], made: tuple[Any, ...]) -> None:
    trial, rollout, result, plate = seen
    massless = judged(replace(trial, mass_kg=None), rollout, result, [plate])
    assert "give it with --mass" in plates_section(massless)["plate_text"]
    empty = replace(plate, force_n=np.zeros_like(plate.force_n))
    nobody = judged(trial, rollout, result, [empty])
    assert "no plate saw a whole stance" in plates_section(nobody)["plate_text"]
    assert plates_section(NO_PLATES) == {"plate_text": ""}
    assert FORCES not in {path.name for path in made[4]}
    assert "Beside the force plates" not in (made[3] / "report.html").read_text()
