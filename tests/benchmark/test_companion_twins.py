"""The three walks of the twins' table, and what stands where there is no twin."""

from __future__ import annotations

from unittest.mock import create_autospec

from simgait.benchmark.companion_twins import HEADER, twin_cases, twin_cells
from simgait.walk_stages import AnalysedWalk


def test_it_is_one_walker_crouched_and_not():
    crouch, normal, seen = twin_cases()
    assert crouch.spec == seen.spec and (crouch.monocular, seen.monocular) == (False, True)
    assert (crouch.spec.pattern, normal.spec.pattern) == ("crouch", "normal")
    assert crouch.spec.height_m == normal.spec.height_m


def test_a_walk_without_a_twin_has_dashes():
    tracked = create_autospec(AnalysedWalk, instance=True)
    tracked.twin, tracked.opinions = None, None
    cells = twin_cells(tracked)
    assert cells[0] == "no" and set(cells[1:]) == {"–"} and len(cells) == len(HEADER) - 1
