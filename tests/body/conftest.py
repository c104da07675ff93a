"""One bank of three bodies, and prepared synthetic walks, for the whole room."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest

from simgait.body.config import BodyConfig
from simgait.body.fit import fit_references, measure_dimensions
from simgait.body.model import BodyBank, build_body_bank
from simgait.body.refiner import RefinerWeights, initial_refiner
from simgait.jax_setup import configure_jax
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions, dimensions_from_height
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import prepare
from simgait.types import FittedTrial, Trial

configure_jax()


@pytest.fixture(scope="session")
def people() -> list[Dimensions]:
    """A child, a usual adult, a tall heavy one with legs out of proportion."""
    tall = dimensions_from_height(1.95, 120.0)
    return [
        dimensions_from_height(1.05),
        dimensions_from_height(1.70, 68.0),
        Dimensions(**(vars(tall) | {"thigh_m": 1.1 * tall.thigh_m, "hip_width_m": 0.16})),
    ]


@pytest.fixture(scope="session")
def bank(people: list[Dimensions]) -> BodyBank:
    return build_body_bank(people, BodyConfig())


def prepared_walk(index: int, *, monocular: bool, missing: tuple[str, ...] = ()) -> Trial:
    """A prepared five-second synthetic walk with its truth."""
    made = walk(draw_walker(walker_seed("train", index)), 5.0)
    seen = trial_from_walk(made, monocular=monocular, missing=missing)
    return prepare(seen.recording, contact_truth=made.contact)[0]


@pytest.fixture(scope="session")
def exact_trials() -> list[Trial]:
    """Three walkers, every keypoint exact."""
    return [prepared_walk(index, monocular=False) for index in (1, 2, 3)]


@pytest.fixture(scope="session")
def legs_trials() -> list[Trial]:
    """The same walkers with nothing but hips, knees and ankles."""
    absent = tuple(name for name in KEYPOINT_NAMES if name not in REQUIRED_KEYPOINTS)
    return [prepared_walk(index, monocular=False, missing=absent) for index in (1, 2, 3)]


@pytest.fixture(scope="session")
def monocular_trial() -> Trial:
    """A walker as a detector would see them."""
    return prepared_walk(4, monocular=True)


@pytest.fixture(scope="session")
def fitted(
    exact_trials: list[Trial], legs_trials: list[Trial], monocular_trial: Trial
) -> dict[str, list[FittedTrial]]:
    """All of the above fitted in one batch."""
    kinds = {"exact": exact_trials, "legs": legs_trials, "monocular": [monocular_trial]}
    trials = [trial for group in kinds.values() for trial in group]
    sizes = [measure_dimensions(trial) for trial in trials]
    rows = fit_references(trials, sizes)
    return {"exact": rows[:3], "legs": rows[3:6], "monocular": rows[6:]}


@pytest.fixture(scope="session")
def loud_refiner() -> RefinerWeights:
    """A refiner that says something: its output layer is drawn large."""
    blank = initial_refiner(jax.random.key(0), TRIMMED_HUMANOID)
    leaves, structure = jax.tree.flatten(blank.params)
    rng = np.random.default_rng(0)
    loud = [leaf + 0.02 * rng.normal(size=leaf.shape).astype(np.float32) for leaf in leaves]
    return replace(blank, params=jax.tree.unflatten(structure, loud))
