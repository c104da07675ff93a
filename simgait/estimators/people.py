"""Splits by person: nobody who is learned from is judged by, nor a frame of theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from simgait.datasets.splits import SplitError
from simgait.errors import InputError
from simgait.plain_text import listed

MARK_LENGTH = 12
"""Hexadecimal digits of a mark: two of ten thousand people share one in six million cards."""

Owned = tuple[str, Float[np.ndarray, "_ C"]]
"""A person, and frames of theirs."""


class MarkedPeople(BaseModel):
    """Marks of a card's people (`mark`), by what they were used for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    train: list[str] = Field(min_length=1)
    calibration: list[str] = Field(min_length=1)

    def refuse_known(self, judged: Iterable[str]) -> None:
        """Nobody of the card may be judged by.

        Raises:
            SplitError: names some who are in both.
        """
        people = tuple(judged)
        for known in (self.train, self.calibration):
            refuse_shared_people(known, people)


def mark(person: str) -> str:
    """A person's mark in a card: the code itself stays with who has it."""
    return hashlib.sha256(person.encode()).hexdigest()[:MARK_LENGTH]


def marks(people: Iterable[str]) -> list[str]:
    """Marks of people, each once, sorted."""
    return sorted({mark(person) for person in people})


def refuse_without_people(people: Sequence[str], where: str) -> None:
    """Labels must say whose they are.

    Raises:
        InputError: one does not.
    """
    nameless = sum(not person.strip() for person in people)
    if nameless:
        raise InputError(
            f"{where}: {nameless} of {len(people)} labels do not say whose they are; fill the "
            "column person, without which nobody can be kept out of what judges."
        )


def refuse_shared_people(learned: Iterable[str], judged: Iterable[str]) -> None:
    """Nobody may be learned from and judged by.

    Args:
        learned: marks of the people of a training.
        judged: people.

    Raises:
        SplitError: names some who are in both.
    """
    known = set(learned)
    shared = sorted({person for person in judged if mark(person) in known})
    if shared:
        raise SplitError(
            f"{listed(shared)}: learned from, and in what judges; an error on "
            "them says nothing of other people. Leave them out of one."
        )


def refuse_shared_frames(learned: Iterable[Owned], judged: Iterable[Owned]) -> None:
    """No frame may be learned from and judged by, whatever the people are called.

    Windows that overlap share frames, and so do walks that stand under two names.

    Args:
        learned: people with frames of a training.
        judged: people with frames that judge.

    Raises:
        SplitError: some are in both; names whose.
    """
    known = {frame: person for person, frames in learned for frame in _as_bytes(frames)}
    shared = [
        (person, known[frame])
        for person, frames in judged
        for frame in _as_bytes(frames)
        if frame in known
    ]
    if shared:
        judging, learning = (listed(sorted(set(people))) for people in zip(*shared, strict=True))
        raise SplitError(
            f"{judging}: {len(shared)} frames that judge were learned from as those of {learning} "
            "(one walk under two names, or overlapping windows); give each person one code, and "
            "split by person, not by window."
        )


def _as_bytes(frames: Float[np.ndarray, "N C"]) -> list[bytes]:
    return [frame.tobytes() for frame in np.ascontiguousarray(frames)]


def split_by_person(people: Sequence[str], shares: Mapping[str, float]) -> dict[str, list[int]]:
    """Rows of each part, nobody in two of them; the same people always fall into the same parts.

    Args:
        people: of each row.
        shares: of the parts, which add up to 1.

    Raises:
        InputError: a part stays empty.
    """
    names, edges = list(shares), np.cumsum(list(shares.values()))
    parts: dict[str, list[int]] = {name: [] for name in names}
    order = sorted(set(people), key=mark)
    part_of = {
        person: names[int(np.searchsorted(edges, (k + 0.5) / len(order)).clip(0, len(names) - 1))]
        for k, person in enumerate(order)
    }
    for row, person in enumerate(people):
        parts[part_of[person]].append(row)
    empty = [name for name, rows in parts.items() if not rows]
    if empty:
        raise InputError(
            f"{len(order)} people are too few for {' and '.join(names)}: nobody is left for "
            f"{empty[0]}. Give more people."
        )
    return parts
