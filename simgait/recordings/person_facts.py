"""What the head of a report says of a person beside height and mass, where somebody said it.

It changes no measured number, but age and sex say whom these are compared with
(`parameters.norm_choice`). None of it is a name: a page with it stays pseudonymous.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from simgait.errors import InputError
from simgait.limits import ADULT_YEARS, AGE_YEARS
from simgait.recordings.options import NOTHING_SAID, ReadOptions

SEXES = ("female", "male", "other")
NO_AID = "none"
AIDS = (
    NO_AID, "cane", "two canes", "crutch", "two crutches", "walker", "rollator", "orthosis",
    "two orthoses", "prosthesis", "two prostheses",
)  # fmt: skip
"""Walking aids that can be said; words of one's own might say more than a page should."""
CODE = re.compile(r"[A-Za-z][0-9][A-Za-z0-9.+-]{0,10}|[0-9]{3}[.][0-9]{1,2}|[0-9]{3,18}")
"""A diagnosis: of ICD-9 or ICD-10 (G80.1), or a SNOMED CT number."""


@dataclass(frozen=True)
class PersonFacts:
    """A person as the head of a report has them; None is not said.

    Attributes:
        age_years: at the walk.
        sex: of `SEXES`.
        aids: of `AIDS`.
        diagnosis: a code.
    """

    age_years: float | None = None
    sex: str | None = None
    aids: tuple[str, ...] = ()
    diagnosis: str | None = None

    @property
    def is_child(self) -> bool:
        """Whether the age was said and is below that of adults."""
        return self.age_years is not None and self.age_years < ADULT_YEARS


NOBODY = PersonFacts()


def person_facts(said: ReadOptions = NOTHING_SAID) -> PersonFacts:
    """The person of these options."""
    return PersonFacts(said.age_years, said.sex, tuple(said.aids or ()), said.diagnosis)


def check_person(said: ReadOptions, age: str, sex: str, aids: str, diagnosis: str) -> None:
    """Refuses what holds of nobody; the words are what the caller calls each fact.

    Raises:
        InputError: names the fact, and what it can be.
    """
    if said.age_years is not None and said.age_years not in AGE_YEARS:
        raise InputError(
            f"{age}: {said.age_years:g} years are no walking person's age; give {AGE_YEARS}."
        )
    if said.sex is not None and said.sex not in SEXES:
        raise InputError(
            f"{sex}: '{said.sex[:20]}' is not known here; give one of {', '.join(SEXES)}."
        )
    for aid in said.aids or ():
        if aid not in AIDS:
            raise InputError(
                f"{aids}: '{aid[:20]}' is not known here; give one or more of {', '.join(AIDS)}."
            )
    if NO_AID in (said.aids or ()) and len(said.aids or ()) > 1:
        raise InputError(
            f"{aids}: '{NO_AID}' and an aid contradict each other; leave '{NO_AID}' out, or "
            "give it alone."
        )
    if said.diagnosis is not None and not CODE.fullmatch(said.diagnosis):
        raise InputError(
            f"{diagnosis}: give a code, such as G80.1 of ICD-10 or a SNOMED CT number; words may "
            "say who somebody is."
        )
