"""From lines of a manifest to walks that are ready to be tracked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from simgait import pipeline
from simgait.cohort.inputs import failure_sentence
from simgait.cohort.one_visit import OneVisit
from simgait.cohort.request import request_facts
from simgait.cohort.study.columns import FAILED, NOT_USABLE
from simgait.cohort.study.lost import GivenUpError
from simgait.cohort.study.manifest import Line, Manifest
from simgait.cohort.study.manifest_check import in_manifest
from simgait.cohort.study.rows import Result, without_walk
from simgait.cohort.study.share import Share
from simgait.cohort.visit import Member, Read, Walks, walks_of_members
from simgait.errors import InputError, StandingTrialError, UnknownHeightError
from simgait.pipeline import PreparedWalk, TrackOptions
from simgait.provenance import file_sha256
from simgait.recordings.bids_dataset import sidecars
from simgait.tracking.policies import Policy


@dataclass(frozen=True)
class Work:
    """Lines that are read together: one, or those of a visit.

    Attributes:
        lines: in the order of the manifest.
        keys: of each, what its numbers rest on; "" where its file cannot be read.
    """

    lines: tuple[Line, ...]
    keys: tuple[str, ...]

    @property
    def is_visit(self) -> bool:
        """Whether the lines are walks of one visit."""
        return self.lines[0].visit_key is not None


Found = tuple[Line, str, list[PreparedWalk] | Result]
"""A line, its key, and its walks, or why there are none."""


def works(
    manifest: Manifest, policy: Policy, of_all: TrackOptions, share: Share | None = None
) -> Iterator[Work]:
    """What there is to do, in the order of the manifest; lines with problems are left out.

    Args:
        manifest: the lines.
        policy: that drives the body.
        of_all: what is asked of every line.
        share: of the whole, None: all of it. All lines of a visit are in one.
    """
    visits: dict[object, list[Line]] = {}
    for line in manifest.lines:
        if not line.problems:
            visits.setdefault(line.visit_key or line.number, []).append(line)
    groups = list(visits.values())
    for lines in share.taken(groups) if share else groups:
        hashes = [_sha256(line) for line in lines]
        is_visit = lines[0].visit_key is not None
        with_whom = _visit_facts(lines, hashes) if is_visit else []
        keys = tuple(
            _key(line, sha256, policy, of_all, with_whom) if sha256 else ""
            for line, sha256 in zip(lines, hashes, strict=True)
        )
        yield Work(tuple(lines), keys)


def _visit_facts(lines: Sequence[Line], hashes: Sequence[str]) -> list[list[str]]:
    """What the numbers of a visit's walk rest on beside its own recording."""
    return sorted(
        [sha256, str(sorted((name, str(value)) for name, value in line.facts.items()))]
        for line, sha256 in zip(lines, hashes, strict=True)
    )


def _sha256(line: Line) -> str:
    assert line.path is not None  # else the line had a problem
    try:
        hashes = [file_sha256(path) for path in (line.path, *sidecars(line.path))]
    except OSError:
        return ""
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def _key(
    line: Line,
    sha256: str,
    policy: Policy,
    of_all: TrackOptions,
    with_whom: Sequence[object],
) -> str:
    facts = {
        **request_facts(policy, line.options(of_all)),
        "recording": sha256,
        "visit": with_whom,
    }
    text = json.dumps(facts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def walks_of_work(work: Work, of_all: TrackOptions) -> list[Found]:
    """The walks of each line, named after it, or why there are none."""
    found = _visit(work, of_all) if work.is_visit else [_alone(work.lines[0], of_all)]
    return [
        (line, key, _named(line, key, walks))
        for line, key, walks in zip(work.lines, work.keys, found, strict=True)
    ]


def not_read(work: Work, error: Exception) -> list[Found]:
    """Of lines whose reading did not even fail in order."""
    return [
        (line, key, _without(line, key, error))
        for line, key in zip(work.lines, work.keys, strict=True)
    ]


def _named(line: Line, key: str, walks: Walks) -> list[PreparedWalk] | Result:
    if isinstance(walks, Exception):
        return _without(line, key, walks)
    return [
        replace(
            walk,
            trial=replace(walk.trial, trial_id=walk_name(line.trial, n, len(walks))),
            source=replace(walk.source, file=line.trial),
        )
        for n, walk in enumerate(walks, 1)
    ]


def walk_name(trial: str, number: int, of: int) -> str:
    """Code of a walk: the recording's, with a number where there are several."""
    return trial if of == 1 else f"{trial}_walk{number}"


class _Unread(Exception):
    """A recording that could not be read, as other than one in which nobody walks."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _alone(line: Line, of_all: TrackOptions) -> Walks:
    options = line.options(of_all)
    try:
        read = _read(line, options, options)
        return pipeline.prepare_walks(*read, options)
    except Exception as error:  # noqa: BLE001 - one line must not take the others with it
        return error


def _read(line: Line, options: TrackOptions, given: TrackOptions) -> Read:
    """A line's recording with what the line says of it, and what is said of the visit.

    Raises:
        _Unread: it cannot be read.
    """
    assert line.path is not None  # else the line had a problem
    reader = options.reader
    if reader.fov_deg is None:
        reader = replace(reader, fov_deg=given.reader.fov_deg)
    try:
        return pipeline.read(line.path, replace(options, height_m=given.height_m, reader=reader))
    except Exception as error:
        raise _Unread(error) from error


def _visit(work: Work, of_all: TrackOptions) -> list[Walks]:
    heights = [line.height_m for line in work.lines if line.height_m is not None]
    shared = replace(of_all, height_m=heights[0] if heights else None)
    distances = {
        line.trial: line.facts["distance_m"] for line in work.lines if "distance_m" in line.facts
    }
    members = [
        Member(line.trial, partial(_read, line, line.options(of_all))) for line in work.lines
    ]
    try:
        visit = OneVisit(distances)  # type: ignore[arg-type]
        return walks_of_members(members, shared, visit)
    except Exception as error:  # noqa: BLE001 - one visit must not take the others with it
        return [error] * len(work.lines)


def _without(line: Line, key: str, error: Exception) -> Result:
    """Why a line has no walks: a recording that was read, but holds none, is not usable."""
    cause = error.cause if isinstance(error, _Unread) else error
    is_input = isinstance(cause, InputError)
    nobody_walks = isinstance(cause, StandingTrialError) or cause is error
    if isinstance(cause, UnknownHeightError):  # what is said of it is wrong, not the walk
        nobody_walks = False
    outcome = NOT_USABLE if is_input and nobody_walks else FAILED
    name = line.path.name if line.path is not None else line.trial
    sentence = in_manifest(failure_sentence(name, cause))
    if isinstance(cause, GivenUpError):
        sentence = str(cause)
    return without_walk(key, outcome, sentence, again=not is_input)
