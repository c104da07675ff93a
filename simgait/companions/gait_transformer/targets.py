"""What the network should say about a walk whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from simgait.companions.gait_transformer.columns import (
    ANGLE_COLUMNS,
    ANGLE_OUTPUTS,
    FOOT_VELOCITY_COLUMNS,
    HEEL_COLUMNS,
    N_OUTPUTS,
    PHASE_COLUMNS,
    PHASES,
    VELOCITY_COLUMNS,
    Unit,
)
from simgait.gait.cycles import MAX_STRIDE_S, MIN_STRIDE_S
from simgait.skeleton.coordinates import ANGLES, HORIZONTAL
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.kinematics import body_keypoints
from simgait.types import GaitEvent, Trial

LONGEST_OF_MEDIAN = 1.6  # a longer interval between two events of a kind hides a missed one
HEELS = ("Left Heel", "Right Heel")


def event_phases(
    time_s: Float[np.ndarray, " T"], events: Sequence[GaitEvent]
) -> Float[np.ndarray, "T 4"]:
    """Phases (rad) of the four events, columns `columns.PHASES`; a whole turn at each event.

    Linear in time between successive events of a kind, and for one stride beyond the first and
    the last of them; NaN further away and across intervals that must hide an event.
    """
    phases = np.full((len(time_s), len(PHASES)), np.nan)
    times = [np.sort([e.time_s for e in events if (e.side, e.kind) == phase]) for phase in PHASES]
    gaps = np.concatenate([np.diff(t) for t in times])
    gaps = gaps[(gaps >= MIN_STRIDE_S) & (gaps <= MAX_STRIDE_S)]
    if not len(gaps):
        return phases
    stride_s = float(np.median(gaps))

    def plausible(gap_s: float) -> bool:
        return bool(MIN_STRIDE_S <= gap_s <= min(MAX_STRIDE_S, LONGEST_OF_MEDIAN * stride_s))

    for column, own in enumerate(times):
        if not len(own):
            continue
        for start_s, end_s in zip(own[:-1], own[1:], strict=True):
            inside = (time_s >= start_s) & (time_s <= end_s)
            if plausible(end_s - start_s):
                phases[inside, column] = (time_s[inside] - start_s) / (end_s - start_s)
        for at_s, near_s, sign in (
            (own[0], own[1] - own[0] if len(own) > 1 else stride_s, -1.0),
            (own[-1], own[-1] - own[-2] if len(own) > 1 else stride_s, 1.0),
        ):
            gap_s = near_s if plausible(near_s) else stride_s
            ahead = sign * (time_s - at_s)
            outside = (ahead > 0.0) & (ahead <= gap_s)
            phases[outside, column] = (time_s[outside] - at_s) / gap_s
    return 2.0 * np.pi * phases


def _paths(
    trial: Trial, dims: Dimensions
) -> tuple[Float[np.ndarray, "T 2"], Float[np.ndarray, "T 2 2"]]:
    """True mid-hip path and heels relative to it (m, horizontal), NaN where unknown.

    From the true pose, or from exact markers where a recording knows no pose.
    """
    truth = trial.truth
    if truth is not None and np.isfinite(truth.pose).all(axis=1).any():
        points = np.asarray(body_keypoints(truth.pose, dims))
        heels = points[:, [BODY_KEYPOINTS.index(name) for name in HEELS], :2]
        return truth.pose[:, HORIZONTAL], heels - truth.pose[:, None, HORIZONTAL]
    heels = np.full((trial.n_frames, 2, 2), np.nan)
    if not trial.scale_is_metric:
        return heels[:, 0], heels
    path = np.where(trial.pelvis_path_mask[:, None], trial.pelvis_path_m[:, :2], np.nan)
    return path, trial.keypoints_m[:, [KEYPOINT_INDEX[name] for name in HEELS], :2]


def _angles(trial: Trial) -> Float[np.ndarray, "T 4"]:
    """True hip and knee flexion of both legs: the lab's own angles, else the true pose's."""
    if trial.truth is None:
        return np.full((trial.n_frames, len(ANGLE_OUTPUTS)), np.nan)
    columns = [ANGLE_NAMES.index(name) for name in ANGLE_OUTPUTS]
    own = trial.truth.pose[:, ANGLES][:, columns]
    lab = trial.truth.reference_angles_rad
    return own if lab is None else np.where(np.isfinite(lab[:, columns]), lab[:, columns], own)


def network_targets(
    trial: Trial, dims: Dimensions
) -> tuple[Float[np.ndarray, "T 20"], Float[np.ndarray, "T 20"]]:
    """Targets in the network's units, and their weight: 0 where the truth is unknown.

    Args:
        trial: with truth.
        dims: the person's true size, which places the heels of a true pose.

    Raises:
        ValueError: the trial has no truth.
    """
    if trial.truth is None:
        raise ValueError(f"{trial.trial_id} has no truth to learn from")
    values = np.full((trial.n_frames, N_OUTPUTS), np.nan)
    phases = event_phases(trial.time_s, trial.truth.events)
    values[:, PHASE_COLUMNS] = np.stack([np.sin(phases), np.cos(phases)], axis=-1).reshape(
        trial.n_frames, -1
    )
    pelvis, heels = _paths(trial, dims)
    step_s = 1.0 / trial.fps_hz
    values[:, VELOCITY_COLUMNS] = np.gradient(pelvis, step_s, axis=0)
    values[:, FOOT_VELOCITY_COLUMNS] = np.gradient(
        pelvis[:, None, 0] + heels[..., 0], step_s, axis=0
    )
    values[:, ANGLE_COLUMNS] = _angles(trial)
    values[:, HEEL_COLUMNS] = heels.reshape(trial.n_frames, -1)
    values /= Unit.of(trial.height_m).factor
    known = np.isfinite(values)
    return np.where(known, values, 0.0).astype(np.float32), known.astype(np.float32)
