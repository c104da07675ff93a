"""What the two visits of a comparison are called: before and after, or as the user says."""

from __future__ import annotations

from dataclasses import dataclass

from simgait.errors import InputError
from simgait.plain_text import printable
from simgait.recordings.subject_codes import label_looks_like_a_person

LONGEST_LABEL = 30
"""Characters: two of them head a column of a page each, and stand in its sentences."""
_TAKEN = "/\\<>\"'“”"
"""Characters of paths and of marks-up, which no label needs."""


@dataclass(frozen=True)
class VisitNames:
    """Labels of the first and the second visit, and what sentences call them.

    Attributes:
        before, after: labels.
        is_given: they are the user's, so that sentences use them, too.
    """

    before: str = "before"
    after: str = "after"
    is_given: bool = False

    @property
    def visits(self) -> tuple[str, str]:
        """In sentences: "the first visit", or a label in quotation marks."""
        if not self.is_given:
            return "the first visit", "the second visit"
        return f"“{self.before}”", f"“{self.after}”"


BEFORE_AFTER = VisitNames()


def visit_names(said: str | None, option: str = "--names") -> VisitNames:
    """The labels of "WITHOUT,WITH"; before and after where nobody says any.

    Raises:
        InputError: they are not two, or one is empty, too long, a path, or looks like a person's
            name; or both are the same.
    """
    if said is None:
        return BEFORE_AFTER
    labels = [" ".join(one.split()) for one in said.split(",")]
    if len(labels) != 2:
        raise InputError(
            f"{option}: give two labels with a comma between them, the first visit's first "
            f"({option} without,with)."
        )
    for label in labels:
        _check(label, option)
    before, after = labels
    if before.casefold() == after.casefold():
        raise InputError(f"{option}: both labels are '{before}'; give each visit its own.")
    return VisitNames(before, after, is_given=True)


def _check(label: str, option: str) -> None:
    if not label:
        raise InputError(f"{option}: a label is empty; give two, as in {option} without,with.")
    if len(label) > LONGEST_LABEL:
        raise InputError(
            f"{option}: '{label[:LONGEST_LABEL]}…' is too long; give at most {LONGEST_LABEL} "
            "characters."
        )
    if label != printable(label) or any(mark in label for mark in _TAKEN):
        raise InputError(
            f"{option}: a label is words, without slashes, angle brackets and quotation marks."
        )
    if label_looks_like_a_person(label):
        raise InputError(
            f"{option}: a label looks like a person's name, and every page would hold it; say "
            "what differs between the visits, such as without,with."
        )
