"""What is said of a person for the head of a report: checked, and kept out of the provenance."""

from __future__ import annotations

import pytest

from simgait.errors import InputError
from simgait.recordings.options import ReadOptions
from simgait.recordings.person_facts import PersonFacts, person_facts
from simgait.recordings.said import check_said

SAID = ReadOptions(age_years=61.0, sex="male", aids=("cane",), diagnosis="I69.3")


def test_what_is_said_is_kept_but_not_in_the_provenance() -> None:
    check_said(SAID)
    assert person_facts(SAID) == PersonFacts(61.0, "male", ("cane",), "I69.3")
    assert SAID.record() == {}
    assert not person_facts().is_child and not person_facts(SAID).is_child
    assert PersonFacts(age_years=17.9).is_child


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (ReadOptions(age_years=1961.0), "age_years: 1961 years are no walking person's age"),
        (ReadOptions(sex="F"), "sex: 'F' is not known here; give one of female, male, other"),
        (
            ReadOptions(aids=("stick",)),
            "aids: 'stick' is not known here; give one or more of none, cane",
        ),
        (ReadOptions(aids=("none", "cane")), "aids: 'none' and an aid contradict each other"),
        (ReadOptions(diagnosis="Jane Doe, palsy"), "diagnosis: give a code, such as G80.1"),
    ],
)
def test_what_holds_of_nobody_is_refused(wrong: ReadOptions, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        check_said(wrong)


@pytest.mark.parametrize("code", ["G80.1", "343.9", "Z99", "128188000"])
def test_codes_of_icd_and_snomed_are_taken(code: str) -> None:
    check_said(ReadOptions(diagnosis=code))
