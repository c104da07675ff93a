"""Intervals hold the share of people unseen that they promise."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.estimators.intervals import half_width


def test_the_interval_is_the_quantile_with_one_person_more():
    errors = np.arange(1.0, 100.0) * np.resize([1.0, -1.0], 99)
    people = [f"p{k}" for k in range(99)]
    # The 90th of 99 errors bounds ceil(0.9 x 100) of 100.
    assert half_width(errors, people) == 90.0


def test_a_person_with_many_walks_counts_once():
    errors = np.concatenate([np.full(1000, 50.0), np.linspace(0.0, 1.0, 99)])
    people = ["often"] * 1000 + [f"p{k}" for k in range(99)]
    assert half_width(errors, people) < 1.0


def test_people_unseen_are_held_as_often_as_promised():
    rng = np.random.default_rng(3)
    held = []
    for _ in range(300):
        own = rng.normal(size=61) * 2.0
        errors = np.repeat(own, 4) + 0.3 * rng.normal(size=244)
        people = [f"p{k // 4}" for k in range(244)]
        reach = half_width(errors[:240], people[:240])
        held.append(np.abs(errors[240:]) <= reach)
    assert 0.87 < np.mean(held) < 0.95


def test_few_people_and_unknown_errors_are_sentences():
    with pytest.raises(InputError, match="3 people are too few for intervals"):
        half_width(np.ones(6), ["a", "a", "b", "b", "c", "c"])
    errors = np.ones(30)
    errors[3] = np.nan
    with pytest.raises(InputError, match="no number"):
        half_width(errors, [f"p{k}" for k in range(30)])
