"""Samples nowhere near the person are found in any unit, and nothing else is."""

import numpy as np
import pytest

from simgait.recordings.wild_samples import wild_notes, wild_samples
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS
from tests.let_walk import let_walk


def points_of(pattern="normal", *, monocular=False):
    made = let_walk(21, pattern, 4.0)
    return trial_from_walk(made, monocular=monocular).recording.keypoints_m.copy()


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("monocular", [False, True])
def test_nothing_of_a_walk_is_wild(pattern, monocular):
    assert not wild_samples(points_of(pattern, monocular=monocular)).any()


@pytest.mark.parametrize("per_metre", [1.0, 100.0, 1000.0])
@pytest.mark.parametrize("value_m", [[-800.0] * 3, [9.999] * 3, [0.3, 0.0, -99.0]])
def test_what_is_far_from_the_person_is_found(per_metre, value_m):
    points = points_of()
    points[40:70, [3, 17]] = value_m
    wild = wild_samples(per_metre * points)
    assert wild[40:70, [3, 17]].all() and wild.sum() == 60


def test_a_number_that_stands_for_missing_is_found_beside_the_person_too():
    points = points_of()
    points[10:20, :] = -1.0
    points[50:53, 5] = -1.0
    wild = wild_samples(points)
    assert wild[10:20].all() and wild[50:53, 5].all()
    assert wild.sum() == wild[10:20].size + 3
    # Once is no sentinel.
    points = points_of()
    points[60, 4] = 1.0
    assert not wild_samples(points).any()


def test_a_marker_on_the_wall_is_another_thing():
    points = points_of()
    points[:, 0] = [30.0, 2.0, 1.0]
    assert not wild_samples(points).any()


def test_missing_points_are_not_wild():
    points = np.full((20, 6, 3), np.nan)
    assert not wild_samples(points).any()
    points[:, 0] = np.arange(20)[:, None] * [1.0, 0.0, 0.0]
    assert not wild_samples(points).any()


def test_the_note_counts_by_point():
    wild = np.zeros((10, 10), bool)
    wild[3:5, 1] = wild[7, 2] = True
    names = [f"P{i}" for i in range(10)]
    assert wild_notes(wild[:0], names) == ()
    (note,) = wild_notes(wild, names)
    assert note.endswith("P1 2, P2 1.")
    wild[0] = True
    assert wild_notes(wild, names)[0].endswith("and 2 more points.")
