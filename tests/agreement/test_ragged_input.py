"""Rows of different length are a sentence, whatever is computed of them."""

from __future__ import annotations

import numpy as np
import pytest

from simgait import agreement
from simgait.errors import InputError

RAGGED = [[1.0, 2.0], [3.0]]
TIME_S = np.arange(4) / 30.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: agreement.bland_altman(RAGGED, RAGGED),
        lambda: agreement.reliability(RAGGED),
        lambda: agreement.cmc_within(RAGGED),
        lambda: agreement.linear_fit(RAGGED, RAGGED),
        lambda: agreement.vertical_force_difference(RAGGED, RAGGED, 0.6),
        lambda: agreement.residual_force_percent_bw(RAGGED, 600.0),
        lambda: agreement.event_timing(RAGGED, RAGGED),
        lambda: agreement.standing_frames(RAGGED, [0.0], [1.0]),
        lambda: agreement.foot_sliding_mps(TIME_S, RAGGED, RAGGED),
        lambda: agreement.foot_sliding_mps(TIME_S, np.zeros((4, 2, 3, 3)), RAGGED),
        lambda: agreement.floor_penetration_m(RAGGED, RAGGED),
        lambda: agreement.jerk_mps3(TIME_S, RAGGED),
    ],
)
def test_rows_of_different_length_are_a_sentence(call) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert str(caught.value).endswith(".") and "inhomogeneous" not in str(caught.value)
