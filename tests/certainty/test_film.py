from __future__ import annotations

from dataclasses import replace

import pytest

from simgait.certainty.film import WIDER, wider
from simgait.certainty.terms import Measured
from simgait.certainty.widths import released_widths
from tests.certainty.conditions import GOOD


def test_film_is_never_surer_than_a_detectors_points() -> None:
    assert all(factor >= 1.0 for factor in WIDER.values())
    assert wider("velocity_mps, both") == 1.0


def test_every_number_of_film_has_a_formula_to_widen() -> None:
    assert set(WIDER) <= set(released_widths().coefficients["detector"])


def test_markers_are_not_widened_as_film_is() -> None:
    stance, widths = Measured(60.0, 5), released_widths()
    film = replace(GOOD, filmed=1.0)
    name = "stance_percent, both"
    assert widths.half_width(name, film, stance) == pytest.approx(
        wider(name) * widths.half_width(name, GOOD, stance)
    )
    marked = replace(GOOD, measured=1.0)
    assert widths.half_width(name, replace(marked, filmed=1.0), stance) == widths.half_width(
        name, marked, stance
    )
