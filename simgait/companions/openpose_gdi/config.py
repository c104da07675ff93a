"""Recipe of the OpenPose companion: people to learn from, and how."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from simgait.estimators.recipe import Settings, read_recipe


class DataConfig(Settings):
    """Synthetic walkers, and the detector families that they are seen through."""

    families: tuple[str, ...] = Field(
        ("wide-v1", "blazepose-v1"), min_length=1, description="labels of detector families"
    )
    first: int = Field(500_000, ge=0, description="index of the first training walker")
    walkers: int = Field(4000, ge=1, description="training walkers")
    cameras: int = Field(3, ge=1, le=5, description="views of each training walker")
    first_calibration: int = Field(
        700_000, ge=0, description="index of the first validation walker, for the intervals"
    )
    calibration: int = Field(200, ge=20, description="walkers that set the intervals")


class OptimiserConfig(Settings):
    """RMSprop on shuffled windows."""

    epochs: int = Field(16, ge=1, description="passes over all windows")
    batch: int = Field(64, ge=1, description="windows of a step; 32 in the paper")
    learning_rate: float = Field(
        2e-3, gt=0, description="at the begin; 1e-3 in the paper, which has more steps"
    )
    decay: float = Field(0.8, gt=0, le=1, description="of the rate, every tenth of the training")
    largest_gradient: float = Field(5.0, gt=0, description="norm beyond which it is cut")
    seed: int = Field(0, description="of weights, order and dropout")


class OpenPoseConfig(Settings):
    """Everything about one training."""

    name: str = Field("openpose_gdi", description="of the folder of its weights")
    data: DataConfig = DataConfig()
    optimiser: OptimiserConfig = OptimiserConfig()


def load_openpose_config(path: Path | str) -> OpenPoseConfig:
    """Reads a recipe; what it does not name keeps its default.

    Raises:
        InputError: the file is missing or no TOML, or a setting is unknown or out of range.
    """
    return read_recipe(path, OpenPoseConfig)
