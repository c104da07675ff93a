"""Slopes of estimated on true numbers over clips."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simgait.benchmark.detector_errors import Errors
from simgait.benchmark.film_scores import ClipScore
from simgait.benchmark.filmed_views import ViewScore
from simgait.benchmark.lift_slopes import slope_table
from tests.benchmark.rendered import small_truth


@pytest.fixture(scope="module")
def scores():
    """Four clips whose speed is estimated at half of what it is above 1 m/s, steps exactly."""
    truth, nan = small_truth(), float("nan")
    out = []
    for true in (0.6, 1.0, 1.2, 1.6):
        known = replace(truth, speed_mps=true, step_length_m=true / 2)
        error = -0.5 * (true - 1.0)
        fit = ViewScore("sagittal", "batch fit", nan, error, nan, "", nan, nan, 0.0)
        out.append(ClipScore(known, Errors(1.0), "", None, fit))
    return out


def rows_of(scores):
    lines = slope_table(scores).splitlines()[2:]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {(row[0], row[1]): row[2:] for row in cells}


def test_slopes_say_how_much_of_a_change_is_followed(scores):
    rows = rows_of(scores)
    assert rows["speed, m/s", "batch fit"] == ["4", "0.60 to 1.60", "0.50", "1.00"]
    assert rows["step length, m", "batch fit"] == ["4", "0.30 to 0.80", "1.00", "1.00"]


def test_too_few_clips_and_methods_without_any_have_no_slope(scores):
    assert rows_of(scores)["speed, m/s", "first guess"] == ["0", "–", "–", "–"]
    assert rows_of(scores[:3])["speed, m/s", "batch fit"] == ["3", "–", "–", "–"]
