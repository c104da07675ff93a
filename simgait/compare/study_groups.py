"""Into which groups of people a study's walks are divided: visit, condition, and what is asked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simgait.errors import InputError
from simgait.near_names import nearest_name
from simgait.plain_text import listed

AGE, AIDS = "age_years", "aids"
ALWAYS = ("visit", "condition")
"""What walks are divided by in any case."""
AGE_BANDS_YEARS = (0, 2, 6, 13, 19, 45, 65, 80)
"""First age of each band, in whole years lived: the age groups of the Medical Subject Headings of
the National Library of Medicine (infant, preschool child, child, adolescent, adult, middle aged,
aged, 80 and over)."""
NOT_SAID = "not said"
MOST_VALUES = 20
"""Of a column that walks are divided by: more are no groups, but measurements or codes."""
TITLES = {"visit": "Visit", "condition": "Condition", AGE: "Age", "sex": "Sex", AIDS: "Aids"}
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Group:
    """Who is averaged together.

    Attributes:
        visit, condition: codes of the manifest, "" where it says none.
        labels: a word for each further column that walks are divided by.
    """

    visit: str
    condition: str
    labels: tuple[str, ...] = ()

    @property
    def order(self) -> list[list[tuple[bool, int, str]]]:
        """By which groups are sorted: v2 before v10, and 6 to 12 years before 13 to 18."""
        return [_natural(text) for text in (self.visit, self.condition, *self.labels)]


def _natural(text: str) -> list[tuple[bool, int, str]]:
    pieces = filter(None, _DIGITS.split(text))
    return [(False, int(p), "") if p.isdecimal() else (True, 0, p) for p in pieces]


def title_of(column: str) -> str:
    """What heads a column that walks are divided by; one of the manifest's own keeps its name."""
    return TITLES.get(column, column)


def word_of(column: str) -> str:
    """The same within a sentence."""
    return TITLES[column].lower() if column in TITLES else column


def age_bands() -> tuple[str, ...]:
    """The bands in words."""
    ends = zip(AGE_BANDS_YEARS, AGE_BANDS_YEARS[1:], strict=False)
    return (*(f"{low} to {high - 1} years" for low, high in ends), f"{AGE_BANDS_YEARS[-1]} or more")


def age_band(age_years: float) -> str:
    """The band of an age: who is 12.9 years old is 12."""
    return age_bands()[bisect_right(AGE_BANDS_YEARS, age_years) - 1]


def label_of(column: str, said: object) -> str:
    """The group that a cell puts its walk into: ages go by band, aids whatever their order."""
    text = "" if said is None else str(said).strip()
    if not text:
        return NOT_SAID
    if column == AGE:
        return age_band(float(text))
    if column == AIDS:
        return ", ".join(sorted(one.strip().lower() for one in text.split(",")))
    return text


def check_divided_by(by: Sequence[str], own: Sequence[str]) -> None:
    """Whether a study can be divided so.

    Args:
        by: columns that are asked for.
        own: those of the manifest that its tables carry along.

    Raises:
        InputError: there is no such column, or it stands there twice.
    """
    for place, column in enumerate(by):
        if column in ALWAYS:
            raise InputError(
                f"--by {column}: the study is divided by {' and '.join(ALWAYS)} in any case; "
                "leave it out."
            )
        if column in by[:place]:
            raise InputError(f"--by {column}: stands there twice; leave one out.")
        if column not in own:
            near = nearest_name(column, own, {"age": AGE, "gender": "sex"})
            known = f"it has {listed(own, MOST_VALUES)}" if own else "it has none of its own"
            meant = f"the nearest is {near}" if near in own else known
            raise InputError(
                f"--by {column[:40]}: the study's manifest has no such column; {meant}."
            )


def check_values(labels: Mapping[str, Sequence[str]]) -> None:
    """Whether columns hold groups.

    Args:
        labels: column -> the label of each walk.

    Raises:
        InputError: one holds too many values for groups.
    """
    for column, said in labels.items():
        count = len(set(said))
        if count > MOST_VALUES:
            raise InputError(
                f"--by {column}: has {count} different values, which are no groups; give classes, "
                f"{MOST_VALUES} at most, in a column of their own."
            )
