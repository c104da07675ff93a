"""What a set of trials is made of: recordings, what is said of them, and by which recipe."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from simgait.body.sizing import SizedBy
from simgait.datasets.detector_mixture import Keypoints
from simgait.datasets.splits import PARTS, is_held_out, part_of
from simgait.errors import InputError
from simgait.learning.config import TrainingConfig
from simgait.provenance import code_sha256, file_sha256
from simgait.recordings.bids_dataset import sidecars
from simgait.recordings.options import ReadOptions
from simgait.recordings.subject_codes import (
    code_of_name,
    is_called_like_a_person,
    looks_like_a_name,
)
from simgait.skeleton.skeleton import Skeleton

HELD_OUT, TWICE, MANIFEST = "held-out person", "recording twice", "line of the manifest"
NO_WALK, NO_BODY = "nobody walks in it", "no body fits"
NOT_READ, BROKEN = "cannot be read", "broke down"
FAILURES = (MANIFEST, NOT_READ, BROKEN)
"""Reasons that somebody has to mend; the others are as they should be."""


@dataclass(frozen=True)
class Source:
    """One recording that a set is to be made of.

    Attributes:
        trial: its code, by which lists of what was left out name it.
        person: code of who walks.
        path: of the file.
        said: of the recording, height included.
        part: of the set, `PARTS`; "" draws it by the person's code.
        problem: why it cannot even be asked for; empty for none.
    """

    trial: str
    person: str
    path: Path
    said: ReadOptions
    part: str = ""
    problem: str = ""


@dataclass(frozen=True)
class SetRecipe:
    """How recordings become trials.

    Attributes:
        skeleton: the body that is fitted.
        sized_by: see `body.sizing.body_size`.
        copies: of each marker walk, through monocular-v1.
        kind: as in `learning.examples.real_examples`.
        seed: of the copies.
    """

    skeleton: Skeleton
    sized_by: SizedBy = "keypoints"
    copies: int = 0
    kind: Keypoints | None = None
    seed: int = 0

    def facts(self) -> dict[str, Any]:
        """All that decides what comes out, JSON-ready."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return own | {"skeleton": self.skeleton.name}


def set_recipe(config: TrainingConfig) -> SetRecipe:
    """The recipe of a set that trainings by `config` learn from."""
    data = config.data
    kind = None if data.keypoints == "mixture" else data.keypoints
    skeleton = config.tracking.body.skeleton
    return SetRecipe(skeleton, data.sized_by, data.real_copies, kind, data.seed)


@dataclass(frozen=True)
class Excluded:
    """A recording that gave no trial: its code, a reason to count by, and a sentence."""

    trial: str
    reason: str
    sentence: str


@dataclass(frozen=True)
class Job:
    """A recording and the hash of all that decides what comes out of it."""

    source: Source
    key: str


def jobs_of(
    sources: Sequence[Source], recipe: SetRecipe
) -> tuple[list[Job], list[Excluded], dict[str, str]]:
    """What is to be made, what is left out before anything is read, and each person's part.

    Persons and trials whose codes look like people's names get codes made of them.

    Raises:
        InputError: a part that there is not, or a person in two parts.
    """
    code = code_sha256()
    version = metadata.version("simgait")
    jobs: list[Job] = []
    left_out: list[Excluded] = []
    made: dict[str, Source] = {}
    parts: dict[str, str] = {}
    for source in map(_in_codes, sources):
        if source.problem:
            left_out.append(Excluded(source.trial, MANIFEST, source.problem))
            continue
        if is_held_out(source.path, source.person):
            left_out.append(Excluded(source.trial, HELD_OUT, "nothing may learn from this person."))
            continue
        try:
            content = _content(source)
        except OSError as error:
            sentence = f"the file cannot be read ({error.strerror})."
            left_out.append(Excluded(source.trial, NOT_READ, sentence))
            continue
        if content in made:
            left_out.append(_twice(source, made[content]))
            continue
        made[content] = source
        _note_part(parts, source)
        facts = [content, source.person, recipe.facts(), code, version]
        jobs.append(Job(source, _hash(facts)))
    return jobs, left_out, parts


def _twice(source: Source, first: Source) -> Excluded:
    if source.person == first.person:
        return Excluded(source.trial, TWICE, f"the same recording as {first.trial}.")
    return Excluded(
        source.trial,
        MANIFEST,
        f"the same recording as {first.trial}, and said to be of another person; say who walks.",
    )


def _in_codes(source: Source) -> Source:
    person = code_of_name(source.person) if looks_like_a_name(source.person) else source.person
    trial = code_of_name(source.trial) if is_called_like_a_person(source.trial) else source.trial
    said = replace(source.said, subject_id=person or None)
    return replace(source, person=person, trial=trial, said=said)


def _note_part(parts: dict[str, str], source: Source) -> None:
    part = source.part or part_of(source.person)
    if part not in PARTS:
        raise InputError(
            f"trial {source.trial}: there is no part '{part[:40]}'; the column part says "
            f"{', '.join(PARTS)}, or nothing."
        )
    if parts.setdefault(source.person, part) != part:
        raise InputError(
            f"person {source.person} is in both {parts[source.person]} and {part}; everybody "
            "belongs to one part only."
        )


def _content(source: Source) -> str:
    """The hash of a recording's files and of what is said of it."""
    beside = [one for one in (source.said.asf, source.said.camera) if one is not None]
    files = [source.path, *sidecars(source.path), *beside]
    said = {name: str(value) for name, value in source.said.record().items()}
    return _hash([[file_sha256(path) for path in files], said])


def _hash(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
