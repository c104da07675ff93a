"""How often the sides are called different, counted beside the truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.agreement.change import Shown
from simgait.agreement.curve_change import VisitCurve, curve_side_difference
from simgait.benchmark import repeated_sides as room
from simgait.benchmark.repeated_sides import (
    SeenSides,
    false_side_percent,
    seen_sides,
    sides_power_table,
    sides_table,
    true_curves,
)
from simgait.compare.curve_change import CurveChange
from simgait.parameters.curves import CURVES
from simgait.synthetic.walkers.walk import walk
from tests.compare.walkers import DROP_DEG, even_walker, walked_visit, with_drop_foot

(KNEE,) = (curve for curve in CURVES if curve.coordinate == "knee_flexion")


def seen(found_deg: float, true_deg: float) -> SeenSides:
    right = VisitCurve(np.zeros((3, 101)), np.full(3, 2.0))
    left = VisitCurve(np.full((3, 101), found_deg), np.full(3, 2.0))
    found = curve_side_difference(left, right, np.full(101, 1.0))
    return SeenSides(CurveChange(KNEE, "both", found, (2.0, 2.0)), np.full(101, true_deg))


def test_curves_are_judged_as_they_are_and_less_the_truth() -> None:
    limped, wrong, right = seen(30.0, 30.0), seen(30.0, 0.0), seen(0.0, 1.0)
    assert limped.found.found.shown is Shown.CHANGED
    assert limped.alike.found.shown is Shown.NOT_SHOWN and limped.apart_deg == 30.0
    assert false_side_percent([limped, wrong, right, right]) == pytest.approx(25.0)
    lines = sides_table([limped, wrong, right, right]).splitlines()
    assert lines[2].startswith("| 0 to 2° | 0 of 0 | 1 of 3 | 0 of 0 | 1 of 3 | 1 of 3 | ")
    assert lines[-1].startswith("| 20° or more | 0 of 0 | 1 of 1 | 0 of 0 | 1 of 1 | 0 of 1 | ")
    assert np.isnan(false_side_percent([]))


def test_a_known_difference_is_added_to_what_is_less_the_truth() -> None:
    lines = sides_power_table([seen(30.0, 30.0)]).splitlines()
    assert lines[2] == "| 5° | – | 0 % | – | 0 % |"
    assert lines[-1] == "| 30° | – | 100 % | – | 100 % |"


def test_true_curves_are_those_of_the_walker() -> None:
    even, drops = (
        true_curves(walk(one, 6.0)) for one in (even_walker(), with_drop_foot(even_walker()))
    )
    for name in ("hip_flexion_deg", "knee_flexion_deg", "ankle_dorsiflexion_deg"):
        assert np.abs(even[f"left_{name}"] - even[f"right_{name}"]).max() < 5.0
    dropped = drops["left_ankle_dorsiflexion_deg"] - even["left_ankle_dorsiflexion_deg"]
    assert dropped.min() == pytest.approx(-DROP_DEG, abs=4.0)


def test_days_without_a_walk_are_left_out(tmp_path: Path, monkeypatch) -> None:
    """The first day of one person; the truth is that of the walks which the folder should hold."""
    spec = even_walker()
    walked_visit(tmp_path / "results", spec, 3)
    monkeypatch.setattr(room, "test_people", lambda _: [spec])
    monkeypatch.setattr(room, "day_code", lambda _, day: "P07" if day == 0 else "nobody")
    found = seen_sides(tmp_path, 1)
    assert len(found) == 8 and {one.found.side for one in found} == {"both"}
    assert max(one.apart_deg for one in found) < 6.0 and false_side_percent(found) == 0.0
    limping = replace(found[0], true_deg=found[0].true_deg + 40.0)
    assert limping.alike.found.shown is Shown.CHANGED
