"""Codes that stand for people: made of names, which they are the same for, and chosen ones."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise
from pathlib import PurePath

from simgait.errors import InputError
from simgait.files import safe_id
from simgait.option_names import option

_DIGEST_ROUNDS = 100_000
"""Takes 0.04 s."""
_CODE = re.compile("subject-[0-9a-f]{8}")
_NAME = re.compile(r"[^\W\d_]{2,}\.?[\s,]+[^\W\d_]{2,}")
"""Two words of letters, as people are called and codes are not."""
MOST_OF_A_NAME = 200
"""Characters that are looked at: people's names are shorter, and the search takes their square."""
_SIDE_BY_SIDE = re.compile(r"[^\W\d_]{2,}(?:[\s,._-]+[^\W\d_]{2,})+")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORDS_OF_FILES = frozenset({
    "back", "barefoot", "baseline", "camera", "come", "comfortable", "control", "data", "day",
    "fast", "follow", "free", "front", "gait", "go", "ground", "healthy", "left", "level",
    "normal", "one", "over", "overground", "patient", "person", "post", "pre", "preferred",
    "recording", "right", "run", "running", "self", "session", "shod", "side", "slow", "speed",
    "static", "subject", "test", "treadmill", "trial", "turn", "two", "up", "video", "view",
    "visit", "walk", "walking",
})  # fmt: skip
"""Words in the names of recordings that are nobody's name."""

_WORDS_OF_CONDITIONS = _WORDS_OF_FILES | frozenset({
    "after", "afo", "afos", "aid", "aids", "at", "before", "belt", "botox", "brace", "cane",
    "crutch", "crutches", "first", "foot", "in", "insole", "insoles", "leg", "month", "months",
    "new", "no", "of", "off", "old", "on", "orthoses", "orthosis", "prosthesis", "rest", "rollator",
    "second", "shoe", "shoes", "splint", "support", "surgery", "the", "therapy", "training",
    "treatment", "walker", "week", "weeks", "with", "without", "year", "years",
})  # fmt: skip
"""Words by which two visits of one person differ, and which are nobody's name."""

STATED_NAME = (
    "the subject looks like a person's name, and every output would hold it; give a code with "
    f"{option('subject_id')}."
)
NAME_IN_FILE = (
    "the subject that the file names looks like a person's name, and outputs hold a code that was "
    f"made of it, which who knows the name can compute; give your own with {option('subject_id')}."
)
NAMED_FILE = (
    "the name of the file looks like a person's, and every output would hold it; rename the file "
    "to a code."
)


def code_of_name(name: str) -> str:
    """A code for a name that must not be written, "" for none.

    The same for all trials of a person, and slow to compute, so that lists of names are slow to
    try. It is a pseudonym all the same: who knows the name can compute it.
    """
    if not name:
        return ""
    digest = hashlib.pbkdf2_hmac("sha256", name.encode(), b"simgait subject", _DIGEST_ROUNDS)
    return f"subject-{digest.hex()[:8]}"


def subject_of(stated: str | None, in_file: str | None) -> str:
    """The subject of a recording as outputs have it, "" for none.

    Args:
        stated: by who calls; wins over the file.
        in_file: what the file says, which becomes a code where it looks like a person's name.
    """
    if stated is None and in_file and looks_like_a_name(in_file):
        return code_of_name(in_file)
    subject = in_file if stated is None else stated
    return safe_id(subject) if subject else ""


def is_code_of_name(subject: str) -> bool:
    """Whether a subject is such a code, which nobody chose."""
    return _CODE.fullmatch(subject) is not None


def check_subject(subject: str, called: str) -> None:
    """A code of a person.

    Outputs hold no names, and what is said of a recording stands in every one of them: a manifest's
    codes are checked so, too.

    Raises:
        InputError: it looks like a name; the sentence does not repeat it.
    """
    if looks_like_a_name(subject):
        raise InputError(
            f"{called}: this looks like a person's name, and every output would hold it; give a "
            "code (P07)."
        )


def looks_like_a_name(text: str) -> bool:
    """Whether two words of letters stand beside each other, as in names and not in codes."""
    return _NAME.search(text[:MOST_OF_A_NAME]) is not None


def name_notes(stated: str | None, in_file: str | None = None) -> tuple[str, ...]:
    """A sentence on a subject that looks like a person's name; none on a code.

    Args:
        stated: by who calls; wins over the file.
        in_file: what the file says.
    """
    if stated is not None:
        return (STATED_NAME,) if looks_like_a_name(stated) else ()
    return (NAME_IN_FILE,) if in_file is not None and looks_like_a_name(in_file) else ()


def is_called_like_a_person(path: str) -> bool:
    """Whether a file, or a folder on the way to it, has a name like "Anna Meier 03.c3d".

    Two words stand side by side, each with a capital and one not all capitals, neither of them
    usual in the names of recordings.
    """
    file = PurePath(path)
    return any(
        _is_persons(one, two)
        for part in (*file.parent.parts, file.stem)
        for run in _SIDE_BY_SIDE.findall(part)
        for one, two in pairwise(_LETTERS.findall(run))
    )


def label_looks_like_a_person(label: str) -> bool:
    """Whether a label, which is words and no code, holds two that are likely a person's name.

    Two words of letters stand side by side, neither of them one of conditions ("with orthosis").
    """
    return any(
        not {one.lower(), two.lower()} & _WORDS_OF_CONDITIONS
        for run in _SIDE_BY_SIDE.findall(label[:MOST_OF_A_NAME])
        for one, two in pairwise(_LETTERS.findall(run))
    )


def _is_persons(one: str, two: str) -> bool:
    """Whether two words side by side are likelier a person's name than anything else."""
    has_capitals = one[0].isupper() and two[0].isupper() and not (one + two).isupper()
    return has_capitals and not {one.lower(), two.lower()} & _WORDS_OF_FILES
