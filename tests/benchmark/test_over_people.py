"""Each person counts as much as the next, and slopes show what shrinks."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.benchmark.over_people import (
    Read,
    bias_over_people,
    by_person,
    n_within_people,
    of_known,
    person_means,
    rmse_over_people,
    slope_over_people,
    slope_within_people,
)


def read(subject: str, *pairs: tuple[float, float], camera: str = "0") -> Read:
    return Read(subject, camera, np.array(pairs))


OFTEN = [*[read("a", (1.0, 1.3))] * 50, read("b", (1.2, 1.2)), read("c", (1.4, 1.4))]


def test_a_person_weighs_the_same_however_often_they_walk() -> None:
    assert bias_over_people(OFTEN) == pytest.approx(0.1)
    assert rmse_over_people(OFTEN) == pytest.approx(0.3 / np.sqrt(3))
    assert person_means(OFTEN).shape == (3, 2)


def test_shrinkage_is_seen_between_and_within_people() -> None:
    walks = [
        read(person, (true, 60.0 + 0.5 * (true - 60.0)))
        for person, own in (("a", (58.0, 60.0)), ("b", (61.0, 64.0)), ("c", (62.0, 66.0)))
        for true in own
    ]
    assert slope_over_people(walks) == pytest.approx(0.5)
    assert slope_within_people(walks, 1.5) == pytest.approx(0.5)
    assert (n_within_people(walks, 1.5), n_within_people(walks, 2.5)) == (3, 2)
    assert np.isnan(slope_within_people(walks, 10.0))


def test_a_camera_of_its_own_is_no_difference_within_a_person() -> None:
    walks = [
        read("a", (1.0, 1.0 + off), (1.0, 1.0 + off), camera=camera)
        for camera, off in (("0", 0.0), ("1", 0.2))
    ] + [read("a", (1.4, 1.4 + off), camera=camera) for camera, off in (("0", 0.0), ("1", 0.2))]
    assert slope_within_people(walks, 0.1) == pytest.approx(1.0)


def test_what_is_not_known_is_left_out() -> None:
    walks = [read("a", (np.nan, 1.0)), read("b", (1.0, 2.0), (np.nan, 5.0))]
    assert [one.subject for one in of_known(walks)] == ["b"]
    assert len(by_person(walks)) == 1
    assert bias_over_people(walks) == pytest.approx(1.0)
    assert np.isnan(bias_over_people([])) and np.isnan(rmse_over_people([]))
    assert np.isnan(slope_over_people(walks))
