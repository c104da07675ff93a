"""Half-widths from tracked walks, and how often they hold; no walk is tracked here."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest

from simgait.benchmark.interval_coverage import ALL, coverage, coverage_rows, coverage_table
from simgait.benchmark.interval_fit import errors_by_number, fitted_widths
from simgait.benchmark.interval_records import Kept
from simgait.benchmark.interval_walks import MARKERS, WALKERS
from simgait.certainty.terms import TERMS
from simgait.synthetic.detectors.named import DETECTORS
from tests.certainty.conditions import GOOD


def drawn(n_people: int, people: str, seed: int) -> list[Kept]:
    """Walks whose speeds err by 0.02 m/s as markers and by as much as their spread else."""
    rng = np.random.default_rng(seed)
    records = []
    for person in range(n_people):
        for through in (MARKERS, *DETECTORS):
            measured = through == MARKERS
            spread = float(rng.uniform(0.02, 0.12))
            sd = 0.02 if measured else spread
            true = float(rng.uniform(0.8, 1.4))
            found = true * (1.0 + sd * rng.normal())
            conditions = replace(
                GOOD, measured=float(measured), travel_spread=0.0 if measured else spread
            )
            records.append(
                Kept(
                    person=f"{people} {person}",
                    people=people,
                    through=through,
                    distance_said=False,
                    conditions=asdict(conditions),
                    numbers={"velocity_mps": {"both": (true, found, 4)}},
                    curves_deg={"knee_flexion_deg": {"left": (3.0 * rng.normal(size=21)).tolist()}},
                    ranges_deg={},
                    cycles={"left": 4, "right": 4},
                    events_ms={"initial_contact": (10.0 * rng.normal(size=7)).tolist()},
                )
            )
    return records


FITTED = [*drawn(40, WALKERS, 1), *drawn(25, "training people", 2)]


@pytest.mark.slow
def test_a_scale_that_is_less_known_makes_speed_wider_and_intervals_hold() -> None:
    widths = fitted_widths(FITTED, "ab", {"walks": len(FITTED)})
    scale = [term.name for term in TERMS].index("scale")
    assert widths.coefficients["detector"]["velocity_mps, both"][scale] > 0.5
    assert set(widths.left_out) == set(DETECTORS)
    found = coverage(drawn(200, "unseen people", 3), widths)
    speeds = [one for one in found if one.name == "velocity_mps, both"]
    assert [one.through for one in speeds] == [MARKERS, *sorted(DETECTORS)]
    assert all(83.0 < one.percent < 98.0 for one in speeds)
    assert all(83.0 < one.left_out_percent < 98.0 for one in speeds[1:])
    assert np.isnan(speeds[0].left_out_percent)
    rows = coverage_rows(found)
    assert sum(row.bar is not None for row in rows) == 2 * (1 + 2 * len(DETECTORS))
    assert f"| markers | {ALL} | 200 |" in coverage_table(found)


def test_few_people_are_refused() -> None:
    with pytest.raises(Exception, match="too few"):
        fitted_widths(FITTED[:18], "ab", {})


def test_events_of_a_long_walk_weigh_as_much_as_of_a_short_one() -> None:
    long = replace(FITTED[0], events_ms={"initial_contact": tuple(float(i) for i in range(40))})
    errors = errors_by_number([long], "markers")["initial_contact, event"]
    assert errors.error == pytest.approx(np.array([[0.0, 0.013, 0.026, 0.039]]))


def test_the_error_of_a_range_is_its_own() -> None:
    walk = replace(FITTED[0], ranges_deg={"knee_flexion_deg": {"left": 2.5}})
    errors = errors_by_number([walk], "markers")
    assert errors["knee_flexion_deg, range"].error == pytest.approx(np.array([[2.5]]))
    assert "hip_flexion_deg, range" not in errors
