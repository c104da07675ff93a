"""Two people in one file are two people."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.markers.people import choose_person

BODY = ("LASI", "RASI", "SACR", "LKNE", "RKNE", "LANK", "RANK", "LTOE")


def chosen(labels, person=None, unseen=()):
    return choose_person(labels, [label not in unseen for label in labels], person, "f.c3d")


@pytest.mark.parametrize("between", [":", "_", " - ", "."])
def test_two_prefixes_are_two_people(between):
    labels = [f"A 1{between}{name}" for name in BODY] + [f"B{between}{name}" for name in BODY]
    for person, first in ((None, 0), (1, 0), (2, len(BODY))):
        found = chosen(labels, person)
        assert found.columns == tuple(range(first, first + len(BODY)))
        assert found.labels == BODY and found.people == ("A 1", "B")
    assert "2 people" in chosen(labels).notes[0] and "--person" in chosen(labels).notes[0]
    assert "A 1" not in chosen(labels).notes[0]


def test_points_of_one_are_never_filled_from_the_other():
    labels = [f"A:{name}" for name in BODY if name != "RKNE"] + [f"B:{name}" for name in BODY]
    assert "RKNE" not in chosen(labels).labels
    labels = [f"A:{name}" for name in BODY] + [f"B:{name}" for name in BODY]
    assert chosen(labels, unseen=("A:RKNE",)).labels == BODY


def test_a_person_without_a_prefix_beside_one_with():
    labels = [*BODY, *(f"B_{name}" for name in BODY)]
    assert chosen(labels).columns == tuple(range(len(BODY)))
    assert chosen(labels, 2).labels == BODY


@pytest.mark.parametrize(
    "labels",
    [
        BODY,
        tuple(f"L_{x}" for x in ("IAS", "IPS", "FLE", "FAL"))
        + tuple(f"R_{x}" for x in ("IAS", "IPS", "FLE", "FAL")),
        (*BODY, "wand:W1", "wand:W2", "*17"),
    ],
)
def test_one_person_stays_as_it_is(labels):
    found = chosen(labels)
    assert found.columns == tuple(range(len(labels))) and found.people == () == found.notes
    assert set(BODY) <= set(found.labels) or found.labels == labels


def test_one_persons_prefix_is_taken_off_and_an_empty_skeleton_is_nobody():
    assert chosen([f"P07_{name}" for name in BODY]).labels == BODY
    labels = [*(f"A:{name}" for name in BODY), *(f"B:{name}" for name in BODY)]
    assert chosen(labels, unseen=labels[len(BODY) :]).people == ()


@pytest.mark.parametrize("person", [0, 3, -1])
def test_who_is_not_there(person):
    labels = [f"A:{name}" for name in BODY] + [f"B:{name}" for name in BODY]
    with pytest.raises(InputError, match=rf"f.c3d: there is no person {person} in .* has 2"):
        chosen(labels, person)


def test_thousands_of_labels_take_no_time():
    labels = [f"p{i}_{j}_x" for i in range(100) for j in range(100)]
    assert chosen(labels).columns == tuple(np.arange(10_000))
