"""Prepared synthetic walkers of the validation split, shared by the whole room."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from simgait.datasets.detector_mixture import Keypoints
from simgait.datasets.synthetic_trials import synthetic_trial
from simgait.gait.analyse import analyse_markers
from simgait.gait_result import GaitResult
from simgait.jax_setup import configure_jax
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import body_keypoints
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.types import Trial

configure_jax()


@dataclass(frozen=True)
class Known:
    """A trial beside the true gait; `trial` hides the truth, as trackers must not see it."""

    trial: Trial
    dims: Dimensions
    angles_rad: np.ndarray
    gait: GaitResult


def known(index: int, kind: Keypoints) -> Known:
    trial = synthetic_trial("validation", index, kind, 6.0, "normal")
    dims = draw_walker(walker_seed("validation", index), "normal").dimensions
    truth = trial.truth
    assert truth is not None
    points = np.asarray(body_keypoints(truth.pose, dims))
    gait = analyse_markers(trial.time_s, points, truth.events, keypoint_names=BODY_KEYPOINTS)
    return Known(replace(trial, truth=None), dims, truth.pose[:, 3:], gait)


@pytest.fixture(scope="session")
def exact() -> Known:
    return known(2, "exact")


@pytest.fixture(scope="session")
def exact_legs() -> Known:
    return known(2, "exact_legs")


@pytest.fixture(scope="session")
def monocular() -> Known:
    return known(4, "monocular")


@pytest.fixture(scope="session")
def giant(exact: Known) -> Trial:
    """Legs three times as long as the person's height allows."""
    return replace(exact.trial, trial_id="giant", keypoints_m=3.0 * exact.trial.keypoints_m)
