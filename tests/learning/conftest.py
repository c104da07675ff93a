"""A few learning walks and a tiny training run for the whole room."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.body.config import BodyConfig
from simgait.body.refiner import apply_correction
from simgait.body.refiner_blocks import outputs_layout
from simgait.jax_setup import configure_jax
from simgait.learning.examples import synthetic_examples
from simgait.tracking.clips import ClipBank, build_clips
from simgait.types import FittedTrial

configure_jax()


@pytest.fixture(scope="session")
def walks() -> list[FittedTrial]:
    """Walkers 30 to 33 of the training split, kinds drawn from the mixture."""
    return synthetic_examples("train", 30, 4, seed=0)


@pytest.fixture(scope="session")
def clips(walks: list[FittedTrial]) -> ClipBank:
    refined = [
        apply_correction(np.zeros((w.trial.n_frames, outputs_layout(w.skeleton).size)), w)
        for w in walks
    ]
    return build_clips(refined, BodyConfig(), frames=60)
