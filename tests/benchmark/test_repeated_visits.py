"""How often visits are called changed, counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.agreement.change import Change, Shown
from simgait.agreement.curve_change import VisitCurve, curve_difference
from simgait.benchmark import repeated_sides
from simgait.benchmark import repeated_visits as room
from simgait.benchmark.repeated_visits import (
    SHORTER,
    Compared,
    curve_power_table,
    curve_table,
    false_curve_percent,
    false_percent,
    power_table,
)
from simgait.cli import main
from simgait.compare.curve_change import CurveChange
from simgait.compare.visit_change import NumberChange
from simgait.parameters.catalogue import parameter
from simgait.parameters.curves import CURVES
from simgait.recordings.read import read_recording
from simgait.synthetic.walkers.specification import draw_walker


def compared(shorter: float, shown: Shown, difference: float = 0.0) -> Compared:
    change = Change(1.0, 1.0 + difference, difference, 0.1, shown, 0.05)
    row = NumberChange(parameter("velocity_mps"), "both", change, 3, 3)
    return Compared(shorter, -shorter, (row,))


def test_numbers_called_changed_are_counted_by_size() -> None:
    found = [compared(0.0, Shown.NOT_SHOWN) for _ in range(3)]
    found += [compared(0.0, Shown.CHANGED), compared(0.0, Shown.NOT_COMPARABLE)]
    found += [compared(0.2, Shown.CHANGED, -0.1), compared(0.2, Shown.CHANGED, -0.1)]
    assert false_percent(found) == pytest.approx(25.0)
    lines = power_table(found).splitlines()
    assert lines[2].startswith("| 0 % | 5 | 1 of 4 | 0 of 0 | 0 of 0 | 1 of 4 |")
    assert lines[2 + SHORTER.index(0.2)].startswith("| 20 % | 2 | 2 of 2 |")


def test_the_slope_is_that_of_the_measured_difference_on_the_true_one() -> None:
    found = [compared(one, Shown.NOT_SHOWN, -0.7 * one) for one in SHORTER]
    assert power_table(found).splitlines()[-1].endswith("| 0.70 |")
    assert power_table(found[:1]).splitlines()[-1].endswith("| – |")


def of_curve(shorter: float, shift_deg: float) -> Compared:
    walks = VisitCurve(np.zeros((3, 101)), np.full(3, 4.0))
    other = VisitCurve(np.full((3, 101), shift_deg), np.full(3, 4.0))
    found = curve_difference(walks, other, np.full(101, 2.0))
    (knee,) = (curve for curve in CURVES if curve.coordinate == "knee_flexion")
    return Compared(shorter, -shorter, (), (CurveChange(knee, "left", found, (4.0, 4.0)),))


def test_whole_curves_called_changed_are_counted_by_size() -> None:
    found = [of_curve(0.0, 0.0), of_curve(0.0, 0.0), of_curve(0.3, 40.0)]
    lines = curve_table(found).splitlines()
    assert lines[2].startswith("| 0 % | 2 | 0 of 0 | 0 of 2 | 0 of 0 | 0 of 2 | ")
    assert lines[-1].startswith("| 30 % | 1 | 0 of 0 | 1 of 1 | 0 of 0 | 1 of 1 | ")
    assert false_curve_percent(found) == 0.0
    assert np.isnan(false_curve_percent(found[2:]))


def test_a_known_change_is_added_to_unchanged_curves() -> None:
    lines = curve_power_table([of_curve(0.0, 0.0), of_curve(0.3, 40.0)]).splitlines()
    assert lines[2] == "| 5° | – | 0 % | – | 0 % |"
    assert lines[-1] == "| 30° | – | 100 % | – | 100 % |"


def test_without_a_number_to_judge_no_share_is_told() -> None:
    assert np.isnan(false_percent([compared(0.0, Shown.NOT_COMPARABLE)]))


def test_days_differ_by_what_their_steps_are_shorter() -> None:
    spec = draw_walker(5, "normal")
    usual, short = (room._varied(spec, by, np.random.default_rng(1)) for by in (0.0, 0.2))
    assert short.speed_mps == pytest.approx(0.8 * usual.speed_mps)
    assert short.step_time_s == usual.step_time_s != spec.step_time_s


def test_each_day_has_a_file_that_names_no_detector(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(room, "WALKS", 1)
    monkeypatch.setattr(room, "SHORTER", (0.1,))
    room._write_person(tmp_path, 0, draw_walker(5, "normal"))
    first, last = (read_recording(path) for path in sorted(tmp_path.iterdir()))
    assert (first.subject_id, last.subject_id) == ("P000d0", "P000d1")
    assert first.error_model == "" and not np.array_equal(first.keypoints_m, last.keypoints_m)
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    room._write_person(tmp_path, 0, draw_walker(6, "normal"))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept


def test_the_command_prints_table_and_bar(monkeypatch, capsys) -> None:
    found = [compared(0.0, Shown.NOT_SHOWN), compared(0.3, Shown.CHANGED, -0.3)]
    monkeypatch.setattr(room, "compared_visits", lambda *_: found)
    monkeypatch.setattr(repeated_sides, "seen_sides", lambda *_: [])
    assert main(["benchmark", "compare", "--people", "1"]) == 0
    out = capsys.readouterr().out
    assert "| 30 % | 1 | 1 of 1 |" in out
    assert "unchanged numbers called changed: 0.0 % (bar 5 %)" in out
    assert "unchanged curves called changed: nan % (bar 5 %)" in out
    assert "curves of sides, less the truth, called different: nan % (bar 5 %)" in out
    assert main(["benchmark", "compare", "--people", "0"]) == 1
