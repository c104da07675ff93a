"""Three visits or more, from folders of results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from simgait.agreement.change import Shown
from simgait.cohort.visit_files import read_visit
from simgait.compare.curve_change import PAIRED_HEADER
from simgait.compare.visit_change import visit_change
from simgait.compare.visit_trend import HEADER, VisitTrend, cells, curve_cells, visit_trend
from simgait.errors import InputError
from simgait.parameters.catalogue import parameters
from tests.visit_folders import visit_folder

Numbers = Mapping[tuple[str, str], tuple[float, float]]
SPEED, STANCE = ("velocity_mps", "both"), ("stance_percent", "left")


def trend(
    tmp_path: Path, speeds: Sequence[float], days: Sequence[str] = ("", "", "")
) -> VisitTrend:
    folders = [
        visit_folder(tmp_path / f"v{n}", [{SPEED: (speed, 0.02)}] * 2, recorded_on=day)
        for n, (speed, day) in enumerate(zip(speeds, days, strict=True))
    ]
    return visit_trend([read_visit(folder) for folder in folders])


def test_every_later_visit_is_compared_with_the_first(tmp_path: Path) -> None:
    found = trend(tmp_path, (1.0, 1.02, 1.4))
    (speed,) = found.numbers
    first, second, third = speed.visits
    assert first.change is None and first.mean == 1.0 and first.half_width == pytest.approx(0.02)
    assert second.change is not None and second.change.shown is Shown.NOT_SHOWN
    assert third.change is speed.last and speed.last.shown is Shown.CHANGED and speed.matters
    pair = visit_change(found.visits[0], found.visits[2]).numbers[0].change
    assert speed.last == pair


def test_dates_place_visits_only_where_all_have_one_and_follow_each_other(tmp_path: Path) -> None:
    days = ("2026-01-05", "2026-03-05", "2026-09-05")
    assert trend(tmp_path / "a", (1, 1, 1), days).dates == days
    assert trend(tmp_path / "b", (1, 1, 1), (days[0], "", days[2])).dates == ()
    turned = trend(tmp_path / "c", (1, 1, 1), (days[2], days[1], days[0]))
    assert turned.dates == () and any("order of their dates" in note for note in turned.notes)


def test_a_number_that_a_visit_lacks_is_not_comparable_there(tmp_path: Path) -> None:
    folders = [
        visit_folder(tmp_path / name, [{SPEED: (1.0, 0.02), **more}])
        for name, more in (("a", {STANCE: (60.0, 1.0)}), ("b", {}), ("c", {STANCE: (61.0, 1.0)}))
    ]
    found = visit_trend([read_visit(folder) for folder in folders])
    stance = found.numbers[1]
    assert [visit.walks for visit in stance.visits] == [1, 0, 1]
    assert [v.change.shown.value for v in stance.visits if v.change] == [
        "not comparable", "not shown",
    ]  # fmt: skip
    rows = list(cells(found))
    assert len(rows) == 6 and all(len(row) == len(HEADER) for row in rows)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ({STANCE: (60.0, 1.0)}, {STANCE: (61.0, 1.0)}, ""),
        ({STANCE: (60.0, 1.0)}, {}, "it may be used in no walk of the last visit"),
        ({}, {STANCE: (61.0, 1.0)}, "it may be used in no walk of the first visit"),
        ({STANCE: (60.0, math.nan)}, {STANCE: (61.0, 1.0)}, "how far off it may be is not known"),
    ],
)
def test_why_the_last_visit_cannot_be_compared_with_the_first(
    first: Numbers, last: Numbers, why: str, tmp_path: Path
) -> None:
    folders = [
        visit_folder(tmp_path / name, [{SPEED: (1.0, 0.02), **more}])
        for name, more in (("a", first), ("b", {STANCE: (60.0, 1.0)}), ("c", last))
    ]
    found = visit_trend([read_visit(folder) for folder in folders])
    assert [row.why_last for row in found.numbers] == ["", why]


def test_one_walk_each_of_what_varies_as_nobody_knows_says_so(tmp_path: Path) -> None:
    one = next(p for p in parameters() if p.walk_sd is None)
    number: Numbers = {(one.key, one.pools[0]): (1.0, 0.02)}
    folders = [visit_folder(tmp_path / name, [number]) for name in "abc"]
    (row,) = visit_trend([read_visit(folder) for folder in folders]).numbers
    assert row.why_last == "one walk each, and how much it varies between walks is not known"


def test_curves_have_rows_of_each_later_visit_with_the_first(tmp_path: Path) -> None:
    walks = [{SPEED: (1.0, 0.02)}] * 2
    folders = [visit_folder(tmp_path / f"v{n}", walks, knee_deg=30.0 * (n == 2)) for n in range(3)]
    found = visit_trend([read_visit(folder) for folder in folders])
    rows = [dict(zip(PAIRED_HEADER, row, strict=True)) for row in curve_cells(found)]
    assert len(rows) == 2 * 3 * 101
    said = {(row["pair"], row["side"], row["shown"]) for row in rows}
    assert said == {
        ("visit 2 less visit 1", "left", "not shown"),
        ("visit 2 less visit 1", "right", "not shown"),
        ("visit 3 less visit 1", "left", "changed"),
        ("visit 3 less visit 1", "right", "changed"),
        ("visit 2 less visit 3", "left", "changed"),
        ("visit 2 less visit 3", "right", "changed"),
    }
    assert {row["difference_deg"] for row in rows} == {0.0, 30.0, -30.0}


def test_a_curve_that_a_visit_lacks_says_which(tmp_path: Path) -> None:
    walks = [{SPEED: (1.0, 0.02)}]
    folders = [
        visit_folder(tmp_path / f"v{n}", walks, denied=("left_knee_flexion",) * (n == 2))
        for n in range(3)
    ]
    left, right = visit_trend([read_visit(folder) for folder in folders]).curves
    assert left.last.why == "it may be used in no walk of visit 3"
    assert [one.found.shown.value for one in left.changes] == ["not shown", "not comparable"]
    assert right.last.why == "" and not np.isnan(right.means).any()


def test_two_visits_are_no_trend_and_any_two_must_be_comparable(tmp_path: Path) -> None:
    visits = [
        read_visit(visit_folder(tmp_path / name, [{SPEED: (1.0, 0.02)}], recordings=recording))
        for name, recording in (("a", "x"), ("b", "y"), ("c", "y"))
    ]
    with pytest.raises(InputError, match="2 visits are no trend; give 3 or more"):
        visit_trend(visits[:2])
    with pytest.raises(InputError, match="b and c share 1 recording"):
        visit_trend(visits)
