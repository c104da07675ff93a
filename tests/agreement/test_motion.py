"""Sliding, sinking and jerk of made-up feet whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.agreement import floor_penetration_m, foot_sliding_mps, jerk_mps3, standing_frames
from simgait.errors import InputError

TIME_S = np.arange(60) / 30.0
STANDING = np.zeros((60, 2), dtype=bool)
STANDING[15:31, 0] = STANDING[36:55, 1] = True
LEFT, RIGHT = 16, 19  # frames in which each foot stands


def still() -> np.ndarray:
    """Heel, ankle and toe of two feet that never move."""
    return np.zeros((60, 2, 3, 3))


def test_a_foot_stands_from_contact_to_its_next_foot_off() -> None:
    standing = standing_frames(TIME_S, [0.5], [0.3, 1.0])
    assert np.array_equal(np.flatnonzero(standing), np.arange(15, 31))
    assert not standing_frames(TIME_S, [0.5], [0.3]).any()  # nobody saw it leave
    assert not standing_frames(TIME_S, [], [1.0]).any()


@given(st.floats(0.0, 3.0), st.floats(0.0, 2 * np.pi))
def test_a_foot_that_slides_has_the_speed_of_its_slide_in_any_direction(speed, way) -> None:
    feet = still() + TIME_S[:, None, None, None] * speed * [np.cos(way), np.sin(way), 5.0]
    assert foot_sliding_mps(TIME_S, feet, STANDING) == pytest.approx(speed, abs=1e-9)


def test_a_foot_that_rolls_does_not_slide_and_one_in_the_air_does_not_count() -> None:
    feet = still()
    feet[:, 0, :2, 0] = 2.0 * TIME_S[:, None]  # heel and ankle move, the toe stays
    assert foot_sliding_mps(TIME_S, feet, STANDING) == pytest.approx(0.0)
    feet[:, 0, 2, 0] = 0.3 * TIME_S  # now the toe is the slowest
    expected = 0.3 * LEFT / (LEFT + RIGHT)
    assert foot_sliding_mps(TIME_S, feet, STANDING) == pytest.approx(expected)
    feet[:34, 1] += np.random.default_rng(0).normal(size=(34, 3, 3))
    assert foot_sliding_mps(TIME_S, feet, STANDING) == pytest.approx(expected)


def test_points_that_are_not_known_are_left_out_and_nothing_known_is_nan() -> None:
    feet = still() + 0.5 * TIME_S[:, None, None, None]
    feet[:, :, 0] = np.nan
    assert foot_sliding_mps(TIME_S, feet, STANDING) == pytest.approx(0.5 * np.sqrt(2))
    feet[:, 1] = np.nan
    assert foot_sliding_mps(TIME_S, feet, STANDING) == pytest.approx(0.5 * np.sqrt(2))
    for nothing in (STANDING & False, STANDING & [False, True]):
        assert np.isnan(foot_sliding_mps(TIME_S, feet, nothing))
        assert np.isnan(floor_penetration_m(feet[..., 2], nothing))


def test_sinking_counts_from_where_each_foot_usually_stands() -> None:
    height = np.full((60, 2, 3), 0.4)
    height[:, 1] += 1.0  # another floor under the other foot is no error
    assert floor_penetration_m(height, STANDING) == pytest.approx(0.0)
    height[50:, 1, 2] -= 0.06  # the right toe sinks by 6 cm in 10 of 120 frames of both feet
    assert floor_penetration_m(height, STANDING) == pytest.approx(0.06 * 10 / 120)
    height[:10, 1] += 0.5  # a foot in the air is not below the floor
    assert floor_penetration_m(height, STANDING) == pytest.approx(0.06 * 10 / 120)


def test_a_foot_that_never_stands_has_no_floor() -> None:
    height = np.zeros((60, 2, 3))
    height[50:, 1] = -1.0
    assert floor_penetration_m(height, STANDING & [True, False]) == pytest.approx(0.0)


def test_jerk_of_a_cubic_path_is_its_third_derivative() -> None:
    points = np.zeros((60, 2, 3))
    assert jerk_mps3(TIME_S, points) == 0.0
    points[:, 0, 1] = 2.0 * TIME_S**3 - 7.0 * TIME_S**2 + TIME_S
    assert jerk_mps3(TIME_S, points[:, :1]) == pytest.approx(12.0, rel=1e-6)
    # Root mean square: the other point keeps still.
    assert jerk_mps3(TIME_S, points) == pytest.approx(12.0 / np.sqrt(2), rel=1e-6)
    points[:, 1] = np.nan
    assert jerk_mps3(TIME_S, points) == pytest.approx(12.0, rel=1e-6)
    assert np.isnan(jerk_mps3(TIME_S, points[:, 1:]))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: foot_sliding_mps(TIME_S[::-1], still(), STANDING), "times do not grow"),
        (lambda: foot_sliding_mps(TIME_S[:1], still()[:1], STANDING[:1]), "at least 2"),
        (lambda: foot_sliding_mps(TIME_S, still()[:, 0], STANDING), "3 dimensions; give 4"),
        (lambda: foot_sliding_mps(TIME_S, still()[..., :2], STANDING), "2 coordinates"),
        (lambda: foot_sliding_mps(TIME_S, still(), STANDING.astype(float)), "one truth value"),
        (lambda: floor_penetration_m(still()[..., 2], STANDING[:9]), "one truth value"),
        (lambda: floor_penetration_m(still()[..., 2] + np.inf, STANDING), "as NaN"),
        (lambda: jerk_mps3(TIME_S[:3], still()[:3, 0]), "at least 4"),
        (lambda: jerk_mps3(TIME_S[:9], still()[:, 0]), r"\(frames, points, 3\)"),
        (lambda: jerk_mps3(TIME_S**2 + TIME_S, still()[:, 0]), "resample first"),
        (lambda: standing_frames(TIME_S, [np.nan], [1.0]), "leave out what is missing"),
    ],
)
def test_what_cannot_be_measured_is_refused(call, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        call()
