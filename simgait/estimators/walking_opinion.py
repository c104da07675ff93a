"""What a method that gives a whole walk says of a recording, or of a walk that was tracked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from simgait.baselines.tracker import Refusal, Tracker
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Opinion, Said, TrackedWalk, no_network
from simgait.estimators.doubts import beside_recording, beside_report
from simgait.findings import NO_BASIS, Basis
from simgait.parameters.catalogue import parameters
from simgait.recordings.options import ReadOptions
from simgait.recordings.read import read_recording
from simgait.trials.preparation import prepare
from simgait.types import Recording, Trial

SHOWN = ("velocity_mps", "cadence_spm", "step_length_m")
NO_INTERVAL = "no interval is known of these numbers, nor of what left and right differ by"


def opinion_of_file(
    tracker: Tracker,
    path: Path,
    asked: Asked,
    also_rests_on: frozenset[Basis] = NO_BASIS,
    unread_ways: tuple[str, ...] = (),
) -> Opinion:
    """Velocity, cadence and step length of the longest straight walk in a recording.

    Args:
        tracker: whose word it is.
        path: of the recording.
        asked: what is said beside it.
        also_rests_on: what its numbers are made of beyond a parameter's own basis.
        unread_ways: how a path may be known (`Trial.path_basis`) that it does not look at.

    Raises:
        InputError: the recording cannot be read or used, or the method cannot walk it.
    """
    options = ReadOptions(
        height_m=asked.height_m, fps_hz=asked.fps_hz, person=asked.person,
        keypoint_set=asked.keypoint_set, picture_px=asked.picture_px,
    )  # fmt: skip
    recording = read_recording(path, options)
    trials = prepare(recording, SHORT_WALKS, height_m=asked.height_m)
    longest = max(trials, key=lambda trial: trial.n_frames)
    opinion = opinion_of_trial(tracker, recording, longest, path.name, also_rests_on, unread_ways)
    if len(trials) > 1:
        note = f"the longest of {len(trials)} straight walks"
        opinion = replace(opinion, notes=(*opinion.notes, note))
    return beside_report(opinion, path)


def refuse_network(name: str, asked: Asked) -> None:
    """A rule has no network and no weights.

    Raises:
        InputError: one of them is named.
    """
    refuse_weights(name, asked.weights)
    if asked.network is not None:
        raise no_network(name, asked.network)


def refuse_weights(name: str, folder: Path | None) -> None:
    """A rule has no weights.

    Raises:
        InputError: a folder of them is named.
    """
    if folder is not None:
        raise InputError(f"--weights: {name} is a rule and has none; leave it out.")


def opinion_of_tracked(
    tracker: Tracker,
    walk: TrackedWalk,
    also_rests_on: frozenset[Basis] = NO_BASIS,
    unread_ways: tuple[str, ...] = (),
) -> Opinion:
    """The same of a walk that was tracked; arguments as for `opinion_of_file`.

    Raises:
        InputError: the method cannot walk it.
    """
    where = walk.trial.trial_id
    return opinion_of_trial(tracker, walk.recording, walk.trial, where, also_rests_on, unread_ways)


def opinion_of_trial(
    tracker: Tracker,
    recording: Recording,
    trial: Trial,
    where: str,
    also_rests_on: frozenset[Basis],
    unread_ways: tuple[str, ...],
) -> Opinion:
    """The same of a prepared trial of a recording, named `where` in sentences."""
    (answer,) = tracker.estimate([trial])
    if isinstance(answer, Refusal):
        raise InputError(f"{where}: {answer.reason.removeprefix(f'{trial.trial_id}: ')}")
    known = {one.key: one for one in parameters()}
    numbers = []
    for key in SHOWN:
        for side, value in answer.gait.parameters[key].items():
            if side != "both" and key != "step_length_m":
                continue
            label, unit = known[key].label.lower(), known[key].unit.symbol
            mean = float(np.asarray(value.mean))
            numbers.append(Said(key, label, unit, side, mean, also_rests_on=also_rests_on))
    unread = ("what was said of distance or belt is not looked at",)
    notes = (tracker.introduction, NO_INTERVAL, *unread * (trial.path_basis in unread_ways))
    opinion = Opinion(tuple(numbers), tracker.introduction, notes)
    return beside_recording(opinion, trial, recording.belt_speed_mps)
