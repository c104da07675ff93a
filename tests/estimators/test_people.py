"""A split that leaks is an error, whatever it is called."""

import numpy as np
import pytest

from simgait.datasets.splits import SplitError
from simgait.errors import InputError
from simgait.estimators.people import (
    mark,
    marks,
    refuse_shared_frames,
    refuse_shared_people,
    refuse_without_people,
    split_by_person,
)


def test_a_person_in_both_parts_is_named():
    refuse_shared_people(marks(["a", "b"]), ["c", "d"])
    with pytest.raises(SplitError, match="^b: learned from, and in what judges"):
        refuse_shared_people(marks(["a", "b"]), ["c", "b", "b"])
    with pytest.raises(SplitError, match="a, b, c and 1 more: learned from"):
        refuse_shared_people(marks("abcd"), list("abcde"))


def test_a_mark_hides_the_code_and_is_always_the_same():
    assert mark("p07") == mark("p07") != mark("p08")
    assert "p07" not in mark("p07") and len(mark("p07")) == 12


def test_overlapping_windows_of_one_walk_are_an_error_even_under_two_names():
    walk = np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32)
    first, second, other = walk[:124:31], walk[31:155:31], walk[155:]
    sentence = (
        "p2: 3 frames that judge were learned from as those of p1 .*give each person one code"
    )
    with pytest.raises(SplitError, match=sentence):
        refuse_shared_frames([("p1", first)], [("p2", second), ("p3", other)])
    refuse_shared_frames([("p1", first)], [("p2", other)])


def test_labels_without_people_are_a_sentence():
    refuse_without_people(["a", "b"], "table.csv")
    with pytest.raises(InputError, match=r"table.csv: 2 of 3 labels do not say whose they are"):
        refuse_without_people(["a", "", " "], "table.csv")


def test_nobody_is_in_two_parts_and_the_parts_have_their_sizes():
    people = [f"p{k % 50}" for k in range(400)]
    parts = split_by_person(people, {"train": 0.8, "calibration": 0.1, "test": 0.1})
    names = {part: {people[row] for row in rows} for part, rows in parts.items()}
    assert {part: len(found) for part, found in names.items()} == {
        "train": 40, "calibration": 5, "test": 5
    }  # fmt: skip
    assert sum(len(rows) for rows in parts.values()) == 400
    refuse_shared_people(marks(names["train"]), [*names["calibration"], *names["test"]])
    # The order of the rows has no part in it.
    again = split_by_person(people[::-1], {"train": 0.8, "calibration": 0.1, "test": 0.1})
    assert {people[::-1][row] for row in again["test"]} == names["test"]


def test_too_few_people_to_split_are_a_sentence():
    with pytest.raises(InputError, match="2 people are too few .* nobody is left for"):
        split_by_person(["a", "b"], {"train": 0.8, "calibration": 0.1, "test": 0.1})
