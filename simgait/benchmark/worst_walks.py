"""The walks with the largest errors, and their trial reports below the benchmark's own page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simgait.benchmark.agreement_measures import walk_name
from simgait.benchmark.cases import Case
from simgait.benchmark.policy_tracker import TrackedWalk
from simgait.benchmark.score_walks import BenchResult
from simgait.benchmark.walk_record import WalkRecord
from simgait.cohort.folder_names import FolderNames
from simgait.compare.analysis import largest_errors
from simgait.compare.evidence import MeasurePairs
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.files import PART, new_folder, not_writable
from simgait.gait.curves import angle_curves
from simgait.gait_result import GaitResult
from simgait.pipeline import AnalysedWalk, PreparedWalk, Source, write_report
from simgait.provenance import bytes_sha256
from simgait.report.trial.verdict import judge
from simgait.trials.quality import assess

MOST_WALKS = 15
PER_MEASURE = 3
"""Chosen: so many reports a person looks through."""
TRIALS = "trials"
MARK = "README.txt"
"""Tells the folder that the next run may replace from one that is somebody's own."""
MARK_TEXT = (
    "Trial reports of the walks with the largest errors, written by simgait evaluate --bench. "
    "The next run into the same folder replaces them all.\n"
)

WalkKey = tuple[str, str]
"""Subject and name of a walk; names alone may repeat between laboratories."""


@dataclass(frozen=True)
class WorstWalk:
    """A walk with a large error of one measure, in the measure's unit."""

    key: WalkKey
    measure: str
    truth: float
    estimate: float

    @property
    def error(self) -> float:
        """Estimate minus truth."""
        return self.estimate - self.truth

    @property
    def subject(self) -> str:
        """Whose walk it is."""
        return self.key[0]

    @property
    def name(self) -> str:
        """Of the walk, as the tables of a report show it."""
        return self.key[1]


def walk_key(record: WalkRecord) -> WalkKey:
    """Which walk a record is about, whatever the tracker."""
    return record.case.trial.subject_id, walk_name(record)


def worst_walks(
    measures: Sequence[MeasurePairs], *, per_measure: int = PER_MEASURE, most: int = MOST_WALKS
) -> tuple[WorstWalk, ...]:
    """The largest errors measure by measure, one of each person, of not too many walks in all.

    Args:
        measures: as `agreement_measures.measure_pairs` makes them.
        per_measure: largest errors of each measure.
        most: different walks; the largest error of every measure comes before any second largest.
    """
    found = [
        (rank, _worst_walk(measure, row))
        for measure in measures
        for rank, row in enumerate(largest_errors(measure, per_measure))
    ]
    keys = list(dict.fromkeys(walk.key for _, walk in sorted(found, key=lambda one: one[0])))
    return tuple(walk for _, walk in found if walk.key in keys[:most])


def _worst_walk(measure: MeasurePairs, row: int) -> WorstWalk:
    key = measure.subject_ids[row], measure.trial_ids[row]
    return WorstWalk(key, measure.name, float(measure.truth[row]), float(measure.estimate[row]))


def tracked_walks(
    result: BenchResult, worst: Sequence[WorstWalk]
) -> dict[WalkKey, tuple[Case, TrackedWalk]]:
    """Truth and walk of the first tracker's worst walks; empty for a tracker without a policy."""
    keys = {walk.key for walk in worst}
    first = result.of(result.trackers[0]) if result.trackers else []
    return {
        walk_key(record): (record.case, answer)
        for record, answer in zip(first, result.first_answers, strict=True)
        if walk_key(record) in keys and isinstance(answer, TrackedWalk)
    }


def refuse_foreign_trials(out: Path) -> None:
    """Refuse an output folder whose trials were not written by the benchmark.

    Raises:
        InputError: they were not, or a file is in their place.
    """
    folder = out / TRIALS
    if folder.exists() and not (folder / MARK).is_file():
        raise InputError(
            f"{out.name}: its folder '{TRIALS}' was not written by the benchmark, which would "
            "replace it; move it away, or choose another folder with -o."
        )


@contextmanager
def trial_pages(
    out: Path, walks: Mapping[WalkKey, tuple[Case, TrackedWalk]]
) -> Iterator[dict[WalkKey, str]]:
    """Writes trial reports beside the report that links to them, in place of an earlier run's.

    They stay hidden until the `with` block ends, and vanish if it fails: pages of one run never
    stand beside the report of another.

    Args:
        out: folder of the report; made if it does not exist.
        walks: from `tracked_walks`; none leaves no trials.

    Yields:
        Walk -> its page relative to `out`.

    Raises:
        InputError: `out` cannot be written to, or holds trials of somebody else.
    """
    refuse_foreign_trials(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        work = new_folder(out, PART)
    except OSError as error:
        raise not_writable(out, error) from error
    try:
        fresh = work / TRIALS
        names = FolderNames(fresh, overwrite=True)
        pages = {}
        for key, (case, walk) in walks.items():
            folder = names.take(replace(case.trial, trial_id=key[1]))
            write_walk(fresh / folder, folder, case, walk)
            pages[key] = f"{TRIALS}/{folder}/report.html"
        if pages:
            (fresh / MARK).write_text(MARK_TEXT, encoding="utf-8")
        yield pages
        if (out / TRIALS).exists():
            (out / TRIALS).rename(work / "earlier")
        if pages:
            fresh.rename(out / TRIALS)
    except OSError as error:
        raise not_writable(out, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_walk(folder: Path, trial_id: str, case: Case, walk: TrackedWalk) -> None:
    """The trial report of one walk, as `simgait track` writes it, with the benchmark's truth.

    Raises:
        InputError: the folder cannot be written to.
    """
    trial = replace(case.trial, trial_id=trial_id)
    quality = assess(trial)
    tracked = replace(walk.tracked, fitted=replace(walk.tracked.fitted, trial=trial))
    source = Source(trial_id, bytes_sha256(trial.keypoints_m.tobytes()))
    prepared = PreparedWalk(trial, tracked.dims, quality, SHORT_WALKS, source)
    verdict = judge(trial, tracked.rollout, walk.gait, quality)
    analysed = AnalysedWalk(prepared, tracked, walk.gait, verdict, true_gait(case))
    write_report(folder, analysed, walk.policy, {"benchmark": dict(case.labels)})


def true_gait(case: Case) -> GaitResult:
    """The truth that the walk was scored against, with its joint curves where angles are known."""
    known = np.where(np.isfinite(case.angles_rad), case.angles_rad, np.nan)
    curves = angle_curves(case.trial.time_s, known, case.gait.cycles)
    return replace(case.gait, curves_deg=curves)
