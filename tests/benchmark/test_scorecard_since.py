"""What got worse since an earlier scorecard: which rows count, and what is no scorecard."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from simgait.benchmark.scorecard_page import Run, page
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.scorecard_since import Told, read_rows, since, since_text
from simgait.errors import InputError

RUN = Run("simgait scorecard", "2026-11-29", "0" * 12, 2, "Linux", "`default`", "f" * 64, "")


@pytest.mark.parametrize(
    ("name", "unit", "was", "now", "worse"),
    [
        ("velocity RMSE, gate, wide-v1", "m/s", 0.060, 0.067, True),
        ("velocity RMSE, gate, wide-v1", "m/s", 0.060, 0.065, False),
        ("velocity RMSE, gate, wide-v1", "m/s", 0.060, 0.030, False),
        ("stance bias, gate, wide-v1", "% of cycle", 1.0, -1.2, True),
        ("velocity bias, exact", "m/s", 0.0001, -0.004, False),
        ("velocity bias, exact", "m/s", 0.0001, -0.006, True),
        ("hip RMSE debiased, CMU", "°", 0.2, 0.3, True),
        ("IC missed, exact", "events", 0.0, 1.0, True),
        ("slope of velocity, gate, wide-v1", "1", 1.04, 0.94, True),
        ("slope of velocity, gate, wide-v1", "1", 0.60, 1.39, False),
        ("slope of velocity, gate, wide-v1", "1", 1.00, 1.01, False),
        ("stance slope on truth, wide-v1", "1", 0.49, 0.22, True),
        ("90 % intervals hold, less 90: speed, wide-v1", "points", 2.0, -4.0, True),
        ("RMSE, real", "m/s", 0.05, math.nan, True),
    ],
)
def test_an_error_counts_by_its_size_and_a_slope_by_its_distance_from_one(
    name: str, unit: str, was: float, now: float, worse: bool
) -> None:
    compared = since([Told(name, was, unit)], [Told(name, now, unit)])
    assert (len(compared.worse), compared.n_compared) == (int(worse), 1)
    assert all((one.was, one.name) == (was, name) for one in compared.worse)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("one 10 s trial, wall time", "s"),
        ("64 trials of 10 s together", "× real time (at least)"),
        ("stance slope that a perfect estimate would reach, real", "1"),
        ("IC too near the ends to count, real", "events"),
    ],
)
def test_times_and_what_tells_of_the_truth_are_no_errors(name: str, unit: str) -> None:
    compared = since([Told(name, 1.0, unit)], [Told(name, 3.0, unit)])
    assert (compared.n_compared, compared.worse, compared.gone) == (0, (), ())


def test_rows_that_are_gone_are_named_and_new_ones_are_not_compared() -> None:
    before = [Told("hip RMSE, real", 2.0, "°"), Told("knee RMSE, real", 2.0, "°")]
    compared = since(before, [Row("knee RMSE, real", 2.5, "°", 3), Row("new RMSE", 9.0, "°", 3)])
    assert compared.gone == ("hip RMSE, real",)
    text = since_text(compared, "old.md")
    assert "knee RMSE, real  2    2.5  °" in text and "new RMSE" not in text
    assert "1 of 1 rows" in text and text.endswith("has not: hip RMSE, real.")


def test_a_page_and_its_rows_as_json_hold_the_same(tmp_path: Path) -> None:
    rows = [
        Row("hip RMSE, real", 4.25, "°", 3, 5.0),
        Row("FO bias, real", -0.5, "ms", 3),
        Row("knee RMSE, real", math.nan, "°", 0, 5.0),
        Row("full disk", math.nan, "1", 1, 1.0, not_asked="needs Linux"),
    ]
    table = "| through | number |\n|---|---|\n| wide-v1 | 3 |"
    (tmp_path / "old.md").write_text(page(RUN, rows, [("Intervals", table)], "None."), "utf-8")
    listed = json.dumps([row.as_json() for row in rows])
    (tmp_path / "old.json").write_text(listed, "utf-8")
    of_page, of_json = (read_rows(tmp_path / f"old.{kind}") for kind in ("md", "json"))
    by_name = sorted((row.name, row.unit, str(row.value)) for row in of_json)
    assert sorted((row.name, row.unit, str(row.value)) for row in of_page) == by_name
    assert [name for name, _, _ in by_name] == [
        "FO bias, real",
        "hip RMSE, real",
        "knee RMSE, real",
    ]
    assert not since(of_json, of_page).worse


@pytest.mark.parametrize(
    "text",
    [
        "# Notes\n\n| what | value |\n|---|---|\n| hip | 3 |\n",
        '{"name": "hip", "value": 3, "unit": "m"}',
        '[{"name": "hip", "value": "three", "unit": "m"}]',
        "[]",
        "[1]",
    ],
)
def test_what_is_no_scorecard_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"notes\.md: is no scorecard; give the page"):
        read_rows(tmp_path / "notes.md")


def test_a_broken_list_and_no_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text('[{"name": ', "utf-8")
    with pytest.raises(InputError, match=r"rows\.json"):
        read_rows(tmp_path / "rows.json")
    with pytest.raises(InputError, match="there is no such file"):
        read_rows(tmp_path / "none.md")
