"""Several people in one marker file, told apart by what stands before the names of their points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from simgait.errors import InputError
from simgait.recordings.detectors.point_names import LONGEST_NAME, canonical_name
from simgait.recordings.markers.names import find_markers, strip_prefix

_BODY = ("ASI", "KNE", "ANK", "Hip", "Knee", "Ankle")
_LEAST = 4
"""Landmarks of hips, knees and ankles by which a prefix is taken for a person's."""
_SEPARATORS = re.compile(r"[:_.\-\s]+")


@dataclass(frozen=True)
class OnePerson:
    """The points of one of the people in a file.

    Attributes:
        columns: of the file that are theirs.
        labels: of those columns, without the person's prefix.
        people: everybody's prefix, where there are several people.
        prefix: this person's.
        notes: a sentence on who was chosen; without prefixes, as these may be names.
    """

    columns: tuple[int, ...]
    labels: tuple[str, ...]
    people: tuple[str, ...] = ()
    prefix: str = ""
    notes: tuple[str, ...] = ()


def choose_person(
    labels: Sequence[str], seen: Sequence[bool], person: int | None, where: str
) -> OnePerson:
    """The points of the person that is asked for, else of the first.

    Args:
        labels: of the file's points, "A:LASI", "A_LASI" or "LASI".
        seen: whether each point is ever seen.
        person: which one, from 1; None says nothing.
        where: the file's name, for the sentence.

    Raises:
        InputError: there is no such person.
    """
    prefixes = people_prefixes(labels, seen)
    number = 1 if person is None else person
    if not 1 <= number <= max(1, len(prefixes)):
        raise InputError(
            f"{where}: there is no person {number} in the file, which has {max(1, len(prefixes))}; "
            "simgait inspect lists them."
        )
    chosen = prefixes[number - 1] if prefixes else ""
    others = [p for p in prefixes if p != chosen]
    columns = tuple(
        i
        for i, label in enumerate(labels)
        if not others
        or (has_prefix(label, chosen) if chosen else not any(has_prefix(label, p) for p in others))
    )
    bare = tuple(without_prefix(labels[i], chosen) for i in columns)
    if not others:
        return OnePerson(columns, bare)
    said = "the first was read" if person is None else f"number {number} was read"
    note = (
        f"the file holds points of {len(prefixes)} people, told apart by what stands before the "
        f"names of the points; {said}, --person chooses another."
    )
    return OnePerson(columns, bare, tuple(prefixes), chosen, (note,))


def people_prefixes(labels: Sequence[str], seen: Sequence[bool]) -> list[str]:
    """Prefixes of which each has a body of its own with points that are seen, in order."""
    by_prefix: dict[str, list[tuple[str, bool]]] = {}
    for label, is_seen in zip(labels, seen, strict=True):
        for prefix, bare in _splits(label):
            by_prefix.setdefault(prefix, []).append((bare, is_seen))
    found: list[str] = []
    for prefix, points in by_prefix.items():
        landmarks = _landmarks([bare for bare, _ in points])
        if len(landmarks) >= _LEAST and any(
            is_seen for bare, is_seen in points if bare in landmarks
        ):
            found.append(prefix)
    return found


def _splits(label: str) -> list[tuple[str, str]]:
    """Every way to take a prefix off; without a colon that could be none at all, too."""
    if len(label) > LONGEST_NAME:
        return [("", label)]
    if ":" in label:
        return [(label.rsplit(":", 1)[0].strip(), strip_prefix(label))]
    at = [(label[: m.start()], label[m.end() :]) for m in _SEPARATORS.finditer(label)]
    return [("", label), *((before, after) for before, after in at if before and after)]


def _landmarks(labels: Sequence[str]) -> set[str]:
    """Labels that name a hip, a knee or an ankle of a side."""
    markers = {label for name, label in find_markers(labels).items() if name[1:] in _BODY}
    joints = {x for x in labels if (canonical_name(x) or "").partition(" ")[2] in _BODY}
    return markers | joints


def has_prefix(label: str, prefix: str) -> bool:
    """Whether a label can be taken for a point of the person with this prefix."""
    return any(before == prefix for before, _ in _splits(label))


def without_prefix(label: str, prefix: str) -> str:
    """The label without the prefix; any prefix before a colon goes too, as ever."""
    return next((bare for before, bare in _splits(label) if before == prefix), strip_prefix(label))
