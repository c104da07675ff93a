"""Two visits, from folders of results."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import simgait
from simgait.agreement.change import Shown
from simgait.cohort.visit_files import read_visit
from simgait.compare.curve_change import CURVES_HEADER
from simgait.compare.visit_change import HEADER, VisitChange, visit_change
from simgait.errors import InputError
from tests.visit_folders import visit_folder

SPEED, STANCE = ("velocity_mps", "both"), ("stance_percent", "left")
Paths = Callable[[str], Path]


@pytest.fixture
def at(tmp_path: Path) -> Paths:
    """A folder of that name."""
    return lambda name: tmp_path / name


def compared(before: Path, after: Path) -> VisitChange:
    """As the command does."""
    return visit_change(read_visit(before), read_visit(after))


def test_a_faster_person_is_changed_and_an_equal_stance_is_not(at: Paths) -> None:
    before = visit_folder(at("a"), [{SPEED: (1.0, 0.02), STANCE: (62.0, 2.0)}] * 2)
    after = visit_folder(at("b"), [{SPEED: (1.3, 0.02), STANCE: (62.5, 2.0)}] * 2)
    speed, stance = compared(before, after).numbers
    assert (speed.parameter.key, speed.change.shown, speed.matters) == (
        "velocity_mps", Shown.CHANGED, True,
    )  # fmt: skip
    assert speed.change.difference == pytest.approx(0.3)
    assert (speed.walks_before, speed.walks_after, speed.why) == (2, 2, "")
    assert (stance.pool, stance.change.shown, stance.matters) == ("left", Shown.NOT_SHOWN, False)
    assert len(speed.cells()) == len(HEADER)


def test_a_wide_interval_hides_the_same_change(at: Paths) -> None:
    before = visit_folder(at("a"), [{SPEED: (1.0, 0.16)}] * 2)
    after = visit_folder(at("b"), [{SPEED: (1.2, 0.16)}] * 2)
    (speed,) = compared(before, after).numbers
    assert speed.change.shown is Shown.NOT_SHOWN


def test_numbers_that_are_not_to_be_used_are_left_out_and_it_is_said(at: Paths) -> None:
    numbers = {SPEED: (1.0, 0.02), STANCE: (62.0, 2.0)}
    before = visit_folder(at("a"), [numbers], denied=("stance_percent", "left_knee_flexion"))
    found = compared(before, visit_folder(at("b"), [numbers]))
    stance = found.numbers[1]
    assert stance.change.shown is Shown.NOT_COMPARABLE
    assert stance.why == "it may be used in no walk of the first visit"
    left, right = found.curves
    assert (left.side, left.found.shown, left.is_in_both) == ("left", Shown.NOT_COMPARABLE, False)
    assert left.why == "it may be used in no walk of the first visit"
    assert (right.side, right.found.shown, right.why) == ("right", Shown.NOT_SHOWN, "")


def test_an_unknown_interval_is_not_comparable(at: Paths) -> None:
    folders = [visit_folder(at(name), [{SPEED: (1.0, math.nan)}]) for name in "ab"]
    (speed,) = compared(*folders).numbers
    assert speed.why == "how far off it may be is not known"


def test_curves_tell_where_they_differ_most(at: Paths) -> None:
    before = visit_folder(at("a"), [{SPEED: (1.0, 0.02)}])
    after = visit_folder(at("b"), [{SPEED: (1.0, 0.02)}], knee_deg=-6.0)
    left, _ = compared(before, after).curves
    assert left.largest[0] == pytest.approx(-6.0)
    assert left.half_widths == (4.0, 4.0)
    assert left.found.shown is Shown.NOT_SHOWN


def test_a_curve_says_where_in_the_cycle_it_changed(at: Paths) -> None:
    before = visit_folder(at("a"), [{SPEED: (1.0, 0.02)}])
    after = visit_folder(at("b"), [{SPEED: (1.0, 0.02)}], knee_deg=-22.0)
    left, _ = compared(before, after).curves
    assert (left.found.shown, left.matters) == (Shown.CHANGED, True)
    # One walk each: late in swing the person varies too much from walk to walk.
    assert left.found.spans[0][0] == 0 and not left.found.beyond[90]
    rows = list(left.rows())
    assert len(rows) == 101 and all(len(row) == len(CURVES_HEADER) for row in rows)
    first = dict(zip(CURVES_HEADER, rows[0], strict=True))
    assert (first["curve"], first["side"], first["percent"]) == ("knee_flexion", "left", 0)
    assert first["difference_deg"] == pytest.approx(-22.0)
    low, high = (float(str(first[f"difference_deg_{end}"])) for end in ("lo", "hi"))
    assert low < -22.0 < high < 0.0
    assert (first["beyond"], first["matters_deg"], first["shown"]) == ("yes", 5.0, "changed")


def test_notes_name_what_a_reader_must_know(at: Paths) -> None:
    one = [{SPEED: (1.0, 0.02)}]
    before = visit_folder(at("a"), one, person="", recorded_on="2026-05-01")
    after = visit_folder(at("b"), one, person="", recorded_on="2026-02-01")
    notes = "\n".join(compared(before, after).notes)
    for words in ("same person", "first visit was recorded after", "Each visit is one walk"):
        assert words in notes


def test_heights_that_legs_told_a_little_apart_are_one_height(at: Paths) -> None:
    walks = [{SPEED: (1.0, 0.02)}] * 2
    before = visit_folder(at("a"), walks, heights_m=(1.70, 1.71))
    grown = visit_folder(at("b"), walks, heights_m=(1.80, 1.82))
    notes = "\n".join(compared(before, grown).notes)
    assert "is 1.71 m tall in the first visit and 1.81 m in the second" in notes
    several = visit_folder(at("c"), walks, heights_m=(1.5, 1.8))
    assert not any("m tall" in note for note in compared(before, several).notes)


@pytest.mark.parametrize(
    ("scales", "words"),
    [
        ((1.05, 0.98), "second visit: lengths and speeds follow the height."),
        ((1.0, 0.98), "second visit: lengths and speeds of the second visit follow the height."),
        ((1.0, 1.0), "second visit: normal ranges of lengths and speeds follow the height, the"),
    ],
)
def test_only_lengths_that_were_scaled_follow_the_height(
    at: Paths, scales: tuple[float, float], words: str
) -> None:
    before, after = (
        visit_folder(at(name), [{SPEED: (1.0, 0.02)}], heights_m=(tall_m,), keypoint_scale=scale)
        for name, tall_m, scale in zip("ab", (1.75, 1.70), scales, strict=True)
    )
    assert words in "\n".join(compared(before, after).notes)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"person": "P08"}, "a is of P07, b of P08"),
        ({"policy": "b" * 64}, "different policies"),
        ({"reference": "d" * 64}, "scored against different healthy people"),
        ({"recordings": "a"}, "share 1 recording"),
    ],
)
def test_visits_that_cannot_be_compared_are_refused(
    at: Paths, other: dict[str, Any], words: str
) -> None:
    one = [{SPEED: (1.0, 0.02)}]
    before, after = visit_folder(at("a"), one), visit_folder(at("b"), one, **other)
    with pytest.raises(InputError, match=words):
        compared(before, after)


def test_a_folder_of_several_people_asks_whose(at: Paths) -> None:
    folder = visit_folder(at("a"), [{SPEED: (1.0, 0.02)}])
    visit_folder(at("a") / "more", [{SPEED: (1.0, 0.02)}], person="P08")
    (at("a") / "more" / "walk0").rename(at("a") / "walk8")
    with pytest.raises(InputError, match="2 people .P07, P08.; say whose with --person"):
        read_visit(folder)
    assert len(read_visit(folder, "P08").walks) == 1
    with pytest.raises(InputError, match="no walk of P09"):
        read_visit(folder, "P09")


def test_a_folder_without_walks_is_named(at: Paths) -> None:
    at("a").mkdir()
    with pytest.raises(InputError, match="a: holds no walk that simgait track has finished"):
        read_visit(at("a"))
    with pytest.raises(InputError, match="b: there is no such folder"):
        read_visit(at("b"))


def test_a_walk_s_own_folder_and_a_file_are_no_visit(at: Paths) -> None:
    folder = visit_folder(at("a"), [{SPEED: (1.0, 0.02)}])
    with pytest.raises(InputError, match="walk0: is one walk; name the folder of results above"):
        read_visit(folder / "walk0")
    with pytest.raises(InputError, match="parameters.csv: is a file"):
        read_visit(folder / "walk0" / "parameters.csv")


def test_a_walk_is_never_left_out_silently(at: Paths) -> None:
    folder = visit_folder(at("a"), [{SPEED: (1.0, 0.02)}] * 2)
    (folder / "walk1" / "walk.json").write_text('{"request":')
    with pytest.raises(InputError, match=r"a: walk1 has lost its walk\.json"):
        read_visit(folder)


def test_one_walk_beside_several_takes_their_spread(at: Paths) -> None:
    one = visit_folder(at("a"), [{SPEED: (1.0, 0.02)}])
    three = visit_folder(at("b"), [{SPEED: (1.0, 0.02)}] * 3, file_format="c3d")
    notes = "\n".join(compared(one, three).notes)
    assert "The first visit is one walk" in notes
    assert "is taken from the walks of the second" in notes
    assert "different kinds (npz; c3d)" in notes


@pytest.mark.parametrize(
    ("file", "words"),
    [("parameters.csv", "is not there"), ("mean_curves.csv", "is not there")],
)
def test_a_walk_without_its_tables_is_named(at: Paths, file: str, words: str) -> None:
    folder = visit_folder(at("a"), [{SPEED: (1.0, 0.02)}])
    (folder / "walk0" / file).unlink()
    with pytest.raises(InputError, match=f"walk0/{file}: {words}"):
        read_visit(folder)


def test_a_walk_without_a_gait_cycle_stops_no_visit(at: Paths) -> None:
    folder = visit_folder(at("a"), [{SPEED: (1.0, 0.02)}] * 2)
    path = folder / "walk0" / "mean_curves.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    first, second = read_visit(folder).walks
    assert not first.curves
    assert set(second.curves) == {"left_knee_flexion", "right_knee_flexion"}


def test_a_shortened_curve_is_named(at: Paths) -> None:
    folder = visit_folder(at("a"), [{SPEED: (1.0, 0.02)}])
    path = folder / "walk0" / "mean_curves.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:-3]) + "\n")
    with pytest.raises(InputError, match="right_knee_flexion has 98 of 101 points"):
        read_visit(folder)


def test_python_gets_the_same_table(at: Paths) -> None:
    before = visit_folder(at("a"), [{SPEED: (1.0, 0.02), STANCE: (62.0, 2.0)}] * 2)
    after = visit_folder(at("b"), [{SPEED: (1.3, 0.02), STANCE: (62.5, 2.0)}] * 2)
    table = simgait.compare_visits(before, after)
    assert list(table.columns) == list(HEADER)
    assert table["shown"].tolist() == ["changed", "not shown"]
    assert table["difference"].tolist() == pytest.approx([0.3, 0.5])
