"""One bank of three bodies, and prepared synthetic walks, for the whole room."""

from __future__ import annotations

import os

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import pytest

from simgait.body.config import BodyConfig
from simgait.body.model import BodyBank, build_body_bank
from simgait.jax_setup import configure_jax
from simgait.recording.skeleton import Dimensions, dimensions_from_height

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
