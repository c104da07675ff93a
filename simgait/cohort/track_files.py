"""Many recordings through the pipeline: in batches, and no failure stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simgait import pipeline
from simgait.cohort.folder_names import FolderNames
from simgait.cohort.inputs import InputFile, failure_sentence
from simgait.errors import InputError
from simgait.pipeline import AnalysedWalk, PreparedWalk, TrackOptions
from simgait.tracking.policies import Policy

BATCH = 64
"""Walks that are tracked together: a simulated step costs little more for 64 bodies than for 1."""


@dataclass(frozen=True)
class Waiting:
    """A walk that waits for its batch; `label` names its file, `folder` will hold its report."""

    label: str
    folder: str
    walk: PreparedWalk


@dataclass(frozen=True)
class Outcome:
    """What became of one trial (or of a file that gave none): results, or a sentence why not."""

    label: str
    trial_id: str
    failure: str = ""
    walk: AnalysedWalk | None = None
    folder: str = ""


def track_files(
    policy: Policy,
    files: Iterable[InputFile],
    options: TrackOptions,
    out: Path,
    *,
    overwrite: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Iterator[Outcome]:
    """Tracks every file and writes its reports; yields one outcome per trial or failed file.

    Args:
        policy: that drives the body.
        files: from `cohort.inputs.find_inputs`.
        options: what is known about all of them.
        out: folder of the results, one folder per trial in it.
        overwrite: replace the results of trials that have some.
        tell: gets a line now and then on what is going on.
    """
    names = FolderNames(out, overwrite)
    waiting: list[Waiting] = []

    def flush() -> Iterator[Outcome]:
        if waiting:
            tell(f"tracking {len(waiting)} trial{'' if len(waiting) == 1 else 's'} ...")
        outcomes = track_batch(policy, waiting)
        waiting.clear()
        for outcome in outcomes:
            yield write_outcome(out, outcome, policy)

    for file in files:
        for found in prepare_file(file, options, names):
            if isinstance(found, Outcome):
                yield found
            else:
                waiting.append(found)
        if len(waiting) >= BATCH:
            yield from flush()
    yield from flush()


def prepare_file(
    file: InputFile, options: TrackOptions, names: FolderNames
) -> list[Waiting | Outcome]:
    """Reads and prepares one file: each walk with the folder it will have, or why it has none."""
    try:
        walks = prepared_walks(file, options)
    except Exception as error:  # noqa: BLE001 - one file must not take the others with it
        return [Outcome(file.label, Path(file.label).stem, failure_sentence(file.label, error))]
    return [_with_folder(file.label, walk, names) for walk in walks]


def prepared_walks(file: InputFile, options: TrackOptions) -> list[PreparedWalk]:
    """The walks of one file.

    Raises:
        InputError: nothing in the file can be tracked, and why.
    """
    if file.failure:
        raise InputError(file.failure)
    return pipeline.walks_of_file(file.path, options)


def _with_folder(label: str, walk: PreparedWalk, names: FolderNames) -> Waiting | Outcome:
    try:
        trial_id = names.take(walk.trial)
    except InputError as error:
        return Outcome(label, walk.trial.trial_id, failure_sentence(label, error))
    named = replace(walk, trial=replace(walk.trial, trial_id=trial_id))
    return Waiting(label, trial_id, named)


def track_batch(policy: Policy, batch: Sequence[Waiting]) -> list[Outcome]:
    """Tracks walks together; where the batch fails, one by one, to find the culprit."""
    if not batch:
        return []
    try:
        walks = pipeline.track_and_analyse(policy, [one.walk for one in batch])
        return [
            Outcome(one.label, one.folder, walk=walk)
            for one, walk in zip(batch, walks, strict=True)
        ]
    except Exception as error:  # noqa: BLE001 - one trial must not take the others with it
        if len(batch) == 1:
            label = batch[0].label
            return [Outcome(label, batch[0].folder, failure_sentence(label, error))]
    return [outcome for one in batch for outcome in track_batch(policy, [one])]


def write_outcome(out: Path, outcome: Outcome, policy: Policy) -> Outcome:
    """Writes the report of a tracked trial into its folder in `out`; says so where it cannot."""
    if outcome.walk is None:
        return outcome
    try:
        pipeline.write_report(out / outcome.trial_id, outcome.walk, policy)
    except Exception as error:  # noqa: BLE001 - one trial must not take the others with it
        return Outcome(outcome.label, outcome.trial_id, failure_sentence(outcome.label, error))
    return replace(outcome, folder=outcome.trial_id)
