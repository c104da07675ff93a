"""Recipe of GDI-Net: people to learn from, frames, and how."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from simgait.companions.gdi_net.frames import N_FRAMES, WINDOW, Framing
from simgait.companions.gdi_net.networks import DESIGNS, POOLS, RELEASED
from simgait.companions.gdi_net.vgg16 import NAME as VGG16
from simgait.estimators.recipe import Settings, read_recipe


class DataConfig(Settings):
    """Rendered walkers."""

    first: int = Field(900_000, ge=0, description="index of the first training walker")
    walkers: int = Field(500, ge=1, description="training walkers")
    first_calibration: int = Field(
        750_000, ge=0, description="index of the first validation walker, for the intervals"
    )
    calibration: int = Field(100, ge=20, description="walkers that set the intervals")


class FramesConfig(Settings):
    """What the networks see."""

    framing: Framing = Field("follow", description="whole pictures as published, or the person")
    height_px: int = Field(48, ge=12, description="rows of a frame; 480 as published")
    width_px: int = Field(36, ge=12, description="columns of a frame; 640 as published")
    every: int = Field(
        3, ge=1, le=5, description="frames from one of a window to the next; 1 as published"
    )

    @model_validator(mode="after")
    def _pools(self) -> FramesConfig:
        shrink = 1
        for pool in POOLS:
            shrink *= pool
        if min(self.height_px, self.width_px) < shrink:
            raise ValueError(f"frames need {shrink} rows and columns for the pools")
        if (WINDOW - 1) * self.every >= N_FRAMES:
            raise ValueError(f"a window does not fit into {N_FRAMES} frames")
        return self

    @property
    def size_px(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height_px, self.width_px


class OptimiserConfig(Settings):
    """Adam, a rate that falls."""

    posture_steps: int = Field(900, ge=1, description="of the frame network, on single frames")
    posture_batch: int = Field(48, ge=1, description="frames of such a step")
    over_time_steps: int = Field(500, ge=1, description="of what reads a window's numbers")
    over_time_batch: int = Field(32, ge=1, description="windows of such a step")
    whole_steps: int = Field(1080, ge=1, description="of designs that learn from the GDI alone")
    whole_batch: int = Field(4, ge=1, description="windows of such a step; 4 as published")
    whole_learning_rate: float = Field(1e-3, gt=0, description="of these; as published")
    vgg16_steps: int = Field(400, ge=1, description="of VGG16, in place of whole_steps")
    vgg16_learning_rate: float = Field(1e-4, gt=0, description="of VGG16, which has no batch norms")
    learning_rate: float = Field(3e-3, gt=0, description="of the others, at the begin")
    l2: float = Field(10.0**-3.5, ge=0, description="of the second and third block, as published")
    seed: int = Field(0, description="of weights, order and dropout")


class GdiNetConfig(Settings):
    """Everything about one training."""

    name: str = Field("gdi_net", description="of the folder of its weights")
    data: DataConfig = DataConfig()
    frames: FramesConfig = FramesConfig()
    designs: tuple[str, ...] = Field(
        tuple(name for name in DESIGNS if name != VGG16),
        min_length=1,
        description="that are trained; a step of vgg16 takes twenty times as long",
    )
    vgg16_weights: str | None = Field(
        None, description="safetensors of VGG16's convolutions, where it does not begin at nothing"
    )
    optimiser: OptimiserConfig = OptimiserConfig()

    @model_validator(mode="after")
    def _known(self) -> GdiNetConfig:
        unknown = sorted(set(self.designs) - set(DESIGNS))
        if unknown or RELEASED not in self.designs:
            raise ValueError(f"designs are some of {', '.join(DESIGNS)}, {RELEASED} among them")
        if self.vgg16_weights is not None and VGG16 not in self.designs:
            raise ValueError(f"vgg16_weights are of the design {VGG16}, which is not trained")
        return self


def load_gdi_net_config(path: Path | str) -> GdiNetConfig:
    """Reads a recipe; what it does not name keeps its default.

    Raises:
        InputError: the file is missing or no TOML, or a setting is unknown or out of range.
    """
    return read_recipe(path, GdiNetConfig)
