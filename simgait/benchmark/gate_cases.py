"""The gate's walks: real people's marker walks, through every synthetic detector.

Truth comes from the markers; errors come from the detectors. A network that has learned speed from
the shape of made-up walkers fails on these people as it does on a real detector's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.benchmark.cases import Case, CaseSet, Excluded, marker_case
from simgait.datasets.detector_copies import as_seen_by, travel_scale_of
from simgait.datasets.monocular_copies import fully_seen_span
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.splits import TEST_ONLY_COLLECTIONS, is_test_subject
from simgait.errors import InputError
from simgait.recordings.read import read_recording
from simgait.synthetic.detectors.named import DETECTORS
from simgait.trials.measured_contacts import feet_are_measured, measured_contacts
from simgait.trials.preparation import prepare
from simgait.types import Recording, Trial

FILES = {
    "cmu_asfamc": "*/*.amc",
    "mcgill_c3d": "*/*.c3d",
    "c3d_mixed": "*.c3d",
    "bmclab_walk": "*.[ct][3r][dc]",
}
"""Folder of the shared data -> its marker walks."""
ONCE = "gait-raw"
"""The same walk as gait-pig, in another file: nobody counts twice."""
TRAVEL_SHARES = (0.125, 0.375, 0.625, 0.875)
"""Each person is seen by so many cameras of each detector, whose scales of travel stand for all."""
ONE_CAMERA = (0.5,)
"""Training people are shown beside the others, by one camera: they decide nothing."""
SEED = 30_000
"""Chosen: no other set's cameras are drawn from there on."""
UNSEEN, TRAINED_ON = "unseen people", "training people"


def hips_way_m(recording: Recording) -> Float[np.ndarray, " 2"]:
    """Level way of the hips from the first to the last frame that shows them."""
    hips = [recording.keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
    middle = recording.keypoints_m[:, hips, :2].mean(axis=1)
    middle = middle[np.isfinite(middle).all(axis=1)]
    return np.asarray(middle[-1] - middle[0])


def marker_walks(data_dir: Path, *, unseen: bool) -> Iterator[tuple[Recording, float]]:
    """Straight marker walks over ground of people whom nothing was trained on, or of the others.

    Each comes with the person's height (m). Files that hold no such walk are left out.
    """
    for collection, pattern in FILES.items():
        for path in sorted((data_dir / collection).glob(pattern)):
            alone = collection in TEST_ONLY_COLLECTIONS
            subject = path.stem if alone else path.parent.name
            if subject == ONCE or is_test_subject(collection, subject) != unseen:
                continue
            try:
                recording = read_recording(path)
                whole = fully_seen_span(replace(recording, subject_id=f"{collection}-{subject}"))
                trials = prepare(whole, SHORT_WALKS)
            except InputError:
                continue
            if whole.pelvis_travels and whole.belt_speed_mps is None:
                yield with_measured_contacts(whole, trials), trials[0].height_m


def with_measured_contacts(recording: Recording, trials: Sequence[Trial]) -> Recording:
    """A marker recording whose foot events are the contacts of its measured feet; else none.

    Few files hold events, and laboratories' disagree by more than people differ
    (docs/history/marker_walks.md).
    """
    measured = [
        replace(event, time_s=event.time_s + trial.start_s)
        for trial in trials
        if feet_are_measured(trial)
        for event in measured_contacts(trial)
    ]
    return replace(recording, events=tuple(measured))


def gate_sets(
    data_dir: Path, tell: Callable[[str], None] = lambda _: None
) -> tuple[CaseSet, CaseSet]:
    """The walks of the people whom nothing was trained on, and of the others.

    Raises:
        InputError: there are no such walks in the folder.
    """
    tell(f"the gate: making walks of {UNSEEN}")
    first = gate_set(data_dir, unseen=True)
    tell(f"the gate: making walks of {TRAINED_ON}")
    return first, gate_set(data_dir, unseen=False, travel_shares=ONE_CAMERA)


def gate_set(
    data_dir: Path,
    *,
    unseen: bool,
    detectors: Sequence[str] = DETECTORS,
    travel_shares: Sequence[float] = TRAVEL_SHARES,
) -> CaseSet:
    """Every walk through every detector and camera; what preparation refuses is listed.

    A person is seen by the same cameras in all walks. `labels` of a case say "detector", "view"
    and "camera".

    Raises:
        InputError: there are no such walks in the folder.
    """
    cases: list[Case] = []
    excluded: list[Excluded] = []
    people: dict[str, int] = {}
    for number, (whole, height_m) in enumerate(marker_walks(data_dir, unseen=unseen)):
        person = people.setdefault(whole.subject_id, len(people))
        for detector in detectors:
            for camera, share in enumerate(travel_shares):
                name = f"{whole.recording_id}, {detector}, camera {camera}"
                seed, camera_seed = (
                    SEED + len(TRAVEL_SHARES) * one + camera for one in (number, person)
                )
                try:
                    seen = as_seen_by(
                        detector, whole, height_m, seed,
                        camera_seed=camera_seed, travel_share=share,
                    )  # fmt: skip
                    scale = travel_scale_of(
                        detector, whole, height_m, seed,
                        camera_seed=camera_seed, travel_share=share,
                    )  # fmt: skip
                    found = [
                        marker_case(whole, trial, held_out=unseen)
                        for trial in prepare(seen, SHORT_WALKS, height_m=height_m)
                    ]
                except InputError as error:
                    excluded.append(Excluded(name, str(error), keypoints=detector))
                    continue
                labels = {"detector": detector, "camera": str(camera), "keypoints": detector}
                cases += [
                    replace(case, labels=case.labels | labels, travel_scale=scale) for case in found
                ]
    if not cases:
        raise InputError(
            f"{data_dir.name}: no marker walks of {', '.join(FILES)} were found; name the folder "
            "that holds them with --data."
        )
    return CaseSet(UNSEEN if unseen else TRAINED_ON, tuple(cases), tuple(excluded))
