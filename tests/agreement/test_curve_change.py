"""A curve's change between two visits, on drawn visits of known truth."""

from __future__ import annotations

import numpy as np
import pytest
from jaxtyping import Float

from simgait.agreement.change import Shown
from simgait.agreement.curve_change import (
    SMOOTHNESS_PERCENT,
    VisitCurve,
    curve_difference,
    curve_side_difference,
    highest_of_curve,
)
from simgait.certainty.fitting import SDS_OF_HALF_WIDTH

POINTS = 101
FLAT = np.zeros(POINTS)
DRAWN = 200
Curves = Float[np.ndarray, "N 101"]


def smooth(rng: np.random.Generator, count: int, fwhm_percent: float) -> Curves:
    """Random curves of SD 1 with this smoothness."""
    sd = fwhm_percent / np.sqrt(8.0 * np.log(2.0))
    reach = int(4 * sd)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sd) ** 2)
    kernel /= np.sqrt(np.sum(kernel**2))
    white = rng.normal(size=(count, POINTS + 2 * reach))
    return np.array([np.convolve(row, kernel, mode="valid") for row in white])


def drawn(
    rng: np.random.Generator, walks: int, half_width: float, walk_sd: float, fwhm: float
) -> VisitCurve:
    """A visit of a person whose curve is 0: what measuring adds is shared, walking is not."""
    shared = half_width / SDS_OF_HALF_WIDTH * smooth(rng, 1, fwhm)
    own = walk_sd * smooth(rng, walks, fwhm)
    return VisitCurve(shared + own, np.full(walks, half_width))


def percent_changed(
    walks: tuple[int, int], half_width: float, walk_sd: float, fwhm: float
) -> float:
    rng = np.random.default_rng(3)
    found = [
        curve_difference(
            drawn(rng, walks[0], half_width, walk_sd, fwhm),
            drawn(rng, walks[1], half_width, walk_sd, fwhm),
            FLAT + 2.0,
        )
        for _ in range(DRAWN)
    ]
    return 100.0 * float(np.mean([one.shown is Shown.CHANGED for one in found]))


@pytest.mark.parametrize("walks", [(1, 1), (3, 3), (1, 4)])
@pytest.mark.parametrize(("half_width", "walk_sd"), [(6.0, 2.0), (1.0, 2.0)])
@pytest.mark.parametrize("fwhm", [SMOOTHNESS_PERCENT, 20.0])
def test_few_unchanged_curves_are_called_changed(
    walks: tuple[int, int], half_width: float, walk_sd: float, fwhm: float
) -> None:
    assert percent_changed(walks, half_width, walk_sd, fwhm) <= 7.0  # 5 % and one and a half SDs


@pytest.mark.parametrize("together", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("walks", [1, 3])
def test_of_sides_that_are_alike_few_curves_are_called_different(
    together: float, walks: int
) -> None:
    """However the measuring errors of the sides go together."""
    rng, wrong, half, walk_sd = np.random.default_rng(7), 0, 5.0, 2.0
    for _ in range(DRAWN):
        one, other = smooth(rng, 2, 12.0)
        errors = one, together * one + np.sqrt(1.0 - together**2) * other
        left, right = (
            VisitCurve(
                half / SDS_OF_HALF_WIDTH * error + walk_sd * smooth(rng, walks, 12.0),
                np.full(walks, half),
            )
            for error in errors
        )
        found = curve_side_difference(left, right, FLAT + walk_sd)
        wrong += found.shown is Shown.CHANGED
    assert 100.0 * wrong / DRAWN <= 7.0


def test_sides_are_compared_walk_by_walk() -> None:
    """A walk that is odd on both sides says nothing of their difference."""
    odd = np.array([0.0, 0.0, 40.0])[:, None] + FLAT
    halves = np.full(3, 1.0)
    left, right = VisitCurve(odd + 12.0, halves), VisitCurve(odd, halves)
    found = curve_side_difference(left, right, FLAT + 1.0)
    assert found.shown is Shown.CHANGED and found.spans == ((0, 100),)
    assert found.difference == pytest.approx(12.0)
    assert curve_difference(right, left, FLAT + 1.0).shown is Shown.NOT_SHOWN


def test_sides_of_unknown_error_are_not_comparable() -> None:
    known = VisitCurve(np.zeros((2, POINTS)), np.array([4.0, 4.0]))
    unknown = VisitCurve(np.zeros((2, POINTS)), np.array([4.0, np.nan]))
    assert curve_side_difference(known, unknown, FLAT + 2.0).shown is Shown.NOT_COMPARABLE
    one = VisitCurve(FLAT[None], np.array([4.0]))
    assert curve_side_difference(one, one).shown is Shown.NOT_COMPARABLE


def test_the_limit_of_one_point_would_call_many_more_changed() -> None:
    rng = np.random.default_rng(4)
    pairs = ([drawn(rng, 3, 8.0, 1.0, 12.0) for _ in "ab"] for _ in range(100))
    found = [np.abs(after.mean - before.mean) for before, after in pairs]
    limit = 1.96 * np.sqrt(2.0 * (8.0 / SDS_OF_HALF_WIDTH) ** 2 + 2.0 / 3.0)
    assert np.mean([(one > limit).any() for one in found]) > 0.2


def test_the_band_holds_at_nine_in_ten_points() -> None:
    rng = np.random.default_rng(5)
    inside = []
    for _ in range(DRAWN):
        before, after = (drawn(rng, 2, 6.0, 2.0, 12.0) for _ in "ab")
        one = curve_difference(before, after, FLAT + 2.0)
        inside.append(np.abs(one.difference) <= one.half_width)
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)


def test_a_change_is_shown_where_it_is() -> None:
    rng = np.random.default_rng(6)
    before, after = (drawn(rng, 3, 2.0, 1.0, 12.0) for _ in "ab")
    bump = 15.0 * np.exp(-0.5 * ((np.arange(POINTS) - 70.0) / 6.0) ** 2)
    found = curve_difference(before, VisitCurve(after.values + bump, after.half_widths), FLAT + 1.0)
    assert found.shown is Shown.CHANGED
    ((first, last),) = found.spans
    assert 55 < first < 70 < last < 85
    assert found.beyond[first] and found.beyond[last] and not found.beyond[first - 1]


def test_one_walk_each_is_judged_by_its_interval_and_the_typical_sd() -> None:
    one = VisitCurve(FLAT[None], np.array([4.0]))
    other = VisitCurve(FLAT[None] + 30.0, np.array([4.0]))
    assert curve_difference(one, other, FLAT + 2.0).shown is Shown.CHANGED
    assert curve_difference(one, other).shown is Shown.NOT_COMPARABLE


def test_what_is_not_known_is_not_comparable() -> None:
    known = VisitCurve(np.zeros((2, POINTS)), np.array([4.0, 4.0]))
    for other in (
        VisitCurve(np.zeros((0, POINTS)), np.zeros(0)),
        VisitCurve(np.zeros((2, POINTS)), np.array([np.nan, 4.0])),
    ):
        found = curve_difference(known, other, FLAT + 2.0)
        assert (found.shown, found.spans) == (Shown.NOT_COMPARABLE, ())
        assert np.isnan(found.half_width).all() and np.isnan(found.detectable).all()


def test_the_limit_grows_with_roughness_and_falls_with_freedom() -> None:
    usual = highest_of_curve(1e6)
    assert 2.9 < usual < 3.6
    assert highest_of_curve(1e6, 30.0) < usual < highest_of_curve(6.0)
    # Of a curve without any bend it is that of one number, crossings of a level aside.
    assert highest_of_curve(1e6, 1e9) == pytest.approx(1.96, abs=0.01)
