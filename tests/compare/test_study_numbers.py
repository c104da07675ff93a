"""Numbers of a study against what they are by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgait.compare.study_groups import Group
from simgait.compare.study_numbers import LeftOut, StudyWalk, flow, outliers, repeats, subgroups

OUTCOMES = ("done", "not usable", "failed")


def walk(
    trial: str, person: str, condition: str, value: float, number: int = 1, **said: Any
) -> StudyWalk:
    visit, labels = said.pop("visit", "v1"), said
    return StudyWalk(
        trial, person, visit, condition, number, "done", values={"x": value}, labels=labels
    )


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
    assert (one.group.condition, one.people, one.walks, one.mean) == ("a", 2, 3, 4.0)
    assert one.sd == pytest.approx(np.sqrt(8.0)) and np.isnan(two.sd)


def test_visits_of_a_person_are_never_averaged_together() -> None:
    walks = [
        walk("1", "P1", "a", 1.0, visit="v2"), walk("2", "P1", "a", 3.0, visit="v2"),
        walk("3", "P2", "a", 6.0, visit="v2"), walk("4", "P1", "a", 9.0, visit="v10"),
        walk("5", "P2", "a", 11.0, visit="v10"), walk("6", "P2", "b", 20.0, visit="v10"),
    ]  # fmt: skip
    found = subgroups(walks, "x")
    # P1 is 2 = (1 + 3) / 2 on v2; over people (2 + 6) / 2 and (9 + 11) / 2.
    assert [(one.group, one.people, one.walks, one.mean) for one in found] == [
        (Group("v2", "a"), 2, 3, 4.0), (Group("v10", "a"), 2, 2, 10.0),
        (Group("v10", "b"), 1, 1, 20.0),
    ]  # fmt: skip
    assert [one.sd for one in found[:2]] == pytest.approx([np.sqrt(8.0), np.sqrt(2.0)])


def test_further_columns_divide_within_visit_and_condition() -> None:
    walks = [
        walk("1", "P1", "a", 1.0, sex="female"), walk("2", "P2", "a", 3.0, sex="female"),
        walk("3", "P3", "a", 7.0, sex="male"), walk("4", "P4", "a", 8.0),
    ]  # fmt: skip
    found = [(one.group.labels, one.people, one.mean) for one in subgroups(walks, "x", ["sex"])]
    assert found == [(("female",), 2, 2.0), (("male",), 1, 7.0), (("not said",), 1, 8.0)]


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
