"""A user's own normal walks to learn from: recordings, whose each is, and what is said of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simgait.datasets.splits import is_held_out
from simgait.errors import InputError
from simgait.provenance import file_sha256
from simgait.recordings.bids_dataset import sidecars
from simgait.recordings.options import ReadOptions


@dataclass(frozen=True)
class OwnRecording:
    """One recording of a user's own.

    Attributes:
        place: how sentences call it ("line 4").
        person: code of who walks; empty where nobody says it.
        path: of the file; None where none is named.
        said: of the recording, height included.
        problem: why it cannot be used; empty for none.
    """

    place: str
    person: str
    path: Path | None
    said: ReadOptions
    problem: str = ""

    @property
    def content(self) -> str:
        """Hash of its files, and of which part of them it is; empty where they cannot be read."""
        if self.path is None:
            return ""
        beside = [one for one in (self.said.asf, self.said.camera) if one is not None]
        try:
            files = [file_sha256(file) for file in (self.path, *sidecars(self.path), *beside)]
        except OSError:
            return ""  # why is said when it is to be read
        return _hash([files, self.said.person, self.said.from_s, self.said.to_s])


@dataclass(frozen=True)
class OwnWalks:
    """A user's own recordings.

    Attributes:
        name: of the table or folder that names them, for sentences.
        recordings: in its order.
    """

    name: str
    recordings: tuple[OwnRecording, ...]

    @property
    def fingerprint(self) -> str:
        """Says which recordings there are, whose, and with which contents."""
        rows = [[one.person, one.problem, one.content, _plain(one.said)] for one in self.recordings]
        return f"{len(rows)} recordings, {_hash(rows)[:12]}"


def usable(own: OwnWalks) -> OwnWalks:
    """The walks with the reason at those that nothing may be learned from, before any is read.

    Such are walks of nobody who is named, of the project's test people, and those that stand there
    twice, the more so under two people.

    Raises:
        InputError: no recording says whose it is.
    """
    if not any(one.person.strip() for one in own.recordings):
        raise InputError(
            f"{own.name}: does not say whose walks they are; fill the column person with codes, "
            "without which nobody can be kept out of what judges."
        )
    return replace(own, recordings=tuple(_held_against_each_other(own.recordings)))


def _held_against_each_other(recordings: Sequence[OwnRecording]) -> Iterator[OwnRecording]:
    first: dict[str, OwnRecording] = {}
    for one in recordings:
        problem = one.problem or _problem(one)
        content = "" if problem else one.content
        before = first.setdefault(content, one) if content else one
        if before is not one:
            problem = f"is the same recording as {before.place}"
            if before.person != one.person:
                problem += ", and said to be of another person; say who walks"
        yield replace(one, problem=problem)


def _problem(one: OwnRecording) -> str:
    if not one.person.strip():
        return "does not say whose walk it is"
    if one.path is None:
        return "names no file"
    if is_held_out(one.path, one.person):
        return "is of one of the project's test people, from whom nothing may learn"
    return ""


def _plain(said: ReadOptions) -> dict[str, str]:
    return {name: str(value) for name, value in said.record().items()}


def _hash(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
