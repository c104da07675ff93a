"""Curves of healthy people of an age: who is shown over which, and what lies between points."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.parameters.norm_curves import CurveNorm, curves_for


def curve(first: float, below: float, mean_deg: float = 10.0, sex: str = "") -> CurveNorm:
    points = tuple((float(p), mean_deg + p / 10.0, 2.0 + p / 100.0) for p in range(0, 101, 10))
    return CurveNorm("knee_flexion", float(first), float(below), points, "ours", sex)


def test_between_points_mean_and_sd_lie_on_straight_lines() -> None:
    mean, sd = curve(4, 6).mean_sd()
    np.testing.assert_allclose(mean, 10.0 + np.arange(101) / 10.0)
    np.testing.assert_allclose(sd, 2.0 + np.arange(101) / 100.0)


def test_a_person_is_shown_over_the_own_age_and_sex() -> None:
    both, girls, older = curve(4, 6), curve(4, 6, sex="female"), curve(6, 8)
    all_of_them = (girls, older, both)
    assert curves_for(all_of_them, 5.9, "male") == {"knee_flexion": both}
    assert curves_for(all_of_them, 5.9, None) == {"knee_flexion": both}
    assert curves_for(all_of_them, 4.0, "female") == {"knee_flexion": girls}
    assert curves_for(all_of_them, 6.0, "female") == {"knee_flexion": older}
    assert curves_for(all_of_them, 8.0, "female") == {}
    assert curves_for(all_of_them, None, "female") == {}


@pytest.mark.parametrize(
    ("ages", "sex", "said"),
    [
        ((4, 6), "", "children of 4 to 5 years"),
        ((16, 18), "male", "boys of 16 to 17 years"),
        ((16, 20), "female", "women and girls of 16 to 19 years"),
        ((20, 30), "", "adults of 20 to 29 years"),
        ((7, 8), "", "children of 7 years"),
        ((7, 8.5), "", "children of 7 to below 8.5 years"),
    ],
)
def test_whose_a_curve_is(ages: tuple[float, float], sex: str, said: str) -> None:
    assert curve(*ages, sex=sex).people == said
