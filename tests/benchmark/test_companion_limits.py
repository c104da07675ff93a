"""What is guessed of a GDI is right where everything is known, and the mean where nothing is."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.benchmark.companion_limits import (
    HIP,
    TILT,
    UNKNOWN,
    Unknown,
    best_guess,
    guessed_curves,
    limits_table,
)
from simgait.companions.gdi_net.weights import load_gdi_net, released_folder
from simgait.errors import InputError
from simgait.gait.scores import SCORED_ANGLES, ScoreReference, gait_deviation_index

NOTHING_UNKNOWN = Unknown("nothing")
EVERYTHING = Unknown("everything", SCORED_ANGLES)


@pytest.fixture(scope="module")
def reference() -> ScoreReference:
    return load_gdi_net(released_folder())[0].reference


@pytest.fixture(scope="module")
def curves(reference: ScoreReference) -> np.ndarray:
    """Healthy means with every angle off by a number that differs from walker to walker."""
    off = np.random.default_rng(3).normal(0.0, 6.0, (150, 2, 9, 1))
    return reference.mean_curves_deg + off + np.zeros(51)


def test_who_knows_everything_says_the_truth(curves, reference):
    truth = gait_deviation_index(curves, reference)
    np.testing.assert_allclose(best_guess(curves, NOTHING_UNKNOWN, reference, 2), truth)


def test_who_knows_nothing_says_the_mean_to_all(curves, reference):
    truth = gait_deviation_index(curves, reference).ravel()
    guess = best_guess(curves, EVERYTHING, reference).ravel()
    assert abs(np.polyfit(truth, guess, 1)[0]) < 0.06
    rmse = np.sqrt(np.mean((guess - truth) ** 2))
    assert rmse == pytest.approx(truth.std(), rel=0.06)


def test_of_two_walkers_each_is_taken_for_the_other(reference):
    two = np.stack([np.stack([reference.mean_curves_deg] * 2)] * 2)
    two[0, :, SCORED_ANGLES.index("foot_progression")] += 4.0
    two[1, :, SCORED_ANGLES.index("foot_progression")] -= 15.0
    truth = gait_deviation_index(two, reference)
    feet = best_guess(two, Unknown("feet", ("foot_progression",)), reference, 3)
    np.testing.assert_allclose(feet, truth[::-1])


def test_the_thigh_stays_where_the_picture_shows_it(curves):
    rng = np.random.default_rng(0)
    drawn = guessed_curves(curves, Unknown("tilt", means=("pelvis_tilt",)), rng)
    thigh, before = (one[:, :, HIP] - one[:, :, TILT] for one in (drawn, curves))
    np.testing.assert_allclose(thigh, before)
    moved = (drawn - curves)[:, :, TILT]
    np.testing.assert_allclose(moved, moved[..., :1] + np.zeros(51), atol=1e-9)
    assert np.abs(moved).min(axis=(1, 2)).max() > 3.0
    rest = [k for k in range(len(SCORED_ANGLES)) if k not in (TILT, HIP)]
    np.testing.assert_array_equal(drawn[:, :, rest], curves[:, :, rest])


def test_a_misread_tilt_is_off_by_as_much_as_is_said(curves):
    rng = np.random.default_rng(0)
    drawn = guessed_curves(curves, Unknown("tilt", tilt_error_deg=2.6), rng)
    assert (drawn - curves)[:, 0, TILT, 0].std() == pytest.approx(2.6, rel=0.15)


def test_a_row_for_each_gap_in_what_is_known():
    table = limits_table(5)
    assert [row[0] for row in table.rows] == [one.what for one in UNKNOWN]
    assert {len(row) for row in table.rows} == {len(table.header)} and "of 5 exact" in table.title
    with pytest.raises(InputError, match="too few to judge"):
        limits_table(2)
