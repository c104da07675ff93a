"""A bank of three short walks of three different bodies, whose reference is the truth itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.body.config import BodyConfig
from simgait.jax_setup import configure_jax
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.tracking.clips import ClipBank, build_clips
from simgait.trials.preparation import prepare
from simgait.types import FittedTrial, Trial

configure_jax()

# Trial 0 is cut short, trial 2 shows hips, knees and ankles only. Walks of up to 64 frames go
# through one program.
FRAMES = (40, 64, 64)


def cut(trial: Trial, frames: int) -> Trial:
    assert trial.truth is not None
    truth = replace(
        trial.truth, pose=trial.truth.pose[:frames], contact=trial.truth.contact[:frames], events=()
    )
    return replace(
        trial,
        truth=truth,
        **{
            name: getattr(trial, name)[:frames]
            for name in ("time_s", "keypoints_m", "confidence", "pelvis_path_m", "pelvis_path_mask")
        },
    )


def true_reference(trial: Trial, dims: Dimensions) -> FittedTrial:
    """What a perfect fit and refiner would say."""
    assert trial.truth is not None
    velocity = np.gradient(trial.truth.pose, 1 / 30, axis=0)
    n = trial.n_frames
    return FittedTrial(
        trial=trial,
        dims=dims,
        skeleton=TRIMMED_HUMANOID,
        pose=trial.truth.pose,
        pose_velocity=velocity,
        fit_error_m=np.zeros(n),
        travel_is_measured=np.ones(n, bool),
        witness_mps=velocity[:, :2],
        contact_probability=np.nan_to_num(trial.truth.contact),
    )


@pytest.fixture(scope="session")
def walks() -> list[FittedTrial]:
    fitted = []
    absent = tuple(name for name in KEYPOINT_NAMES if name not in REQUIRED_KEYPOINTS)
    for index, frames in enumerate(FRAMES):
        made = walk(draw_walker(walker_seed("train", 20 + index), "normal"), 4.0)
        seen = trial_from_walk(made, monocular=False, missing=absent if index == 2 else None)
        trial = cut(prepare(seen.recording, contact_truth=made.contact)[0], frames)
        fitted.append(true_reference(trial, made.spec.dimensions))
    return fitted


@pytest.fixture(scope="session")
def clips(walks: list[FittedTrial]) -> ClipBank:
    return build_clips(walks, BodyConfig())
