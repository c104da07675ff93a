"""Splits by subject: nobody is in two of training, validation and test."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from simgait.errors import InputError

TEST_SUBJECTS: dict[str, frozenset[str]] = {
    "cmu_asfamc": frozenset({"07", "16", "49"}),
    "mcgill_c3d": frozenset({"HC002D", "HC038A", "HC044A", "HC055A"}),
}
"""The project's held-out people, by folder of the shared data."""

TEST_ONLY_COLLECTIONS: frozenset[str] = frozenset({"c3d_mixed", "bmclab_walk"})
"""Folders of which everybody is a test subject."""


PARTS = {"training": 0.8, "validation": 0.1, "test": 0.1}
"""Parts of a split, and the share of people in each; a usual choice."""


class SplitError(InputError):
    """A subject appears in more than one part of a split."""


def is_test_subject(collection: str, subject: str) -> bool:
    """True where a subject of a folder of the shared data must never be trained on."""
    return collection in TEST_ONLY_COLLECTIONS or subject in TEST_SUBJECTS.get(
        collection, frozenset()
    )


def is_held_out(path: Path, person: str) -> bool:
    """True where a recording is of one of the project's test subjects, so that nothing may learn.

    By the folders that it lies in, as in the shared data, or by the person's code: that of the
    folder ("mcgill_c3d-HC002D"), and alone where it is no mere number.

    Args:
        path: of the recording.
        person: code of who walks.
    """
    folders = path.absolute().parts[:-1]
    for i, collection in enumerate(folders):
        if any(is_test_subject(collection, name) for name in folders[i + 1 :] or ("",)):
            return True
    return is_held_out_person(person)


def is_held_out_person(person: str) -> bool:
    """The same by the person's code alone, where no folder tells."""
    collection, dash, subject = person.partition("-")
    if dash and is_test_subject(collection, subject):
        return True
    return any(person in people and not person.isdecimal() for people in TEST_SUBJECTS.values())


def part_of(person: str) -> str:
    """The part of a split to which a person belongs: by the code alone, always the same."""
    drawn = int.from_bytes(hashlib.sha256(person.encode()).digest()[:8]) / 2.0**64
    total = 0.0
    for part, share in PARTS.items():
        total += share
        if drawn < total:
            return part
    return part


def assert_disjoint(train: Iterable[str], validation: Iterable[str], test: Iterable[str]) -> None:
    """Raise SplitError where two of the three sets of subject ids share one."""
    parts = {"train": set(train), "validation": set(validation), "test": set(test)}
    names = list(parts)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            shared = sorted(parts[first] & parts[second])
            if shared:
                raise SplitError(
                    f"Subjects in both {first} and {second}: {', '.join(shared)}; "
                    "every subject belongs to one part only."
                )
