"""A person's own pelvis is in the interval of what is told from its bony landmarks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simgait.certainty.intervals import with_intervals
from simgait.certainty.pelvic_zero import FROM_THE_SPINES, pelvic_zero_half_width_deg
from simgait.certainty.widths import released_widths
from simgait.gait.analyse import analyse_rollout
from simgait.parameters.curves import CURVES
from tests.certainty.conditions import GOOD
from tests.report.conftest import make_walk

MARKERS, FILM = replace(GOOD, measured=1.0), replace(GOOD, filmed=1.0)
HIP = "hip_flexion_deg"
OF_30_PELVES_DEG = 8.22
"""1.645 SDs of 5°."""


def test_a_detector_knows_no_spines() -> None:
    assert pelvic_zero_half_width_deg("hip_flexion_deg", GOOD) == pytest.approx(8.22, abs=0.01)
    assert pelvic_zero_half_width_deg("pelvis_tilt_deg", GOOD) == pytest.approx(8.22, abs=0.01)
    assert pelvic_zero_half_width_deg("knee_flexion_deg", GOOD) == 0.0
    for known in (MARKERS, FILM):
        assert pelvic_zero_half_width_deg("hip_flexion_deg", known) == 0.0


def test_every_such_curve_is_one_of_the_catalogue() -> None:
    assert {curve.key for curve in CURVES} >= set(FROM_THE_SPINES)


def test_the_interval_of_a_walk_holds_it_beside_its_formula() -> None:
    result = analyse_rollout(make_walk(8.0)[1])
    known = released_widths()
    of_detector = with_intervals(result, GOOD, known).certainty
    of_film = with_intervals(result, replace(GOOD, filmed=1.0), known).certainty
    of_markers = with_intervals(result, MARKERS, known).certainty
    assert of_detector and of_film and of_markers
    hip = of_detector.curves_deg["left_hip_flexion_deg"]
    assert hip > OF_30_PELVES_DEG > of_markers.curves_deg["left_hip_flexion_deg"]
    assert set(of_detector.zeros_deg) == {
        f"{side}_{key}" for side in ("left", "right") for key in FROM_THE_SPINES
    }
    assert set(of_detector.zeros_deg.values()) == {pelvic_zero_half_width_deg(HIP, GOOD)}
    assert not of_film.zeros_deg and not of_markers.zeros_deg
    # Of film the formula alone is widened; a knee has no such zero and is widened as much.
    formula = (hip**2 - pelvic_zero_half_width_deg("hip_flexion_deg", GOOD) ** 2) ** 0.5
    assert of_film.curves_deg["left_hip_flexion_deg"] > formula
