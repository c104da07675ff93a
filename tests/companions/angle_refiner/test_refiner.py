"""The regression, the BiLSTM, and how the two are fused."""

import numpy as np
import pytest

from simgait.companions.angle_refiner.curves import ANGLES
from simgait.companions.angle_refiner.refiner import (
    AS_IS,
    FUSED,
    LSTM,
    MEAN,
    RIDGE,
    Standard,
    fit_refiner,
    fused_share,
)
from simgait.errors import InputError
from tests.companions.angle_refiner.made_up import ANKLE, KNEE, QUICK, pairs


def rms(said, true):
    return float(np.sqrt(np.nanmean(np.square(said - true))))


@pytest.mark.slow
def test_people_unseen_are_refined_and_the_regression_puts_an_offset_right():
    said = fit_refiner(pairs(), QUICK).said((unseen := pairs(6, 1, seed=9)).estimated)
    assert rms(said[AS_IS], unseen.true) > 5.0
    assert rms(said[RIDGE], unseen.true) < 1.5
    assert rms(said[FUSED], unseen.true) < rms(said[MEAN], unseen.true) / 3.0
    np.testing.assert_array_equal(said[AS_IS], unseen.estimated)


@pytest.mark.slow
def test_what_is_not_estimated_is_not_said_and_costs_the_others_little():
    learned = pairs()
    learned.estimated[::2, :, ANKLE] = np.nan
    refiner, unseen = fit_refiner(learned, QUICK), pairs(6, 1, seed=9)
    whole = refiner.said(unseen.estimated)[FUSED]
    unseen.estimated[0, :, ANKLE] = np.nan
    said = refiner.said(unseen.estimated)
    for name in (FUSED, LSTM, RIDGE, MEAN):
        assert np.isnan(said[name][0, :, ANKLE]).all()
        assert np.isfinite(said[name][1:]).all()
    assert np.abs(said[FUSED][0, :, KNEE] - whole[0, :, KNEE]).max() < 5.0


@pytest.mark.slow
def test_an_angle_that_nobody_shows_is_never_said():
    learned = pairs()
    learned.estimated[..., ANKLE] = learned.true[..., ANKLE] = np.nan
    standard = Standard.of(learned)
    assert (standard.true_mean[:, ANKLE] == 0.0).all() and (standard.true_sd[:, ANKLE] == 1).all()
    said = fit_refiner(learned, QUICK).said(learned.estimated)[FUSED]
    assert np.isnan(said[..., ANKLE]).all() and np.isfinite(said[..., KNEE]).all()


def test_the_share_is_that_of_the_least_error():
    rng = np.random.default_rng(1)
    lstm, ridge = rng.normal(size=(2, 5, 51, len(ANGLES)))
    true = 0.3 * lstm + 0.7 * ridge
    true[..., 1], true[..., 2], true[..., 3] = (
        lstm[..., 1],
        2 * ridge[..., 2] - lstm[..., 2],
        np.nan,
    )
    share = fused_share(lstm, ridge, true)
    np.testing.assert_allclose(share[[0, 1, 2, 3, 4]], [0.3, 1.0, 0.0, 0.5, 0.3], atol=1e-9)


def test_too_few_people_are_a_sentence():
    with pytest.raises(InputError, match="3 people are too few to learn from; give 4"):
        fit_refiner(pairs(3), QUICK)


@pytest.mark.slow
def test_the_same_people_and_settings_give_the_same_weights():
    learned = pairs(5, 1)
    first, again = (fit_refiner(learned, QUICK).said(learned.estimated)[LSTM] for _ in range(2))
    np.testing.assert_array_equal(first, again)
