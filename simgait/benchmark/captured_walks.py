"""Walks of people with markers, filmed: a rendered person moves as the markers say.

The body is fitted to the markers as any trial's is, with the rendered person's own segments, which
have the measured lengths; its joint angles move the mesh. What is true of steps and speed comes
from the measured feet, not from the fit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.benchmark.captured_arms import arms_seen, captured_upper_body
from simgait.body.fit import fit_references, measure_dimensions
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.splits import TEST_ONLY_COLLECTIONS, is_test_subject, part_of
from simgait.errors import InputError
from simgait.gait.footprints import footprints
from simgait.gait.recorded import world_keypoints
from simgait.provenance import file_sha256
from simgait.recordings.read import read_recording
from simgait.recordings.subject_codes import code_of_name, is_code_of_name
from simgait.series.resampling import interpolate
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.synthetic.people.clip import (
    LEAST_SEEN_S,
    Clip,
    Walked,
    clip_of,
    draw_cast,
    moments_a_frame,
)
from simgait.synthetic.people.own_legs import on_legs
from simgait.synthetic.people.plan import Capture, CapturedPlan
from simgait.trials.kinematic_events import kinematic_events
from simgait.trials.measured_contacts import feet_are_measured, measured_contacts
from simgait.trials.preparation import prepare
from simgait.trials.trajectories import trajectories_of
from simgait.types import GaitEvent, Recording, Trial

LEAST_CONTACTS = 3
"""Two steps, left and right: a speed over fewer is that of a half stride."""
SEEN_SHARE = 0.9
"""Of a walk that is shorter than `clip.LEAST_SEEN_S`, shown with the whole person in the picture:
who comes is allowed to have left it before the last step."""


@dataclass(frozen=True)
class CapturedWalk:
    """A straight walk of a person with markers, and what a clip of it says of its source."""

    trial: Trial
    capture: Capture


def captured_walks(path: Path) -> list[CapturedWalk]:
    """The straight walks in a recording of markers, in order of time; never empty.

    Raises:
        InputError: the file cannot be read, holds no markers, or nobody walks over ground in it.
        StandingTrialError: because the person stands all the time.
    """
    recording = read_recording(path)
    if not recording.scale_is_metric:
        raise InputError(
            f"{path.name}: holds a detector's points, whose joints are guessed; give markers (C3D, "
            "TRC), motion capture (AMC), or simgait's own .npz that says scale_is_metric."
        )
    trials = [t for t in prepare(recording, SHORT_WALKS) if t.pelvis_path_mask.any()]
    if not trials:
        raise InputError(
            f"{path.name}: the person walks in place, and the belt's speed is not known; give a "
            "walk over ground."
        )
    person, sha256 = person_of(recording, path), file_sha256(path)
    split = split_of(path, person)
    return [
        CapturedWalk(
            trial,
            Capture(
                sha256, recording.source_format, number, trial.start_s,
                trial.start_s + float(trial.time_s[-1]), person, split, _contacts_by(trial),
                arms_seen(trial),
            ),
        )
        for number, trial in enumerate(trials, start=1)
    ]  # fmt: skip


def person_of(recording: Recording, path: Path) -> str:
    """A code for who walks: whom the file names, else the folder in which it lies.

    So files that name nobody are of one person if they lie in one folder: no one is in two parts
    of a split by that.
    """
    named = recording.subject_id or path.resolve().parent.name
    return named if is_code_of_name(named) else code_of_name(named)


def split_of(path: Path, person: str) -> str:
    """The part of a split to which a person belongs; the project's held-out people are "test"."""
    folder = path.resolve().parent
    held_out = is_test_subject(folder.parent.name, folder.name)
    return "test" if held_out or folder.name in TEST_ONLY_COLLECTIONS else part_of(person)


def captured_clip(walk: CapturedWalk, plan: CapturedPlan) -> Clip:
    """The clip of a person who walks so, all but its pictures.

    Raises:
        InputError: the legs are nobody's, too few steps are seen, or no camera sees the walk.
    """
    trial = walk.trial
    contact_s, foothold_m = footholds(trial)
    cast = draw_cast(plan)
    measured = measure_dimensions(trial)
    legs = (measured.thigh_m, measured.shank_m, measured.hip_width_m)
    person = on_legs(cast.person, *legs)
    (fitted,) = fit_references([trial], [person.dimensions])
    rate_hz = plan.fps_hz * moments_a_frame(plan)
    time_s = np.arange(int(trial.time_s[-1] * rate_hz) + 1) / rate_hz
    step_s = 1.5 / trial.fps_hz
    pose = interpolate(fitted.pose[:, :, None], trial.time_s, time_s, step_s)[..., 0]
    upper = captured_upper_body(trial, person, time_s)
    walked = Walked(time_s, pose, contact_s, foothold_m, upper)
    least_s = min(LEAST_SEEN_S, SEEN_SHARE * float(time_s[-1]))
    return clip_of(plan, replace(cast, person=person), walked, least_s)


def footholds(trial: Trial) -> tuple[Float[np.ndarray, " K"], Float[np.ndarray, "K 2"]]:
    """Initial contacts (s) in turn left and right, and where each heel stands (m); the most.

    Raises:
        InputError: fewer than three in a row are seen.
    """
    paths = trajectories_of(trial.time_s, world_keypoints(trial))
    found = footprints(paths, contacts_of(trial))
    in_order = sorted(found, key=lambda contact: contact[1])
    runs = [in_order[:1]]
    for contact in in_order[1:]:
        if contact[0] == runs[-1][-1][0]:
            # A step between the two is not known.
            runs.append([])
        runs[-1].append(contact)
    longest = max(runs, key=len)
    if len(longest) < LEAST_CONTACTS:
        raise InputError(
            f"{trial.trial_id}: only {len(longest)} of its steps are seen from contact to "
            f"mid-stance in a row, and speed takes {LEAST_CONTACTS}; give a longer walk."
        )
    places = np.array([found[contact][0, HORIZONTAL] for contact in longest])
    return np.array([time_s for _, time_s in longest]), places


def _contacts_by(trial: Trial) -> str:
    """How the initial contacts of a walk are known."""
    if feet_are_measured(trial):
        return "measured heels and toes"
    if trial.truth is not None and trial.truth.events:
        return "events in the file"
    return "motion of the feet against the pelvis"


def contacts_of(trial: Trial) -> list[GaitEvent]:
    """Foot events on the trial's clock, by the best that the recording has."""
    if feet_are_measured(trial):
        return measured_contacts(trial)
    if trial.truth is not None and trial.truth.events:
        return list(trial.truth.events)
    return list(kinematic_events(trajectories_of(trial.time_s, world_keypoints(trial))))
