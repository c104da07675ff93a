"""The table of norms that ships: sorted, without overlaps, and every row with a source."""

from __future__ import annotations

import math
import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from scipy import stats

from simgait.parameters.catalogue import parameter
from simgait.parameters.norm_rows import (
    NormRow,
    norm_sources,
    overlapping,
    simgait_norms,
    sorting_key,
)

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "simgait" / "parameters" / "norm_rows.csv"
ROW = NormRow("cadence_spm", 20.0, 40.0, 110.0, 8.0, 12, "x", "", "", 1.0, 1.2)


def test_rows_are_sorted_do_not_overlap_and_name_a_source_with_its_licence() -> None:
    rows = simgait_norms().rows
    assert list(rows) == sorted(rows, key=sorting_key) and len(rows) > 300
    assert overlapping(rows) is None
    for row in rows:
        source = norm_sources()[row.source]
        assert source.citation and source.licence == "CC BY 4.0"


def test_every_row_is_of_walking_adults_in_the_parameters_own_unit() -> None:
    for row in simgait_norms().rows:
        one = parameter(row.parameter)
        assert one.norm is not None and one.plausible is not None
        assert all(one.plausible.holds(row.mean + k * row.sd) for k in (-2.0, 2.0)), row
        assert row.age_from_years >= 18.0 and row.n >= 8 and row.height_m == 1.70
        assert 0.02 < row.sd / row.mean < 0.2, row
        assert row.surface == ("treadmill" if row.has_speed else "")


def test_rows_of_one_speed_fit_each_other() -> None:
    """Speed is step length x cadence, a stride two steps; means of times lie a little above."""
    of = {
        (row.parameter, row.age_from_years, row.sex, row.speed_from_mps): row.mean
        for row in simgait_norms().rows
    }
    for (key, age, sex, speed), mean in of.items():
        if key == "step_length_m":
            cadence = of["cadence_spm", age, sex, speed]
            assert mean * cadence / 60.0 == pytest.approx(speed + 0.05, rel=0.025)
            assert of["stride_length_m", age, sex, speed] == pytest.approx(2.0 * mean, rel=1e-3)
            stride_s, step_s = (of[f"{one}_time_s", age, sex, speed] for one in ("stride", "step"))
            assert stride_s == pytest.approx(120.0 / cadence, rel=0.025)
            assert step_s == pytest.approx(60.0 / cadence, rel=0.025)


def test_a_range_of_few_people_is_wider_than_two_sd_and_holds_95_percent() -> None:
    assert ROW.half_sds == pytest.approx(stats.t.ppf(0.975, 11) * math.sqrt(13 / 12))
    assert replace(ROW, n=8).half_sds > ROW.half_sds > replace(ROW, n=100_000).half_sds
    assert replace(ROW, n=100_000).half_sds == pytest.approx(1.96, abs=0.001)


@pytest.mark.parametrize(
    ("changed", "meets"),
    [
        ({}, True),
        ({"age_from_years": 40.0, "age_to_years": 60.0}, False),  # the ages end below 40
        ({"speed_from_mps": 1.2, "speed_to_mps": 1.4}, False),
        ({"speed_from_mps": 1.1, "speed_to_mps": 1.4}, True),
        ({"sex": "male"}, False),  # comes before a row of both
        ({"surface": "treadmill"}, False),  # likewise
        ({"speed_from_mps": math.nan, "speed_to_mps": math.nan}, False),  # comes after
        ({"parameter": "step_time_s"}, False),
    ],
)
def test_rows_overlap_where_a_person_could_be_of_both(
    changed: dict[str, float], meets: bool
) -> None:
    other = replace(ROW, mean=100.0, **changed)  # type: ignore[arg-type]
    assert (overlapping([ROW, other]) is not None) == meets


def test_the_rows_are_those_that_the_script_makes_of_the_published_table(data_dir: Path) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "norm_rows.py"))
    people = script["people_of"](data_dir / "bmclab_walk" / "H2A_stats_input_51subs.csv")
    assert len(people) == 51
    assert script["text_of"](script["rows_of"](people)) == TABLE.read_text(encoding="utf-8")
