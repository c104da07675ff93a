"""A study from its manifest to its tables: full batches, nothing lost, nothing twice."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from simgait import pipeline
from simgait.cohort.inputs import failure_sentence
from simgait.cohort.study.columns import FAILED, OUTCOMES
from simgait.cohort.study.log import Log
from simgait.cohort.study.manifest import Line, Manifest
from simgait.cohort.study.packing import Pool
from simgait.cohort.study.parts import Parts
from simgait.cohort.study.reading import Work, walk_name, walks_of_work, works
from simgait.cohort.study.rows import (
    Result,
    curve_rows,
    cycle_rows,
    in_codes,
    trial_row,
    without_walk,
)
from simgait.cohort.study.tables import REPORTS, StudyTables, report_key, write_tables
from simgait.cohort.track_files import BATCH, HowFar, tracked_together
from simgait.errors import InputError
from simgait.files import make_output_folder, whole_file, write_text
from simgait.folder_lock import locked
from simgait.parameters.wording import counted, duration
from simgait.pipeline import PreparedWalk, policy_name
from simgait.provenance import collect_provenance
from simgait.text_files import read_facts
from simgait.tracking.devices import simulating_devices
from simgait.tracking.policies import Policy
from simgait.types import TrackedTrial

RECORD = "study.json"


@dataclass(frozen=True)
class Study:
    """What is asked for.

    Attributes:
        out: folder of the tables.
        policy: that drives the body.
        manifest: the lines.
        min_frames: shortest walk, None as `simgait track`.
        reports: write a page for each walk.
        together: walks that are tracked at a time.
        tell: gets a line now and then.
    """

    out: Path
    policy: Policy
    manifest: Manifest
    min_frames: int | None = None
    reports: bool = False
    together: int = BATCH
    tell: Callable[[str], None] = lambda text: None


@dataclass
class _Open:
    """A recording whose walks are being tracked."""

    line: Line
    key: str
    of: int
    results: dict[int, Result] = field(default_factory=dict)

    def result(self) -> Result:
        """Of all its walks."""
        own = [self.results[number] for number in sorted(self.results)]
        best = min(own, key=lambda one: OUTCOMES.index(one.outcome))
        tables = {
            name: [row for one in own for row in one.tables.get(name, ())]
            for name in ("trials", "cycles", "curves")
        }
        walked_s = sum(one.walked_s for one in own)
        again = any(one.again for one in own)
        return Result(self.key, best.outcome, best.reason, tables, walked_s, again)


@dataclass(frozen=True)
class _Waiting:
    """A walk that waits for its batch."""

    recording: _Open
    number: int
    walk: PreparedWalk


def run_study(study: Study) -> Generator[tuple[Line, Result], None, None]:
    """Tracks what was not tracked so before, and writes the tables; yields what ended now.

    Each batch's results are kept as soon as they are there: however the call is stopped, the same
    one goes on. What is done is done whatever its line is called or whichever order lines have.

    Raises:
        InputError: the manifest as a whole is wrong, the folder is in use or cannot be written to.
    """
    _refuse(study.manifest)
    make_output_folder(study.out)
    with locked(study.out, study.tell):
        log = Log(study.out)
        log.write(
            f"begin: {counted(len(study.manifest.lines), 'recording')} of "
            f"{study.manifest.name}, policy {policy_name(study.policy)}"
        )
        yield from _Run(study, log).all()


def _refuse(manifest: Manifest) -> None:
    if manifest.problems:
        raise InputError(
            f"{manifest.name}: {manifest.problems[0]} (simgait cohort check says everything that "
            "is wrong with it)"
        )


class _Run:
    """One call: what is kept, what waits, what could not be kept yet."""

    def __init__(self, study: Study, log: Log) -> None:
        self._study, self._log = study, log
        self._parts = Parts(study.out)
        self._pool: Pool[_Waiting] = Pool(study.together, simulating_devices())
        self._unsaved: list[Result] = []
        self._lost: dict[int, Result] = {}
        self._keys: dict[int, str] = {}
        self._speed = Speed()
        self._call = secrets.token_hex(4)

    def all(self) -> Iterator[tuple[Line, Result]]:
        """See `run_study`."""
        study = self._study
        for line in study.manifest.lines:
            if line.problems:
                yield self._ended(line, without_walk("", FAILED, " ".join(line.problems)))
        study.tell("comparing with what is done ...")
        todo = []
        for work in works(study.manifest, study.policy, study.min_frames):
            self._keys |= dict(zip((one.number for one in work.lines), work.keys, strict=True))
            if not all(map(self._is_done, work.lines, work.keys)):
                todo.append(work)
        n_todo = sum(len(work.lines) for work in todo)
        kept = len(self._keys) - n_todo
        if kept:
            self._log.write(f"{counted(kept, 'recording')} done before")
            study.tell(f"{counted(kept, 'recording')} done before and kept")
        self._speed.begin(n_todo)
        if n_todo:
            study.tell(f"reading {counted(n_todo, 'recording')} ...")
        for work in todo:
            yield from self._take(work)
            for batch in self._pool.full():
                yield from self._track(batch)
        for batch in self._pool.rest():
            yield from self._track(batch)
        self._save(finally_=True)
        self._finish()

    def _is_done(self, line: Line, key: str) -> bool:
        if not self._parts.has(key):
            return False
        if not self._study.reports:
            return True
        folder = self._study.out / REPORTS
        names = (line.trial, walk_name(line.trial, 1, 2))
        return any(report_key(folder / name) == key for name in names)

    def _take(self, work: Work) -> Iterator[tuple[Line, Result]]:
        """Reads what belongs together; its walks wait."""
        for line, key, found in walks_of_work(work, self._study.min_frames):
            if key and self._is_done(line, key):
                continue
            if isinstance(found, Result):
                yield self._ended(line, found)
                continue
            recording = _Open(line, key, len(found))
            for number, walk in enumerate(found, 1):
                self._pool.add(walk.trial.n_frames, _Waiting(recording, number, walk))

    def _track(self, batch: Sequence[_Waiting]) -> Iterator[tuple[Line, Result]]:
        study = self._study
        study.tell(f"tracking {counted(len(batch), 'walk')} ...")
        far = HowFar(len(batch), study.tell)
        for one, tracked in tracked_together(study.policy, batch, far):
            recording = one.recording
            recording.results[one.number] = self._result(one, tracked)
            if len(recording.results) == recording.of:
                yield self._ended(recording.line, recording.result())
        self._save()
        said = self._speed.after_batch()
        study.tell(said)
        self._log.write(said)

    def _result(self, one: _Waiting, tracked: TrackedTrial | Exception) -> Result:
        """What became of one walk."""
        recording = one.recording
        try:
            if isinstance(tracked, Exception):
                raise tracked
            walk = pipeline.analyse_walk(one.walk, tracked, self._study.policy)
            row = trial_row(walk, one.number, recording.of)
            tables = {
                "trials": [row],
                "cycles": list(cycle_rows(walk, one.number)),
                "curves": list(curve_rows(walk, one.number)),
            }
            if self._study.reports:
                self._report(one, walk)
            return Result(recording.key, row["outcome"], row["reason"], tables, row["duration_s"])
        except Exception as error:  # noqa: BLE001 - one walk must not take the others with it
            reason = failure_sentence(one.walk.trial.trial_id, error)
            found = without_walk(
                recording.key, FAILED, reason, again=not isinstance(error, InputError)
            )
            found.tables["trials"][0] |= {"walk": one.number, "walks": recording.of}
            return found

    def _report(self, one: _Waiting, walk: pipeline.AnalysedWalk) -> None:
        """Writes the page of a walk, or says why not: its numbers are there without."""
        name = walk_name(one.recording.line.trial, one.number, one.recording.of)
        try:
            pipeline.write_report(
                self._study.out / REPORTS / name,
                walk,
                self._study.policy,
                {"key": one.recording.key},
            )
        except Exception as error:  # noqa: BLE001 - the numbers are there without their page
            self._study.tell(f"warning: {name}: no report: {failure_sentence(name, error)}")

    def _ended(self, line: Line, result: Result) -> tuple[Line, Result]:
        """Takes note of what became of a recording.

        What the next call tries again is kept under a key that it does not look for.
        """
        result = in_codes(line, result)
        if result.key:
            if result.again:
                result = replace(result, key=f"{result.key}-{self._call}")
                self._keys[line.number] = result.key
            self._unsaved.append(result)
        else:
            self._lost[line.number] = result
        self._speed.ended(result)
        if result.outcome == FAILED or not result.tables.get("cycles"):
            self._log.write(f"{line.trial}: {result.outcome}: {result.reason}")
        return line, result

    def _save(self, *, finally_: bool = False) -> None:
        """Keeps what ended. A full disk is told, and tried again with the next batch.

        Raises:
            InputError: it cannot be kept, and there is no next batch.
        """
        if not self._unsaved:
            return
        try:
            self._parts.add(self._unsaved)
        except InputError as error:
            if finally_:
                raise
            self._study.tell(f"warning: {error}")
            self._log.write(str(error))
            return
        self._unsaved.clear()

    def _finish(self) -> None:
        study = self._study
        study.tell("writing the tables ...")
        tracked = {n: key for n, key in self._keys.items() if self._parts.has(key)}
        tables = write_tables(study.out, study.manifest, self._parts, tracked, self._lost)
        _write_record(study, tables)
        self._log.write(f"end: {outcome_words(tables.outcomes)}")


def outcome_words(outcomes: Mapping[str, int]) -> str:
    """How many recordings ended how."""
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())


def study_outcomes(out: Path) -> dict[str, int]:
    """How many recordings of a finished study ended how; see `outcome_words`.

    Raises:
        InputError: the folder holds no finished study.
    """
    facts = read_facts(out / RECORD, f"{out.name}/{RECORD}")
    found = facts.get("outcomes")
    if not isinstance(found, dict) or set(found) != set(OUTCOMES):
        raise InputError(f"{out.name}: its {RECORD} is damaged; run the study again.")
    return {outcome: int(found[outcome]) for outcome in OUTCOMES}


def _write_record(study: Study, tables: StudyTables) -> None:
    record = collect_provenance(
        {
            "manifest": study.manifest.name,
            "recordings": len(study.manifest.lines),
            "min_frames": study.min_frames,
            "own_columns": list(study.manifest.own),
            "truth_columns": list(study.manifest.truth),
        },
        policy={"name": policy_name(study.policy), "sha256": study.policy.sha256},
        outcomes=dict(tables.outcomes),
    )
    with whole_file(study.out / RECORD) as path:
        write_text(path, json.dumps(record, indent=2, sort_keys=True, allow_nan=False) + "\n")


class Speed:
    """How fast a study goes, and how long the rest may take.

    Args:
        now_s: a clock.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._todo, self._done, self._walked_s = 0, 0, 0.0
        self._first: tuple[int, float, float] | None = None
        self._began_s = now_s()

    def begin(self, todo: int) -> None:
        """So many recordings are to be done from now on."""
        self._todo, self._done, self._walked_s, self._began_s = todo, 0, 0.0, self._now_s()

    def ended(self, result: Result) -> None:
        """One recording ended."""
        self._done += 1
        self._walked_s += result.walked_s

    def after_batch(self) -> str:
        """A line on how far it is. The first batch holds the compilation, and tells nothing."""
        now_s = self._now_s()
        far = f"{self._done} of {counted(self._todo, 'recording')}"
        far += f", {duration(now_s - self._began_s)} so far"
        if self._first is None:
            self._first = self._done, self._walked_s, now_s
            return far
        done, walked_s, first_s = self._first
        passed_s = max(now_s - first_s, 1e-9)
        far += f", {(self._walked_s - walked_s) / passed_s:.0f} x real time"
        if done < self._done < self._todo:
            left_s = passed_s / (self._done - done) * (self._todo - self._done)
            far += f", about {duration(left_s)} left"
        return far
