"""Offsets are counted by person, and who has no truth of an angle is nobody."""

from __future__ import annotations

import pytest

from simgait.benchmark.offset_rows import offset_rows
from simgait.benchmark.score_walks import ScoredSet
from simgait.benchmark.walk_record import WalkRecord
from simgait.gait.angle_errors import AngleError
from tests.benchmark.made_up import case, record

NAN = float("nan")


def walk(person: str, tilt_deg: float, hips_deg: tuple[float, float]) -> WalkRecord:
    angles = dict(
        zip(
            ("pelvis_tilt", "left_hip_flexion", "right_hip_flexion"), (tilt_deg, *hips_deg),
            strict=True,
        )
    )  # fmt: skip
    errors = {name: AngleError(50, bias, abs(bias), 0.0) for name, bias in angles.items()}
    return record(case(person), angles=errors)


def test_each_person_counts_once_and_a_pelvis_by_its_size() -> None:
    often = [walk("a", 4.0, (2.0, 0.0))] * 20
    sets = [ScoredSet("one", (*often, walk("b", -4.0, (-1.0, -1.0)))), ScoredSet("two", ())]
    rows = {row.name: row for row in offset_rows(sets)}
    tilt = rows["pelvic tilt, mean offset of a person, real markers"]
    assert tilt.value == pytest.approx(4.0)
    assert (tilt.met, tilt.n) == (False, 2)
    hip = rows["hip flexion, mean offset of a person, real markers"]
    assert hip.value == pytest.approx(1.0) and hip.met
    assert rows["hip flexion, mean offset of a person, two"].n == 0


def test_without_a_truth_there_is_no_offset_and_the_bar_is_missed() -> None:
    unknown = record(case("a"), angles={"pelvis_tilt": AngleError(0, NAN, NAN, NAN)})
    row = offset_rows([ScoredSet("x", (unknown,))])[0]
    assert (row.n, row.met) == (0, False)
