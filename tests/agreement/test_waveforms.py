"""CMC and the linear fit method on curves whose likeness is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgait.agreement import cmc_between, cmc_within, linear_fit
from simgait.errors import InputError

PHASE = np.linspace(0, 2 * np.pi, 101)
KNEE = 30 - 25 * np.cos(PHASE)


def test_cmc_of_equal_curves_is_one_and_offsets_between_days_count_only_between():
    days = np.stack([np.stack([KNEE + offset] * 3) for offset in (0.0, 10.0)])
    assert cmc_within(days).value == pytest.approx(1.0)
    # Between days each curve is 5 from the mean of all, over 101 points and 6 curves.
    spread = 25 * 606 / (101 * 5)
    total = (606 * 25 + 6 * ((KNEE - KNEE.mean()) ** 2).sum()) / 605
    assert cmc_between(days).value == pytest.approx(math.sqrt(1 - spread / total))


def test_cmc_within_by_the_printed_formula():
    generator = np.random.default_rng(11)
    y = KNEE + generator.normal(0, 3, (2, 4, 101)) + generator.normal(0, 2, (2, 4, 1))
    top = bottom = 0.0
    for i in range(2):
        for j in range(4):
            for t in range(101):
                top += (y[i, j, t] - y[i, :, t].mean()) ** 2 / (2 * 101 * 3)
                bottom += (y[i, j, t] - y[i].mean()) ** 2 / (2 * (4 * 101 - 1))
    assert cmc_within(y).value == pytest.approx(math.sqrt(1 - top / bottom))


def test_cmc_undefined_has_a_reason():
    apart = np.stack([[np.sin(PHASE), 20 + np.sin(PHASE)]])
    negative = cmc_within(apart)
    assert math.isnan(negative.value) and "negative" in negative.reason
    flat = cmc_within(np.full((1, 2, 101), 7.3))
    assert math.isnan(flat.value) and "flat" in flat.reason


@pytest.mark.parametrize(
    ("function", "shape", "message"),
    [
        (cmc_within, (3, 101), "dimensions"),
        (cmc_within, (3, 1, 101), "two curves per group"),
        (cmc_within, (1, 3, 2), "3 points"),
        (cmc_between, (1, 3, 101), r"2 group\(s\)"),
    ],
)
def test_cmc_refuses_wrong_shapes(function, shape, message):
    with pytest.raises(InputError, match=message):
        function(np.random.default_rng(0).normal(size=shape))


def test_cmc_refuses_incomplete_curves():
    curves = np.stack([[KNEE, KNEE]])
    curves[0, 0, 5] = np.nan
    with pytest.raises(InputError, match="incomplete cycles"):
        cmc_within(curves)


def test_linear_fit_recovers_scale_and_offset():
    fit = linear_fit(KNEE, 0.8 * KNEE + 4.0)
    assert (fit.scale, fit.offset, fit.r_squared) == pytest.approx((0.8, 4.0, 1.0))
    noisy = KNEE + 5 * np.cos(7 * PHASE)
    expected = np.corrcoef(KNEE, noisy)[0, 1] ** 2
    assert linear_fit(KNEE, noisy).r_squared == pytest.approx(expected)


def test_linear_fit_undefined_has_a_reason():
    flat_reference = linear_fit(np.full(101, 2.0), KNEE)
    assert math.isnan(flat_reference.scale) and "reference" in flat_reference.reason
    flat_curve = linear_fit(KNEE, np.full(101, 2.0))
    assert flat_curve.scale == pytest.approx(0.0) and math.isnan(flat_curve.r_squared)
    assert flat_curve.reason
