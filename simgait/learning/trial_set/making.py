"""One recording as training trials, each with the body fitted to it, or why there are none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from simgait.body.fit import fit_references
from simgait.body.sizing import body_size
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError, UnknownHeightError, unexpected
from simgait.files import safe_id, without_folders
from simgait.learning.examples import monocular_trials
from simgait.learning.kept_walks import write_walks
from simgait.learning.marker_truth import with_fitted_pose
from simgait.learning.trial_set.sources import (
    BROKEN,
    NO_BODY,
    NO_WALK,
    NOT_READ,
    Excluded,
    Job,
    SetRecipe,
    Source,
)
from simgait.recordings.read import read_recording
from simgait.trials.preparation import prepare
from simgait.types import FittedTrial, Recording, Trial


def make_part(job: Job, recipe: SetRecipe, path: Path) -> int | Excluded:
    """Writes the trials of a recording to a file; their number, or why there are none.

    Raises:
        InputError: the file cannot be written.
    """
    found = trials_of_job(job, recipe)
    if isinstance(found, Excluded):
        return found
    write_walks(path, found, {"recording": job.key}, recipe.skeleton)
    return len(found)


def trials_of_job(job: Job, recipe: SetRecipe) -> list[FittedTrial] | Excluded:
    """The fitted trials of a recording; nothing in them names a file, a day or a person."""
    source = job.source
    try:
        return _trials(job, recipe)
    except _NotRead as error:
        return _excluded(source, NOT_READ, error.cause)
    except UnknownHeightError as error:
        return _excluded(source, NOT_READ, error)
    except _NoBody as error:
        return _excluded(source, NO_BODY, error.cause)
    except InputError as error:
        return _excluded(source, NO_WALK, error)
    except Exception as error:  # noqa: BLE001 - one recording must not take the others with it
        return _excluded(source, BROKEN, error)


class _NotRead(Exception):
    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class _NoBody(_NotRead):
    pass


def _trials(job: Job, recipe: SetRecipe) -> list[FittedTrial]:
    source = job.source
    try:
        recording = read_recording(source.path, source.said)
    except InputError as error:
        raise _NotRead(error) from error
    # What is said of it from here on names the trial, not the file.
    recording = replace(recording, recording_id=safe_id(source.trial))
    trials = trials_of_recording(recording, recipe, seed=int(job.key[:8], 16))
    kept, sizes = [], []
    problem: InputError | None = None
    for trial in trials:
        try:
            sizes.append(body_size(trial, recipe.sized_by))
            kept.append(trial)
        except InputError as error:
            problem = error
    if problem is not None and not kept:
        raise _NoBody(problem) from problem
    plain = [
        replace(
            trial, trial_id=f"{job.key[:16]}-{n}", subject_id=source.person, notes=(),
            recorded_on="",
        )
        for n, trial in enumerate(kept)
    ]  # fmt: skip
    return fit_references(plain, sizes, skeleton=recipe.skeleton)


def trials_of_recording(recording: Recording, recipe: SetRecipe, seed: int) -> list[Trial]:
    """The trials of a recording as it is, and of its copies through monocular-v1 where measured.

    The truth of measured walks and their copies is what the markers say; a detector's walks have
    none, and are followed as the body fits them.

    Raises:
        InputError: nothing in the recording can be learned from.
    """
    if not recording.scale_is_metric:
        return prepare(recording, SHORT_WALKS)
    known = with_fitted_pose(recording, SHORT_WALKS)
    own = prepare(known, SHORT_WALKS)
    height_m = recording.height_m or own[0].height_m
    trials = [] if recipe.kind == "monocular" else own
    copies = 0 if recipe.kind == "exact" else recipe.copies
    rng = np.random.default_rng([recipe.seed, seed])
    trials += monocular_trials(known, copies, rng, recipe.kind, lambda: height_m)
    if not trials:
        raise InputError("no monocular copy of it can be tracked.")
    return trials


def _excluded(source: Source, reason: str, error: Exception) -> Excluded:
    text = " ".join(str(error).split())
    if reason == BROKEN:
        text = f"{unexpected(error)}; please report it."
    # A sentence may name the file, and a file may be named after a person.
    for name in (source.path.name, safe_id(source.path.stem), safe_id(source.trial)):
        text = text.removeprefix(f"{name}: ")
    text = text.replace(source.path.name, source.trial)
    return Excluded(source.trial, reason, str(without_folders(text)))
