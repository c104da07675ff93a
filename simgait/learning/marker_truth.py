"""What markers say about a walk, as truth for its monocular copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.body.fit import fit_references, measure_dimensions
from simgait.series.resampling import linear
from simgait.skeleton.coordinates import POSITION
from simgait.skeleton.default import POSE_INDEX, POSE_NAMES
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.types import Recording, Trial


def with_fitted_pose(recording: Recording, preparation: PreparationConfig) -> Recording:
    """The recording with the pose of the body that was fitted to its markers.

    Motion capture with a skeleton of its own keeps that. Labs' marker files have none: without a
    pose their monocular copies would teach contacts only, and a refiner that has learned speed
    from synthetic walkers and one collection finds other labs' people 0.1 m/s too slow.

    Args:
        recording: of markers, with both hips.
        preparation: how the fit's trials are prepared.

    Raises:
        InputError: no straight walking bout, or legs that nobody has.
    """
    (fitted,) = with_fitted_poses([recording], preparation)
    return fitted


def with_fitted_poses(
    recordings: Sequence[Recording], preparation: PreparationConfig
) -> list[Recording]:
    """As `with_fitted_pose`, all fits in one batch.

    Raises:
        InputError: as there, for the first recording of which it is true.
    """
    bare = [i for i, one in enumerate(recordings) if one.pose is None]
    trials = [(i, trial) for i in bare for trial in prepare(recordings[i], preparation)]
    if not trials:
        return list(recordings)
    only = [trial for _, trial in trials]
    fits = fit_references(only, [measure_dimensions(trial) for trial in only])
    poses = {i: np.full((len(recordings[i].time_s), len(POSE_NAMES)), np.nan) for i in bare}
    for (i, trial), fitted in zip(trials, fits, strict=True):
        time_s, at_s = recordings[i].time_s, trial.start_s + trial.time_s
        inside = (time_s >= at_s[0] - 1e-9) & (time_s <= at_s[-1] + 1e-9)
        own = linear(fitted.pose, at_s, time_s[inside])
        own[:, POSITION] = _hips(recordings[i]).mean(axis=1)[inside]
        own[:, POSE_INDEX["pelvis_rotation"]] += _heading_rad(recordings[i], trial)
        poses[i][inside] = own
    return [replace(one, pose=poses[i]) if i in poses else one for i, one in enumerate(recordings)]


def _hips(recording: Recording) -> Float[np.ndarray, "T 2 3"]:
    columns = [recording.keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
    return recording.keypoints_m[:, columns]


def _heading_rad(recording: Recording, trial: Trial) -> float:
    """Yaw by which preparation turned the trial: the recording's hip line against the trial's."""
    hips = _hips(recording)
    line = hips[:, 0] - hips[:, 1]
    at_s = trial.start_s + trial.time_s
    there = linear(line[:, :2], recording.time_s, at_s)
    left, right = (trial.keypoints_m[:, KEYPOINT_INDEX[f"{s} Hip"]] for s in ("Left", "Right"))
    here = left - right
    turn = (there[:, 0] + 1j * there[:, 1]) * np.conj(here[:, 0] + 1j * here[:, 1])
    return float(np.angle(np.nanmean(turn / np.abs(turn))))
