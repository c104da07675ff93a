"""The Gait Transformer as a tracker: from its frame-by-frame answers to a gait result.

The network says phases, velocities, angles and where the heels are; gait parameters come from the
same code as everybody's (`gait.analyse`). For that a walk is put together from its answers: the
pelvis follows the integrated predicted velocity, hips and knees take the predicted angles, and
each foot is carried to where its heel is predicted to be. So velocity comes from the velocity
output, and step length from where the predicted heels stand, which is velocity and leg geometry.
Trunk, pelvis angles and ankles of that body are those of the fit; no parameter rests on them, and
among the angles they are given as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.baselines.fitted_trials import estimate_or_refuse, fit_trials
from simgait.baselines.tracker import Answer, Refusal, Tracker, WalkEstimate
from simgait.body.fit import FitConfig, stand_on_floor
from simgait.companions.gait_transformer.columns import (
    ANGLE_COLUMNS,
    ANGLE_OUTPUTS,
    HEEL_COLUMNS,
    PHASE_COLUMNS,
    VELOCITY_COLUMNS,
    Unit,
)
from simgait.companions.gait_transformer.config import SmootherConfig
from simgait.companions.gait_transformer.smoother import events_from_phases, smooth_phases
from simgait.companions.gait_transformer.weights import (
    TransformerWeights,
    load_transformer,
    predict,
    read_card,
)
from simgait.gait.analyse import analyse_markers
from simgait.resources import resource_dir
from simgait.series.derivatives import integrate
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS, POSE_INDEX
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.types import FittedTrial, Trial

NAME = "gait-transformer"
ABOUT = (
    "the Gait Transformer of Cotton et al. 2022, re-implemented and trained {trained} on simgait's "
    "training walks; no physics, and not the authors' weights."
)
PHASE_EVENTS = (
    "Initial contact and foot off where the smoothed phase of each, as the Gait Transformer "
    "predicts it, passes a whole turn."
)
NO_ANKLE = "the network says angles of hips and knees only"
FOOT_POINTS = ("Heel", "Big Toe", "Foot", "Ankle")


def gait_transformer_tracker(weights: TransformerWeights, card: Mapping[str, Any]) -> Tracker:
    """A trained network as a tracker; its card says how long it was trained."""

    def estimate(trials: Sequence[Trial]) -> list[Answer]:
        fitted = fit_trials(trials, FitConfig())
        walkable = [one.trial for one in fitted if isinstance(one, FittedTrial)]
        outputs = iter(predict(weights, walkable))
        smoother = weights.config.smoother
        answers: list[Answer] = []
        for one in fitted:
            if isinstance(one, Refusal):
                answers.append(one)
            else:
                said = next(outputs)
                answers.append(
                    estimate_or_refuse(partial(walk_from, output=said, smoother=smoother), one)
                )
        return answers

    steps, minutes = card.get("steps"), card.get("training_minutes")
    length = [f"{steps:,} gradient steps"] if steps is not None else []
    length += [f"{minutes:.0f} minutes"] if minutes is not None else []
    trained = f"for {', '.join(length)}" if length else "for a time that its card does not name"
    facts = {
        "name": NAME, "kind": "network", "trained_steps": steps, "sha256": card.get("sha256"),
    }  # fmt: skip
    return Tracker(NAME, estimate, ABOUT.format(trained=trained), facts)


def released_tracker(folder: Path | None = None) -> Tracker:
    """The released network, or that of another folder.

    Raises:
        InputError: a file is missing or damaged, or the weights are not those of the card.
    """
    folder = resource_dir("policies") / "gait_transformer" if folder is None else folder
    return gait_transformer_tracker(load_transformer(folder), read_card(folder))


def walk_from(
    fitted: FittedTrial, output: Float[np.ndarray, "T 20"], smoother: SmootherConfig
) -> WalkEstimate:
    """One walk put together from the network's answers (in its own units).

    Raises:
        InputError: the gait analysis cannot use the walk.
    """
    trial = fitted.trial
    values = output * Unit.of(trial.height_m).factor
    phases = smooth_phases(values[:, PHASE_COLUMNS], trial.fps_hz, smoother)
    events = events_from_phases(trial.time_s, phases.phase_rad)
    pose = fitted.pose.copy()
    pose[:, [POSE_INDEX[name] for name in ANGLE_OUTPUTS]] = values[:, ANGLE_COLUMNS]
    pose[:, :2] = integrate(values[:, VELOCITY_COLUMNS], trial.fps_hz)
    pose = stand_on_floor(pose, fitted.dims, trial.fps_hz)
    keypoints = np.array(body_keypoints(pose, fitted.dims))
    heels = values[:, HEEL_COLUMNS].reshape(-1, 2, 2)
    for column, side in enumerate(("Left", "Right")):
        foot = [BODY_KEYPOINTS.index(f"{side} {name}") for name in FOOT_POINTS]
        moved = pose[:, :2] + heels[:, column] - keypoints[:, foot[0], :2]
        keypoints[:, foot, :2] += moved[:, None]
    angles = np.full((trial.n_frames, len(ANGLE_NAMES)), np.nan)
    angles[:, [ANGLE_NAMES.index(name) for name in ANGLE_OUTPUTS]] = values[:, ANGLE_COLUMNS]
    gait = analyse_markers(
        trial.time_s, keypoints, events, angles_rad=angles, keypoint_names=BODY_KEYPOINTS
    )
    gait = replace(gait, definitions={**gait.definitions, "events": PHASE_EVENTS})
    undefined = {f"{side}_ankle_dorsiflexion": NO_ANKLE for side in SIDES}
    return WalkEstimate(angles, keypoints, BODY_KEYPOINTS, gait, undefined=undefined)
