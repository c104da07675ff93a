"""motion.c3d, read back by ezc3d."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ezc3d
import numpy as np
import pytest

from simgait.errors import InputError
from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_rollout
from simgait.gait.walk_scores import with_scores
from simgait.parameters.catalogue import parameter
from simgait.recordings.formats.c3d import read_c3d
from simgait.report.trial.c3d_file import C3D, write_c3d
from simgait.report.trial.verdict import judge
from simgait.skeleton.signs import clinical_angles_deg
from tests.gait.conftest import made_up_strides


def group(path: Path, name: str) -> dict[str, Any]:
    values = ezc3d.c3d(str(path))["parameters"][name]
    return {key: one["value"] for key, one in values.items() if key != "__METADATA__"}


def column(path: Path, label: str) -> np.ndarray:
    file = ezc3d.c3d(str(path))
    found: np.ndarray = file["data"]["points"][:3, group(path, "POINT")["LABELS"].index(label)].T
    return found


def test_points_and_model_angles_come_back(made: tuple[Any, ...]) -> None:
    _, rollout, _, folder, _ = made
    point = group(folder / C3D, "POINT")
    assert (point["RATE"][0], point["UNITS"], point["ANGLE_UNITS"]) == (30.0, ["mm"], ["deg"])
    heel = rollout.skeleton.keypoints.index("Left Heel")
    np.testing.assert_allclose(
        column(folder / C3D, "LHeel"), 1000 * rollout.keypoints_m[:, heel], atol=0.01
    )
    angles = clinical_angles_deg(rollout.pose)
    for label, names in {
        "RPelvisAngles": ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation"),
        "RHipAngles": ("hip_flexion", "hip_adduction", "hip_rotation"),
    }.items():
        wanted = np.stack([angles[f"right_{name}"] for name in names], axis=-1)
        np.testing.assert_allclose(column(folder / C3D, label), wanted, atol=1e-4)
        assert label in point["ANGLES"]
    np.testing.assert_allclose(
        column(folder / C3D, "LKneeAngles")[:, 0], angles["left_knee_flexion"], atol=1e-4
    )


def test_events_are_where_they_were_found(made: tuple[Any, ...]) -> None:
    _, _, result, folder, _ = made
    event = group(folder / C3D, "EVENT")
    assert event["USED"][0] == len(result.events) == len(event["LABELS"])
    minutes, seconds = event["TIMES"]
    words = {"initial_contact": "Foot Strike", "foot_off": "Foot Off"}
    back = zip(event["CONTEXTS"], event["LABELS"], 60 * minutes + seconds, strict=True)
    for one, (context, label, time_s) in zip(
        sorted(result.events, key=lambda e: e.time_s), back, strict=True
    ):
        assert (context, label) == (one.side.title(), words[one.kind])
        assert time_s == pytest.approx(one.time_s, abs=1e-5)


def test_analysis_holds_the_numbers_with_side_and_unit(made: tuple[Any, ...]) -> None:
    _, _, result, folder, _ = made
    analysis = group(folder / C3D, "ANALYSIS")
    columns = ("NAMES", "CONTEXTS", "UNITS", "VALUES", "SUBJECTS", "DESCRIPTIONS")
    assert {len(analysis[name]) for name in columns} == {analysis["USED"][0]}
    assert set(analysis["SUBJECTS"]) == {"S01"}
    rows = {
        (name, context): (value, unit)
        for name, context, value, unit in zip(*(analysis[c] for c in (
            "NAMES", "CONTEXTS", "VALUES", "UNITS")), strict=True)
    }  # fmt: skip
    for key, name, unit in (
        ("velocity_mps", "Walking Speed", "m/s"), ("stance_percent", "Stance", "%"),
    ):  # fmt: skip
        assert parameter(key).label.title() == name
        for pool, context in (("left", "Left"), ("both", "General")):
            mean = result.parameters[key][pool].mean
            assert rows[name, context] == (pytest.approx(mean, rel=1e-6), unit)


def test_a_score_names_whom_it_was_made_with(made: tuple[Any, ...], tmp_path: Path) -> None:
    trial, rollout, result, *_ = made
    scored = with_scores(result, made_up_strides().reference(name="zwölf Gesunde"))
    path = tmp_path / C3D
    write_c3d(path, rollout, scored, judge(trial, rollout, scored, None), "S01")
    analysis = group(path, "ANALYSIS")
    told = dict(zip(analysis["NAMES"], analysis["DESCRIPTIONS"], strict=True))
    against = "; against zw?lf Gesunde"
    named = {name for name, words in told.items() if words.endswith(against)}
    assert named == {"Gait Deviation Index", "Gait Profile Score"}


def test_what_is_not_to_be_used_is_not_in_the_file(
    walk: Callable[..., Any], tmp_path: Path
) -> None:
    trial, rollout = walk(6.0)
    result = analyse_rollout(rollout)
    verdict = judge(trial, rollout, result, None)
    lost = {("left", "hip_rotation_deg"), ("both", "cadence_spm")}
    doubt = (Finding(Code.KEYPOINTS_JITTER),)
    numbers = tuple(
        replace(n, doubts=doubt) if (n.pool, n.key) in lost else n for n in verdict.numbers
    )
    path = tmp_path / C3D
    write_c3d(path, rollout, result, replace(verdict, numbers=numbers), "S01")
    assert np.isnan(column(path, "LHipAngles")[:, 2]).all()
    assert np.isfinite(column(path, "LHipAngles")[:, :2]).all()
    assert np.isfinite(column(path, "RHipAngles")).all()
    point = group(path, "POINT")
    told = point["DESCRIPTIONS"][point["LABELS"].index("LHipAngles")]
    assert "hip rotation: left out, not to be used" in told
    analysis = group(path, "ANALYSIS")
    cadences = [c for n, c in zip(analysis["NAMES"], analysis["CONTEXTS"], strict=True)
                if n == "Cadence"]  # fmt: skip
    assert cadences == ["Left", "Right"]


def test_from_a_fall_on_points_are_missing(walk: Callable[..., Any], tmp_path: Path) -> None:
    trial, rollout = walk(6.0, fall_s=3.0)
    result = analyse_rollout(rollout)
    path = tmp_path / C3D
    write_c3d(path, rollout, result, judge(trial, rollout, result, None), "S01")
    residuals = ezc3d.c3d(str(path))["data"]["meta_points"]["residuals"][0]
    keypoints = residuals[: len(rollout.skeleton.keypoints)]
    assert (residuals[:, ~rollout.alive] == -1).all() and (keypoints[:, rollout.alive] == 0).all()
    assert group(path, "ANALYSIS")["USED"][0] == 0  # after a fall no number may be used


def test_simgait_does_not_take_it_for_a_recording(made: tuple[Any, ...]) -> None:
    with pytest.raises(InputError, match="simgait wrote this file"):
        read_c3d(made[3] / C3D)
