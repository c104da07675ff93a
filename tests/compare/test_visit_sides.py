"""Left and right of one visit, from a folder of results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.agreement.change import Shown, VisitNumber, side_difference
from simgait.cohort.visit_files import read_visit
from simgait.compare.curve_change import PAIRED_HEADER, paired_rows
from simgait.compare.visit_sides import HEADER, visit_sides
from tests.visit_folders import visit_folder

LEFT, RIGHT = ("step_length_m", "left"), ("step_length_m", "right")
ONLY_LEFT = ("stance_percent", "left")


def test_a_longer_side_is_named_and_one_side_alone_is_left_out(tmp_path: Path) -> None:
    walks = [{LEFT: (0.70, 0.01), RIGHT: (0.55, 0.01), ONLY_LEFT: (60.0, 1.0)}] * 3
    found = visit_sides(read_visit(visit_folder(tmp_path / "a", walks)))
    (step,) = found.numbers
    assert (step.verdict, step.matters, step.walks) == ("left greater", True, 3)
    assert step.change.difference == pytest.approx(0.15)
    assert len(step.cells()) == len(HEADER)
    assert [one.curve.coordinate for one in found.curves] == ["knee_flexion"]


def test_a_curve_says_where_the_sides_are_apart(tmp_path: Path) -> None:
    hump = 30.0 * np.exp(-0.5 * ((np.arange(101) - 70.0) / 8.0) ** 2)
    curves = {"left_knee_flexion": hump, "right_knee_flexion": np.zeros(101)}
    folder = visit_folder(tmp_path / "a", [{LEFT: (0.7, 0.01)}] * 3, curves=[curves])
    (knee,) = visit_sides(read_visit(folder)).curves
    assert (knee.side, knee.verdict, knee.matters) == ("both", "different", True)
    ((first, last),) = knee.found.spans
    assert 55 < first < 70 < last < 85 and knee.largest[1] == 70
    assert knee.found.after == pytest.approx(hump, abs=1e-6)
    rows = [dict(zip(PAIRED_HEADER, row, strict=True)) for row in paired_rows("l - r", [knee])]
    assert len(rows) == 101 and {row["pair"] for row in rows} == {"l - r"}
    assert {(row["side"], row["shown"], row["why"]) for row in rows} == {("both", "different", "")}
    assert (rows[70]["beyond"], rows[70]["before_deg"], rows[70]["after_deg"]) == ("yes", 0.0, 30.0)


def test_a_curve_of_one_side_alone_is_left_out(tmp_path: Path) -> None:
    folder = visit_folder(tmp_path / "a", [{LEFT: (0.7, 0.01)}], denied=("left_knee_flexion",))
    assert visit_sides(read_visit(folder)).curves == ()


def test_errors_of_both_sides_are_added_up(tmp_path: Path) -> None:
    """Each alone would show the difference; together they may hide it."""
    walks = [{LEFT: (0.66, 0.05), RIGHT: (0.58, 0.05)}] * 3
    (step,) = visit_sides(read_visit(visit_folder(tmp_path / "a", walks))).numbers
    assert step.verdict == "not shown" and not step.matters
    # Independent errors would reach 0.06 / 1.64 * 1.96 * √2; those that add up reach twice 0.06.
    assert step.change.detectable > 2 * 0.05 / 1.645 * 1.96


def test_what_rests_on_fewer_walks_is_said(tmp_path: Path) -> None:
    both = {LEFT: (0.70, 0.01), RIGHT: (0.55, 0.01)}
    (alone,) = visit_sides(read_visit(visit_folder(tmp_path / "a", [both]))).notes
    assert alone.startswith("The visit is one walk")
    walks = [both, both, {LEFT: (0.70, 0.01)}]
    (fewer,) = visit_sides(read_visit(visit_folder(tmp_path / "b", walks))).notes
    assert fewer.startswith("1 number of both sides may be used in fewer than the 3 walks")
    assert visit_sides(read_visit(visit_folder(tmp_path / "c", [both] * 2))).notes == ()


@pytest.mark.parametrize("together", [-1.0, 0.0, 1.0])
def test_of_equal_sides_few_are_called_different_however_errors_go_together(
    together: float,
) -> None:
    """Drawn visits of known truth, the typical SD being the true one."""
    rng = np.random.default_rng(3)
    wrong, n, measuring_sd, walk_sd = 0, 600, 0.02, 0.028
    for _ in range(n):
        shared = rng.standard_normal()
        apart = together * shared + np.sqrt(1.0 - together**2) * rng.standard_normal()
        left = 0.6 + measuring_sd * shared + walk_sd * rng.standard_normal(3)
        right = 0.6 + measuring_sd * apart + walk_sd * rng.standard_normal(3)
        halves = np.full(3, 1.645 * measuring_sd)
        found = side_difference(VisitNumber(left, halves), VisitNumber(right, halves), walk_sd)
        wrong += found.shown is Shown.CHANGED
    assert wrong / n <= 0.07


def test_without_intervals_sides_are_not_compared(tmp_path: Path) -> None:
    walks = [{LEFT: (0.7, float("nan")), RIGHT: (0.5, float("nan"))}]
    (step,) = visit_sides(read_visit(visit_folder(tmp_path / "a", walks))).numbers
    assert step.verdict == "not comparable"
