"""Whose walk is whose: from the table that knows it."""

import pytest

from simgait.compare.people import join_people
from simgait.errors import InputError

FILES = ("truth.csv", "summary.csv")
CODE, OTHER = "subject-3fa9c1d2", "subject-00000000"


def test_the_table_that_names_people_names_them_for_both() -> None:
    """The table of `simgait track` names nobody where no file did."""
    found = join_people("abc", ("P1", "P1", "P2"), ("", "", ""), FILES)
    assert found.subjects == ("P1", "P1", "P2") and not found.warnings
    assert found.notes == (
        "The subjects of all walks are those of truth.csv; the other names none.",
    )
    found = join_people("abc", ("", "", ""), ("P1", "P1", "P2"), FILES)
    assert found.subjects == ("P1", "P1", "P2") and "those of summary.csv" in found.notes[0]
    found = join_people("abc", ("P1", "P1", "P2"), ("P1", "", "P2"), FILES)
    assert found.subjects == ("P1", "P1", "P2") and "of 1 of 3 walks" in found.notes[0]
    assert not join_people("ab", ("P1", "P2"), ("P1", "P2"), FILES).notes


def test_files_are_people_only_where_nobody_is_named_and_loudly() -> None:
    found = join_people("abc", ("", "", ""), ("", "", ""), FILES)
    assert found.subjects is None
    assert "the 3 walks as 3 people" in found.warnings[0]


def test_a_walk_of_nobody_among_walks_of_people_is_another_persons_and_loudly() -> None:
    """The table of `simgait track` names whom a file named, and other files name nobody."""
    found = join_people("abcd", ("", "", "", ""), ("P1", "", "P1", ""), FILES)
    assert found.subjects == ("P1", "walk b", "P1", "walk d") and found.nameless == ("b", "d")
    (warning,) = found.warnings
    assert "2 of 4 walks have no subject in truth.csv or summary.csv" in warning
    assert "(b, d): each is counted as another person's" in warning
    taken = join_people("ab", ("walk b", ""), ("", ""), FILES)
    assert taken.subjects == ("walk b", "the walk b")


def test_the_truths_own_code_stands_for_one_made_of_a_name() -> None:
    found = join_people("abc", ("P1", "P1", "P2"), (CODE, CODE, OTHER), FILES)
    assert found.subjects == ("P1", "P1", "P2")
    assert "made of the names in files (subject-...) for 3 walks" in found.notes[0]
    assert "though" not in found.notes[0]
    same = join_people("ab", ("P1", "P2"), (CODE, CODE), FILES)
    assert f"one code stands for several of them ({CODE}: P1, P2)" in same.notes[0]
    two = join_people("ab", ("P1", "P1"), (CODE, OTHER), FILES)
    assert f"one of them has several codes (P1: {CODE}, {OTHER})" in two.notes[0]
    assert join_people("ab", (CODE, OTHER), (CODE, OTHER), FILES).notes == ()


@pytest.mark.parametrize(
    ("truth", "estimate", "sentence"),
    [
        (("P1", "P2"), ("P2", "P2"), "say different subjects of 1 walk: a (P1 against P2)"),
        ((CODE, "P2"), ("P1", "P2"), "say different subjects of 1 walk"),
    ],
)
def test_what_contradicts_itself_is_refused(
    truth: tuple[str, ...], estimate: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(InputError) as error:
        join_people("ab", truth, estimate, FILES)
    assert sentence in str(error.value)
