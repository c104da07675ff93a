"""Walks to learn from: synthetic walkers and real motion capture, as detectors would see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from simgait.body.fit import fit_references, measure_dimensions
from simgait.datasets.splits import is_test_subject
from simgait.errors import InputError
from simgait.learning.marker_truth import with_fitted_pose
from simgait.recordings.read import read_recording
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions, dimensions_from_height
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.skeleton.skeleton import Skeleton
from simgait.synthetic.detectors.monocular_v1 import Distance, View, corrupt, place_camera
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import Pattern, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.truth import with_known_floor
from simgait.types import FittedTrial, Recording, Trial

Keypoints = Literal["exact", "monocular", "exact_legs", "monocular_legs"]
Split = Literal["train", "validation", "test"]
SizedBy = Literal["keypoints", "height"]
NOT_LEGS = tuple(name for name in KEYPOINT_NAMES if name not in REQUIRED_KEYPOINTS)
# Share of each kind of keypoints among training walks.
MIXTURE: dict[Keypoints, float] = {
    "monocular": 0.62,
    "monocular_legs": 0.15,
    "exact": 0.15,
    "exact_legs": 0.08,
}
# Share of monocular training walks whose pelvis path is withheld: many detectors give none.
WITHOUT_PATH = 0.15
SHORT = PreparationConfig(min_frames=40)


def without_path(trial: Trial) -> Trial:
    """The trial as a root-relative detector would give it: the pelvis's travel is unknown."""
    return replace(
        trial,
        pelvis_path_m=np.full_like(trial.pelvis_path_m, np.nan),
        pelvis_path_mask=np.zeros_like(trial.pelvis_path_mask),
    )


def draw_kind(rng: np.random.Generator) -> Keypoints:
    """Which keypoints a training walk shows, by `MIXTURE`."""
    kinds = list(MIXTURE)
    return kinds[int(rng.choice(len(kinds), p=list(MIXTURE.values())))]


def synthetic_trial(
    split: Split,
    index: int,
    kind: Keypoints,
    duration_s: float,
    pattern: Pattern | None = None,
    view: View | None = None,
    distance: Distance | None = None,
) -> Trial:
    """One synthetic walker of a split as a prepared trial.

    Pattern, view and distance are drawn by the walker's seed where they are not given.

    Raises:
        InputError: the error model left nothing that can be tracked.
    """
    walker_truth = walk(draw_walker(walker_seed(split, index), pattern), duration_s)
    made = trial_from_walk(
        walker_truth,
        monocular=kind.startswith("monocular"),
        view=view,
        distance=distance,
        missing=NOT_LEGS if kind.endswith("legs") else None,
    )
    return prepare(made.recording, SHORT, contact_truth=walker_truth.contact)[0]


def real_recordings(data_dir: Path, *, test: bool) -> Iterator[Recording]:
    """The real walks of the training (or test) subjects of the shared data, statics left out."""
    for collection, pattern in (("cmu_asfamc", "*/*.amc"), ("mcgill_c3d", "*/*.c3d")):
        for path in sorted((data_dir / collection).glob(pattern)):
            if is_test_subject(collection, path.parent.name) != test:
                continue
            recording = replace(read_recording(path), subject_id=f"{collection}-{path.parent.name}")
            try:
                prepare(recording, SHORT)
            except InputError:
                continue
            yield recording


def fully_seen_span(recording: Recording) -> Recording:
    """The recording from its first to its last frame with all of its markers, its clock from 0.

    Raises:
        InputError: no frame shows all markers at a time.
    """
    empty = np.isnan(recording.keypoints_m).all(axis=(0, 2))
    keep = np.isfinite(recording.keypoints_m[:, ~empty]).all(axis=(1, 2))
    if not keep.any():
        raise InputError(
            f"{recording.recording_id}: no frame shows all markers at a time, so no camera can be "
            "placed; leave this recording out."
        )
    first, last = np.flatnonzero(keep)[[0, -1]]
    span, start_s = slice(first, last + 1), float(recording.time_s[first])

    def cut(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[span]

    return replace(
        recording,
        keypoints_m=recording.keypoints_m[span],
        confidence=recording.confidence[span],
        time_s=recording.time_s[span] - start_s,
        pose=cut(recording.pose),
        reference_angles_rad=cut(recording.reference_angles_rad),
        events=tuple(replace(e, time_s=e.time_s - start_s) for e in recording.events),
        force_plates=tuple(replace(p, time_s=p.time_s - start_s) for p in recording.force_plates),
    )


def as_monocular(
    recording: Recording,
    seed: int,
    *,
    legs_only: bool,
    view: View | None = None,
    distance: Distance | None = None,
) -> Recording:
    """A marker recording as monocular-v1 would see it, along its own direction of walking.

    Its clock is that of `fully_seen_span`. View and distance are drawn where they are not given.

    Raises:
        InputError: the recording lacks required keypoints for good.
    """
    whole = with_known_floor(fully_seen_span(recording))
    points = np.full((len(whole.time_s), len(KEYPOINT_NAMES), 3), np.nan)
    for column, name in enumerate(whole.keypoint_names):
        points[:, KEYPOINT_INDEX[name]] = whole.keypoints_m[:, column]
    mid_hip = points[:, [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]].mean(1)
    travel = mid_hip[-1] - mid_hip[0]
    yaw = np.arctan2(travel[1], travel[0])
    turn = np.array([[np.cos(yaw), np.sin(yaw), 0], [-np.sin(yaw), np.cos(yaw), 0], [0, 0, 1.0]])
    local, mid = points @ turn.T, mid_hip @ turn.T
    holes = ~np.isfinite(local).all(-1)
    # Points that never were stand in at mid-hip only to satisfy the error model; they are taken
    # out again below.
    filled = np.where(holes[..., None], mid[:, None], local)
    seed_rng = np.random.default_rng([seed, 77])
    missing = NOT_LEGS if legs_only else None
    # Every fifth copy lacks nothing but what the markers lack.
    missing = () if missing is None and seed_rng.random() < 0.2 else missing
    camera = place_camera(mid, seed, view, distance)
    seen = corrupt(filled, camera, seed, recording.fps_hz, missing)
    keypoints = np.where(holes[..., None], np.nan, seen.keypoints_m) @ turn
    return replace(
        whole,
        error_model=seen.errors.version,
        keypoint_names=KEYPOINT_NAMES,
        keypoints_m=keypoints,
        confidence=np.where(np.isfinite(keypoints).all(-1), seen.confidence, 0.0),
        scale_is_metric=False,
    )


def body_size(trial: Trial, sized_by: SizedBy) -> Dimensions:
    """The body that walks a trial: measured on its keypoints, or from height alone (the paper).

    Raises:
        InputError: the measured legs are outside what people have.
    """
    if sized_by == "height":
        return dimensions_from_height(trial.height_m, trial.mass_kg)
    return measure_dimensions(trial)


def learning_walks(
    trials: list[Trial],
    people: list[Dimensions] | None = None,
    *,
    sized_by: SizedBy = "keypoints",
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> list[FittedTrial]:
    """Fits trials in one batch; trials that the body cannot fit are left out.

    Args:
        trials: prepared trials with truth.
        people: sizes where known; by `sized_by` where None.
        sized_by: see `body_size`.
        skeleton: the body.
    """
    kept, sizes = [], []
    for i, trial in enumerate(trials):
        try:
            sizes.append(people[i] if people else body_size(trial, sized_by))
        except InputError:
            continue
        kept.append(trial)
    return fit_references(kept, sizes, skeleton=skeleton)


def synthetic_walks(
    split: Split,
    first: int,
    count: int,
    *,
    seed: int,
    kind: Keypoints | None = None,
    sized_by: SizedBy = "keypoints",
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> list[FittedTrial]:
    """`count` synthetic walkers from index `first` of a split, 3 to 7 s each.

    `kind` None draws each walker's kind of keypoints from `MIXTURE`.
    """
    rng = np.random.default_rng([seed, first])
    trials = []
    for index in range(first, first + count):
        drawn = draw_kind(rng)
        duration_s = float(rng.uniform(3.0, 7.0))
        withheld = float(rng.uniform()) < WITHOUT_PATH
        try:
            trial = synthetic_trial(split, index, kind or drawn, duration_s)
        except InputError:
            continue
        drop = withheld and kind is None and drawn.startswith("monocular")
        trials.append(without_path(trial) if drop else trial)
    return learning_walks(trials, sized_by=sized_by, skeleton=skeleton)


def real_walks(
    data_dir: Path,
    *,
    copies: int,
    seed: int,
    kind: Keypoints | None = None,
    sized_by: SizedBy = "keypoints",
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> list[FittedTrial]:
    """The real training subjects: once as they are, and `copies` times through monocular-v1.

    The truth of the copies is what the markers say.

    With `kind` "exact" the copies are left out, with "monocular" the originals; every copy then
    shows all keypoints that the markers give.
    """
    copies = 0 if kind == "exact" else copies
    rng = np.random.default_rng([seed, 5])
    trials: list[Trial] = []
    for bare in real_recordings(data_dir, test=False):
        recording = with_fitted_pose(bare, SHORT)
        if kind != "monocular":
            trials += [t for t in prepare(recording, SHORT) if t.truth is not None]
        for _ in range(copies):
            try:
                copy_seed, legs_only = int(rng.integers(2**31)), bool(rng.random() < 0.2)
                seen = as_monocular(recording, copy_seed, legs_only=legs_only and kind is None)
                trials += [
                    t
                    for t in prepare(seen, SHORT, height_m=_height(recording))
                    if t.truth is not None
                ]
            except InputError:
                continue
    return learning_walks(trials, sized_by=sized_by, skeleton=skeleton)


def _height(recording: Recording) -> float:
    return recording.height_m or prepare(recording, SHORT)[0].height_m
