"""What the network says of the walk in a recording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from simgait.baselines.tracker import Refusal, Tracker
from simgait.companions.gait_transformer.tracker import released_tracker
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Opinion, Said, TrackedWalk
from simgait.estimators.doubts import beside_recording, beside_report
from simgait.findings import Basis
from simgait.parameters.catalogue import parameters
from simgait.recordings.options import ReadOptions
from simgait.recordings.read import read_recording
from simgait.trials.preparation import prepare
from simgait.types import Trial

SHOWN = ("velocity_mps", "cadence_spm", "step_length_m")
MADE_OF = frozenset((Basis.CLOCK, Basis.TRAVEL))
"""Its way from step to step is a speed, inferred from the legs, times the recording's seconds."""
SAID_WAYS = ("distance_said", "factor_said", "belt_said")


def opinion_of(path: Path, asked: Asked) -> Opinion:
    """Velocity, cadence and step length of the longest straight walk in a recording.

    Raises:
        InputError: the recording cannot be read or used, or the weights are missing.
    """
    if asked.network is not None:
        raise InputError(f"There is no network {asked.network}; the Gait Transformer is one.")
    tracker = released_tracker(asked.weights)
    options = ReadOptions(
        height_m=asked.height_m, fps_hz=asked.fps_hz, person=asked.person,
        keypoint_set=asked.keypoint_set, picture_px=asked.picture_px,
    )  # fmt: skip
    recording = read_recording(path, options)
    trials = prepare(recording, SHORT_WALKS, height_m=asked.height_m)
    longest = max(trials, key=lambda trial: trial.n_frames)
    opinion = _opinion(tracker, longest, path.name, recording.belt_speed_mps)
    if len(trials) > 1:
        note = f"the longest of {len(trials)} straight walks"
        opinion = replace(opinion, notes=(*opinion.notes, note))
    return beside_report(opinion, path)


def opinion_of_walk(walk: TrackedWalk) -> Opinion:
    """The same of a walk that was tracked.

    Raises:
        InputError: the network cannot walk it, or the weights are missing.
    """
    belt_speed_mps = walk.recording.belt_speed_mps
    return _opinion(released_tracker(), walk.trial, walk.trial.trial_id, belt_speed_mps)


def _opinion(tracker: Tracker, trial: Trial, where: str, belt_speed_mps: float | None) -> Opinion:
    (answer,) = tracker.estimate([trial])
    if isinstance(answer, Refusal):
        raise InputError(f"{where}: {answer.reason}")
    known = {one.key: one for one in parameters()}
    numbers = []
    for key in SHOWN:
        for side, value in answer.gait.parameters[key].items():
            if side != "both" and key != "step_length_m":
                continue
            label, unit = known[key].label.lower(), known[key].unit.symbol
            mean = float(np.asarray(value.mean))
            numbers.append(Said(key, label, unit, side, mean, also_rests_on=MADE_OF))
    notes = (
        tracker.introduction,
        "no interval is known of these numbers, nor of what left and right differ by",
        *("what was said of distance or belt is not looked at",) * (trial.path_basis in SAID_WAYS),
    )
    opinion = Opinion(tuple(numbers), tracker.introduction, notes)
    return beside_recording(opinion, trial, belt_speed_mps)
