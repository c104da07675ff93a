"""How often a curve's half-width without its zero holds its range, of drawn errors."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest

from simgait.benchmark.interval_records import Kept
from simgait.benchmark.range_coverage import range_table
from simgait.certainty.terms import Measured
from simgait.certainty.widths import curve_name, released_widths
from tests.certainty.conditions import GOOD

HIP = "hip_flexion_deg"
CYCLES = 4


def kept(person: str, errors_deg: np.ndarray, through: str = "wide-v1") -> Kept:
    marked = replace(GOOD, measured=float(through == "markers"))
    return Kept(
        person=person, people="unseen people", through=through, distance_said=False,
        conditions=asdict(marked), numbers={}, curves_deg={HIP: {"left": errors_deg.tolist()}},
        cycles={"left": CYCLES, "right": CYCLES}, events_ms={},
    )  # fmt: skip


def row(*records: Kept) -> list[str]:
    """Cells of the one row there is."""
    (line,) = range_table(records, released_widths()).splitlines()[2:]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_an_offset_is_no_error_of_a_range() -> None:
    half = released_widths().half_width(curve_name(HIP), GOOD, Measured(0.0, CYCLES))
    cells = row(kept("a", np.full(21, 40.0)))
    assert cells[:6] == ["wide-v1", HIP, "1", "1", "100", "0.0"]
    assert float(cells[6]) == pytest.approx(half, abs=0.05)  # without the 8.2 degrees


def test_a_person_counts_as_much_as_the_next() -> None:
    wrong = np.where(np.arange(21) < 12, -40.0, 40.0)
    walks = [kept("a", np.zeros(21)), *[kept("b", wrong)] * 3]
    assert row(*walks)[2:5] == ["2", "4", "50"]
    assert row(*walks, kept("c", np.full(21, np.nan)))[2:5] == ["2", "4", "50"]


def test_each_detector_has_a_row() -> None:
    walks = [kept("a", np.zeros(21)), kept("a", np.zeros(21), "markers")]
    assert len(range_table(walks, released_widths()).splitlines()) == 4
