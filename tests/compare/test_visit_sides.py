"""Left and right of one visit, from a folder of results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.agreement.change import Shown, VisitNumber, side_difference
from simgait.cohort.visit_files import read_visit
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


def test_errors_of_both_sides_are_added_up(tmp_path: Path) -> None:
    """Each alone would show the difference; together they may hide it."""
    walks = [{LEFT: (0.66, 0.05), RIGHT: (0.58, 0.05)}] * 3
    (step,) = visit_sides(read_visit(visit_folder(tmp_path / "a", walks))).numbers
    assert step.verdict == "not shown" and not step.matters
    # Independent errors would reach 0.06 / 1.64 * 1.96 * √2; those that add up reach twice 0.06.
    assert step.change.detectable > 2 * 0.05 / 1.645 * 1.96


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
