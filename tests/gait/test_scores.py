"""Scores: the published worked examples to ten digits, and what their definitions promise."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.gait.scores import (
    SCORED_ANGLES,
    ScoreReference,
    check_curves,
    gait_deviation_index,
    gait_profile_score,
    gait_variable_scores,
    overall_profile_score,
)
from tests.gait.conftest import Published

TEN_DIGITS = 1e-10


def test_the_published_worked_subject_has_its_gdi(published: Published) -> None:
    found = gait_deviation_index(published.worked, published.reference)
    assert found == pytest.approx(
        published.golden["gdi"]["addendum_worked_subject"], rel=TEN_DIGITS
    )


def test_every_published_control_has_its_gdi(published: Published) -> None:
    strides = np.ascontiguousarray(published.table["controls"].T).reshape(-1, 9, 51)
    found = gait_deviation_index(strides, published.reference)
    assert np.allclose(found, published.golden["gdi"]["controls_all_166"], rtol=TEN_DIGITS, atol=0)


def test_controls_have_mean_100_and_sd_10(published: Published) -> None:
    strides = np.ascontiguousarray(published.table["controls"].T).reshape(-1, 9, 51)
    found = gait_deviation_index(strides, published.reference)
    assert found.mean() == pytest.approx(100.0)
    assert found.std(ddof=1) == pytest.approx(10.0)
    assert published.reference.sd_log_distance == pytest.approx(
        published.golden["gdi"]["sd_ln_d_ddof1"], rel=TEN_DIGITS
    )


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_calculators_subject_has_its_scores(published: Published, side: str) -> None:
    curves = getattr(published, side)
    gvs = gait_variable_scores(curves, published.reference.mean_curves_deg)
    known = published.golden["gps"]
    assert np.allclose(gvs, known[f"{side}_gvs"], rtol=TEN_DIGITS, atol=0)
    assert gait_profile_score(gvs) == pytest.approx(known[f"gps_{side}"], rel=TEN_DIGITS)
    gdi = gait_deviation_index(curves, published.reference)
    assert gdi == pytest.approx(published.golden["gdi"][f"calculator_{side}"], rel=TEN_DIGITS)


def test_the_overall_gps_is_of_fifteen_angles(published: Published) -> None:
    mean = published.reference.mean_curves_deg
    sides = [gait_variable_scores(curves, mean) for curves in (published.left, published.right)]
    known = published.golden["gps"]["gps_overall_15_variables_left_pelvis"]
    assert overall_profile_score(*sides) == pytest.approx(known, rel=TEN_DIGITS)


def test_controls_own_scores_are_the_published_ones(published: Published) -> None:
    known = published.golden["gps"]
    assert np.allclose(published.reference.median_variable_scores_deg, known["control_gvs_median"])
    assert published.reference.median_profile_score_deg == pytest.approx(
        known["control_gps_median"]
    )


def test_many_strides_give_what_each_gives_alone(reference: ScoreReference) -> None:
    strides = np.random.default_rng(0).normal(20.0, 5.0, (2, 3, 9, 51))
    together = gait_deviation_index(strides, reference)
    alone = [[gait_deviation_index(one, reference) for one in row] for row in strides]
    assert np.allclose(together, alone)


def test_a_stride_with_a_gap_has_no_gdi_and_the_others_have(reference: ScoreReference) -> None:
    strides = np.random.default_rng(0).normal(20.0, 5.0, (3, 9, 51))
    whole = gait_deviation_index(strides, reference)
    strides[1, 4, 20] = np.nan
    assert np.array_equal(
        gait_deviation_index(strides, reference), [whole[0], np.nan, whole[2]], equal_nan=True
    )
    scores = gait_variable_scores(strides, reference.mean_curves_deg)
    assert np.flatnonzero(np.isnan(scores[1])).tolist() == [4]


def test_a_gps_is_a_root_mean_square_and_no_mean() -> None:
    assert gait_profile_score(np.array([0.0, 0.0, 0.0, 8.0])) == pytest.approx(4.0)


def test_the_pelvis_counts_once_in_the_overall_gps() -> None:
    left, right = np.zeros(9), np.zeros(9)
    right[:3] = 100.0
    assert overall_profile_score(left, right) == 0.0
    right[3:], left[:] = 3.0, 3.0
    assert overall_profile_score(left, right) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("curves", "said"),
    [
        (np.full((1, 4, 51), 20.0), "4 joint angles, and the scores need all nine"),
        (np.full((1, 9, 50), 20.0), "50 points per gait cycle, and the scores need 51"),
        (np.full((1, 9, 51), 1.05), "looks like radians"),
        (np.full((1, 9, 51), 1200.0), "1200 degrees is no person's"),
    ],
)
def test_what_is_no_set_of_curves_is_refused(curves: np.ndarray, said: str) -> None:
    with pytest.raises(InputError, match=f"^walk.csv: .*{said}"):
        check_curves(curves, "walk.csv")


def test_the_nine_angles_are_the_papers() -> None:
    assert len(SCORED_ANGLES) == 9
    assert SCORED_ANGLES[:3] == ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation")
