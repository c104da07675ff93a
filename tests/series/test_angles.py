"""Whole turns."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simgait.series.angles import angle_between, near_zero, unwrap


def test_turns_are_followed_across_holes() -> None:
    true = np.linspace(0.0, 9.0, 40)[:, None] * np.array([1.0, -1.0])
    wrapped = np.angle(np.exp(1j * true))
    wrapped[10:13, 0] = np.nan
    found = unwrap(wrapped)
    assert np.array_equal(np.isnan(found), np.isnan(wrapped))
    assert np.allclose(found[13:, 0], true[13:, 0]) and np.allclose(found[:, 1], true[:, 1])


@given(st.floats(-40.0, 40.0))
def test_only_whole_turns_are_taken_off(offset: float) -> None:
    angles = offset + np.linspace(-0.5, 0.5, 21)[:, None]
    angles[3] = np.nan
    found = near_zero(angles)
    turns = (angles - found)[np.isfinite(angles)] / (2 * np.pi)
    assert np.allclose(turns, np.round(turns[0]), atol=1e-9)
    assert abs(np.nanmedian(found)) <= np.pi + 1e-9


def test_the_angle_between_vectors_does_not_depend_on_their_lengths():
    a = np.array([[1.0, 0.0, 0.0], [2.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    b = np.array([[0.0, 3.0, 0.0], [-0.5, 0.0, 0.0], [np.nan, 0.0, 0.0], [1.0, 0.0, 0.0]])
    np.testing.assert_allclose(angle_between(a, b), [np.pi / 2, np.pi, np.nan, np.nan])
