"""The report's tables of trackers: rows, counts, notes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simgait.agreement import Estimate
from simgait.benchmark.certainty_tables import interval_table, paired_table, shown, shown_below
from simgait.benchmark.columns import COLUMNS, numbers_of
from simgait.benchmark.intervals import intervals_of
from simgait.benchmark.score_walks import BenchResult
from simgait.benchmark.tracker_tables import comparison_tables, distinct_stances
from simgait.compare.evidence import ComparisonTable
from tests.benchmark.made_up import angle, case, contacts, record, stance

CONDITIONS = ("exact", "ahead, near", "behind, far")
PEOPLE = 6


@pytest.fixture(scope="module")
def result() -> BenchResult:
    """Two trackers; "worse" errs exactly twice as much, has no ankle and no forces."""
    generator = np.random.default_rng(4)
    cases = [
        case(
            f"p{person}",
            condition=condition,
            keypoints="exact" if condition == "exact" else "monocular-v1",
            source="synthetic" if person < 3 else "mcgill_c3d",
        )
        for person in range(PEOPLE)
        for condition in CONDITIONS
    ]
    errors = 0.05 * generator.standard_normal(len(cases))
    records = []
    for tracker, factor in (("good", 1.0), ("worse", 2.0)):
        for i, one in enumerate(cases):
            true = 1.0 + 0.1 * (i // 3)
            joints = {"left_knee_flexion": angle(100, 4.0 * factor)}
            if tracker == "good":
                joints["left_ankle_dorsiflexion"] = angle(100, 5.0)
            late = {name: angle(55, e.rmse_deg / 2.0) for name, e in joints.items()}
            records.append(
                record(
                    one,
                    tracker,
                    truth={"velocity_mps": true, "step_length_m": true / 2.0},
                    estimate={
                        "velocity_mps": true + factor * errors[i],
                        "step_length_m": true / 2.0 - factor * errors[i],
                    },
                    angles=joints,
                    late_angles=late,
                    events=contacts(10.0 * factor),
                    plates=(stance(0.2), stance(0.3, plate=1)) if tracker == "good" else (),
                )
            )
    return BenchResult(tuple(records), ())


@pytest.fixture(scope="module")
def tables(result: BenchResult) -> list[ComparisonTable]:
    """All tables of the two trackers."""
    return comparison_tables(result)


def table(tables: list[ComparisonTable], words: str) -> ComparisonTable:
    return next(t for t in tables if words in t.caption)


def cell(of: ComparisonTable, row: str, column: str) -> Any:
    cells = next(r.cells for r in of.rows if r.name == row)
    return cells[of.columns.index(column)]


def test_twice_the_errors_are_a_ratio_of_two(tables: list[ComparisonTable]) -> None:
    paired = table(tables, "σ over that of good, monocular-v1")
    assert [r.name for r in paired.rows] == ["worse, all walks", "worse, synthetic", "worse, real"]
    row = dict(zip(paired.columns, paired.rows[0].cells, strict=True))
    assert (row["walks"], row["people"]) == (12, 6)
    assert row["velocity σ ratio"] == row["step length σ ratio"] == "2.0 (2.0 to 2.0)"
    assert row["velocity: below by %"] == "50 (50 to 50)"


def test_a_better_tracker_is_said_to_be_not_below(result: BenchResult) -> None:
    walks = {name: result.of(name, keypoints="exact") for name in ("worse", "good")}
    (row,) = paired_table("exact", {"all walks": walks}).rows  # type: ignore[union-attr]
    assert row.cells[2:4] == ("0.50 (0.50 to 0.50)", "not below")
    assert paired_table("exact", {"all walks": {"good": walks["good"]}}) is None


def test_intervals_have_a_column_for_each_tracker(result: BenchResult) -> None:
    walks = {name: result.of(name, keypoints="exact") for name in result.trackers}
    found = interval_table("exact", walks)
    assert found.columns == ("good", "worse") and found.rows_are == "Measure"
    assert "6 people" in found.note
    assert cell(found, "knee RMSE °", "worse") == "8.00 (8.00 to 8.00)"
    assert cell(found, "ankle RMSE °", "worse") is None
    assert cell(found, "vertical force RMSE % BW", "good") == "25.0 (25.0 to 25.0)"


def test_angles_from_frame_45_say_how_many_walks_and_frames(tables: list[ComparisonTable]) -> None:
    late = table(tables, "frame 45")
    assert cell(late, "good, exact", "knee RMSE °") == pytest.approx(2.0)
    assert cell(late, "good, monocular-v1", "knee walks, frames") == "12, 660"
    assert cell(late, "worse, exact", "ankle walks, frames") == "0, 0"
    assert np.isnan(cell(late, "worse, exact", "ankle RMSE °"))
    assert [r.name for r in late.rows if r.kind == "published"] == ["paper, final (their test set)"]


def test_ankles_that_are_not_given_are_counted_with_the_reason(
    result: BenchResult, tables: list[ComparisonTable]
) -> None:
    assert not any("not given" in t.caption for t in tables)
    ankles = ("left_ankle_dorsiflexion", "right_ankle_dorsiflexion")
    left_out = {0: ankles, 1: ankles[:1], 3: ankles[:1]}
    first, second = (result.of(name) for name in result.trackers)
    worse = [
        replace(r, undefined=dict.fromkeys(left_out.get(k, ()), "no foot"))
        for k, r in enumerate(second)
    ]
    found = table(comparison_tables(replace(result, records=(*first, *worse))), "not given")
    (row,) = found.rows
    assert found.columns == ("walks", "of walks", "people", "ankles", "why")
    assert (row.name, row.cells) == ("worse", (3, 18, 2, 4, "no foot"))


def test_every_angle_column_has_its_number_of_walks(tables: list[ComparisonTable]) -> None:
    main = table(tables, "synthetic walkers, monocular-v1 keypoints: joint angles")
    assert cell(main, "good", "ankle n") == 6 and cell(main, "worse", "ankle n") == 0
    assert cell(main, "worse", "hip n") == 0 and cell(main, "worse", "knee n") == 6
    assert [r.name for r in main.rows if r.kind == "published"] == [
        "paper, final (their test set)",
        "Gait Transformer (their test set)",
    ]


def test_the_first_tracker_is_shown_in_parts(tables: list[ComparisonTable]) -> None:
    cameras = table(tables, "good, by camera: walking")
    assert cameras.rows_are == "Camera" and [r.name for r in cameras.rows] == list(CONDITIONS)
    walks = cell(cameras, "exact", "walks")
    assert walks == PEOPLE and isinstance(walks, int)


def test_physics_has_a_row_for_each_kind_of_keypoints(
    result: BenchResult, tables: list[ComparisonTable]
) -> None:
    physics = table(tables, "Physics")
    assert cell(physics, "good, monocular-v1", "plate stances") == 24
    assert cell(physics, "good, exact", "plate stances") == 12
    assert "12 distinct stances of 6 people" in physics.note
    alone = BenchResult(tuple(result.of("worse")), ())
    assert "No stance on a plate" in table(comparison_tables(alone), "Physics").note


def test_one_contact_seen_by_many_cameras_is_one_stance() -> None:
    seen = [
        record(case("p", recording="a", condition=c), plates=(stance(0.1),)) for c in CONDITIONS
    ]
    later = record(case("p", recording="a"), plates=(stance(0.1, contact_s=2.0),))
    other = record(case("p", recording="b"), plates=(stance(0.1),))
    first_leg = case("p", recording="a")
    second_leg = replace(first_leg, trial=replace(first_leg.trial, start_s=0.2))
    same = record(second_leg, plates=(stance(0.1, contact_s=1.3),))
    assert len(distinct_stances(seen)) == 1
    assert len(distinct_stances([*seen, later, other, same])) == 3


def test_the_pelvis_has_a_table_and_what_holds_by_definition_has_none(
    tables: list[ComparisonTable],
) -> None:
    found = table(tables, "Speed of the pelvis")
    assert found.columns[1] == COLUMNS["pelvis_worst_percent"].heading
    assert [r.name for r in found.rows][:2] == ["good, monocular-v1", "worse, monocular-v1"]
    assert np.isnan(cell(found, "good, exact", found.columns[1]))
    assert not any("step length × cadence|" in c.heading for c in COLUMNS.values())


def test_speed_of_the_pelvis() -> None:
    walks = [
        record(case("p", i), pelvis_lead_percent=m)
        for i, m in enumerate((0.5, -3.0, 1.0, float("nan")))
    ]
    numbers = numbers_of(walks)
    assert numbers["pelvis_median_percent"] == pytest.approx(1.0)
    assert numbers["pelvis_worst_percent"] == pytest.approx(3.0)
    assert numbers["pelvis_within_percent"] == pytest.approx(200.0 / 3.0)
    assert np.isnan(numbers_of([record(case("p"))])["pelvis_worst_percent"])


def test_walks_of_one_truth_have_errors_and_no_correlation() -> None:
    walks = [
        record(case("p", i), truth={"velocity_mps": 1.0}, estimate={"velocity_mps": 1.1})
        for i in range(4)
    ]
    numbers = numbers_of(walks)
    assert numbers["velocity_mps_rmse"] == pytest.approx(0.1) and numbers["velocity_mps_n"] == 4.0
    assert np.isnan(numbers["velocity_mps_r"])
    assert np.isnan(intervals_of(walks)["velocity_mps_r"].value)


def test_pooled_columns_by_hand() -> None:
    walks = [
        record(
            case("p"),
            angles={
                "left_hip_flexion": angle(10, 3.0, 1.0),
                "right_hip_flexion": angle(30, 5.0, 2.0),
                "left_knee_flexion": angle(0, float("nan"), float("nan")),
            },
            events=contacts(-10.0, 20.0),
            residual_force_bw=0.03,
            sliding_mps=0.02,
        ),
        record(case("q"), events=contacts(30.0), residual_force_bw=0.04),
    ]
    values = numbers_of(walks)
    assert values["hip_rmse_deg"] == pytest.approx(np.sqrt((10 * 9 + 30 * 25) / 40))
    assert values["hip_debiased_deg"] == pytest.approx(np.sqrt((10 * 1 + 30 * 4) / 40))
    assert values["initial_contact_mae_ms"] == pytest.approx(20.0)
    assert values["residual_force_percent_bw"] == pytest.approx(100 * np.sqrt((9e-4 + 16e-4) / 2))
    assert values["sliding_cmps"] == pytest.approx(2.0)
    for empty in ("knee_rmse_deg", "foot_off_mae_ms", "force_rmse_percent_bw"):
        assert np.isnan(values[empty]), empty


def test_cells_of_intervals() -> None:
    assert shown(Estimate(0.04426, 0.0404, 0.0509)) == "0.0443 (0.0404 to 0.0509)"
    assert shown(Estimate(-12.34, -13.0, 1.0)) == "−12.3 (−13.0 to 1.0)"
    assert shown(Estimate(2.0, reason="only 2 people")) == "2.00 (no interval)"
    assert shown(Estimate(float("nan"))) is None
    assert shown_below(Estimate(4.0, 2.0, 5.0)) == "75 (50 to 80)"
    assert shown_below(Estimate(4.0)) == "75 (no interval)"
    assert shown_below(Estimate(float("nan"))) is None
