"""What a recording itself says about the walk, to be shown beside what the simulation says."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
from jaxtyping import Float

from simgait.findings import Basis
from simgait.gait.analyse import analyse_markers
from simgait.gait_result import GaitResult, Statistic
from simgait.parameters.catalogue import parameter
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.types import GaitEvent, Trial, TrialTruth

Reference = Literal["truth", "laboratory"]
"""What the simulation is shown beside: a walk that was made up, or what somebody measured."""


def reference_of(trial: Trial) -> Reference:
    """Whether what a trial knows of its walk is the truth, or a laboratory's word.

    A laboratory has errors of its own, however good it is; only a walk that was made up is known.
    """
    made_up = trial.source_format == "synthetic" or bool(trial.error_model)
    return "truth" if made_up else "laboratory"


ShownReference = Literal["truth", "laboratory", "recording"]
"""What a page calls it: where a file has neither events nor angles of its own, no laboratory."""


def shown_reference(trial: Trial) -> ShownReference:
    """What a page calls what a trial knows of its walk."""
    reference, truth = reference_of(trial), trial.truth
    if reference == "laboratory" and truth is not None and not truth.events:
        angles = truth.reference_angles_rad
        return "laboratory" if angles is not None and np.isfinite(angles).any() else "recording"
    return reference


def analyse_truth(trial: Trial, dims: Dimensions) -> GaitResult | None:
    """Gait by the recording's own markers, events and angles; None where it knows no truth.

    Markers are true positions. A detector's keypoints are not: there the true pose, where known,
    is put on a body of the sizes `dims`.
    """
    truth = trial.truth
    if truth is None:
        return None
    angles = true_angles_rad(truth)
    events = truth.events if _has_a_cycle(truth.events) else None
    if trial.scale_is_metric:
        known = analyse_markers(
            trial.time_s, world_keypoints(trial), events, angles, KEYPOINT_NAMES
        )
        return _without_travel(known) if trial.path_basis == "belt_estimated" else known
    if not np.isfinite(truth.pose).all(axis=1).any():
        return None
    points = np.asarray(body_keypoints(truth.pose, dims), dtype=float)
    return analyse_markers(trial.time_s, points, events, angles, BODY_KEYPOINTS)


def _without_travel(result: GaitResult) -> GaitResult:
    """Nothing that rests on how far the pelvis goes, which nobody measured: it would look known."""
    nothing = Statistic(math.nan, math.nan, 0)
    parameters = {
        key: dict.fromkeys(pools, nothing) if Basis.TRAVEL in parameter(key).rests_on else pools
        for key, pools in result.parameters.items()
    }
    return replace(result, parameters=parameters)


def true_angles_rad(truth: TrialTruth) -> Float[np.ndarray, "T A"] | None:
    """The laboratory's own angles, else those of the true pose; None where neither is known."""
    for angles in (truth.reference_angles_rad, truth.pose[:, ANGLES]):
        if angles is not None and np.isfinite(angles).any():
            return angles
    return None


def world_keypoints(trial: Trial) -> np.ndarray:
    """(T, 23, 3) keypoints placed along the pelvis's recorded path; at one place without one."""
    path = np.where(trial.pelvis_path_mask[:, None], trial.pelvis_path_m, np.nan)
    if not trial.pelvis_path_mask.any():
        path = np.zeros_like(trial.pelvis_path_m)
    return trial.keypoints_m + path[:, None]


def _has_a_cycle(events: tuple[GaitEvent, ...]) -> bool:
    contacts = [e.side for e in events if e.kind == "initial_contact"]
    return any(contacts.count(side) >= 2 for side in SIDES)
