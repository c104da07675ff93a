from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_rollout
from simgait.gait.scores import SCORED_ANGLES
from simgait.parameters.norm_choice import Norms, Walker
from simgait.report.norm_words import AGE
from simgait.report.trial.levels import judge_numbers
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.tables import (
    MEAN_CURVES,
    SCORED_CURVES,
    write_mean_curves,
    write_normal_ranges,
    write_parameters,
)
from simgait.skeleton.signs import clinical_angles_deg, opensim_names
from tests.report.trial.conftest import read


def test_parameters_come_back_exactly(made: tuple[Any, ...]) -> None:
    _, _, result, folder, _ = made
    rows = read(folder / "parameters.csv")
    back = {(r["parameter"], r["side"]): r for r in rows}
    assert len(back) == len(rows) == sum(len(s) for s in result.parameters.values())
    for name, sides in result.parameters.items():
        for side, statistic in sides.items():
            row = back[name, side]
            assert float(row["mean"]) == statistic.mean
            assert float(row["sd"]) == statistic.sd
            assert int(row["n"]) == statistic.n
            assert (float(row["low"]), float(row["high"])) == (statistic.low, statistic.high)
            assert (row["level"], row["doubts"]) == ("use", "")
            both = f"{name}_both" if side == "both" else name
            assert row["definition"] == result.definitions.get(both, result.definitions[name])
    assert back["step_length_m", "left"]["unit"] == "m"
    assert back["velocity_mps", "both"]["unit"] == "m/s"
    assert back["cadence_spm", "both"]["unit"] == "steps/min"
    assert back["cadence_spm", "both"]["definition"].startswith("60 divided by the mean time")
    assert back["stance_percent", "left"]["unit"] == "% of cycle"


def test_scored_curves_come_back_with_who_walked(made: tuple[Any, ...]) -> None:
    trial, _, result, folder, _ = made
    rows = read(folder / SCORED_CURVES)
    assert {row["person"] for row in rows} == {trial.subject_id}
    for side, strides in result.scored_curves_deg.items():
        own = [row for row in rows if row["side"] == side]
        assert [int(row["percent"]) for row in own[:51]] == list(range(0, 101, 2))
        for i, name in enumerate(SCORED_ANGLES):
            back = np.array([float(row[f"{name}_deg"]) for row in own]).reshape(-1, 51)
            assert np.array_equal(back, strides[:, i])


def test_curves_angles_events_and_cycles_come_back(made: tuple[Any, ...]) -> None:
    _, rollout, result, folder, _ = made
    rows = read(folder / "curves.csv")
    for name, cycles in result.curves_deg.items():
        own = [r for r in rows if r["curve"] == name.removesuffix("_deg")]
        back = np.array([float(r["value_deg"]) for r in own]).reshape(-1, 101)
        assert np.array_equal(back, cycles)
        assert [int(r["percent"]) for r in own[:101]] == list(range(101))
    angles = read(folder / "angles.csv")
    for name, values in clinical_angles_deg(rollout.pose).items():
        assert np.array_equal([float(r[f"{name}_deg"]) for r in angles], values)
    events = read(folder / "events.csv")
    own = [e for e in events if e["source"] == "contact"]
    contact = [(float(e["time_s"]), e["side"], e["event"]) for e in own]
    assert contact == sorted((e.time_s, e.side, e.kind) for e in result.events)
    cycles = read(folder / "cycles.csv")
    assert [float(c["start_s"]) for c in cycles] == [c.start_s for c in result.cycles]
    forces = read(folder / "vertical_force.csv")
    back = np.array([float(r["value_percent_bw"]) for r in forces if r["side"] == "right"])
    assert np.array_equal(back.reshape(-1, 101), result.vertical_force_percent_bw["right"])


def test_mot_parses_and_has_opensim_signs(made: tuple[Any, ...]) -> None:
    _, rollout, _, folder, _ = made
    lines = (folder / "motion.mot").read_text().splitlines()
    end = lines.index("endheader")
    head = dict(line.split("=") for line in lines[:end] if "=" in line)
    assert head["inDegrees"] == "yes"
    columns = lines[end + 1].split("\t")
    assert columns == ["time", *opensim_names()]
    table = np.array([line.split("\t") for line in lines[end + 2 :]], float)
    assert table.shape == (int(head["nRows"]), int(head["nColumns"])) == (600, 17)
    value = dict(zip(columns, table.T, strict=True))
    knee = np.degrees(rollout.pose[:, 9])
    assert np.allclose(value["knee_angle_l"], knee, atol=1e-5) and knee.max() > 50
    assert value["pelvis_tilt"].mean() < -8  # walks tilted forward: negative in OpenSim
    assert value["pelvis_tx"][-1] - value["pelvis_tx"][0] == pytest.approx(1.2 * 19.97, abs=0.05)
    assert 0.8 < value["pelvis_ty"].mean() < 1.2
    assert abs(value["pelvis_tz"]).max() < 0.1


def test_trc_is_in_mm_y_up_with_empty_cells_for_missing(made: tuple[Any, ...]) -> None:
    _, rollout, _, folder, _ = made
    lines = (folder / "keypoints.trc").read_text().splitlines()
    names = [n for n in lines[3].split("\t")[2:] if n]
    assert len(names) == 23 and names[0] == "Left_Heel"
    cells = lines[6 + 100].split("\t")
    assert len(cells) == 2 + 3 * 23
    head = names.index("Head")
    x, y, z = (float(v) for v in cells[2 + 3 * head : 5 + 3 * head])
    forward, left, up = 1000 * rollout.target_keypoints_m[100, 20]
    assert (x, y, z) == pytest.approx((forward, up, -left), abs=1e-3)
    toe = names.index("Right_Big_Toe")
    assert cells[2 + 3 * toe : 5 + 3 * toe] == ["", "", ""]


def test_events_and_cycles_have_the_clock_of_the_recording_beside_that_of_the_walk(
    walk: Callable[..., Any], tmp_path: Path
) -> None:
    trial, rollout = walk(4.0)
    later = dataclasses.replace(trial, start_s=12.5)
    write_trial_report(
        tmp_path, trial=later, rollout=rollout, result=analyse_rollout(rollout),
        quality=None, provenance={},
    )  # fmt: skip
    for name, column in (("events.csv", "time_s"), ("cycles.csv", "start_s")):
        rows = read(tmp_path / name)
        assert rows
        for row in rows:
            own = float(row["recording_time_s"])
            assert own == pytest.approx(float(row[column]) + 12.5, abs=1e-9)


def test_each_normal_range_stands_with_whose_it_is_or_why_it_is_compared_with_nobody(
    made: tuple[Any, ...], tmp_path: Path
) -> None:
    result = made[2]
    man = Norms(Walker(1.72, 25.0, "male", False, 1.2))
    write_normal_ranges(tmp_path / "n.csv", result, man)
    rows = {row["parameter"]: row for row in read(tmp_path / "n.csv")}
    assert list(rows) == list(result.parameters)
    speed, stance = rows["velocity_mps"], rows["stance_percent"]
    assert speed["whose"] == "14 men of 21 to 37 years" and speed["licence"] == "CC BY 4.0"
    assert float(speed["low"]) < float(speed["mean"]) < float(speed["high"])
    assert (stance["whose"], stance["low"]) == ("adults of any age at comfortable speed", "57.5")
    assert {row["compared"] for row in rows.values()} == {"yes"}
    write_normal_ranges(tmp_path / "n.csv", result, Norms(Walker(1.3, 9.0)))
    child = read(tmp_path / "n.csv")[0]
    assert (child["low"], child["compared"], child["source"]) == ("", "no", "")
    assert child["why_not"] == (
        "simgait's own norms are those of adults and this person is 9 years old"
    )
    # Nobody said how old.
    unknown = read(made[3] / "normal_ranges.csv")[0]
    assert unknown["low"] and unknown["compared"] == "no"
    assert unknown["why_not"] == f"nobody said how old the person is ({AGE})"


def test_what_is_not_to_be_used_says_so_in_its_row(made: tuple[Any, ...], tmp_path: Path) -> None:
    _, _, result, *_ = made
    doubted = judge_numbers(result, [Finding(Code.OFF_PATH)])
    write_parameters(tmp_path / "parameters.csv", result, doubted)
    rows = {(r["parameter"], r["side"]): r for r in read(tmp_path / "parameters.csv")}
    speed, cadence = rows["velocity_mps", "both"], rows["cadence_spm", "both"]
    assert (speed["level"], speed["doubts"]) == ("do_not_use", "off_path")
    assert (cadence["level"], cadence["doubts"]) == ("use", "")


def test_each_mean_curve_has_its_level(made: tuple[Any, ...], tmp_path: Path) -> None:
    _, _, result, folder, _ = made
    assert {row["level"] for row in read(folder / MEAN_CURVES)} == {"use"}
    gone = Finding(Code.NO_FEET)
    write_mean_curves(tmp_path / MEAN_CURVES, result, judge_numbers(result, [gone]))
    levels = {row["curve"]: row["level"] for row in read(tmp_path / MEAN_CURVES)}
    assert levels["left_ankle_dorsiflexion"] == levels["right_ankle_dorsiflexion"] == "do_not_use"
    assert levels["left_knee_flexion"] == "use"
