"""A few learning walks and a tiny training run for the whole room."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.body.config import BodyConfig
from simgait.body.refiner import N_OUTPUTS, apply_correction
from simgait.jax_setup import configure_jax
from simgait.learning.walks import LearningWalk, synthetic_walks
from simgait.tracking.clips import ClipBank, build_clips

configure_jax()


@pytest.fixture(scope="session")
def walks() -> list[LearningWalk]:
    """Walkers 30 to 33 of the training split, kinds drawn from the mixture."""
    return synthetic_walks("train", 30, 4, seed=0)


@pytest.fixture(scope="session")
def clips(walks: list[LearningWalk]) -> ClipBank:
    refined = [
        apply_correction(np.zeros((w.trial.n_frames, N_OUTPUTS)), w.trial, w.reference, w.dims)
        for w in walks
    ]
    trials, people = [w.trial for w in walks], [w.dims for w in walks]
    return build_clips(trials, refined, people, BodyConfig(), frames=60)
