"""What the manifest says of people, and their joints, stand beside their numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from simgait.cohort.study.manifest import Line
from simgait.cohort.study.own_columns import own_cells, said_of, varying_columns
from simgait.cohort.study.rows import trial_row
from simgait.gait.analyse import analyse_rollout
from simgait.gait.joint_measures import JOINT_MEASURES
from simgait.gait_result import Certainty, GaitResult
from simgait.pipeline import AnalysedWalk
from simgait.report.trial.verdict import judge
from simgait.types import Rollout, Trial
from tests.cohort.study.conftest import Hospital
from tests.report.conftest import make_walk


def line(number: int, person: str, visit: str, **own: str) -> Line:
    codes = {"trial": f"t{number}", "person": person, "visit": visit, "condition": "a"}
    facts = {"age_years": float(own["age_years"])} if own.get("age_years") else {}
    return Line(number, codes, Path("w.npz"), facts, own=own)


def test_what_lines_of_one_row_say_and_what_they_do_not_agree_on() -> None:
    lines = [
        line(2, "P1", "v1", arm="x", foot="left", age_years="9"),
        line(3, "P1", "v1", arm="", foot="right", age_years="9"),
        line(4, "P1", "v2", arm="y", foot="left", age_years="10"),
        line(5, "", "v1", arm="z", foot="left", age_years=""),
    ]
    assert own_cells(lines[0]) == {"arm": "x", "foot": "left", "age_years": 9.0}
    varying = varying_columns(("arm", "foot", "age_years"), lines)
    assert list(varying) == ["foot"]
    assert varying["foot"].startswith("foot is not the same in all lines of P1, v1, a: ")
    assert said_of(lines[:2], ["arm", "age_years"]) == {"arm": "x", "age_years": 9.0}
    assert said_of(lines[3:], ["age_years"]) == {"age_years": None}


def test_people_have_their_columns_and_numbers_of_their_joints(hospital: Any) -> None:
    ward: Hospital = hospital(4)
    ward.heading += ",age_years,arm,foot"
    said = ("44,x,l", "44,x,r", "70,y,l", ",y,l")
    ward.lines = [
        f"{one},{more}".replace(",b,", ",a,") for one, more in zip(ward.lines, said, strict=True)
    ]
    ward.run()
    people = ward.table("persons")
    assert [(one["person"], one["age_years"], one["arm"]) for one in people] == [
        ("P0", 44.0, "x"), ("P1", 70.0, "y")
    ]  # fmt: skip
    assert "foot" not in people[0] and ward.table("trials")[1]["foot"] == "r"
    sentence = "foot is not the same in all lines of P0, v1, a"
    assert any(sentence in text for text in ward.said)
    assert sentence in (ward.out / "study.log").read_text(encoding="utf-8")
    record = json.loads((ward.out / "study.json").read_text(encoding="utf-8"))
    assert record["config"]["own_columns_not_in_persons"] == ["foot"]
    cycles = [one for one in ward.table("cycles") if (one["trial"], one["side"]) == ("t0", "left")]
    curves = {
        one["cycle"]: np.array(one["value_deg"])
        for one in ward.table("curves")
        if (one["trial"], one["side"], one["curve"]) == ("t0", "left", "knee_flexion_deg")
    }
    ranges = [np.ptp(curves[one["cycle"]]) for one in cycles]
    assert [one["knee_range_deg"] for one in cycles] == pytest.approx(ranges, abs=1e-3)
    trial = ward.table("trials")[0]
    assert trial["left_knee_range_deg"] == pytest.approx(np.mean(ranges), abs=1e-3)
    assert trial["left_knee_range_deg_sd"] == pytest.approx(np.std(ranges, ddof=1), abs=1e-3)
    if "left_knee_range_deg" not in (trial["do_not_use"] or "").split():
        assert people[0]["left_knee_range_deg"] == pytest.approx(np.mean(ranges), abs=1e-3)


def test_a_peak_may_not_be_used_where_its_curve_may_not() -> None:
    trial, rollout = make_walk(6.0)[:2]
    gait = analyse_rollout(rollout)
    knee = [f"left_{name}" for name, one in JOINT_MEASURES.items() if "knee" in one.curve]
    assert denied_of(trial, rollout, gait, "left_knee_flexion_deg") == knee


def test_a_range_may_be_used_where_nothing_but_an_interval_denies_its_curve() -> None:
    trial, rollout = make_walk(6.0)[:2]
    gait = analyse_rollout(rollout)
    sure = {key: dict.fromkeys(pools, 0.0) for key, pools in gait.parameters.items()}
    hip = "left_hip_flexion_deg"
    curves = dict.fromkeys(gait.curves_deg, 0.0) | {hip: 11.0}
    seen = replace(gait, certainty=Certainty(sure, curves, {}, {}, {hip: 4.0}))
    peaks = ["left_hip_flexion_peak_deg", "left_hip_extension_peak_deg"]
    assert denied_of(trial, rollout, seen, hip) == peaks


def denied_of(trial: Trial, rollout: Rollout, gait: GaitResult, curve: str) -> list[str]:
    """Joint measures that may not be used, where this curve alone is known to 11°."""
    if gait.certainty is None:
        sure = {key: dict.fromkeys(pools, 0.0) for key, pools in gait.parameters.items()}
        curves = dict.fromkeys(gait.curves_deg, 0.0) | {curve: 11.0}
        gait = replace(gait, certainty=Certainty(sure, curves, {}))
    verdict = judge(trial, rollout, gait, None)
    tracked = Mock(trial=trial, rollout=rollout)
    row = trial_row(Mock(AnalysedWalk, gait=gait, verdict=verdict, tracked=tracked), 1, 1)
    first, *measures = row["do_not_use"].split()
    assert first == curve
    return measures


def test_what_looks_like_a_name_is_in_no_table(hospital: Any, good_walk: Any) -> None:
    ward: Hospital = hospital(1)
    ward.heading += ",doctor"
    ward.lines = [
        "t0,P0,v1,a,w0.npz,", "t1,P0,v1,a,w0.npz,Erik Holm", "t2,Anna Holm,v1,a,w0.npz,",
        "t3,P0,Anna Holm,a,w0.npz,", "Anna Holm,P0,v1,a,w0.npz,",
    ]  # fmt: skip
    manifest = ward.manifest()
    assert [one.trial for one in manifest.lines] == ["t0", "t1", "t2", "t3", "line6"]
    assert all("person's name" in one.problems[0] for one in manifest.lines[1:])
    ended = ward.run()
    assert [one.outcome for one in ended.values()].count("failed") == 4
    assert "Holm" not in str((ward.tables(), ended, ward.said))
    for path in ward.out.glob("study.*"):
        assert "Holm" not in path.read_text(encoding="utf-8")
