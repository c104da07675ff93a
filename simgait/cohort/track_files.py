"""Many recordings through the pipeline: in batches, and no failure stops the others."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from simgait import pipeline
from simgait.cohort import outcome as outcomes
from simgait.cohort.finished_walk import finished_record, write_finished
from simgait.cohort.folder_names import FolderNames
from simgait.cohort.inputs import InputFile, failure_sentence
from simgait.cohort.outcome import Outcome
from simgait.cohort.plan import Job, shown_label
from simgait.cohort.walk_record import Facts, Row, WalkRecord
from simgait.errors import InputError, StandingTrialError
from simgait.parameters.wording import counted, duration
from simgait.pipeline import PreparedWalk, TrackOptions
from simgait.recordings.subject_codes import NAME_IN_FILE
from simgait.tracking.policies import Policy
from simgait.types import TrackedTrial

BATCH = 64
"""Walks that are tracked together: a simulated step costs little more for 64 bodies than for 1."""
QUIET_S = 10.0
"""A line on how far a batch is comes so often at the most, unless more walks are done."""

WalksOf = Callable[[InputFile], list[PreparedWalk]]
"""The walks of a file; raises InputError where it holds none."""
Place = tuple[int, int]
"""Where an outcome belongs in the table: number of its file, number of the walk in it."""


@dataclass(frozen=True)
class Waiting:
    """A walk that waits for its batch.

    Attributes:
        folder: that will hold its report; of a kept walk the one that does.
        of: how many walks the file has.
        walk: None where its file has not been read, because all of its walks are kept.
        is_kept: its report is there already.
    """

    job: Job
    place: Place
    folder: str
    of: int
    walk: PreparedWalk | None
    is_kept: bool = False


@dataclass(frozen=True)
class Tracking:
    """What one call needs from file to file.

    Attributes:
        policy: that drives the body.
        request: how the walks are tracked, as comparable facts.
        out: folder of the results.
        walks_of: the walks of a file, or InputError why there are none.
        kept_row: a kept walk's row of the table.
        tell: gets a line now and then on what is going on.
    """

    policy: Policy
    request: Facts
    out: Path
    walks_of: WalksOf
    kept_row: Callable[[WalkRecord], Row]
    tell: Callable[[str], None]


def track_files(
    call: Tracking, jobs: Sequence[Job], *, overwrite: bool, taken: Sequence[str]
) -> Iterator[tuple[Place, Outcome]]:
    """Tracks every file and writes its reports; yields an outcome per trial or failed file.

    Walks are tracked with the same others whether or not some of them are done already: numbers
    depend, in their last digits, on the shape of the batch. So the results of a call that went on
    are those of a call that was never stopped.

    Args:
        call: what holds for all files.
        jobs: the files.
        overwrite: replace the results of trials that have some.
        taken: folders that stay as they are.
    """
    names = FolderNames(call.out, overwrite, taken)
    waiting: list[Waiting] = []
    met: dict[str, str] = {}
    for number, job in enumerate(jobs):
        for place, found in prepare_job(call, number, job, names):
            if isinstance(found, Waiting):
                waiting.append(found)
            else:
                yield place, found
        yield from kept_outcomes(call, number, job)
        say_twins(call, job, waiting, met)
        if len(waiting) >= BATCH:
            yield from track_batch(call, waiting)
            waiting.clear()
    yield from track_batch(call, waiting)


def say_twins(call: Tracking, job: Job, waiting: Sequence[Waiting], met: dict[str, str]) -> None:
    """Says where a file holds, byte by byte, what another one of this call does.

    Args:
        call: what holds for all files.
        job: the file that was read last.
        waiting: walks, those of this file last.
        met: hash -> label of the first file that has it; this one is added.
    """
    hashes = {record.sha256 for record in job.kept.values()}
    if waiting and waiting[-1].job is job and waiting[-1].walk is not None:
        hashes.add(waiting[-1].walk.source.sha256)
    label = shown_label(job.file)
    for sha256 in hashes - {""}:
        first = met.setdefault(sha256, label)
        if first != label:
            call.tell(
                f"note: {label} is the same recording as {first}; it gets a row of its own, and "
                "counts twice wherever the table is used."
            )


def prepare_job(
    call: Tracking, number: int, job: Job, names: FolderNames
) -> Iterator[tuple[Place, Waiting | Outcome]]:
    """Each walk of a file with the folder that it will have or has, or why it has none."""
    if job.is_done:
        for record in sorted(job.kept.values(), key=lambda one: one.number):
            place = (number, record.number)
            yield place, Waiting(job, place, record.folder, record.of, None, is_kept=True)
        return
    try:
        walks = call.walks_of(job.file)
    except StandingTrialError as error:
        trial_id, sentence = Path(job.file.label).stem, failure_sentence(job.file.label, error)
        label = shown_label(job.file)
        yield (number, 0), outcomes.standing(label, trial_id, sentence, error.duration_s)
        return
    except Exception as error:  # noqa: BLE001 - one file must not take the others with it
        yield (number, 0), failed_file(job.file, error)
        return
    if any(NAME_IN_FILE in walk.trial.notes for walk in walks):
        call.tell(f"warning: {shown_label(job.file)}: {NAME_IN_FILE}")
    for index, walk in enumerate(walks, start=1):
        place = (number, index)
        if index in job.kept:
            folder = job.kept[index].folder
            yield place, Waiting(job, place, folder, len(walks), walk, is_kept=True)
            continue
        try:
            folder = names.take(walk.trial)
        except InputError as error:
            yield (
                place,
                outcomes.failed(
                    shown_label(job.file),
                    walk.trial.trial_id,
                    failure_sentence(job.file.label, error),
                ),
            )
            continue
        yield place, Waiting(job, place, folder, len(walks), walk)


def failed_file(file: InputFile, error: Exception) -> Outcome:
    """What is said of a file that gave no walk; a folder gets no row in the table."""
    sentence = failure_sentence(file.label, error)
    trial_id = Path(file.label).stem
    if file.failure:
        return Outcome(file.label, trial_id, None, failure=sentence)
    return outcomes.failed(shown_label(file), trial_id, sentence)


def kept_outcomes(call: Tracking, number: int, job: Job) -> Iterator[tuple[Place, Outcome]]:
    """The walks of a file that an earlier call has tracked."""
    for record in job.kept.values():
        row = call.kept_row(record)
        yield (number, record.number), outcomes.kept(shown_label(job.file), row)


def prepared_walks(file: InputFile, options: TrackOptions) -> list[PreparedWalk]:
    """The walks of one file.

    Raises:
        InputError: nothing in the file can be tracked, and why.
    """
    return pipeline.walks_of_file(file.readable(), options)


def track_batch(call: Tracking, batch: Sequence[Waiting]) -> Iterator[tuple[Place, Outcome]]:
    """Tracks walks together and writes what is not there yet, one by one."""
    todo = {one.place for one in batch if not one.is_kept}
    if not todo:
        return
    call.tell(f"tracking {counted(len(todo), 'trial')} ...")
    far = HowFar(len(batch), call.tell)
    for one, tracked in tracked_together(call.policy, with_walks(call, batch), far):
        if one.place in todo:
            yield one.place, finish(call, one, tracked)


def with_walks(call: Tracking, batch: Sequence[Waiting]) -> list[Waiting]:
    """The batch with every walk, those of kept files prepared again."""
    walks: dict[Path, list[PreparedWalk]] = {}
    ready = []
    for one in batch:
        path = one.job.file.path
        if one.walk is None and path not in walks:
            walks[path] = call.walks_of(one.job.file)
        walk = walks[path][one.place[1] - 1] if one.walk is None else one.walk
        named = replace(walk, trial=replace(walk.trial, trial_id=one.folder))
        ready.append(replace(one, walk=named))
    return ready


class HowFar:
    """Says how many walks of a batch are tracked, and how long the others may take.

    Args:
        total: walks of the batch.
        tell: gets the lines.
        now_s: a clock.
    """

    def __init__(
        self, total: int, tell: Callable[[str], None], now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._total, self._tell, self._now_s = total, tell, now_s
        self._first: tuple[float, float] | None = None
        self._told = (0, -math.inf)

    def __call__(self, tracked: int, share: float) -> None:
        """Some walks are tracked, and this share of the work is behind.

        The first share holds the compilation, which says nothing of the rest: a minute of it made
        an hour of a job that took another 40 s.
        """
        if 0.0 < share < 1.0:
            now_s = self._now_s()
            if self._first is None:
                self._first = (share, now_s)
            if tracked == self._told[0] and now_s - self._told[1] < QUIET_S:
                return
            self._told = (tracked, now_s)
            walks = counted(self._total, "walk")
            so_far = f"simulated {tracked} of {walks}" if tracked else f"simulating {walks}"
            first, began_s = self._first
            if share > first:
                left_s = (now_s - began_s) / (share - first) * (1.0 - share)
                self._tell(f"{so_far}, about {duration(left_s)} left in this batch ...")
            else:
                done = f"{100.0 * share:.0f} % of the work done"
                self._tell(f"{so_far}, {done}, compiling included ...")
        elif tracked == self._total > 1:
            self._tell(f"writing what came out of {counted(tracked, 'trial')} ...")


@runtime_checkable
class HasWalk(Protocol):
    """Something that waits to be tracked."""

    @property
    def walk(self) -> PreparedWalk | None:
        """The walk; None is left out."""


One = TypeVar("One", bound=HasWalk)


def tracked_together(
    policy: Policy,
    batch: Sequence[One],
    done: Callable[[int, float], None] = lambda walks, share: None,
    *,
    alike: bool = False,
) -> Iterator[tuple[One, TrackedTrial | Exception]]:
    """Tracks walks together; where the batch fails, one by one, to find the culprit.

    `alike` is that of `pipeline.track_walks`.
    """
    walks = [one.walk for one in batch if one.walk is not None]
    try:
        tracked = pipeline.track_walks(policy, walks, done, alike=alike)
    except Exception as error:  # noqa: BLE001 - one trial must not take the others with it
        if len(batch) == 1:
            yield batch[0], error
            return
    else:
        yield from zip(batch, tracked, strict=True)
        return
    for one in batch:
        yield from tracked_together(policy, [one], done, alike=alike)


def finish(call: Tracking, one: Waiting, tracked: TrackedTrial | Exception) -> Outcome:
    """Judges a tracked walk and writes its report; or says why there is none."""
    label = shown_label(one.job.file)
    try:
        if isinstance(tracked, Exception):
            raise tracked
        assert one.walk is not None  # nothing is tracked without
        walk = pipeline.analyse_walk(one.walk, tracked, call.policy)
        outcome = outcomes.done(label, one.folder, walk)
        place = (one.place[1], one.of)
        record = finished_record(outcome, one.walk.source.sha256, place, call.request)
        write_finished(call.out / one.folder, walk, call.policy, record)
    except Exception as error:  # noqa: BLE001 - one trial must not take the others with it
        return outcomes.failed(label, one.folder, failure_sentence(one.job.file.label, error))
    return outcome
