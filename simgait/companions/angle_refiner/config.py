"""Recipe of the angle refiner: people to learn from, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from simgait.estimators.recipe import Settings, read_recipe


class DataConfig(Settings):
    """Walks of people and of synthetic walkers through a system's errors."""

    systems: tuple[Literal["kinect", "kinematics", "simulated"], ...] = Field(
        ("kinect", "kinematics", "simulated"), min_length=1,
        description="that have a network; those not named keep their released one",
    )  # fmt: skip
    first: int = Field(610_000, ge=0, description="index of the first training walker")
    walkers: int = Field(120, ge=0, description="synthetic training walkers of each system")
    simulated_walkers: int = Field(
        60, ge=0, description="of these, those that the physics tracks, which takes longer"
    )
    copies: int = Field(2, ge=1, description="of each marker walk, with errors of their own")
    left_out: int = Field(
        40, ge=4, description="people who are left out one by one, those with markers first"
    )


class OptimiserConfig(Settings):
    """Adam on shuffled curves, the rate falling along a cosine."""

    steps: int = Field(300, ge=1, description="of each network")
    batch: int = Field(64, ge=1, description="curves of a step")
    learning_rate: float = Field(3e-3, gt=0, description="at the begin")
    hidden: int = Field(24, ge=1, description="cells of the LSTM of each direction")
    dropout: float = Field(0.4, ge=0, lt=1, description="before the last layer")
    seed: int = Field(0, description="of weights, order and dropout")


class RefinerConfig(Settings):
    """Everything about one training."""

    name: str = Field("angle_refiner", description="of the folder of its weights")
    data: DataConfig = DataConfig()
    optimiser: OptimiserConfig = OptimiserConfig()


def load_refiner_config(path: Path | str) -> RefinerConfig:
    """Reads a recipe; what it does not name keeps its default.

    Raises:
        InputError: the file is missing or no TOML, or a setting is unknown or out of range.
    """
    return read_recipe(path, RefinerConfig)
