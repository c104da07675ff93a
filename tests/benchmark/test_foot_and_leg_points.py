"""Feet and legs are found by name, and stand by their own events."""

from __future__ import annotations

import numpy as np

from simgait.benchmark.foot_and_leg_points import feet_m, legs_m, standing_mask
from simgait.types import GaitEvent

PARTS = ("Hip", "Knee", "Ankle", "Heel", "Big Toe")
NAMES = [f"{side} {part}" for part in PARTS for side in ("Right", "Left")]
TIME_S = np.arange(60) / 30.0
EVENTS = [
    GaitEvent(0.5, "left", "initial_contact"),
    GaitEvent(1.0, "left", "foot_off"),
    GaitEvent(1.2, "right", "initial_contact"),
    GaitEvent(1.8, "right", "foot_off"),
]


def numbered() -> np.ndarray:
    """Every keypoint lies at its own number."""
    return np.broadcast_to(np.arange(len(NAMES), dtype=float)[:, None], (60, len(NAMES), 3))


def test_standing_is_between_contact_and_foot_off_of_the_same_foot() -> None:
    mask = standing_mask(TIME_S, EVENTS)
    assert mask[:, 0].sum() == 16 and mask[15, 0] and mask[30, 0] and not mask[31, 0]
    assert mask[36:55, 1].all() and not mask[:36, 1].any()
    assert not standing_mask(TIME_S, ()).any()


def test_points_are_chosen_by_name_left_before_right() -> None:
    feet, legs = feet_m(numbered(), NAMES)[7, ..., 0], legs_m(numbered(), NAMES)[7, ..., 0]
    assert feet.tolist() == [[7, 9, 5], [6, 8, 4]]
    assert legs.tolist() == [1, 3, 5, 0, 2, 4]


def test_a_keypoint_that_nobody_named_is_not_known() -> None:
    names = [name.replace("Left Heel", "Nose") for name in NAMES]
    feet = feet_m(numbered(), names)
    assert np.isnan(feet[:, 0, 0]).all() and np.isfinite(feet[:, 0, 1:]).all()
    assert np.isfinite(feet[:, 1]).all()
