"""What becomes of the walks of a batch, in whichever process they are tracked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simgait import pipeline
from simgait.cohort.inputs import failure_sentence
from simgait.cohort.study.columns import FAILED
from simgait.cohort.study.lost import GivenUpError
from simgait.cohort.study.rows import Result, curve_rows, cycle_rows, trial_row, without_walk
from simgait.cohort.track_files import tracked_together
from simgait.errors import InputError
from simgait.pipeline import AnalysedWalk, PreparedWalk
from simgait.tracking.policies import Policy
from simgait.types import TrackedTrial


@dataclass(frozen=True)
class BatchWalk:
    """A walk that is to be tracked.

    Attributes:
        walk: ready to be tracked.
        key: what its recording's numbers rest on.
        number: of the walk in its recording, from 1.
        of: walks of the recording.
        report: folder of its page; None where none is asked for.
    """

    walk: PreparedWalk
    key: str
    number: int
    of: int
    report: Path | None = None


@dataclass(frozen=True)
class WalkEnded:
    """What became of a walk.

    Attributes:
        result: its rows.
        warning: a sentence on a page that could not be written; "" else.
    """

    result: Result
    warning: str = ""


Tracked = tuple[BatchWalk, TrackedTrial | Exception]
"""A walk and its simulated body, or why it has none."""


def track_batch(
    policy: Policy, batch: Sequence[BatchWalk], done: Callable[[int, float], None]
) -> list[WalkEnded]:
    """Tracks walks together and reads their gait; none stops another.

    Args:
        policy: that drives the body.
        batch: the walks.
        done: told now and then how many are tracked, and what share of the work is behind.
    """
    return walks_ended(policy, tracked_batch(policy, batch, done))


def tracked_batch(
    policy: Policy, batch: Sequence[BatchWalk], done: Callable[[int, float], None]
) -> list[Tracked]:
    """The first half of `track_batch`: the physics."""
    return list(tracked_together(policy, batch, done, alike=True))


def walks_ended(policy: Policy, tracked: Sequence[Tracked]) -> list[WalkEnded]:
    """Its second half: gait, judgement and rows, and pages where they are asked for."""
    return [_ended(policy, one, found) for one, found in tracked]


def _ended(policy: Policy, one: BatchWalk, tracked: TrackedTrial | Exception) -> WalkEnded:
    try:
        if isinstance(tracked, Exception):
            raise tracked
        is_shown = one.report is not None
        walk = pipeline.analyse_walk(one.walk, tracked, policy, with_truth=is_shown)
        row = trial_row(walk, one.number, one.of)
        tables = {
            "trials": [row],
            "cycles": list(cycle_rows(walk, one.number)),
            "curves": list(curve_rows(walk, one.number)),
        }
        result = Result(one.key, row["outcome"], row["reason"], tables, row["duration_s"])
    except Exception as error:  # noqa: BLE001 - one walk must not take the others with it
        return WalkEnded(failed_walk(one, error))
    return WalkEnded(result, _report(policy, one, walk))


def failed_walk(one: BatchWalk, error: Exception) -> Result:
    """Of a walk that could not be tracked, and why."""
    reason = failure_sentence(one.walk.trial.trial_id, error)
    if isinstance(error, GivenUpError):
        reason = str(error)
    found = without_walk(one.key, FAILED, reason, again=not isinstance(error, InputError))
    found.tables["trials"][0] |= {"walk": one.number, "walks": one.of}
    return found


def _report(policy: Policy, one: BatchWalk, walk: AnalysedWalk) -> str:
    """Writes the page of a walk, or says why not: its numbers are there without."""
    if one.report is None:
        return ""
    try:
        pipeline.write_report(one.report, walk, policy, {"key": one.key})
    except Exception as error:  # noqa: BLE001 - the numbers are there without their page
        name = one.walk.trial.trial_id
        return f"{name}: no report: {failure_sentence(name, error)}"
    return ""
