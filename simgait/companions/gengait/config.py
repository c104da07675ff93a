"""Recipe of GenGait: normal walks to learn from, the network, the masks, and how long."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from simgait.estimators.recipe import Settings, read_recipe


class NetworkConfig(Settings):
    """Size of the network."""

    width: int = Field(48, ge=8, description="features of a token")
    heads: int = Field(4, ge=1, description="attention heads")
    feedforward: int = Field(96, ge=8, description="hidden width of each block's MLP")
    encoder_layers: int = Field(8, ge=1, description="as published")
    decoder_layers: int = Field(2, ge=1, description="as published")


class DataConfig(Settings):
    """Normal walks: synthetic walkers without what their pattern does, and recorded people."""

    first: int = Field(800_000, ge=0, description="index of the first training walker")
    walkers: int = Field(700, ge=1, description="training walkers")
    walk_s: float = Field(4.0, ge=3.0, description="seconds of each")
    first_calibration: int = Field(
        800_000, ge=0, description="index of the first validation walker, for the thresholds"
    )
    calibration: int = Field(120, ge=20, description="walkers that set the thresholds")
    real_share: float = Field(
        0.15, ge=0, lt=1, description="of windows from recorded people, where there are any"
    )
    own_share: float = Field(
        0.5, gt=0, lt=1, description="the same of a laboratory's own people (--walks)"
    )


class MaskConfig(Settings):
    """The curriculum: from tokens hidden at random to what moves with joints, coherent in time."""

    structured_until: float = Field(
        0.5, gt=0, le=1, description="share of the training over which structured masks come in"
    )
    most_structured: float = Field(0.9, ge=0, le=1, description="share of them from there on")
    least_random: float = Field(0.15, gt=0, lt=1, description="share of tokens hidden at random")
    most_random: float = Field(0.6, gt=0, lt=1, description="the same, at most")
    whole_window: float = Field(
        0.7, ge=0, le=1, description="share of structured masks that hide all seven frames"
    )


class OptimiserConfig(Settings):
    """AdamW on random windows, half of them mirrored."""

    steps: int = Field(2400, ge=1, description="gradient steps")
    batch: int = Field(32, ge=1, description="windows per step")
    learning_rate: float = Field(2e-3, gt=0, description="peak of a cosine schedule")
    weight_decay: float = Field(1e-3, ge=0, description="decoupled weight decay")
    noise: float = Field(
        0.002, ge=0, description="SD of what is added to visible points, body heights"
    )
    without_speed: float = Field(
        0.15, ge=0, le=1, description="share of windows whose walking speed is not told"
    )
    seed: int = Field(0, description="of weights, windows and masks")


class GenGaitConfig(Settings):
    """Everything about one training."""

    name: str = Field("gengait", description="of the folder of its weights")
    network: NetworkConfig = NetworkConfig()
    data: DataConfig = DataConfig()
    masks: MaskConfig = MaskConfig()
    optimiser: OptimiserConfig = OptimiserConfig()


def load_gengait_config(path: Path | str) -> GenGaitConfig:
    """Reads a recipe; what it does not name keeps its default.

    Raises:
        InputError: the file is missing or no TOML, or a setting is unknown or out of range.
    """
    return read_recipe(path, GenGaitConfig)
