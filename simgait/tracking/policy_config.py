"""What a policy is, as far as tracking needs to know: the part of its config that training left."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simgait.body.sizing import SizedBy
from simgait.tracking.config import TrackingConfig

Widths = tuple[Annotated[int, Field(ge=1, le=8192)], ...]
"""Of hidden layers, from the first on. A wider one (chosen) would fill a computer's memory."""


class NetworkConfig(BaseModel):
    """Policy and value networks (the paper: 8 × 256 and 8 × 1024)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    policy_layers: Widths = Field((256, 256, 256), description="hidden widths")
    value_layers: Widths = Field((256, 256, 256), description="hidden widths")
    encoder_layers: Widths = Field(
        (),
        description="channels of convolutions over the keypoint frames ahead, each of which halves "
        "their number, before the hidden layers of policy and value network; none: all frames "
        "side by side (the paper)",
    )
    value_dtype: Literal["float32", "bfloat16"] = Field(
        "float32",
        description="what the value network's hidden layers are computed in; weights, optimiser "
        "and the value itself are float32 in any case",
    )
    initial_noise: float = Field(0.25, gt=0, description="SD of the untrained policy's actions")
    symmetric: bool = Field(
        True, description="to a mirrored situation the policy gives the mirrored action"
    )


class _TrainedWith(BaseModel):
    """Read from a policy's folder: how it was trained stands there too, and is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class InitialiserConfig(_TrainedWith):
    """A network from the first keypoints to the initial pose, learned through the rollout."""

    use: bool = Field(False, description="learn one beside the policy, and start from it")
    frames: int = Field(4, ge=0, le=30, description="keypoint frames it sees beyond the first")
    layers: Widths = Field((256, 256), description="hidden widths")
    velocity: bool = Field(
        False, description="initial velocity too; needs tracking.reset.with_velocity"
    )


class SizingConfig(_TrainedWith):
    """How big the body is that walks a trial."""

    sized_by: SizedBy = Field(
        "keypoints",
        description="the body's segments: measured on the keypoints; or fixed fractions of the "
        "person's height, from the literature or as the median of the training data's (the paper)",
    )


class PolicyConfig(_TrainedWith):
    """Everything that tracking with a policy takes; `learning.config` builds on it."""

    name: str = Field("default", description="of the policy's folder")
    tracking: TrackingConfig = TrackingConfig()
    networks: NetworkConfig = NetworkConfig()
    initialiser: InitialiserConfig = InitialiserConfig()
    data: SizingConfig = SizingConfig()

    @model_validator(mode="after")
    def _an_encoder_has_frames(self) -> PolicyConfig:
        layers = self.networks.encoder_layers
        frames = self.tracking.observation.future_frames + 1
        if layers and frames < 2 ** len(layers) + 1:
            raise ValueError(
                f"networks.encoder_layers has {len(layers)}, each of which halves the keypoint "
                f"frames, and the policy sees {frames}: set tracking.observation.future_frames to "
                f"{2 ** len(layers)} or more, or leave layers out"
            )
        return self

    @model_validator(mode="after")
    def _velocity_is_used(self) -> PolicyConfig:
        if self.initialiser.velocity and not self.tracking.reset.with_velocity:
            raise ValueError("initialiser.velocity needs tracking.reset.with_velocity = true")
        return self
