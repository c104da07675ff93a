"""The twin in the physics: whether it walks, its figures, and where the replay draws it."""

from __future__ import annotations

import base64
import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.gait.analyse import MAX_RESIDUAL_PERCENT_BW, analyse_rollout
from simgait.gait_result import Certainty
from simgait.report.trial.page import trial_page
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.twin_replay import ASIDE_HEIGHTS, twin_data
from simgait.report.trial.twin_walk import (
    TwinBody,
    TwinWalk,
    figures,
    slips_mm,
    twin_record,
    twin_walked,
)
from simgait.report.trial.verdict import judge
from simgait.report.twin import TWIN_FIGURES
from simgait.types import Rollout, Trial
from tests.report.conftest import STANCE, STRIDE_S, make_walk

STARTS_S = 0.5


def body(trial: Trial, rollout: Rollout, starts_s: float = STARTS_S, **gait: Any) -> TwinBody:
    result = replace(analyse_rollout(rollout), **gait)
    return TwinBody(rollout, result, judge(trial, rollout, result, None), starts_s)


@pytest.fixture(scope="module")
def walks() -> TwinWalk:
    return twin_walked("somebody", body(*make_walk(6.0)))


def replay_of(page: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(page.split('id="replay-data">')[1].split("</script>")[0])
    return data


def test_a_twin_that_stays_up_with_little_help_walks(walks: TwinWalk) -> None:
    assert walks.is_walking and not walks.reasons
    record = twin_record(walks)
    assert record["walks"] and not record["fell"] and record["companion"] == "somebody"


def test_a_twin_that_falls_or_is_carried_or_strays_does_not_walk() -> None:
    trial, rollout = make_walk(6.0)
    fallen = twin_walked("somebody", body(*make_walk(6.0, fall_s=3.0)))
    assert not fallen.is_walking and "fell" in fallen.reasons[0]
    assert twin_record(fallen)["fell"]
    much = MAX_RESIDUAL_PERCENT_BW + 1.0
    carried = twin_walked("somebody", body(trial, rollout, residual_force_percent_bw=much))
    assert not carried.is_walking and "11" in carried.reasons[0]
    away = np.array(rollout.pose)
    away[:, 1] += 0.5 * rollout.time_s
    assert not twin_walked("somebody", body(trial, replace(rollout, pose=away))).is_walking


def test_how_far_a_standing_foot_slides_is_read_where_it_stands_flat() -> None:
    _, rollout = make_walk(6.0)
    gait = analyse_rollout(rollout)
    points = np.array(rollout.keypoints_m)
    heels = [rollout.skeleton.keypoints.index(f"{side} Heel") for side in ("Left", "Right")]
    points[:, heels, :2] = 0.0
    still = slips_mm(replace(rollout, keypoints_m=points), gait)
    assert len(still) >= 6 and still == pytest.approx(0.0)
    points[:, heels, 0] = 0.1 * rollout.time_s[:, None]
    slides = slips_mm(replace(rollout, keypoints_m=points), gait)
    assert np.median(slides) == pytest.approx(100.0 * 0.3 * STANCE * STRIDE_S, rel=0.06)


def test_figures_of_walk_and_twin_stand_side_by_side(walks: TwinWalk) -> None:
    trial, rollout = make_walk(6.0)
    result = analyse_rollout(rollout)
    assert walks.body is not None
    rows = {
        (one.key, one.side): one
        for one in figures(walks.body, result, judge(trial, rollout, result, None))
    }
    assert {("velocity_mps", "both"), ("step_length_m", "left"), ("stance_percent", "right"),
            ("knee_flexion_swing_peak_deg", "left")} <= {*rows}  # fmt: skip
    assert not any(key.startswith(("gdi", "gps")) for key, _ in rows)
    for one in rows.values():
        np.testing.assert_equal(one.walk, one.twin)  # the same walk twice


def test_the_report_shows_a_twin_that_walks(walks: TwinWalk, tmp_path: Path) -> None:
    trial, rollout = make_walk(8.0)
    write_trial_report(
        tmp_path / "out", trial=trial, rollout=rollout, result=analyse_rollout(rollout),
        quality=None, provenance={}, twin=walks,
    )  # fmt: skip
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "not a goal" in page and "no measurement of anybody" in page
    assert "without a fall" in page and TWIN_FIGURES in page
    # Off at first, a native control that keys work, and among what paper does not show.
    controls = page.split('class="controls"')[1].split("</div>\n</div>")[0]
    assert 'id="twin-place"><option value="" selected>hidden' in controls
    assert "beforeprint" in page
    with (tmp_path / "out" / TWIN_FIGURES).open(encoding="utf-8") as file:
        speed = next(r for r in csv.DictReader(file) if r["parameter"] == "velocity_mps")
    assert float(speed["walk"]) == pytest.approx(float(speed["twin"]), abs=0.02)


def test_a_twin_that_does_not_walk_is_said_and_not_shown(tmp_path: Path) -> None:
    trial, rollout = make_walk(8.0)
    for twin in (
        twin_walked("somebody", body(*make_walk(6.0, fall_s=3.0))),
        TwinWalk("somebody", None, ("It cannot be tracked: too short.",)),
    ):
        folder = tmp_path / str(twin.body is None)
        write_trial_report(
            folder, trial=trial, rollout=rollout, result=analyse_rollout(rollout), quality=None,
            provenance={}, twin=twin,
        )  # fmt: skip
        page = (folder / "report.html").read_text("utf-8")
        assert f"The twin is not shown as walking. {twin.reasons[0]}" in page
        assert 'id="twin-place"' not in page and "twin" not in replay_of(page)
        assert not (folder / TWIN_FIGURES).exists()


def test_the_replay_draws_the_twin_beside_the_person_at_the_same_moment(walks: TwinWalk) -> None:
    _, rollout = make_walk(8.0)
    assert walks.body is not None
    data = twin_data(rollout, walks.body)
    origin = np.frombuffer(base64.b64decode(data["origin"]), "<i4").reshape(-1, 3) / 1000.0
    packed = np.frombuffer(base64.b64decode(data["body"]), "<i2").reshape(len(origin), -1, 3)
    seen = (packed != -32768).all(axis=(1, 2))
    assert len(origin) == len(rollout.time_s)
    shown_s = rollout.time_s[seen]
    assert shown_s[0] == pytest.approx(STARTS_S) and shown_s[-1] < STARTS_S + 6.0
    drawn = packed[seen] / 1000.0 + origin[seen, None]
    twin = walks.body.rollout.keypoints_m[: seen.sum()]
    moved = drawn - twin
    assert np.ptp(moved, axis=(0, 1)) == pytest.approx(0.0, abs=0.002) and not data["keeps"]
    assert moved[0, 0, 2] == pytest.approx(0.0, abs=0.001)
    middle = seen.sum() // 2
    apart = origin[seen][middle, :2] - rollout.pose[seen][middle, :2]
    assert apart == pytest.approx(ASIDE_HEIGHTS * float(rollout.dimensions.height_m), abs=0.002)


def test_a_twin_that_walks_away_is_kept_beside_the_person(walks: TwinWalk) -> None:
    _, rollout = make_walk(8.0)
    assert walks.body is not None
    own = walks.body.rollout
    fast = np.array(own.pose)
    fast[:, 0] += 1.0 * own.time_s
    data = twin_data(rollout, replace(walks.body, rollout=replace(own, pose=fast)))
    origin = np.frombuffer(base64.b64decode(data["origin"]), "<i4").reshape(-1, 3) / 1000.0
    apart = origin[:, :2] - rollout.pose[:, :2]
    assert data["keeps"]
    assert apart == pytest.approx(
        np.tile(ASIDE_HEIGHTS * float(rollout.dimensions.height_m), (len(apart), 1)), abs=0.002
    )


@pytest.mark.slow
def test_a_long_walk_with_its_twin_stays_small() -> None:
    trial, rollout = make_walk(120.0)
    result = analyse_rollout(rollout)
    verdict = judge(trial, rollout, result, None)
    twin = TwinWalk("somebody", TwinBody(rollout, result, verdict, 0.0))
    html = trial_page(trial, rollout, result, verdict, {}, result, twin=twin)
    assert 'id="twin-place"' in html and len(html.encode()) <= 2_000_000


def test_a_range_stands_where_nothing_but_an_interval_denies_its_hip(walks: TwinWalk) -> None:
    trial, rollout = make_walk(6.0)
    result = analyse_rollout(rollout)
    sure = {key: dict.fromkeys(pools, 0.0) for key, pools in result.parameters.items()}
    hip = "left_hip_flexion_deg"
    curves = dict.fromkeys(result.curves_deg, 0.0) | {hip: 11.0}
    seen = replace(result, certainty=Certainty(sure, curves, {}, {}, {hip: 4.0}))
    verdict = judge(trial, rollout, seen, None)
    both = TwinBody(rollout, seen, verdict, STARTS_S)
    cells = {
        one.key: (str(one.walk_cell), str(one.twin_cell))
        for one in figures(both, seen, verdict)
        if one.side == "left"
    }
    assert all("do not use" in cell for cell in cells["hip_flexion_peak_deg"])
    assert not any("do not use" in cell for cell in cells["hip_range_deg"])
