"""Joint moments, powers and centre of mass on the page and in files."""

from __future__ import annotations

import html as html_text
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_rollout
from simgait.report.trial.kinetics import (
    EXCURSIONS,
    MASS,
    MOMENTS,
    kinetics_section,
    mass_text,
    shown_kinetics,
    write_excursions,
    write_mass,
    write_moments,
)
from simgait.report.trial.page import residual_text
from simgait.report.trial.verdict import judge
from simgait.skeleton.default import JOINT_NAMES
from tests.report.trial.conftest import read

Walked = tuple[Any, Any, Any, Any]


def judged(trial: Any, rollout: Any) -> Walked:
    result = analyse_rollout(rollout)
    return trial, rollout, result, judge(trial, rollout, result, None)


@pytest.fixture(scope="module")
def little_help(walk: Callable[..., Any]) -> Walked:
    """A walk whose ankles press with 50 N·m, and whose helper does nearly nothing."""
    trial, rollout = walk(6.0)
    moment_nm = rollout.joint_moment_nm.copy()
    moment_nm[:, [JOINT_NAMES.index(f"{s}_ankle_dorsiflexion") for s in ("left", "right")]] = -50
    return judged(trial, replace(rollout, joint_moment_nm=moment_nm))


@pytest.fixture(scope="module")
def much_help(little_help: Walked) -> Walked:
    """The same with a moment of 3 % of body weight × height on its pelvis."""
    trial, rollout, _, _ = little_help
    moment_nm = np.zeros_like(rollout.residual_moment_nm)
    moment_nm[:, 1] = 0.03 * rollout.body_weight_n * rollout.dimensions.height_m
    return judged(trial, replace(rollout, residual_moment_nm=moment_nm))


def section(walked: Walked) -> dict[str, Any]:
    trial, rollout, result, verdict = walked
    return kinetics_section(rollout, trial, result, verdict)


def test_the_file_has_moment_and_power_per_kg(little_help: Walked, tmp_path: Path) -> None:
    _, rollout, result, verdict = little_help
    write_moments(tmp_path / MOMENTS, result, verdict)
    rows = read(tmp_path / MOMENTS)
    assert {row["joint"] for row in rows} == {"hip", "knee", "ankle"}
    ankle = [row for row in rows if row["joint"] == "ankle" and row["side"] == "left"]
    assert [int(row["percent"]) for row in ankle[:101]] == list(range(101))
    assert {row["level"] for row in rows} == {"rough"}
    moments = [float(row["moment_nm_per_kg"]) for row in ankle if row["moment_nm_per_kg"]]
    np.testing.assert_allclose(moments, 50 * 9.81 / rollout.body_weight_n, rtol=1e-6)
    at = result.joint_kinetics["ankle"].power_w_per_kg["left"][1]
    powers = [float(row["power_w_per_kg"]) for row in ankle[101:202]]
    np.testing.assert_allclose(powers, at)


def test_hip_and_knee_are_left_out_where_the_helper_does_their_work(
    much_help: Walked, tmp_path: Path
) -> None:
    _, _, result, verdict = much_help
    write_moments(tmp_path / MOMENTS, result, verdict)
    assert {row["joint"] for row in read(tmp_path / MOMENTS)} == {"ankle"}
    said = section(much_help)
    assert len(said["moment_charts"]) == 2  # moment and power of the ankle
    assert all("Ankle" in chart and "rough" in chart for chart in said["moment_charts"])
    shown, left_out = said["moment_texts"]
    assert "plantarflexion +" in shown and "Rough: against 29 stances" in shown
    assert left_out.startswith("Hip and knee: left out. The helper on the pelvis does part")
    assert "a moment of 3.0 % of body weight × height" in left_out
    assert "at most 5 % of body weight and 0.6 % of body weight × height are accepted" in left_out


def test_a_small_force_does_not_call_a_large_moment_little(
    little_help: Walked, much_help: Walked
) -> None:
    for (_, _, result, _), said in ((little_help, "That is little;"), (much_help, "That is much:")):
        assert result.residual_force_percent_bw <= 5.0
        moments = residual_text(result).split("It turned the pelvis with moments of ")[1]
        assert said in moments and "at most 0.6 % is accepted" in moments
    assert moments.startswith("3.0 % of body weight × height.")


def test_each_joint_has_its_own_reason(little_help: Walked) -> None:
    trial, rollout, _, _ = little_help
    force_n = np.zeros_like(rollout.residual_force_n)
    force_n[:, 2] = 0.12 * rollout.body_weight_n
    helped = section(judged(trial, replace(rollout, residual_force_n=force_n)))
    hip_and_knee, ankle = helped["moment_texts"]
    assert hip_and_knee.startswith("Hip and knee: left out.") and "at most 5 %" in hip_and_knee
    assert ankle.startswith("Ankle: left out.") and "with more than 10 % of body" in ankle
    assert "here 12.0 %" in ankle and "Hicks" not in ankle


def test_with_little_help_nothing_is_left_out(little_help: Walked) -> None:
    said = section(little_help)
    assert len(said["moment_charts"]) == 6 and len(said["moment_texts"]) == 1


def test_what_its_angle_or_force_denies_is_left_out(little_help: Walked) -> None:
    trial, rollout, result, verdict = little_help
    doubt = (Finding(Code.NO_FEET),)
    numbers = tuple(
        replace(n, doubts=doubt) if (n.key, n.pool) == ("ankle_dorsiflexion_deg", "left") else n
        for n in verdict.numbers
    )
    denied = replace(verdict, numbers=numbers)
    assert set(shown_kinetics(result, denied)["ankle"].moment_nm_per_kg) == {"right"}
    texts = kinetics_section(rollout, trial, result, denied)["moment_texts"]
    assert "Left ankle: left out, as the ground force or the joint's angle" in texts[-1]


def test_whose_mass_it_is_per_kg_of_is_said(little_help: Walked) -> None:
    trial, rollout, result, verdict = little_help
    kg = f"({rollout.body_weight_n / 9.81:.0f} kg)"
    for mass_kg, of in ((65.0, "the person's mass"), (None, "taken from the height as none was")):
        one = kinetics_section(rollout, replace(trial, mass_kg=mass_kg), result, verdict)
        assert of in one["moment_texts"][0] and kg in one["moment_texts"][0]


def test_of_a_detectors_points_it_is_said_that_nobody_measured_them(little_help: Walked) -> None:
    trial, rollout, result, verdict = little_help
    for is_measured in (False, True):
        one = replace(trial, scale_is_metric=is_measured)
        text = kinetics_section(rollout, one, result, verdict)["moment_texts"][0]
        assert ("Those were walks of markers" in text) is not is_measured


def test_the_path_of_the_centre_of_mass_ends_with_a_fall(
    walk: Callable[..., Any], tmp_path: Path
) -> None:
    _, rollout = walk(6.0, fall_s=3.0)
    write_mass(tmp_path / MASS, rollout)
    rows = read(tmp_path / MASS)
    assert [bool(row["z_m"]) for row in rows] == rollout.alive.tolist()
    assert float(rows[7]["z_m"]) == rollout.centre_of_mass_m[7, 2]


def test_each_stride_has_its_excursions(little_help: Walked, tmp_path: Path) -> None:
    _, _, result, verdict = little_help
    write_excursions(tmp_path / EXCURSIONS, result, verdict)
    rows = read(tmp_path / EXCURSIONS)
    assert [row["side"] for row in rows] == [cycle.side for cycle in result.cycles]
    for row in rows:  # `make_walk`: ± 15 mm up and down, ± 20 mm sideways
        assert float(row["vertical_m"]) == pytest.approx(0.03, abs=0.001)
        assert float(row["sideways_m"]) == pytest.approx(0.04, abs=0.001)
    text = mass_text(result, verdict)
    assert "moves by 3.0 ± 0.0 cm (SD) up and down and by 4.0 ± 0.0 cm" in text
    assert {row["level"] for row in rows} == {"rough"}


@pytest.mark.parametrize(
    ("finding", "is_left_out"),
    [
        (Finding(Code.KEYPOINTS_JITTER, values={"value": 40.0}), True),
        (Finding(Code.KEYPOINTS_JITTER, "note", {"value": 40.0}), False),
        (Finding(Code.PATH_JITTERS, values={"value": 40.0}), False),
    ],
)
def test_what_takes_the_angles_takes_the_centre_of_mass(
    little_help: Walked, tmp_path: Path, finding: Finding, *, is_left_out: bool
) -> None:
    _, _, result, verdict = little_help
    doubted = replace(verdict, findings=(*verdict.findings, finding))
    text = mass_text(result, doubted)
    write_excursions(tmp_path / EXCURSIONS, result, doubted)
    levels = {row["level"] for row in read(tmp_path / EXCURSIONS)}
    if is_left_out:
        assert "cm" not in text and text.startswith("Left out") and "jitter by 40 mm" in text
        assert levels == {"do_not_use"}
    else:
        assert "moves by 3.0" in text and levels == {"rough"}


def test_the_page_has_both(made: tuple[Any, ...]) -> None:
    page = html_text.unescape((made[3] / "report.html").read_text())
    assert "<h2>Joint moments and powers</h2>" in page and MOMENTS in page
    assert "<h2>Centre of mass</h2>" in page and MASS in page
    details = page.index('<div class="details">')
    assert page.index("Joint moments and powers") > details  # no part of the first sheet
