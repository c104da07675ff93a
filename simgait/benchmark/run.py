"""Trackers over the walks of a benchmark: same trials, same code, one record for each walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simgait.baselines.estimate import Refusal, Tracker, WalkEstimate
from simgait.benchmark.records import WalkRecord, record_walk
from simgait.benchmark.sets import Case, Excluded
from simgait.errors import InputError
from simgait.gait.analyse import analyse_rollout
from simgait.learning.checkpoints import Policy
from simgait.learning.tracker import TrackedTrial, track_trials
from simgait.learning.walks import body_size
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import Dimensions
from simgait.tracking.inference import InferenceConfig
from simgait.types import Trial

Log = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class TrackedWalk(WalkEstimate):
    """What a policy made of a trial, with all that its trial report needs.

    Attributes:
        tracked: the trial without its truth, the fitted body, its walk.
        policy: that drove the body.
    """

    tracked: TrackedTrial
    policy: Policy


def policy_tracker(policy: Policy, inference: InferenceConfig | None = None) -> Tracker:
    """A policy as a tracker; trials that the body cannot fit are refused one by one."""

    def track(trials: Sequence[Trial]) -> list[WalkEstimate | Refusal]:
        answers: dict[int, WalkEstimate | Refusal] = {}
        people: dict[int, Dimensions] = {}
        for i, trial in enumerate(trials):
            try:
                people[i] = body_size(trial, policy.config.data.sized_by)
            except InputError as error:
                answers[i] = Refusal(str(error))
        walkable = [trials[i] for i in people]
        tracked = track_trials(policy, walkable, list(people.values()), inference)
        for i, one in zip(people, tracked, strict=True):
            rollout = one.rollout
            answers[i] = TrackedWalk(
                angles_rad=rollout.pose[:, 3:],
                keypoints_m=rollout.keypoints_m,
                keypoint_names=BODY_KEYPOINTS,
                gait=analyse_rollout(rollout),
                rollout=rollout,
                tracked=one,
                policy=policy,
            )
        return [answers[i] for i in range(len(trials))]

    return track


@dataclass(frozen=True)
class BenchResult:
    """All records of a run.

    Attributes:
        records: in order of tracker and case.
        excluded: walks that no tracker was offered, with the reason.
        first_answers: what the first tracker said of each case, in order of the cases; the others'
            are let go of once they are scored.
    """

    records: tuple[WalkRecord, ...]
    excluded: tuple[Excluded, ...]
    first_answers: tuple[WalkEstimate | Refusal, ...] = ()

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
    trackers: Mapping[str, Tracker],
    cases: Sequence[Case],
    excluded: Sequence[Excluded] = (),
    log: Log = lambda line: None,
) -> BenchResult:
    """Gives every tracker every trial, without its truth, and scores the answers.

    Raises:
        ValueError: a tracker returned another number of answers than trials.
    """
    blind = [replace(case.trial, truth=None) for case in cases]
    records: list[WalkRecord] = []
    first_answers: tuple[WalkEstimate | Refusal, ...] = ()
    for name, tracker in trackers.items():
        answers = tracker(blind)
        records += [
            record_walk(case, name, answer) for case, answer in zip(cases, answers, strict=True)
        ]
        first_answers = first_answers or tuple(answers)
        failed = np.mean([bool(r.failure) for r in records[-len(cases) :]]) if cases else 0.0
        log(f"{name}: {len(cases)} walks, {100 * failed:.1f} % failed")
    return BenchResult(tuple(records), tuple(excluded), first_answers)
