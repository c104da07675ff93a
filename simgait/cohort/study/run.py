"""A study from its manifest to its tables: full batches, nothing lost, nothing twice."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from simgait.cohort.study.batch import BatchWalk, WalkEnded, failed_walk
from simgait.cohort.study.columns import FAILED, OUTCOMES
from simgait.cohort.study.engine import Engine, Here
from simgait.cohort.study.log import Log
from simgait.cohort.study.manifest import Line, Manifest
from simgait.cohort.study.packing import Pool
from simgait.cohort.study.parts import Parts, own_folder, share_folders
from simgait.cohort.study.reading import Found, Work, not_read, walk_name, works
from simgait.cohort.study.rows import Result, in_codes, without_walk
from simgait.cohort.study.scheduling import Underway, in_order
from simgait.cohort.study.share import Share, share_of_folder
from simgait.cohort.study.speed import Speed
from simgait.cohort.study.tables import REPORTS, StudyTables, report_key, write_tables
from simgait.errors import InputError
from simgait.files import make_output_folder, whole_file, write_text
from simgait.folder_lock import locked
from simgait.gait.score_reference_file import reference_sha256
from simgait.gait.scores import ScoreReference
from simgait.parameters.norm_rows import NormTable
from simgait.parameters.wording import counted
from simgait.pipeline import TrackOptions, policy_name
from simgait.provenance import collect_provenance
from simgait.text_files import read_facts
from simgait.tracking.policies import Policy

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
        together: walks that are tracked at a time; None: as many as the engine likes.
        tell: gets a line now and then.
        engine: where recordings are read and batches tracked; None: in this process.
        share: that is tracked, without tables; None: the whole, of which much may be there.
        reference: the user's healthy people for the scores (`gait.known_scores.own_reference`).
        norms: the user's normal ranges for the reports (`compare.norm_file.chosen_norms`).
    """

    out: Path
    policy: Policy
    manifest: Manifest
    min_frames: int | None = None
    reports: bool = False
    together: int | None = None
    tell: Callable[[str], None] = lambda text: None
    engine: Engine | None = None
    share: Share | None = None
    reference: ScoreReference | None = None
    norms: NormTable | None = None

    @property
    def of_all(self) -> TrackOptions:
        """What is asked of every line."""
        return TrackOptions(min_frames=self.min_frames, reference=self.reference, norms=self.norms)


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
    asked: BatchWalk


_Ended = list[tuple[_Waiting, WalkEnded | Exception]]


def run_study(study: Study) -> Generator[tuple[Line, Result], None, None]:
    """Tracks what was not tracked so before, and writes the tables; yields what ended now.

    Each batch's results are kept as soon as they are there: however the call is stopped, the same
    one goes on. What is done is done whatever its line is called or whichever order lines have.

    Raises:
        InputError: the manifest as a whole is wrong, the folder is in use or cannot be written to.
    """
    _refuse(study.manifest)
    make_output_folder(study.out)
    with _alone(study) as folder:
        log = Log(folder)
        of = f"part {study.share.text} of " if study.share else ""
        log.write(
            f"begin: {of}{counted(len(study.manifest.lines), 'recording')} of "
            f"{study.manifest.name}, policy {policy_name(study.policy)}"
        )
        with nullcontext(study.engine) if study.engine else closing(Here()) as engine:
            yield from _Run(study, log, engine).all()


@contextmanager
def _alone(study: Study) -> Iterator[Path]:
    """The folder in which nobody else does what is done here, until the end of the block.

    Raises:
        InputError: somebody else does.
    """
    if study.share is not None:
        folder = own_folder(study.out, study.share)
        make_output_folder(folder)
        with locked(folder, study.tell):
            yield folder
        return
    with ExitStack() as stack:
        stack.enter_context(locked(study.out, study.tell))
        for folder in share_folders(study.out):
            try:
                stack.enter_context(locked(folder, study.tell))
            except InputError:
                raise InputError(
                    f"{study.out.name}: part {share_of_folder(folder.name).text} is still being "
                    "tracked; wait until it has ended."
                ) from None
        yield study.out


def _refuse(manifest: Manifest) -> None:
    if manifest.problems:
        raise InputError(
            f"{manifest.name}: {manifest.problems[0]} (simgait cohort check says everything that "
            "is wrong with it)"
        )


class _Run:
    """One call: what is kept, what waits, what could not be kept yet."""

    def __init__(self, study: Study, log: Log, engine: Engine) -> None:
        self._study, self._log, self._engine = study, log, engine
        self._parts = Parts(study.out, study.share)
        together = study.together or self._engine.together
        self._pool: Pool[_Waiting] = Pool(together, self._engine.devices)
        self._unsaved: list[Result] = []
        self._lost: dict[int, Result] = {}
        self._keys: dict[int, str] = {}
        self._speed = Speed()
        self._call = secrets.token_hex(4)

    def all(self) -> Iterator[tuple[Line, Result]]:
        """See `run_study`."""
        study = self._study
        for line in () if study.share else study.manifest.lines:
            if line.problems:
                yield self._ended(line, without_walk("", FAILED, " ".join(line.problems)))
        yield from self._do(self._todo())
        self._save(finally_=True)
        if study.share is None:
            self._finish()

    def _todo(self) -> list[Work]:
        """What is not done yet."""
        study, todo = self._study, []
        study.tell("comparing with what is done ...")
        for work in works(study.manifest, study.policy, study.of_all, study.share):
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
        return todo

    def _do(self, todo: Sequence[Work]) -> Iterator[tuple[Line, Result]]:
        """Reads and tracks."""
        underway: Underway[_Waiting, WalkEnded] = Underway(self._start, self._engine.tracking)
        for work, found in in_order(self._read, todo, self._engine.reading):
            yield from self._take(work, found)
            for batch in self._pool.full():
                for ended in underway.add(batch):
                    yield from self._tracked(ended)
        for batch in self._pool.rest():
            for ended in underway.add(batch):
                yield from self._tracked(ended)
        for ended in underway.rest():
            yield from self._tracked(ended)

    def _read(self, work: Work) -> Future[list[Found]]:
        return self._engine.read(work, self._study.of_all)

    def _is_done(self, line: Line, key: str) -> bool:
        if not self._parts.has(key):
            return False
        if not self._study.reports:
            return True
        folder = self._study.out / REPORTS
        names = (line.trial, walk_name(line.trial, 1, 2))
        return any(report_key(folder / name) == key for name in names)

    def _take(self, work: Work, read: list[Found] | Exception) -> Iterator[tuple[Line, Result]]:
        """What was read together; its walks wait."""
        if isinstance(read, Exception):
            read = not_read(work, read)
        for line, key, found in read:
            if key and self._is_done(line, key):
                continue
            if isinstance(found, Result):
                yield self._ended(line, found)
                continue
            recording = _Open(line, key, len(found))
            for number, walk in enumerate(found, 1):
                name = walk_name(line.trial, number, len(found))
                report = self._study.out / REPORTS / name if self._study.reports else None
                asked = BatchWalk(walk, key, number, len(found), report)
                self._pool.add(walk.trial.n_frames, _Waiting(recording, asked))

    def _start(self, batch: Sequence[_Waiting]) -> Future[list[WalkEnded]]:
        study = self._study
        study.tell(f"tracking {counted(len(batch), 'walk')} ...")
        return self._engine.track(study.policy, [one.asked for one in batch], study.tell)

    def _tracked(self, batch: _Ended) -> Iterator[tuple[Line, Result]]:
        """Takes in what became of the walks of a batch, and keeps it."""
        for one, ended in batch:
            recording = one.recording
            if isinstance(ended, Exception):
                ended = WalkEnded(failed_walk(one.asked, ended))
            if ended.warning:
                self._study.tell(f"warning: {ended.warning}")
            recording.results[one.asked.number] = ended.result
            if len(recording.results) == recording.of:
                yield self._ended(recording.line, recording.result())
        self._save()
        said = self._speed.after_batch()
        self._study.tell(said)
        self._log.write(said)

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
        for sentence in tables.varying.values():
            study.tell(f"note: {sentence}")
            self._log.write(sentence)
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
            "own_columns_not_in_persons": list(tables.varying),
            "truth_columns": list(study.manifest.truth),
            **_compared_with(study),
        },
        policy={"name": policy_name(study.policy), "sha256": study.policy.sha256},
        outcomes=dict(tables.outcomes),
    )
    with whole_file(study.out / RECORD) as path:
        write_text(path, json.dumps(record, indent=2, sort_keys=True, allow_nan=False) + "\n")


def _compared_with(study: Study) -> dict[str, dict[str, str] | None]:
    """The healthy people that the user named, None for simgait's own."""
    found: dict[str, dict[str, str] | None] = {"reference": None, "norms": None}
    if study.reference is not None:
        sha256 = reference_sha256(study.reference)
        found["reference"] = {"name": study.reference.name, "sha256": sha256}
    if study.norms is not None:
        found["norms"] = {"name": study.norms.name, "sha256": study.norms.sha256}
    return found
