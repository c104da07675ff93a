"""Trackers over walks: same trials, same code, one record for each walk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simgait.baselines.tracker import Answer, Tracker, WalkEstimate
from simgait.benchmark.cases import Case, CaseSet, Excluded
from simgait.benchmark.policy_tracker import reference_of
from simgait.benchmark.walk_record import WalkRecord, record_walk
from simgait.errors import InputError

Log = Callable[[str], None]


def answers_of(tracker: Tracker, cases: Sequence[Case]) -> list[Answer]:
    """What a tracker makes of the trials, which it sees without their truth.

    Raises:
        InputError: it gave another number of answers than trials.
    """
    answers = tracker.estimate([replace(case.trial, truth=None) for case in cases])
    if len(answers) != len(cases):
        raise InputError(
            f"{tracker.name}: {len(answers)} answers for {len(cases)} trials; a tracker gives one "
            "answer for each, a refusal where it has no walk."
        )
    return answers


def records_of(tracker: str, cases: Sequence[Case], answers: Sequence[Answer]) -> list[WalkRecord]:
    """One record for each case, in order."""
    return [record_walk(case, tracker, answer) for case, answer in zip(cases, answers, strict=True)]


@dataclass(frozen=True)
class ScoredSet:
    """One tracker on the walks of a set: scored ones, and those refused before or by it."""

    name: str
    walks: tuple[WalkRecord, ...]
    excluded: tuple[Excluded, ...] = ()

    @property
    def excluded_percent(self) -> float:
        """Share of the walks offered that were refused; NaN for an empty set."""
        offered = len(self.walks) + len(self.excluded)
        return 100.0 * len(self.excluded) / offered if offered else float("nan")

    def part(self, label: str, value: str) -> ScoredSet:
        """The walks with one label; the refused have none and are left out."""
        kept = tuple(w for w in self.walks if w.case.labels.get(label) == value)
        return ScoredSet(f"{self.name}, {value}", kept)

    def of_source(self, source: str, name: str) -> ScoredSet:
        """The part that comes from one folder of the shared data, refused files included."""
        kept = tuple(w for w in self.walks if w.case.labels.get("source") == source)
        refused = tuple(e for e in self.excluded if e.source == source)
        return ScoredSet(name, kept, refused)

    def upright(self) -> ScoredSet:
        """The walks in which the body stayed up: what the others cost the means."""
        kept = tuple(w for w in self.walks if not w.fell)
        return ScoredSet(f"{self.name}, without falls", kept)

    def labels(self, label: str) -> list[str]:
        """Values of a label that occur, sorted."""
        return sorted({w.case.labels[label] for w in self.walks if label in w.case.labels})


def scored_set(
    name: str, records: Sequence[WalkRecord], excluded: Sequence[Excluded] = ()
) -> ScoredSet:
    """Records as a set; walks that the tracker refused are excluded from it with its reason."""
    refused = tuple(
        Excluded(r.case.trial.trial_id, r.refusal, r.case.labels.get("source", ""))
        for r in records
        if r.refusal
    )
    return ScoredSet(name, tuple(r for r in records if not r.refusal), (*excluded, *refused))


def score_set(tracker: Tracker, cases: CaseSet, *, reference: bool = False) -> list[ScoredSet]:
    """Tracks and scores a set.

    Args:
        tracker: to be scored.
        cases: the set.
        reference: add a second result, of the reference that a simulated body followed.
    """
    answers = answers_of(tracker, cases.cases)
    found = [scored_set(cases.name, records_of(tracker.name, cases.cases, answers), cases.excluded)]
    if reference:
        followed = [
            reference_of(case, answer.rollout)
            if isinstance(answer, WalkEstimate) and answer.rollout is not None
            else answer
            for case, answer in zip(cases.cases, answers, strict=True)
        ]
        records = records_of(f"{tracker.name} (reference)", cases.cases, followed)
        found.append(scored_set(f"{cases.name} (reference)", records, cases.excluded))
    return found


@dataclass(frozen=True)
class BenchResult:
    """All records of a run of several trackers on the same walks.

    Attributes:
        records: in order of tracker and case.
        excluded: walks that no tracker was offered, with the reason.
        first_answers: what the first tracker said of each case, in order of the cases; the others'
            are let go of once they are scored.
    """

    records: tuple[WalkRecord, ...]
    excluded: tuple[Excluded, ...]
    first_answers: tuple[Answer, ...] = ()

    @property
    def trackers(self) -> tuple[str, ...]:
        """Names in order of first appearance."""
        return tuple(dict.fromkeys(record.tracker for record in self.records))

    @property
    def n_offered(self) -> int:
        """Walks that each tracker should have had."""
        n_cases = len(self.records) // max(len(self.trackers), 1)
        return n_cases + len(self.excluded)

    def of(self, tracker: str, **labels: str) -> list[WalkRecord]:
        """One tracker's records whose case carries these labels."""
        return [
            record
            for record in self.records
            if record.tracker == tracker
            and all(record.case.labels.get(name) == value for name, value in labels.items())
        ]


def run_bench(
    trackers: Sequence[Tracker],
    cases: Sequence[Case],
    excluded: Sequence[Excluded] = (),
    log: Log = lambda line: None,
    tell: Log = lambda line: None,
) -> BenchResult:
    """Gives every tracker every trial, without its truth, and scores the answers.

    `tell` gets a line before each tracker, `log` one on what came out.

    Raises:
        InputError: a tracker gave another number of answers than trials.
    """
    records: list[WalkRecord] = []
    first_answers: tuple[Answer, ...] = ()
    for tracker in trackers:
        tell(f"{tracker.name}: tracking {len(cases)} walks")
        answers = answers_of(tracker, cases)
        own = records_of(tracker.name, cases, answers)
        records += own
        first_answers = first_answers or tuple(answers)
        failed = np.mean([bool(r.failure) for r in own]) if own else 0.0
        log(f"{tracker.name}: {len(cases)} walks, {100 * failed:.1f} % failed")
    return BenchResult(tuple(records), tuple(excluded), first_answers)
