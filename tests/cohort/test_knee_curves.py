"""The knees that the page of many walks shows are those of the walks' own files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.cohort.knee_curves import knee_curves
from tests.visit_folders import visit_folder

NOTHING: frozenset[str] = frozenset()


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    return visit_folder(tmp_path / "v", [{("velocity_mps", "both"): (1.0, 0.1)}]) / "walk0"


def test_both_knees_are_read_at_equal_steps(walk: Path) -> None:
    knees = knee_curves(walk, NOTHING)
    expected = 30.0 - 25.0 * np.cos(2.0 * np.pi * np.linspace(0.0, 1.0, 26))
    assert set(knees) == {"left", "right"}
    assert np.allclose(knees["left"], expected)


def test_a_curve_that_is_not_to_be_used_is_left_out(walk: Path) -> None:
    assert set(knee_curves(walk, frozenset({"left_knee_flexion_deg"}))) == {"right"}


def test_a_curve_that_its_own_file_denies_is_left_out(walk: Path) -> None:
    head, *rows = (walk / "mean_curves.csv").read_text().splitlines()
    levels = {"left_knee_flexion": "rough", "right_knee_flexion": "do_not_use"}
    said = [",".join([*row.split(",")[:5], levels.get(row.split(",")[0], "use")]) for row in rows]
    (walk / "mean_curves.csv").write_text("\n".join([f"{head},level", *said]) + "\n")
    assert set(knee_curves(walk, NOTHING)) == {"left"}


def test_a_file_that_is_gone_or_another_gives_none(walk: Path, tmp_path: Path) -> None:
    assert knee_curves(tmp_path / "nowhere", NOTHING) == {}
    for text in ("", "curve,value\nleft_knee_flexion,3\n"):
        (walk / "mean_curves.csv").write_text(text)
        assert knee_curves(walk, NOTHING) == {}
    head = "curve,percent,mean_deg,mean_deg_lo,mean_deg_hi"
    (walk / "mean_curves.csv").write_text(f"{head}\nleft_knee_flexion,0,,,\n")
    assert knee_curves(walk, NOTHING) == {}
    for more in ("", ",level"):  # walks of before it was written have no level
        (walk / "mean_curves.csv").write_text(f"{head}{more}\nleft_knee_flexion,0,3.5,1.0,6.0\n")
        assert knee_curves(walk, NOTHING) == {"left": (3.5,)}
