"""What a set of trials holds: its index, and its shards, each checked when it is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from simgait.datasets.splits import is_held_out_person
from simgait.errors import InputError
from simgait.files import write_whole
from simgait.learning.kept_walks import read_walks
from simgait.provenance import file_sha256
from simgait.skeleton.skeleton import Skeleton
from simgait.text_files import read_facts
from simgait.types import FittedTrial

INDEX = "index.json"
SHARDS = "shards"
FORM = "simgait-trials-1"
LEARNED_FROM = "training"


@dataclass(frozen=True)
class Shard:
    """A file of trials.

    Attributes:
        file: its name in the folder of shards.
        part: of the set.
        trials: their ids.
        sha256: of the file.
    """

    file: str
    part: str
    trials: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class Made:
    """A recording that gave trials.

    Attributes:
        trials: their ids, made of the recording's hash.
    """

    person: str
    part: str
    trials: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """All that is known of a set.

    Attributes:
        recipe: facts of how recordings became trials.
        shards: those of training first.
        recordings: hash of a recording (with what was said of it, and the recipe) -> what it gave.
        excluded: hash of a recording that gave none -> trial, reason and sentence.
        provenance: versions, commit, date.
    """

    recipe: Mapping[str, Any]
    shards: tuple[Shard, ...] = ()
    recordings: Mapping[str, Made] = field(default_factory=dict)
    excluded: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def of_part(self, part: str) -> tuple[Shard, ...]:
        """The shards of a part."""
        return tuple(shard for shard in self.shards if shard.part == part)

    @property
    def sha256(self) -> str:
        """Says which trials there are, and in which shards: equal hashes, equal sets."""
        facts = [[one.part, one.file, one.trials] for one in self.shards]
        return hashlib.sha256(json.dumps([facts, self.recipe]).encode()).hexdigest()

    def write(self, folder: Path) -> None:
        """Replaces the index of a set in one step.

        Raises:
            InputError: it cannot be written.
        """
        facts = {"form": FORM, **asdict(self)}
        write_whole(folder / INDEX, json.dumps(facts, indent=1) + "\n")


def _named(folder: Path) -> str:
    """A folder's own name, also of the one that one is in."""
    return folder.absolute().name


def read_index(folder: Path) -> Index:
    """The index of a set.

    Raises:
        InputError: the folder holds no set, or one of another version of simgait.
    """
    if not (folder / INDEX).is_file():
        raise InputError(
            f"{_named(folder)}: holds no finished set of trials (no {INDEX}); make one with "
            "`simgait dataset build`."
        )
    facts = read_facts(folder / INDEX)
    try:
        if facts["form"] != FORM:
            raise ValueError
        shards = tuple(Shard(**{**one, "trials": tuple(one["trials"])}) for one in facts["shards"])
        recordings = {
            key: Made(**{**one, "trials": tuple(one["trials"])})
            for key, one in facts["recordings"].items()
        }
        left_out, provenance = facts["excluded"], facts["provenance"]
        return Index(facts["recipe"], shards, recordings, left_out, provenance)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{_named(folder)}: {INDEX} is damaged or of another version of simgait; build the set "
            "again in another folder."
        ) from error


@dataclass(frozen=True)
class TrialSet:
    """The part of a set that a training learns from; shards are read one at a time."""

    folder: Path
    index: Index
    skeleton: Skeleton
    shards: Sequence[Shard]

    @property
    def people(self) -> set[str]:
        """Codes of those who are learned from."""
        return {m.person for m in self.index.recordings.values() if m.part == LEARNED_FROM}

    def read(self, number: int) -> list[FittedTrial]:
        """The trials of a shard.

        Raises:
            InputError: it is missing or damaged, or holds somebody from whom nothing may learn.
        """
        shard = self.shards[number]
        path = self.folder / SHARDS / shard.file
        is_whole = path.is_file() and file_sha256(path) == shard.sha256
        walks = (
            read_walks(path, {"trials": list(shard.trials)}, self.skeleton) if is_whole else None
        )
        if walks is None:
            raise InputError(
                f"{_named(self.folder)}: the shard {shard.file} is missing or damaged; the command "
                "that built the set makes it again."
            )
        refuse_held_out(walk.trial.subject_id for walk in walks)
        return walks


def refuse_held_out(people: Iterable[str]) -> None:
    """Raises InputError where one of the persons may not be learned from."""
    held = sorted({person for person in people if is_held_out_person(person)})
    if held:
        raise InputError(
            f"{', '.join(held)}: nothing may learn from the project's test subjects; leave them "
            "out of the set."
        )


def open_trials(folder: Path, skeleton: Skeleton, sized_by: str) -> TrialSet:
    """The trials of a set that a training may learn from.

    Args:
        folder: of the set.
        skeleton: the training's body.
        sized_by: how the training's bodies are sized.

    Raises:
        InputError: no set, or one of another body, or one without trials to learn from.
    """
    index = read_index(folder)
    for name, asked in (("skeleton", skeleton.name), ("sized_by", sized_by)):
        has = index.recipe.get(name)
        if has != asked:
            raise InputError(
                f"{_named(folder)}: the set was built with {name} {has}, and the recipe of the "
                f"training has {asked}; build the set with --config and this recipe."
            )
    shards = index.of_part(LEARNED_FROM)
    if not shards:
        raise InputError(
            f"{_named(folder)}: nobody in the set is in the part {LEARNED_FROM}, so that there is "
            "nothing to learn from."
        )
    refuse_held_out(one.person for one in index.recordings.values())
    return TrialSet(folder, index, skeleton, shards)
