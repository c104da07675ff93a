"""What is to be done, and what an earlier call has done in the same way.

Nothing is tracked before everything that differs has been said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from simgait.cohort.inputs import InputFile
from simgait.cohort.request import OF_ALL, differences
from simgait.cohort.walk_record import Facts, WalkRecord
from simgait.errors import InputError
from simgait.files import without_folders
from simgait.plain_text import listed
from simgait.provenance import file_sha256


@dataclass(frozen=True)
class Job:
    """One file, and what is done of it.

    Attributes:
        kept: number of a walk (from 1) -> its record.
        redone: folders of walks that will be tracked again and replaced.
    """

    file: InputFile
    kept: Mapping[int, WalkRecord] = field(default_factory=dict)
    redone: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Every walk of the file is kept."""
        of = {record.of for record in self.kept.values()}
        return len(of) == 1 and set(self.kept) == set(range(1, of.pop() + 1))


def plan(
    files: Sequence[InputFile],
    records: Sequence[WalkRecord],
    request: Facts,
    *,
    overwrite: bool,
    tell: Callable[[str], None] = lambda text: None,
) -> list[Job]:
    """One job per file, in their order.

    Args:
        files: that were asked for.
        records: of what the output folder holds.
        request: how they are to be tracked.
        overwrite: track again what was tracked otherwise.
        tell: gets a line where hashing many files may take a while.

    Raises:
        InputError: something was tracked otherwise, and how, and it is not to be overwritten.
    """
    known = defaultdict(list)
    for record in records:
        known[record.file_name].append(record)
    if records:
        tell(f"comparing with {len(records)} finished walk{'' if len(records) == 1 else 's'} ...")
    labels = {shown_label(file) for file in files}
    jobs, changed = [], {}
    for file in files:
        name = PurePosixPath(shown_label(file)).name
        job, differs = _job(file, known[name], request, labels)
        jobs.append(job)
        if differs:
            changed[file.label] = differs
    if changed and not overwrite:
        raise InputError(_otherwise(changed))
    mine = {record.folder for job in jobs for record in job.kept.values()}
    redone = {folder for job in jobs for folder in job.redone}
    _refuse_mixture([r for r in records if r.folder not in mine | redone], request)
    return jobs


def shown_label(file: InputFile) -> str:
    """A file's label as it stands in records and tables."""
    return str(without_folders(file.label))


def _job(
    file: InputFile, namesakes: Sequence[WalkRecord], request: Facts, labels: set[str]
) -> tuple[Job, list[str]]:
    """The job, and what is different now in words; empty where nothing is."""
    if file.failure or not namesakes:
        return Job(file), []
    try:
        sha256 = file_sha256(file.path)
    except OSError:  # the reader will say it
        return Job(file), []
    label = shown_label(file)
    same_label = [record for record in namesakes if record.source == label]
    # The same file by another way to it: its folder was given, or the folder above.
    elsewhere = [r for r in namesakes if r.sha256 == sha256 and r.source not in labels]
    mine = same_label or elsewhere
    differs: dict[str, None] = {}
    kept, redone = {}, []
    for record in mine:
        found = differences(record.request, request)
        if record.sha256 != sha256:
            found.insert(0, "the recording itself (changed)")
        if found:
            differs |= dict.fromkeys(found)
            redone.append(record.folder)
        else:
            kept[record.number] = record
    return Job(file, kept, tuple(redone)), list(differs)


def _otherwise(changed: Mapping[str, list[str]]) -> str:
    facts = dict.fromkeys(fact for facts in changed.values() for fact in facts)
    return (
        f"{listed(list(changed))}: tracked before into the same output folder, but not as now: "
        f"{', '.join(facts)}; give --overwrite to track them again, or another folder with -o."
    )


def _refuse_mixture(others: Sequence[WalkRecord], request: Facts) -> None:
    """One table, one policy, one simgait.

    Raises:
        InputError: the folder holds walks of other recordings by another policy or simgait.
    """
    now = {name: request.get(name) for name in OF_ALL}
    facts: dict[str, None] = {}
    strangers = []
    for record in others:
        found = differences({name: record.request.get(name) for name in OF_ALL}, now)
        if found:
            strangers.append(record.folder)
            facts |= dict.fromkeys(found)
    if strangers:
        raise InputError(
            f"the output folder holds walks of other recordings ({', '.join(strangers[:3])}"
            f"{', ...' if len(strangers) > 3 else ''}) that were tracked with another "
            f"{', '.join(facts)}; one table would mix both, so choose another folder with -o."
        )
