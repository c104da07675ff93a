"""Intervals of the tables' columns against brute force, and trackers against each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.agreement import Estimate, pearson, robust_sigma
from simgait.benchmark.columns import INTERVAL_COLUMNS, numbers_of
from simgait.benchmark.intervals import (
    SEED,
    intervals_of,
    percent_below,
    sigma_ratio,
)
from simgait.benchmark.walk_record import WalkRecord
from simgait.errors import InputError
from tests.benchmark.made_up import angle, case, contacts, record, stance

PEOPLE = 9


@pytest.fixture(scope="module")
def records() -> list[WalkRecord]:
    """One to four walks a person; the first three people stood on plates, the last has no angle."""
    generator = np.random.default_rng(11)
    made = []
    for person in range(PEOPLE):
        for walk in range(1 + person % 4):
            true = 1.0 + 0.1 * person + 0.05 * generator.standard_normal()
            found = true + 0.04 * generator.standard_normal()
            n = int(generator.integers(50, 200))
            made.append(
                record(
                    case(f"p{person}", walk),
                    truth={"velocity_mps": true},
                    estimate={"velocity_mps": found},
                    angles={"left_hip_flexion": angle(n, 3.0 + generator.random(), 2.0)}
                    if person < PEOPLE - 1
                    else {},
                    events=contacts(*(20.0 * generator.standard_normal(3 + walk))),
                    residual_force_bw=0.05 + 0.01 * generator.random(),
                    sliding_mps=0.1 * generator.random(),
                    penetration_m=0.004 * generator.random(),
                    jerk_mps3=30.0 * generator.random(),
                    residual_moment_bw_height=0.01 * generator.random(),
                    fell=person % 4 == 3 and walk == 0,
                    plates=(stance(0.1 + 0.1 * generator.random()),) if person < 3 else (),
                )
            )
    return made


def brute_force(records: list[WalkRecord], statistic) -> tuple[float, float]:  # noqa: ANN001
    """The interval from resampled lists of records, one resample after another."""
    people = list(dict.fromkeys(r.case.trial.subject_id for r in records))
    walks = [[r for r in records if r.case.trial.subject_id == p] for p in people]
    picks = np.random.default_rng(SEED).integers(len(people), size=(1000, len(people)))
    values = [statistic([r for i in picked for r in walks[i]]) for picked in picks]
    return tuple(np.quantile(values, [0.025, 0.975]))


def hip_rmse_deg(records: list[WalkRecord]) -> float:
    series = [e for r in records for e in r.angles.values()]
    frames = sum(e.n for e in series)
    return float(np.sqrt(sum(e.n * e.rmse_deg**2 for e in series) / frames))


def contact_mae_ms(records: list[WalkRecord]) -> float:
    return float(
        np.mean(np.abs([e for r in records for e in r.events["initial_contact"].errors_ms]))
    )


def velocities(records: list[WalkRecord]) -> tuple[list[float], list[float]]:
    truth, estimate = zip(*(r.means("velocity_mps") for r in records), strict=True)
    return list(truth), list(estimate)


@pytest.mark.slow
def test_intervals_are_those_of_brute_force(records: list[WalkRecord]) -> None:
    found = intervals_of(records)
    expected = {
        "velocity_mps_sigma": brute_force(records, lambda some: robust_sigma(*velocities(some))),
        "velocity_mps_r": brute_force(records, lambda some: pearson(*velocities(some)).value),
        "hip_rmse_deg": brute_force([r for r in records if r.angles], hip_rmse_deg),
        "initial_contact_mae_ms": brute_force(records, contact_mae_ms),
        "residual_force_percent_bw": brute_force(
            records,
            lambda some: 100 * float(np.sqrt(np.mean([r.residual_force_bw**2 for r in some]))),
        ),
        "force_rmse_percent_bw": brute_force(
            [r for r in records if r.plates],
            lambda some: 100 * float(np.mean([s.rmse_bw for r in some for s in r.plates])),
        ),
        "penetration_mm": brute_force(
            records, lambda some: 1000 * float(np.mean([r.penetration_m for r in some]))
        ),
        "jerk_mps3": brute_force(records, lambda some: float(np.mean([r.jerk_mps3 for r in some]))),
        "first_peak_percent_bw": brute_force(
            [r for r in records if r.plates],
            lambda some: (
                100 * float(np.mean([s.peak_errors_bw[0] for r in some for s in r.plates]))
            ),
        ),
        "failed_percent": brute_force(
            records, lambda some: 100 * float(np.mean([bool(r.failure) for r in some]))
        ),
    }
    for column, (low, high) in expected.items():
        assert (found[column].low, found[column].high) == pytest.approx((low, high)), column


def test_the_values_are_the_tables_own(records: list[WalkRecord]) -> None:
    numbers, found = numbers_of(records), intervals_of(records)
    assert tuple(found) == tuple(column.key for column in INTERVAL_COLUMNS)
    for column, estimate in found.items():
        assert estimate.value == pytest.approx(numbers[column], nan_ok=True), column
    assert np.isfinite(found["sliding_cmps"].low) and np.isnan(found["step_width_m_sigma"].value)


def test_people_without_a_value_are_not_resampled(records: list[WalkRecord]) -> None:
    with_angle = [r for r in records if r.angles]
    assert intervals_of(records)["hip_rmse_deg"] == intervals_of(with_angle)["hip_rmse_deg"]


@pytest.mark.parametrize("fell", [False, True])
def test_failures_of_nobody_or_everybody_are_not_certain(
    records: list[WalkRecord], fell: bool
) -> None:
    same = [replace(r, fell=fell) for r in records]
    found = intervals_of(same)["failed_percent"]
    # Clopper and Pearson 1934: 0 of 9 people leave up to 33.6 % (exact 97.5 % quantile).
    expected = (100.0, 66.37, 100.0) if fell else (0.0, 0.0, 33.63)
    assert (found.value, found.low, found.high) == pytest.approx(expected, abs=0.01)


def test_two_people_have_a_value_and_no_interval(records: list[WalkRecord]) -> None:
    two = [r for r in records if r.case.trial.subject_id in ("p1", "p2")]
    found = intervals_of(two)
    assert found["velocity_mps_sigma"].value == pytest.approx(robust_sigma(*velocities(two)))
    assert (
        np.isnan(found["velocity_mps_sigma"].low)
        and "Only 2 people" in found["velocity_mps_sigma"].reason
    )


def scaled(records: list[WalkRecord], factor: float) -> list[WalkRecord]:
    """Another tracker whose errors are `factor` times as large."""
    return [
        replace(
            r,
            estimate={
                "velocity_mps": {
                    "both": r.means("velocity_mps")[0] + factor * r.error("velocity_mps")
                }
            },
        )
        for r in records
    ]


def test_a_tracker_twice_as_bad_has_ratio_two_without_doubt(records: list[WalkRecord]) -> None:
    ratio = sigma_ratio(scaled(records, 2.0), records, "velocity_mps")
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((2.0, 2.0, 2.0))
    below = percent_below(ratio)
    assert (below.value, below.low, below.high) == pytest.approx((50.0, 50.0, 50.0))


def test_the_ratio_of_independent_errors_has_the_interval_of_brute_force(
    records: list[WalkRecord],
) -> None:
    generator = np.random.default_rng(2)
    other = [
        replace(r, estimate={"velocity_mps": {"both": r.means("velocity_mps")[0] + e}})
        for r, e in zip(records, 0.06 * generator.standard_normal(len(records)), strict=True)
    ]
    twin = {id(a): b for a, b in zip(records, other, strict=True)}

    def ratio_of(some: list[WalkRecord]) -> float:
        twins = [twin[id(r)] for r in some]
        return robust_sigma(*velocities(twins)) / robust_sigma(*velocities(some))

    ratio = sigma_ratio(other, records, "velocity_mps")
    assert ratio.value == pytest.approx(ratio_of(records))
    assert (ratio.low, ratio.high) == pytest.approx(brute_force(records, ratio_of))
    assert ratio.low < ratio.value < ratio.high


def test_walks_that_one_of_the_two_lacks_count_for_neither(records: list[WalkRecord]) -> None:
    worse = scaled(records, 3.0)
    worse[4] = replace(worse[4], estimate={})
    half = sigma_ratio(worse, records, "velocity_mps")
    assert half.value == pytest.approx(3.0)


def test_what_cannot_be_compared(records: list[WalkRecord]) -> None:
    with pytest.raises(InputError, match="same walks"):
        sigma_ratio(records[::-1], records, "velocity_mps")
    assert "0 walks" in sigma_ratio(records, records, "step_length_m").reason
    perfect = sigma_ratio(records, scaled(records, 0.0), "velocity_mps")
    assert np.isnan(perfect.value)
    assert np.isnan(percent_below(Estimate(0.0)).value)
