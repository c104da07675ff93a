"""The walks that the scorecard is about: synthetic test walkers and the real test subjects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.datasets.detector_mixture import Keypoints
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.splits import TEST_ONLY_COLLECTIONS, is_test_subject
from simgait.datasets.synthetic_trials import Split, synthetic_trial
from simgait.errors import InputError
from simgait.gait.analyse import analyse_markers
from simgait.gait.recorded import true_angles_rad
from simgait.gait_result import GaitResult
from simgait.recordings.read import read_recording
from simgait.report.trial.plate_stances import on_trial
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.kinematics import body_keypoints
from simgait.synthetic.detectors.monocular_v1 import Distance, View, place_camera
from simgait.synthetic.walkers.specification import Pattern, draw_walker, walker_seed
from simgait.trials.preparation import prepare
from simgait.types import ForcePlate, GaitEvent, Recording, Trial

WALK_S = 8.0
"""Chosen: five strides and more of a slow walker, and one compiled length (`body.batches`)."""
REAL_COLLECTIONS = {"cmu_asfamc": "*/*.amc", "mcgill_c3d": "*/*.c3d", "c3d_mixed": "*.c3d"}


@dataclass(frozen=True)
class Case:
    """A prepared trial beside everything it is scored against.

    Attributes:
        angles_rad: (T, A) true clinical angles, columns `ANGLE_NAMES`, NaN unknown.
        gait: parameters of the true walk, from the same code as the estimate's.
        keypoint_names: the keypoints that both true and simulated gait are read from.
        events: measured foot events on the trial's clock, also those outside its span; none
            where a recording has none.
        labels: kind of label ("pattern", "view", "source", "subject") -> label.
        force_plates: what the recording's plates measured, on the trial's clock.
        body_weight_n: the person's measured weight; NaN unknown.
        held_out: the person is a test subject, of whom no tracker may have learned.
        walker: number of a synthetic walker in its split; None for a real person.
        travel_scale: what a synthetic detector's scale of travel alone multiplies the way by; NaN
            where nobody looked.
    """

    trial: Trial
    angles_rad: Float[np.ndarray, "T A"]
    gait: GaitResult
    keypoint_names: tuple[str, ...]
    events: tuple[GaitEvent, ...]
    labels: dict[str, str]
    force_plates: tuple[ForcePlate, ...] = ()
    body_weight_n: float = float("nan")
    held_out: bool = False
    walker: int | None = None
    travel_scale: float = float("nan")


@dataclass(frozen=True)
class Excluded:
    """A walk that was refused before tracking, with the reason given.

    `keypoints` as in the labels of a case; "" where none were made of the recording.
    """

    name: str
    reason: str
    source: str = ""
    keypoints: str = ""


@dataclass(frozen=True)
class CaseSet:
    """The walks of one row of bars; `excluded` were offered and refused."""

    name: str
    cases: tuple[Case, ...]
    excluded: tuple[Excluded, ...] = ()


def synthetic_case(
    index: int,
    kind: Keypoints,
    duration_s: float = WALK_S,
    *,
    split: Split = "test",
    pattern: Pattern | None = None,
    view: View | None = None,
    distance: Distance | None = None,
) -> Case:
    """The `index`-th walker of a split with its exact truth.

    Pattern, view and distance are drawn by the walker's seed where they are not given.

    Raises:
        InputError: the error model left nothing that can be tracked.
    """
    trial = synthetic_trial(split, index, kind, duration_s, pattern, view, distance)
    spec = draw_walker(walker_seed(split, index), pattern)
    truth = trial.truth
    if truth is None:
        raise InputError(f"{trial.trial_id} has no truth; it cannot be scored.")
    gait = analyse_markers(
        trial.time_s,
        np.asarray(body_keypoints(truth.pose, spec.dimensions)),
        truth.events,
        truth.pose[:, ANGLES],
        BODY_KEYPOINTS,
    )
    # View and distance are the first things that a camera's seed draws, whatever the path.
    camera = place_camera(np.zeros((2, 3)), spec.seed, view, distance)
    labels = {"pattern": spec.pattern, "subject": trial.subject_id}
    if kind != "exact":
        labels |= {"view": camera.view, "distance": camera.distance}
    return Case(
        trial,
        truth.pose[:, ANGLES],
        gait,
        BODY_KEYPOINTS,
        truth.events,
        labels,
        held_out=split == "test",
        walker=index,
    )


def synthetic_set(name: str, kind: Keypoints, count: int, duration_s: float = WALK_S) -> CaseSet:
    """Test walkers 0 .. count - 1 with one kind of keypoints."""
    cases: list[Case] = []
    excluded: list[Excluded] = []
    for index in range(count):
        try:
            cases.append(synthetic_case(index, kind, duration_s))
        except InputError as error:
            excluded.append(Excluded(f"test walker {index}", str(error)))
    return CaseSet(name, tuple(cases), tuple(excluded))


def without_pelvis_path(cases: CaseSet, name: str) -> CaseSet:
    """The same walks as a recording without travel of the pelvis shows them."""

    def masked(trial: Trial) -> Trial:
        nothing = np.zeros_like(trial.pelvis_path_mask)
        path = np.full_like(trial.pelvis_path_m, np.nan)
        return replace(trial, pelvis_path_m=path, pelvis_path_mask=nothing)

    kept = tuple(replace(case, trial=masked(case.trial)) for case in cases.cases)
    return CaseSet(name, kept, cases.excluded)


def marker_case(recording: Recording, trial: Trial, *, held_out: bool = False) -> Case:
    """A trial of a marker recording; the lab's own angles are the truth before the skeleton's.

    Angles are NaN where neither is known. Truth of gait comes from the recording's markers at their
    own frame rate, within the trial's span, with the recording's events, or with kinematic ones
    where it has none. `held_out` says that the person is a test subject.

    Raises:
        InputError: the recording's markers do not describe a walk.
    """
    start_s, end_s = trial.start_s, trial.start_s + float(trial.time_s[-1])
    events = tuple(replace(e, time_s=e.time_s - start_s) for e in recording.events)
    within = tuple(e for e in events if 0.0 <= e.time_s <= end_s - start_s)
    names = tuple(n for n in recording.keypoint_names if n in BODY_KEYPOINTS)
    columns = [recording.keypoint_names.index(name) for name in names]
    span = (recording.time_s >= start_s - 1e-9) & (recording.time_s <= end_s + 1e-9)
    gait = analyse_markers(
        recording.time_s[span] - start_s,
        recording.keypoints_m[span][:, columns],
        within if recording.events else None,
        keypoint_names=names,
        belt_speed_mps=recording.belt_speed_mps,
    )
    angles = None if trial.truth is None else true_angles_rad(trial.truth)
    if angles is None:
        angles = np.full((trial.n_frames, len(ANGLE_NAMES)), np.nan)
    labels = {"subject": trial.subject_id, "recording": recording.recording_id}
    plates = on_trial(recording.force_plates, trial)
    mass_kg = float("nan") if recording.mass_kg is None else recording.mass_kg
    weight_n = mass_kg * GRAVITY_MPS2
    return Case(trial, angles, gait, names, events, labels, plates, weight_n, held_out=held_out)


def real_set(name: str, data_dir: Path, collections: Sequence[str]) -> CaseSet:
    """Test subjects of folders of the shared data, keypoints from motion capture.

    Every file of a test subject is offered, standing trials too; those that preparation refuses
    are listed with its reason.

    Raises:
        InputError: a folder is absent.
    """
    cases: list[Case] = []
    excluded: list[Excluded] = []
    for path, collection, subject in files_of_test_subjects(data_dir, collections):
        try:
            recording = replace(read_recording(path), subject_id=f"{collection}-{subject}")
            for trial in prepare(recording, SHORT_WALKS):
                case = marker_case(recording, trial, held_out=is_test_subject(collection, subject))
                cases.append(replace(case, labels=case.labels | {"source": collection}))
        except InputError as error:
            excluded.append(Excluded(path.name, str(error), collection))
    return CaseSet(name, tuple(cases), tuple(excluded))


def files_of_test_subjects(
    data_dir: Path, collections: Sequence[str]
) -> Iterator[tuple[Path, str, str]]:
    """Path, folder and subject of every file of a test subject of the shared data.

    Raises:
        InputError: a folder is absent.
    """
    for collection in collections:
        folder = data_dir / collection
        if not folder.is_dir():
            raise InputError(
                f"{collection}: not found in the data folder {data_dir.name}; name the folder that "
                "holds it with --data."
            )
        for path in sorted(folder.glob(REAL_COLLECTIONS[collection])):
            subject = path.stem if collection in TEST_ONLY_COLLECTIONS else path.parent.name
            if is_test_subject(collection, subject):
                yield path, collection, subject
