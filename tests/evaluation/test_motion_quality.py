"""Sliding, sinking and jerk of made-up feet whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.evaluation.motion_quality import (
    floor_penetration_m,
    foot_sliding_mps,
    jerk_mps3,
    standing_mask,
)
from simgait.recording.types import GaitEvent

NAMES = [f"{s} {p}" for s in ("Left", "Right") for p in ("Hip", "Knee", "Ankle", "Heel", "Big Toe")]
TIME_S = np.arange(60) / 30.0
EVENTS = [
    GaitEvent(0.5, "left", "initial_contact"),
    GaitEvent(1.0, "left", "foot_off"),
    GaitEvent(1.2, "right", "initial_contact"),
    GaitEvent(1.8, "right", "foot_off"),
]


def still() -> np.ndarray:
    return np.zeros((60, len(NAMES), 3))


def test_standing_is_between_contact_and_foot_off() -> None:
    mask = standing_mask(TIME_S, EVENTS)
    assert mask[:, 0].sum() == 16 and mask[15, 0] and mask[30, 0] and not mask[31, 0]
    assert mask[36:55, 1].all() and not mask[:36, 1].any()


def test_sliding_is_the_speed_of_the_slowest_point_of_a_standing_foot() -> None:
    points = still()
    assert foot_sliding_mps(TIME_S, points, NAMES, EVENTS) == pytest.approx(0.0)
    points[:, 3, 0] = 2.0 * TIME_S  # only the heel moves: the foot rolls, it does not slide
    assert foot_sliding_mps(TIME_S, points, NAMES, EVENTS) == pytest.approx(0.0)
    points[:, 2:5, 0] = 0.3 * TIME_S[:, None]
    left, right = 16, 19
    expected = 0.3 * left / (left + right)
    assert foot_sliding_mps(TIME_S, points, NAMES, EVENTS) == pytest.approx(expected, abs=1e-6)
    assert np.isnan(foot_sliding_mps(TIME_S, points, NAMES, ()))


def test_sinking_counts_from_where_the_foot_stands() -> None:
    points = still() + [0.0, 0.0, 0.4]
    assert floor_penetration_m(TIME_S, points, NAMES, EVENTS) == pytest.approx(0.0)
    points[50:, 8, 2] -= 0.06  # the right heel sinks by 6 cm in 10 of 60 frames
    expected = 0.06 * 10 / 120
    assert floor_penetration_m(TIME_S, points, NAMES, EVENTS) == pytest.approx(expected)


def test_jerk_of_a_cubic_path() -> None:
    points = still()
    points[..., 1] = (2.0 * TIME_S**3)[:, None]
    assert jerk_mps3(TIME_S, points, NAMES) == pytest.approx(12.0, rel=1e-6)
