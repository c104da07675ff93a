"""What a perfect estimate reaches on a truth that has errors of its own."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.benchmark.follow_rows import slope_on_truth
from simgait.benchmark.truth_errors import attainable_slope


def test_it_is_the_slope_that_a_perfect_estimate_has() -> None:
    rng = np.random.default_rng(3)
    people = rng.normal(60.0, 2.0, 20_000)
    told = people + rng.normal(0.0, 1.5, 20_000)
    slope = slope_on_truth(np.stack([told, people], axis=1))
    assert attainable_slope(told, 1.5) == pytest.approx(slope, abs=0.02)
    assert slope == pytest.approx(4.0 / 6.25, abs=0.02)


def test_it_is_between_nothing_and_one_and_needs_people_who_differ() -> None:
    alike = np.array([60.0, 60.1, 60.2])
    assert attainable_slope(alike, 1.5) == 0.0
    assert attainable_slope(np.array([57.0, 60.0, 63.0]), 0.0) == 1.0
    assert np.isnan(attainable_slope(np.array([57.0, 63.0]), 1.0))
    assert np.isnan(attainable_slope(np.array([60.0, 60.0, 60.0]), 1.0))
