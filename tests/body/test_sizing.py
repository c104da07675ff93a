"""The size of a person of whom there are several walks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simgait.body.sizing import MEDIAN_PER_HEIGHT, body_size, one_person
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.types import Trial


def test_each_length_is_the_median_of_all_walks_and_one_walk_is_believed() -> None:
    usual = dimensions_from_height(1.7)
    odd = replace(usual, thigh_m=0.6, shank_m=0.3)
    assert one_person([usual, odd, usual]) == usual
    assert one_person([odd]) == odd
    assert one_person([usual, odd]).thigh_m == (usual.thigh_m + 0.6) / 2


def test_by_the_median_only_height_and_mass_are_the_persons(exact_trials: list[Trial]) -> None:
    tall = replace(exact_trials[0], height_m=2.0, mass_kg=90.0)
    usual, size = dimensions_from_height(2.0, 90.0), body_size(tall, "median")
    for name, share in MEDIAN_PER_HEIGHT.items():
        assert getattr(size, name) == pytest.approx(2.0 * share)
        assert 0.9 < getattr(size, name) / getattr(usual, name) < 1.1, "people are built alike"
    assert (size.mass_kg, size.foot_length_m) == (90.0, usual.foot_length_m)
    # Whatever the keypoints show.
    points = tall.keypoints_m.copy()
    points[:, KEYPOINT_INDEX["Left Knee"]] += 0.5
    assert body_size(replace(tall, keypoints_m=points), "median") == size
