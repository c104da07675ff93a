"""Numbers of a study against what they are by hand."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.compare.study_numbers import LeftOut, StudyWalk, flow, outliers, repeats, subgroups

OUTCOMES = ("done", "not usable", "failed")


def walk(trial: str, person: str, condition: str, value: float, number: int = 1) -> StudyWalk:
    return StudyWalk(trial, person, "v1", condition, number, "done", values={"x": value})


def test_repeats_pool_what_is_within_people_and_leave_out_what_is_between() -> None:
    rng = np.random.default_rng(3)
    walks = [
        walk(f"t{p}-{n}", f"P{p}", "a", 10.0 * p + rng.normal(0.0, 0.2), n)
        for p in range(300)
        for n in range(2)
    ]
    found = repeats([*walks, walk("alone", "P999", "a", 5.0)], "x")
    assert found.sd == pytest.approx(0.2, rel=0.1)
    assert (found.groups, found.walks) == (300, 600)
    assert np.isnan(repeats(walks[:1], "x").sd)


def test_everybody_counts_once_in_each_condition() -> None:
    walks = [walk("1", "P1", "a", 1.0), walk("2", "P1", "a", 3.0), walk("3", "P2", "a", 6.0),
             walk("4", "P1", "b", 9.0)]  # fmt: skip
    one, two = subgroups(walks, "x")
    assert (one.condition, one.people, one.walks, one.mean) == ("a", 2, 3, 4.0)
    assert one.sd == pytest.approx(np.sqrt(8.0)) and np.isnan(two.sd)


def test_what_lies_apart_is_found_and_nothing_else() -> None:
    walks = [walk(str(n), f"P{n}", "a", float(n % 5)) for n in range(40)]
    assert outliers(walks, "x") == []
    found = outliers([*walks, walk("odd", "P", "a", 30.0), walk("low", "P", "a", -12.0)], "x")
    assert [one.walk.trial for one in found] == ["odd", "low"]
    assert found[1].robust_sds < 0.0
    assert outliers([one.walk for one in found], "x") == []  # too few


def test_the_flow_counts_recordings_by_the_best_of_their_walks() -> None:
    walks = [
        walk("t1", "P1", "a", 1.0),
        StudyWalk("t1", "P1", "v1", "a", 2, "not usable", "it fell."),
        StudyWalk("t2", "P1", "v1", "a", 0, "failed", "b.npz: there is no such file."),
        StudyWalk("t3", "P2", "v1", "a", 0, "failed", "c.npz: there is no such file."),
    ]
    found = flow(walks, OUTCOMES)
    assert found.outcomes == {"done": 1, "not usable": 0, "failed": 2}
    assert (found.recordings, found.people, found.walks, found.people_in) == (3, 2, 1, 1)
    assert found.left_out == (LeftOut("failed", "there is no such file.", ("t2", "t3")),)
