"""Configuration of the Gait Transformer and of its training."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from simgait.estimators.recipe import Settings, read_recipe


class NetworkConfig(Settings):
    """Size of the network."""

    layers: int = Field(6, ge=1, description="transformer blocks")
    width: int = Field(128, ge=8, description="features per frame")
    heads: int = Field(4, ge=1, description="attention heads")
    feedforward: int = Field(256, ge=8, description="hidden width of each block's MLP")
    window_frames: int = Field(90, ge=16, description="frames seen at once, at 30 Hz")


class SmootherConfig(Settings):
    """Noise of the phase smoother: SDs of a measurement and of what drifts within a second."""

    measurement_sd: float = Field(
        0.5, gt=0, description="of each predicted sine and cosine (their errors last, so wide)"
    )
    rate_drift: float = Field(1.0, gt=0, description="of the phase rate, rad/s per √s")
    phase_drift: float = Field(0.05, gt=0, description="of the phase itself, rad per √s")
    offset_drift: float = Field(
        0.25, gt=0, description="of the other events' phases against the left contact's, rad per √s"
    )


class DataConfig(Settings):
    """Walks to learn from."""

    n_synthetic: int = Field(3000, ge=0, description="synthetic training walkers")
    first_synthetic: int = Field(200_000, ge=0, description="index of the first")
    real_copies: int = Field(6, ge=0, description="monocular copies of each real training walk")
    n_validation: int = Field(96, ge=1, description="validation walkers, half of them monocular")
    seed: int = Field(11, description="of the mixture")


class OptimiserConfig(Settings):
    """AdamW on random windows, half of them mirrored."""

    steps: int = Field(2000, ge=1, description="gradient steps")
    batch: int = Field(32, ge=1, description="windows per step")
    learning_rate: float = Field(1e-3, gt=0, description="peak of a cosine schedule")
    weight_decay: float = Field(1e-2, ge=0, description="decoupled weight decay")
    dropout: float = Field(0.1, ge=0, lt=1, description="in attention and MLP, while training")
    keypoint_dropout: float = Field(
        0.05, ge=0, lt=1, description="share of keypoints hidden for a whole window"
    )
    window_mean_weight: float = Field(
        4.0, ge=0, description="weight of the window-mean error of velocities"
    )
    validate_every: int = Field(200, ge=1, description="steps between validations")
    seed: int = Field(0, description="of weights, windows and dropout")


class GaitTransformerConfig(Settings):
    """Everything about one Gait Transformer."""

    name: str = Field("gait_transformer", description="of the folder of its weights")
    network: NetworkConfig = NetworkConfig()
    smoother: SmootherConfig = SmootherConfig()
    data: DataConfig = DataConfig()
    optimiser: OptimiserConfig = OptimiserConfig()


def load_transformer_config(path: Path | str) -> GaitTransformerConfig:
    """Reads a recipe; what it does not name keeps its default.

    Raises:
        InputError: the file is missing or no TOML, or a setting is unknown or out of range.
    """
    return read_recipe(path, GaitTransformerConfig)
