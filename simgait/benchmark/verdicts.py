"""What a report would say of the numbers of a walk that a policy tracked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simgait.baselines.tracker import Answer, Refusal, Tracker
from simgait.benchmark.cases import Case
from simgait.benchmark.policy_tracker import TrackedWalk
from simgait.benchmark.score_walks import answers_of
from simgait.benchmark.walk_record import fell_at_first
from simgait.errors import InputError
from simgait.pipeline import judged_gait
from simgait.report.trial.verdict import Verdict
from simgait.trials.quality import assess
from simgait.types import Trial


def verdict_of(trial: Trial, answer: TrackedWalk) -> Verdict:
    """Of a recording of which nothing else is said."""
    _, verdict = judged_gait(answer.gait, answer.tracked, assess(trial), answer.policy.sha256)
    return verdict


@dataclass(frozen=True)
class Judged:
    """What was said of one walk that was offered.

    Attributes:
        refused: nothing was said, as it was refused.
        fell, fell_first: the body fell at last, or at the first attempt.
        n_use, n_rough: numbers that may be used as they are, and roughly or for what one value is.
    """

    case: Case
    refused: bool
    fell: bool = False
    fell_first: bool = False
    n_use: int = 0
    n_rough: int = 0

    @property
    def usable(self) -> bool:
        """Something of it may be used."""
        return self.n_use + self.n_rough > 0


def judged_walks(cases: Sequence[Case], answers: Sequence[Answer]) -> list[Judged]:
    """What reports would say of walks.

    Raises:
        InputError: the tracker is no policy, so that there is no body whose walk could be judged.
    """
    return [_judged(case, answer) for case, answer in zip(cases, answers, strict=True)]


def judge_with(tracker: Tracker, cases: Sequence[Case]) -> list[Judged]:
    """Tracks walks and judges them; errors as `judged_walks`."""
    return judged_walks(cases, answers_of(tracker, cases))


def _judged(case: Case, answer: Answer) -> Judged:
    if isinstance(answer, Refusal):
        return Judged(case, refused=True)
    if not isinstance(answer, TrackedWalk):
        raise InputError(
            f"{case.trial.trial_id}: only a policy's walks have a verdict; score a policy."
        )
    verdict, rollout = verdict_of(case.trial, answer), answer.tracked.rollout
    return Judged(
        case,
        refused=False,
        fell=rollout.fell,
        fell_first=fell_at_first(rollout),
        n_use=len(verdict.names("use")),
        n_rough=len(verdict.names("rough")) + len(verdict.names("single")),
    )
