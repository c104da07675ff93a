"""Bars, rows and the page of the scorecard."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simgait.benchmark.event_score import EventScore
from simgait.benchmark.score_walks import ScoredSet
from simgait.benchmark.scorecard_page import (
    Run,
    breakdown,
    count_text,
    page,
    rows_table,
    rows_text,
)
from simgait.benchmark.scorecard_rows import (
    STEP_LENGTH_SLOPE,
    VELOCITY_SLOPE,
    Row,
    ratio_rows,
    residual_rows,
)
from simgait.benchmark.walk_record import WalkRecord
from simgait.gait.angle_errors import AngleError
from simgait.skeleton.default import ANGLE_NAMES
from tests.benchmark.made_up import case, record


def walk(error_deg: float, velocity: float, residual_bw: float, n: int = 100) -> WalkRecord:
    angle, velocity = AngleError(n, error_deg, error_deg, 0.0), float(velocity)
    return record(
        case("p", pattern="normal"),
        n_frames=n,
        angles={name: angle for name in ANGLE_NAMES},
        truth={"velocity_mps": 0.0, "step_length_m": {"left": 0.0, "right": 0.0}},
        estimate={
            "velocity_mps": velocity, "step_length_m": {"left": velocity, "right": velocity}
        },
        events={"initial_contact": EventScore(), "foot_off": EventScore()},
        residual_force_bw=residual_bw,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "bar", "sense", "by_size", "met"),
    [
        (3.5, 3.5, "at_most", False, True),
        (3.51, 3.5, "at_most", False, False),
        (-0.04, 0.03, "at_most", True, False),
        (-0.02, 0.03, "at_most", True, True),
        (9.9, 10.0, "at_least", False, False),
        (10.0, 10.0, "at_least", False, True),
        (float("nan"), 3.5, "at_most", False, False),
        (float("nan"), 10.0, "at_least", False, False),
        (1.0, None, "at_most", False, None),
    ],
)
def test_a_bar_is_met_from_its_good_side(value, bar, sense, by_size, met):
    assert Row("x", value, "°", 1, bar, sense, by_size).met is met


@pytest.mark.parametrize(
    ("slope", "met"), [(0.94, False), (0.95, True), (1.05, True), (1.08, False), (np.nan, False)]
)
def test_a_slope_that_is_too_steep_misses_a_bar_of_two_sides(slope, met):
    row = Row("slope", slope, "1", 12, 0.95, "at_least", up_to=1.05)
    assert row.met is met
    assert row.as_json()["bar_to"] == 1.05
    assert "| 0.95 to 1.05 |" in rows_table([row])


def test_json_has_the_issues_keys_and_no_nan():
    row = Row("x", float("nan"), "°", 0, 3.5).as_json()
    assert list(row) == ["name", "value", "unit", "bar", "met", "n"]
    assert json.loads(json.dumps(row, allow_nan=False)) == row


def test_ratios_are_of_like_rows():
    part = ScoredSet("legs", (walk(3.0, 0.1, 0.02), walk(3.0, -0.1, 0.02)))
    full = ScoredSet("full", (walk(2.0, 0.05, 0.02), walk(2.0, -0.05, 0.02)))
    rows = {row.name: row for row in ratio_rows(part, full, 1.5)}
    assert set(rows) == {
        f"{what}, legs / full"
        for what in ("hip RMSE", "knee RMSE", "ankle RMSE", "velocity SD", "step length RMSE")
    }
    assert rows["hip RMSE, legs / full"].value == pytest.approx(1.5)
    assert rows["hip RMSE, legs / full"].met
    assert rows["velocity SD, legs / full"].value == pytest.approx(2.0)
    assert rows["velocity SD, legs / full"].met is False


def test_the_worst_set_meets_the_residual_bar_or_none_does():
    good, bad = ScoredSet("good", (walk(1, 0, 0.02),)), ScoredSet("bad", (walk(1, 0, 0.12),))
    worst = residual_rows((good, bad), good)[0]
    assert worst.value == pytest.approx(12.0)
    assert worst.met is False
    # A set that was not scored must not pass by being absent.
    assert residual_rows((good, ScoredSet("none", ())), good)[0].met is False


def test_the_closer_residual_bar_is_over_the_mixed_labs_as_well():
    good, fair = ScoredSet("good", (walk(1, 0, 0.03),)), ScoredSet("fair", (walk(1, 0, 0.05),))
    loose, close, *each = residual_rows((good,), fair)
    assert loose.value == pytest.approx(3.0) and close.value == pytest.approx(5.0)
    assert (loose.bar, loose.met, loose.n) == (10.0, True, 1)
    assert (close.bar, close.met, close.n) == (4.0, False, 2)
    assert [row.name.split(", ")[1] for row in each] == ["good", "fair"]
    assert residual_rows((good,), good)[1].met is True
    assert residual_rows((good,), ScoredSet("none", ()))[1].met is False


def test_residual_pools_frames_not_walks():
    result = ScoredSet("x", (walk(1, 0, 0.1, n=300), walk(1, 0, 0.0, n=100)))
    assert residual_rows((result,), result)[0].value == pytest.approx(10.0 * np.sqrt(0.75))


def test_tables_show_every_row_and_count_the_bars():
    rows = [Row("a", 1.0, "°", 3, 2.0), Row("b", 5.0, "°", 3, 2.0), Row("c", 7.0, "°", 3)]
    assert count_text(rows) == "1 of 2 bars are met."
    text = rows_text(rows)
    assert text.splitlines()[-1] == "1 of 2 bars are met."
    assert [line.split()[0] for line in text.splitlines()[1:-1]] == ["a", "b", "c"]
    assert "| b | 5 | ° | ≤ 2 | **no** | 3 |" in rows_table(rows)


def test_slopes_stand_beside_errors():
    speeds = [(0.8, 1.0), (1.2, 1.2), (1.6, 1.4)]
    walks = tuple(
        record(
            case(f"p{number}", pattern="normal"),
            truth={"velocity_mps": true, "step_length_m": {"left": true, "right": true}},
            estimate={"velocity_mps": told, "step_length_m": {"left": true, "right": true}},
        )
        for number, (true, told) in enumerate(speeds)
    )
    result = ScoredSet("x", walks)
    assert VELOCITY_SLOPE.row(result).value == pytest.approx(0.5)
    assert STEP_LENGTH_SLOPE.row(result).value == pytest.approx(1.0)
    assert STEP_LENGTH_SLOPE.row(result).n == 6
    head, _, *body = breakdown(result, "pattern").splitlines()
    assert head.count("| slope |") == 2
    assert "| 0.5 |" in body[0] and body[0].count("|") == head.count("|")
    assert np.isnan(VELOCITY_SLOPE.value(walks[:2]))


def test_the_page_says_what_it_was_made_with():
    run = Run("simgait scorecard", "2026-01-01", "0" * 40, 2, "Linux", "default",
              "ab" * 32, "", "64 walkers.")  # fmt: skip
    text = page(run, [Row("a", 1.0, "°", 3, 2.0)], [("Sets", "table")], "None.")
    for wanted in ("`simgait scorecard`", "ab" * 32, "64 walkers.", "### Sets", "Definitions"):
        assert wanted in text
